"""Every command of cvat-cli that the server offers, as a user types it; run with the clients' Python.

Works in the current folder, which holds pictures; the server is told by SERVER_URL, SERVER_USER and SERVER_PASSWORD.
"""

import io
import json
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
CLI = Path(sys.executable).with_name("cvat-cli")
HERE = Path.cwd()
LABELS = [
    {"name": "car", "attributes": [{"name": "kind", "mutable": False, "input_type": "select", "values": ["a", "b"]}]}
]
PICTURES = sorted(path.name for path in HERE.glob("image_*.jpg"))


def cli(*arguments: str, status: int = 0) -> str:
    command = [str(CLI), "--auth", f"{USER}:{PASSWORD}", "--server-host", URL, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout if status == 0 else done.stderr


def created(*arguments: str) -> str:
    """Create a task and return its id, which is the last line that the command prints."""
    return cli("task", "create", *arguments).strip().splitlines()[-1]


def listed() -> list[dict]:
    return json.loads(cli("task", "ls", "--json"))


def check_local() -> str:
    task = created("local", "--labels", json.dumps(LABELS), "--chunk_size", "2", "local", *PICTURES[:5])
    assert task in cli("task", "ls").split()
    [found] = [item for item in listed() if str(item["id"]) == task]
    assert (found["name"], found["size"], found["mode"], found["data_chunk_size"]) == ("local", 5, "annotation", 2)
    return task


def check_many() -> None:
    """More files than fit in a form of ordinary servers, in an order of their own, every third one, in jobs of 20."""
    Path("labels.json").write_text(json.dumps(LABELS))
    taken = ("--sorting-method", "predefined", "--frame_step", "3", "--start_frame", "3", "--stop_frame", "146")
    jobs = ("--segment_size", "20", "--overlap", "2", "--image_quality", "55", "--bug_tracker", "https://example.com/7")
    task = created("many", "--labels", "labels.json", *taken, *jobs, "local", *reversed(PICTURES))
    [found] = [item for item in listed() if str(item["id"]) == task]
    assert (found["size"], found["segment_size"], found["overlap"], found["jobs"]["count"]) == (48, 20, 2, 3)
    assert (found["image_quality"], found["bug_tracker"]) == (55, "https://example.com/7")
    cli("task", "frames", "--outdir", "reversed", "--quality", "original", task, "0")
    shown = Image.open(Path("reversed") / f"task_{task}_frame_000000.jpg").tobytes()
    assert shown == encoded_again(PICTURES[-4]), "frame 0 must be the file that was sent fourth"
    told = cli("task", "delete", task, "999999999")
    assert task not in cli("task", "ls").split(), told


def encoded_again(name: str) -> bytes:
    """Return the pixels of a picture after the client has encoded it again, as it does with every frame."""
    copy = io.BytesIO()
    Image.open(name).save(copy, "JPEG")
    return Image.open(copy).tobytes()


def check_old_names(task: str) -> None:
    """The commands of the manual, before they were grouped."""
    assert task in cli("ls").split()
    cli("dump", "--format", "CVAT for images 1.1", task, "dumped.zip")
    cli("upload", "--format", "CVAT 1.1", task, "dumped.zip")
    cli("frames", "--outdir", "old", task, "0")
    other = cli("create", "old way", "--labels", json.dumps(LABELS), "local", PICTURES[0]).strip().splitlines()[-1]
    cli("delete", other)


def check_auto_annotation(task: str) -> None:
    """A detector of the user's own runs beside the client and saves what it finds."""
    Path("detector.py").write_text(
        "import cvat_sdk.auto_annotation as cvataa\n"
        "spec = cvataa.DetectionFunctionSpec(labels=[cvataa.label_spec('car', 0)])\n"
        "def detect(context, image):\n"
        "    return [cvataa.rectangle(0, [1, 2, image.width - 1, image.height - 2])]\n"
    )
    cli("task", "auto-annotate", task, "--function-file", "detector.py", "--clear-existing", "--allow-unmatched-labels")
    cli("task", "export-dataset", "--format", "CVAT for images 1.1", "--with-images", "no", task, "auto.zip")
    with zipfile.ZipFile("auto.zip") as archive:
        assert archive.read("annotations.xml").count(b'xbr="63.00"') == 5


def check_share() -> str:
    task = created("shared", "--labels", json.dumps(LABELS), "share", "street/")
    [found] = [item for item in listed() if str(item["id"]) == task]
    assert found["size"] == 4
    return task


def check_remote() -> None:
    """Files named by their address: this script is the web, and the server was told that it may come here."""
    with ThreadingHTTPServer(("127.0.0.1", int(os.environ["SERVER_WEB_PORT"])), SimpleHTTPRequestHandler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{web.server_port}"
        task = created("fetched", "--labels", json.dumps(LABELS), "remote", *(f"{address}/{n}" for n in PICTURES[:3]))
        told = cli("task", "create", "absent", "remote", f"{address}/nothing.jpg", status=1)
        web.shutdown()
    [found] = [item for item in listed() if str(item["id"]) == task]
    assert found["size"] == 3
    assert "nothing.jpg cannot be fetched" in told, told
    told = cli("task", "create", "private", "remote", "http://127.0.0.1:1/a.jpg", status=1)
    assert "may not fetch" in told, told
    cli("task", "delete", task)


def check_frames(task: str) -> None:
    cli("task", "frames", "--outdir", "frames", "--quality", "original", task, "0", "3")
    taken = sorted(path.name for path in Path("frames").iterdir())
    assert taken == [f"task_{task}_frame_000000.jpg", f"task_{task}_frame_000003.jpg"], taken
    for name in taken:  # the client encodes what it got again, so the bytes are its own
        assert Image.open(Path("frames") / name).size == (64, 48)
    cli("task", "frames", "--outdir", "small", "--quality", "compressed", task, "1")
    assert (Path("small") / f"task_{task}_frame_000001.jpg").read_bytes()[:2] == b"\xff\xd8"


def check_datasets(task: str, other: str) -> None:
    Path("boxes.xml").write_text(
        "<annotations><version>1.1</version>"
        + "".join(
            f'<image id="{n}" name="{name}" width="64" height="48"><box label="car" source="manual" occluded="0" '
            f'xtl="{n + 1}.50" ytl="2.00" xbr="30.25" ybr="40.00" z_order="0">'
            '<attribute name="kind">b</attribute></box></image>'
            for n, name in enumerate(PICTURES[:5])
        )
        + "</annotations>"
    )
    cli("task", "import-dataset", "--format", "CVAT 1.1", task, "boxes.xml")
    cli("task", "export-dataset", "--format", "CVAT for images 1.1", "--with-images", "no", task, "plain.zip")
    with zipfile.ZipFile("plain.zip") as archive:
        root = ET.fromstring(archive.read("annotations.xml"))
        assert not [name for name in archive.namelist() if name.endswith(".jpg")]
    boxes = [(image.get("name"), box.get("xtl")) for image in root.iter("image") for box in image.iter("box")]
    assert boxes == [(name, f"{n + 1}.50") for n, name in enumerate(PICTURES[:5])], boxes
    cli("task", "export-dataset", "--format", "COCO 1.0", "--with-images", "yes", task, "coco.zip")
    with zipfile.ZipFile("coco.zip") as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
        [annotations] = [name for name in archive.namelist() if name.endswith(".json")]
        assert len(json.loads(archive.read(annotations))["annotations"]) == 5
        assert {Path(name).name for name in pictures} == set(PICTURES[:5]), pictures
    target = Path("folder")
    target.mkdir()
    cli("task", "export-dataset", "--format", "CVAT for images 1.1", task, "folder")
    assert len(list(target.iterdir())) == 1
    assert "COCO" in cli("task", "export-dataset", "--format", "no such format", task, "x.zip", status=1)
    cli("task", "import-dataset", "--format", "CVAT 1.1", other, "boxes.xml", status=1)


def check_annotations_at_creation() -> None:
    options = (
        "--annotation_path",
        "plain.zip",
        "--annotation_format",
        "CVAT 1.1",
        "--completion_verification_period",
        "1",
    )
    task = created("annotated", "--labels", json.dumps(LABELS), *options, "local", *PICTURES[:5])
    cli("task", "export-dataset", "--format", "CVAT for images 1.1", "--with-images", "no", task, "again.zip")
    with zipfile.ZipFile("again.zip") as archive:
        assert archive.read("annotations.xml").count(b"<box ") == 5
    cli("task", "delete", task)


def check_projects() -> None:
    project = cli("project", "create", "mine", "--labels", json.dumps(LABELS)).strip().splitlines()[-1]
    task = created("inside", "--project_id", project, "local", *PICTURES[:2])
    assert project in cli("project", "ls").split()
    cli("project", "export-dataset", "--format", "COCO 1.0", "--with-images", "no", project, "project.zip")
    cli("project", "export-dataset", "--format", "CVAT for images 1.1", "--with-images", "yes", project, "whole.zip")
    check_project_imports()
    cli("project", "delete", project)
    assert task not in cli("task", "ls").split()


def check_project_imports() -> None:
    """A dataset becomes tasks, in an empty project and in one that is made for it."""
    empty = cli("project", "create", "empty").strip().splitlines()[-1]
    cli("project", "import-dataset", "--format", "CVAT 1.1", empty, "whole.zip")
    whole = ("--dataset_path", "whole.zip", "--dataset_format", "CVAT 1.1", "--completion_verification_period", "1")
    made = cli("project", "create", "made", *whole).strip().splitlines()[-1]
    for project in (empty, made):
        [task] = [task for task in listed() if str(task["project_id"]) == project]
        assert (task["size"], task["subset"]) == (2, "default"), task
        cli("project", "delete", project)
    cli("project", "create", "broken", "--dataset_path", PICTURES[0], "--dataset_format", "CVAT 1.1", status=1)


def check_failures() -> None:
    Path("broken.jpg").write_bytes(b"no picture at all")
    told = cli("task", "create", "broken", "--labels", json.dumps(LABELS), "local", "broken.jpg", status=1)
    assert "broken.jpg" in told, told
    told = cli("task", "create", "outside", "share", "../../etc/passwd", status=1)
    assert "403" in told or "leads out" in told, told
    wrong = subprocess.run(
        [str(CLI), "--auth", f"{USER}:wrong", "--server-host", URL, "task", "ls"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1
    assert "Unable to log in" in wrong.stderr, wrong.stderr


local, shared = check_local(), check_share()
check_remote()
check_frames(local)
check_datasets(local, shared)
check_annotations_at_creation()
check_old_names(local)
check_auto_annotation(local)
check_many()
check_projects()
check_failures()
cli("task", "delete", local, shared)
left = [item["name"] for item in listed()]
assert not {"local", "shared", "many", "annotated", "inside"} & set(left), left
