"""The example commands of the manual's chapter on the command line, typed as they stand there.

Only the name of the program is another one, and what stands on github.com there is served by this machine.
"""

from __future__ import annotations

import getpass
import json
import shlex
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import pytest

import cvat_lab
from cvat_lab.cli import main
from cvat_lab.client import Lab, Task
from cvat_lab_server.commands import add_user
from tests.cvat_lab.cli.default_server import answer_at
from tests.media_samples import encode_video, moving

Type = Callable[[str], str]

PASSWORD = "password"
VIDEO_URL = "https://github.com/opencv/opencv/blob/master/samples/data/vtest.avi?raw=true"
VIDEO_FRAMES = 720
IMAGES = ("file1.jpg", "file2.jpg", "image1.jpg")
LABELS = [{"name": "cat", "attributes": []}, {"name": "dog", "attributes": []}]
ANNOTATIONS = (
    '<annotations><version>1.1</version><image id="0" name="one.jpg" width="160" height="120"><box label="cat" '
    'occluded="0" xtl="1" ytl="2" xbr="30" ybr="40" z_order="0"></box></image></annotations>'
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A web server with the video; its port."""
    root = tmp_path_factory.mktemp("web")
    file = root / urlsplit(VIDEO_URL).path.lstrip("/")
    file.parent.mkdir(parents=True)
    encode_video(file, moving("china.jpg", VIDEO_FRAMES, 64, 48), "mpeg4")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, web: int, video: Path, photos: list[Path]) -> Iterator[Lab]:
    """A server with tasks up to number 136, as the manual names them, and the accounts of its users."""
    folder = tmp_path_factory.mktemp("manual")
    share = folder / "share" / "share"
    (share / "dataset_1").mkdir(parents=True)
    (share / "dataset_1" / "video.avi").write_bytes(video.read_bytes())
    (folder / "workspace").mkdir()
    for name in ("user-1", "user-2", getpass.getuser()):
        add_user(folder / "workspace", name, PASSWORD, is_superuser=True)
    options = {"share_root": folder / "share", "remote_hosts": (f"127.0.0.1:{web}",)}
    with cvat_lab.open(folder / "workspace", **options) as opened:
        opened.create_project("the first", LABELS)
        for number in range(1, 137):
            media = {103: photos[0], 104: photos[1], 105: photos[2], 119: video, 136: photos[1]}.get(number)
            opened.create_task(f"task {number}", LABELS, files=[media] if media else [])
        yield opened


@pytest.fixture
def typed(lab: Lab, web: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Type:
    """Run a line of the manual in a folder that has its files; returns what it printed."""
    answer_at(monkeypatch, int(urlsplit(lab.url).port or 0), "localhost", "example.com")
    monkeypatch.setenv("PASS", PASSWORD)
    monkeypatch.chdir(tmp_path)
    for name, picture in zip(IMAGES, moving("china.jpg", len(IMAGES)), strict=True):
        cv2.imwrite(name, picture)
    Path("dataset_1/images").mkdir(parents=True)
    cv2.imwrite("dataset_1/images/one.jpg", moving("china.jpg", 1)[0])
    Path("labels.json").write_text(json.dumps(LABELS))
    Path("annotation.xml").write_text(ANNOTATIONS)

    def call(line: str) -> str:
        words = shlex.split(line.replace("https://github.com/", f"http://127.0.0.1:{web}/").replace("\\\n", " "))
        assert words[0] == "cvat-lab"
        capsys.readouterr()
        status = main(words[1:])
        shown = capsys.readouterr()
        assert status == 0, shown.err
        return shown.out

    return call


def created(lab: Lab, printed: str) -> Task:
    return lab.task(int(printed.removeprefix("Created task id ")))


@pytest.mark.req("R30.2", "R30.3", "R30.4", "R30.11", "R30.19")
def test_create_on_the_default_server(typed: Type, lab: Lab) -> None:
    task = created(lab, typed('cvat-lab create "new task" --labels labels.json local file1.jpg file2.jpg'))
    assert (task.name, task.size, task.labels.names) == ("new task", 2, ["cat", "dog"])
    assert task.owner.username == getpass.getuser()


@pytest.mark.req("R30.2", "R30.19")
def test_create_on_another_host_as_somebody(typed: Type, lab: Lab) -> None:
    line = 'cvat-lab --server-host example.com --auth user-1 create "task 1" \\\n--labels labels.json local image1.jpg'
    task = created(lab, typed(line))
    assert (task.name, task.owner.username) == ("task 1", "user-1")


@pytest.mark.req("R30.3", "R30.4", "R30.19")
def test_create_in_a_project_from_a_remote_video(typed: Type, lab: Lab) -> None:
    line = f'cvat-lab --auth user-1:password create "task 1" --project_id 1 \\\nremote {VIDEO_URL}'
    task = created(lab, typed(line))
    assert (task.project_id, task.size, task.mode) == (1, VIDEO_FRAMES, "interpolation")


@pytest.mark.req("R30.6", "R30.7", "R30.19")
def test_create_from_the_share_with_all_options(typed: Type, lab: Lab) -> None:
    line = (
        'cvat-lab create "task 1 sort random" --labels \'[{"name": "cat"},{"name": "dog"}]\' --chunk_size 8 \\\n'
        "--sorting-method random --frame_step 10 --copy_data --use_zip_chunks share //share/dataset_1/video.avi"
    )
    task = created(lab, typed(line))
    assert (task.size, task.data_chunk_size, task.data_compressed_chunk_type) == (6, 8, "imageset")
    assert (task.meta().frame_filter, task.meta().storage) == ("step=10", "local")


@pytest.mark.req("R30.5", "R30.8", "R30.9", "R30.19")
def test_create_with_annotations(typed: Type, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.delenv("PASS")
    monkeypatch.setattr(getpass, "getpass", lambda text: asked.append(text) or PASSWORD)
    line = (
        'cvat-lab --auth user-2 create "task from dataset_1" --labels labels.json \\\n'
        "--bug_tracker https://bug-tracker.com/0001 --image_quality 75 --annotation_path annotation.xml \\\n"
        '--annotation_format "CVAT 1.1" local dataset_1/images/'
    )
    task = created(lab, typed(line))
    assert (task.bug_tracker, task.image_quality) == ("https://bug-tracker.com/0001", 75)
    assert task.owner.username == "user-2"
    assert "user-2" in asked[0]
    assert [shape.points for shape in task.annotations().shapes] == [[1, 2, 30, 40]]


@pytest.mark.req("R30.7", "R30.8", "R30.19")
def test_create_in_segments(typed: Type, lab: Lab) -> None:
    line = (
        'cvat-lab create "segmented task 1" --labels labels.json --overlap 5 --segment_size 100 \\\n'
        f"--start_frame 5 --stop_frame 705 --use_cache \\\nremote {VIDEO_URL}"
    )
    task = created(lab, typed(line))
    assert task.size == 701
    assert [(job.start_frame, job.stop_frame) for job in task.jobs()][:2] == [(0, 99), (95, 194)]


@pytest.mark.req("R30.12", "R30.19")
def test_delete(typed: Type, lab: Lab) -> None:
    typed("cvat-lab --auth user-1:password delete 100 101 102")
    assert {100, 101, 102}.isdisjoint(task.id for task in lab.tasks())


@pytest.mark.req("R30.13", "R30.19")
def test_ls(typed: Type) -> None:
    assert "119,task 119,annotation" in typed("cvat-lab ls").splitlines()
    assert {"id": 119, "size": 60}.items() <= {task["id"]: task for task in json.loads(typed("cvat-lab ls --json"))}[
        119
    ].items()


@pytest.mark.req("R30.14", "R30.19")
def test_frames(typed: Type) -> None:
    typed("cvat-lab frames --outdir images --quality compressed 119 12 15 22")
    names = [f"task_119_frame_{number:06d}.jpg" for number in (12, 15, 22)]
    assert sorted(path.name for path in Path("images").iterdir()) == names


@pytest.mark.req("R30.15", "R30.16", "R30.19")
def test_dump_and_upload(typed: Type, lab: Lab, photos: list[Path]) -> None:
    for number in (103, 104):
        lab.task(number).set_annotations([{"label": "dog", "type": "rectangle", "frame": 0, "points": [1, 2, 30, 40]}])
    typed('cvat-lab dump --format "CVAT for images 1.1" 103 output.zip')
    with zipfile.ZipFile("output.zip") as archive:
        assert archive.read("annotations.xml").count(b"<box ") == 1
    typed('cvat-lab dump --format "COCO 1.0" 104 output.zip')
    with zipfile.ZipFile("output.zip") as archive:
        assert json.loads(archive.read("annotations/instances_default.json"))["annotations"][0]["bbox"] == [
            1,
            2,
            29,
            38,
        ]
    Path("annotation.xml").write_text(ANNOTATIONS.replace("one.jpg", photos[2].name))
    typed('cvat-lab upload --format "CVAT 1.1" 105 annotation.xml')
    assert len(lab.task(105).annotations().shapes) == 1


@pytest.mark.req("R30.17", "R30.19")
def test_export_and_import(typed: Type, lab: Lab) -> None:
    typed("cvat-lab export 136 task_136.zip")
    Path("task_136.zip").rename("task_backup.zip")
    task = created(lab, typed("cvat-lab import task_backup.zip"))
    assert (task.name, task.size, task.id > 136) == ("task 136", 1, True)


@pytest.mark.req("R30.1", "R30.19")
@pytest.mark.parametrize(
    ("line", "named"), [("-h", "create delete ls frames dump upload export import"), ("ls -h", "--json")]
)
def test_help(line: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("usage: cvat-lab")
    assert set(named.split()) <= set(shown.split())
