"""The command line against a real server, the way people type it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from cvat_lab.cli import main
from cvat_lab.client import Lab, Task
from cvat_lab_server.embedded import EmbeddedServer

Run = Callable[..., tuple[int, str, str]]

LABELS = '[{"name": "cat", "color": "#ff0000", "attributes": []}, {"name": "dog"}]'


@pytest.fixture
def run(server: EmbeddedServer, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command against the server; returns status, output and errors."""

    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["--url", server.url, "--token", server.token, *map(str, words)])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return call


@pytest.mark.req("R30.3", "R30.4", "R30.8", "R30.11")
def test_create_from_local_files(run: Run, lab: Lab, photos: list[Path]) -> None:
    status, out, _ = run("create", "cats and dogs", "--labels", LABELS, "--image_quality", 75, "local", *photos)
    assert status == 0
    task = lab.task(int(out.removeprefix("Created task id ")))
    assert (task.name, task.size, task.image_quality) == ("cats and dogs", 3, 75)
    assert task.labels.names == ["cat", "dog"]


@pytest.mark.req("R30.4", "R30.5")
def test_create_with_a_file_of_labels_and_in_a_project(run: Run, lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(LABELS)
    status, out, _ = run("create", "a", "--labels", labels, "--bug", "https://bugs/1", "local", photos[0])
    task = lab.task(int(out.split()[-1]))
    assert (status, task.labels.names, task.bug_tracker) == (0, ["cat", "dog"], "https://bugs/1")
    project = lab.create_project("zoo", ["zebra"])
    _, out, _ = run("create", "b", "--project_id", project.id, "local", photos[0])
    assert lab.task(int(out.split()[-1])).labels.names == ["zebra"]


@pytest.mark.req("R30.6", "R30.8", "R30.24")
def test_create_with_ranges_and_segments(run: Run, lab: Lab, video: Path) -> None:
    words = {"--chunk_size": 8, "--frame_step": 2, "--start_frame": 4, "--stop_frame": 43, "--segment_size": 10}
    given = [word for pair in words.items() for word in pair]
    _, out, _ = run("create", "cut", "--labels", LABELS, *given, "--overlap", 2, "local", video)
    task = lab.task(int(out.split()[-1]))
    assert (task.size, task.data_chunk_size, task.meta().frame_filter) == (20, 8, "step=2")
    assert [(job.start_frame, job.stop_frame) for job in task.jobs()] == [(0, 9), (8, 17), (16, 19)]


@pytest.mark.req("R30.6")
def test_create_in_the_order_given(run: Run, lab: Lab, photos: list[Path]) -> None:
    _, out, _ = run(
        "create", "o", "--labels", LABELS, "--sorting-method", "predefined", "local", photos[2], photos[0], photos[1]
    )
    frames = lab.task(int(out.split()[-1])).meta().frames
    assert [frame.name for frame in frames] == ["chelsea.png", "astronaut.png", "coffee.png"]


@pytest.mark.req("R30.3", "R30.7")
def test_create_from_the_share(tmp_path: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    import cvat_lab

    share = tmp_path / "share"
    share.mkdir()
    for path in photos:
        (share / path.name).write_bytes(path.read_bytes())
    with cvat_lab.open(tmp_path / "workspace", share_root=share) as lab:
        words = ["--workspace", str(tmp_path / "workspace"), "create", "s", "--copy_data", "--use_zip_chunks", "share"]
        assert main([*words, "coffee.png", "chelsea.png"]) == 0
        task = lab.task("s")
        assert (task.size, task.meta().storage) == (2, "local")
        assert [entry.name for entry in lab.share()] == ["astronaut.png", "chelsea.png", "coffee.png"]
    capsys.readouterr()


@pytest.mark.req("R30.9", "R30.15", "R30.16")
def test_annotations_out_and_in(run: Run, lab: Lab, photo_task: Task, photos: list[Path], tmp_path: Path) -> None:
    photo_task.set_annotations([{"label": "car", "type": "rectangle", "frame": 1, "points": [1, 2, 30, 40]}])
    file = tmp_path / "out.zip"
    status, out, _ = run("dump", "--format", "CVAT for images 1.1", photo_task.id, file)
    assert (status, out.strip()) == (0, str(file))
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["annotations.xml"]
    photo_task.remove_annotations()
    status, out, _ = run("upload", photo_task.id, file)
    assert (status, len(photo_task.annotations().shapes)) == (0, 1)
    words = ["--annotation_path", file, "--annotation_format", "CVAT 1.1", "--completion_verification_period", "5"]
    status, out, _ = run("create", "again", "--labels", '["car", "person"]', *words, "local", *photos)
    assert status == 0
    assert len(lab.task(int(out.split()[3])).annotations().shapes) == 1


@pytest.mark.req("R30.13")
def test_listing(run: Run, photo_task: Task) -> None:
    _, out, _ = run("ls")
    assert f"{photo_task.id},photos,annotation" in out.splitlines()
    _, out, _ = run("ls", "--json")
    assert next(task["size"] for task in json.loads(out) if task["id"] == photo_task.id) == 3


@pytest.mark.req("R30.12")
def test_delete_skips_what_is_gone(run: Run, lab: Lab) -> None:
    first, second = lab.create_task("a"), lab.create_task("b")
    status, out, err = run("delete", first.id, 99999, second.id)
    assert (status, out) == (0, f"Deleted task {first.id}\nDeleted task {second.id}\n")
    assert "99999" in err
    assert {first.id, second.id}.isdisjoint(task.id for task in lab.tasks())


@pytest.mark.req("R30.14")
def test_frames_are_saved(run: Run, video_task: Task, photo_task: Task, tmp_path: Path) -> None:
    status, out, _ = run("frames", "--outdir", tmp_path / "images", "--quality", "compressed", video_task.id, 12, 15)
    names = [f"task_{video_task.id}_frame_000012.jpg", f"task_{video_task.id}_frame_000015.jpg"]
    assert (status, [Path(line).name for line in out.split()]) == (0, names)
    assert cv2.imread(str(tmp_path / "images" / names[0])).shape == (120, 160, 3)
    run("frames", "--outdir", tmp_path, photo_task.id, 0)
    assert (tmp_path / f"task_{photo_task.id}_frame_000000.png").is_file()


def test_sql(run: Run, photo_task: Task) -> None:
    query = "SELECT name, size FROM tasks WHERE id = $id"
    assert run("sql", query, "--param", f"id={photo_task.id}") == (0, "name,size\nphotos,3\n", "")
    _, out, _ = run("sql", query, "--param", f"id={photo_task.id}", "--format", "json")
    assert json.loads(out) == [{"name": "photos", "size": 3}]
    status, _, err = run("sql", "DELETE FROM tasks")
    assert status == 1
    assert "only SELECT" in err


@pytest.mark.req("R30.1")
@pytest.mark.parametrize("command", ["create", "delete", "ls", "frames", "dump", "upload", "serve", "sql", "users"])
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "-h"])
    assert ended.value.code == 0
    assert f"usage: cvat-lab {command}" in capsys.readouterr().out


@pytest.mark.req("R30.19")
@pytest.mark.parametrize(
    "words",
    [
        ["dump", "99999", "out.zip"],
        ["frames", "99999", "0"],
        ["create", "x", "--labels", "nothing.json", "local", "a.png"],
        ["create", "x", "--labels", "[1", "local", "a.png"],
        ["create", "x", "--labels", LABELS, "local", "missing.png"],
        ["create", "x", "--labels", LABELS, "remote", "http://127.0.0.1:1/a.png"],
        ["create", "x", "--dataset_repository_url", "https://host/a.zip", "--lfs", "share", "images/"],
        ["task", "auto-annotate", "1", "--function-file", "missing.py"],
        ["project", "import-dataset", "1", "missing.zip"],
        ["--org", "nobody", "ls"],
        ["--workspace", "/no/such/workspace", "ls"],
    ],
)
def test_errors_are_one_line_and_a_status(run: Run, words: list[str]) -> None:
    status, out, err = run(*words)
    assert (status, out) == (1, "")
    assert err.startswith("cvat-lab: ")
    assert len(err.splitlines()) == 1


@pytest.mark.req("R30.2")
def test_log_in_at_a_host(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import cvat_lab
    from cvat_lab_server import commands

    commands.add_user(tmp_path, "ann", "a long secret", is_superuser=True)
    with cvat_lab.open(tmp_path) as lab:
        lab.create_task("theirs")
        port = lab.url.rpartition(":")[2]
        monkeypatch.setenv("PASS", "a long secret")
        assert main(["--auth", "ann", "--server-host", "127.0.0.1", "--server-port", port, "ls"]) == 0
        assert main(["--auth", "ann:wrong", "--server-host", "127.0.0.1", "--server-port", port, "ls"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "1,theirs,annotation\n"
    assert "log in" in shown.err


def test_users(tmp_path: Path) -> None:
    def call(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cvat_lab.cli", "users", *words, "--workspace", str(tmp_path)]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False)

    assert call("add", "ann", "--superuser", "--password-stdin", given="a long secret\n").returncode == 0
    assert call("ls").stdout == call("list").stdout == "1,ann,superuser\n"
    assert json.loads(call("ls", "--json").stdout) == [{"id": 1, "username": "ann", "rights": "superuser"}]
    short = call("add", "bob", "--password-stdin", given="short\n")
    assert (short.returncode, short.stderr) == (1, "cvat-lab: a password needs at least 8 characters\n")
    assert call("password", "ann", "--password-stdin", given="another secret\n").returncode == 0
    import cvat_lab

    with cvat_lab.open(tmp_path) as lab:
        assert cvat_lab.connect(lab.url, username="ann", password="another secret").user.is_superuser
        refused = call("add", "eve", "--password-stdin", given="a long secret\n")
        assert refused.returncode == 1
        assert f"open in the server at {lab.url}" in refused.stderr


def test_serve(tmp_path: Path, video: Path) -> None:
    import socket
    import time

    import cvat_lab
    from cvat_lab.errors import ServerUnavailableError

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "cvat_lab.cli", "serve", "--workspace", str(tmp_path / "w"), "--port", port]
    with subprocess.Popen([*command, "--base-path", "/lab-api"], stderr=subprocess.PIPE, text=True) as server:
        for _ in range(100):
            try:
                lab = cvat_lab.connect(workspace=tmp_path / "w")
                break
            except ServerUnavailableError:
                time.sleep(0.1)
        assert lab.url == f"http://127.0.0.1:{port}/lab-api"
        assert lab.create_task("served", ["car"], files=[video]).size == 60
        taken = subprocess.run(
            [*command[:-3], str(tmp_path / "other"), "--port", port], capture_output=True, text=True, check=False
        )
        assert (taken.returncode, f"port {port}" in taken.stderr) == (1, True)
        server.terminate()
        assert server.wait(10) == 0
