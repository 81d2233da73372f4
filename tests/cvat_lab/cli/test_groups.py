"""The commands of cvat-cli 2.80, in groups, under our name; and what all commands have in common."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import cvat_lab
from cvat_lab.cli import main
from cvat_lab.client import Lab, Task
from cvat_lab.model.request import RequestStatus
from cvat_lab_server.embedded import EmbeddedServer
from tests.media_samples import encode_video, moving

Run = Callable[..., str]

BOX = {"label": "car", "type": "rectangle", "frame": 0, "points": [1, 2, 30, 40]}
LABELS = '[{"name": "car"}]'


@pytest.fixture
def run(server: EmbeddedServer, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that must succeed and return what it printed."""

    def call(*words: object) -> str:
        capsys.readouterr()
        status = main(["--url", server.url, "--token", server.token, *map(str, words)])
        shown = capsys.readouterr()
        assert status == 0, shown.err
        return shown.out

    return call


def test_tasks_are_created_listed_and_deleted(run: Run, lab: Lab, photos: list[Path]) -> None:
    task = int(run("task", "create", "grouped", "--labels", LABELS, "LOCAL", photos[0]))
    assert lab.task(task).size == 1
    assert str(task) in run("task", "ls").splitlines()
    assert task in [found["id"] for found in json.loads(run("task", "ls", "--json"))]
    run("task", "delete", task, 99999)
    assert str(task) not in run("task", "ls").splitlines()


@pytest.mark.req("R30.17", "R30.20")
def test_files_of_a_task(run: Run, photo_task: Task, tmp_path: Path) -> None:
    photo_task.set_annotations([BOX])
    folder = tmp_path / "new"
    written = Path(run("task", "export-dataset", photo_task.id, f"{folder}/", "--with-images", "yes").strip())
    assert written.parent == folder
    with zipfile.ZipFile(written) as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == 3
    run("task", "import-dataset", "--append", photo_task.id, written)
    assert len(photo_task.annotations().shapes) == 2
    backup = tmp_path / "backup.zip"
    run("task", "backup", photo_task.id, backup)
    again = photo_task.lab.task(int(run("task", "create-from-backup", backup)))
    assert (again.size, len(again.annotations().shapes)) == (3, 2)
    run("task", "frames", "--outdir", tmp_path / "frames", again.id, 0, 2)
    assert len(list((tmp_path / "frames").iterdir())) == 2


def test_projects(run: Run, lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    project = lab.project(int(run("project", "create", "zoo", "--labels", LABELS, "--bug", "https://bugs/2")))
    assert project.bug_tracker == "https://bugs/2"
    project.create_task("one", files=[photos[0]]).append_annotations([BOX])
    dataset, backup = tmp_path / "dataset.zip", tmp_path / "backup.zip"
    run("project", "export-dataset", project.id, dataset, "--with-images", "yes")
    run("project", "backup", project.id, backup)
    empty = run("project", "create", "empty", "--labels", LABELS).strip()
    run("project", "import-dataset", empty, dataset)
    filled = run("project", "create", "filled", "--labels", LABELS, "--dataset_path", dataset).strip()
    restored = run("project", "create-from-backup", backup).strip()
    for number in map(int, (empty, filled, restored)):
        [task] = lab.project(number).tasks()
        assert (task.size, len(task.annotations().shapes)) == (1, 1)
    assert {empty, filled, restored} <= set(run("projects", "ls").splitlines())
    run("project", "delete", project.id, empty, filled, restored)
    assert not lab.projects()


def test_a_project_whose_dataset_is_broken_is_removed(
    run: Run, lab: Lab, photos: list[Path], server: EmbeddedServer
) -> None:
    words = ["--url", server.url, "--token", server.token, "project", "create", "broken", "--dataset_path"]
    assert main([*words, str(photos[0])]) == 1
    assert "broken" not in [project.name for project in lab.projects()]


def test_a_task_whose_annotations_are_broken_stays(
    run: Run, lab: Lab, photos: list[Path], server: EmbeddedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--url", server.url, "--token", server.token, "task", "create", "kept", "--annotation_path", photos[0]]
    assert main([*map(str, words), "local", str(photos[0])]) == 1
    assert lab.task(int(capsys.readouterr().out)).size == 1


@pytest.mark.req("R30.20")
def test_organizations(run: Run, lab: Lab, photos: list[Path]) -> None:
    lab.transport.send("POST", "api/organizations", body={"slug": "press"})
    inside = int(run("--org", "press", "task", "create", "theirs", "local", photos[0]))
    assert lab.task(inside).organization_id is not None
    assert run("task", "ls", "--organization", "press").split() == [str(inside)]
    assert str(inside) not in run("--org", "", "task", "ls").split()


@pytest.mark.req("R30.20")
def test_auto_annotation(run: Run, photo_task: Task, tmp_path: Path) -> None:
    file = tmp_path / "detector.py"
    file.write_text(
        "from types import SimpleNamespace\n"
        "def create(left, label='car'):\n"
        "    spec = SimpleNamespace(labels=[{'name': label, 'id': 7}])\n"
        "    def detect(context, image):\n"
        "        assert context.conf_threshold == 0.5 and context.frame_name.endswith('.png')\n"
        "        box = [left, 0, image.width, image.height]\n"
        "        return [{'label_id': 7, 'type': 'rectangle', 'points': box}]\n"
        "    return SimpleNamespace(spec=spec, detect=detect)\n"
    )
    words = ("auto-annotate", photo_task.id, "--function-file", file, "-p", "left=float:1.5", "--conf-threshold", 0.5)
    run("task", *words)
    run(*words, "--clear-existing")
    shapes = photo_task.annotations().shapes
    assert [(shape.frame, shape.points, shape.source) for shape in shapes] == [
        (0, [1.5, 0, 512, 512], "auto"),
        (1, [1.5, 0, 451, 300], "auto"),
        (2, [1.5, 0, 600, 400], "auto"),
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "create-from-backup" in capsys.readouterr().out


def test_bash_completes_commands(tmp_path: Path) -> None:
    script = tmp_path / "cvat-lab.bash"
    script.write_text(
        subprocess.run(
            [sys.executable, "-m", "cvat_lab.cli", "completion", "bash"], capture_output=True, text=True, check=True
        ).stdout
        + "\nCOMP_WORDS=(cvat-lab task exp); COMP_CWORD=2; _shtab_cvat_lab; echo ${COMPREPLY[@]}\n"
    )
    shown = subprocess.run(["bash", str(script)], capture_output=True, text=True, check=False)
    assert shown.stdout.split() == ["export-dataset"], shown.stderr


def test_ctrl_c_leaves_nothing_behind(server: EmbeddedServer, lab: Lab, tmp_path: Path) -> None:
    video = encode_video(tmp_path / "long.mp4", moving("china.jpg", 900, 320, 240))
    task = lab.create_task("long", ["car"], files=[video])
    words = ["task", "export-dataset", "--with-images", "yes", str(task.id), str(tmp_path / "out" / "frames.zip")]
    command = [sys.executable, "-m", "cvat_lab.cli", "--debug", "--url", server.url, "--token", server.token, *words]
    _interrupt(command)
    assert "ancelled" in _end_of_newest(lab)
    assert not (tmp_path / "out").exists()


class Trickle(BaseHTTPRequestHandler):
    """A file that comes byte by byte and takes a day."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b"0")
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        pass


def test_ctrl_c_removes_a_task_that_has_no_media_yet(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Trickle) as web:
        web.daemon_threads = True
        threading.Thread(target=web.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{web.server_port}/endless.mp4"
        with cvat_lab.open(tmp_path, remote_hosts=(f"127.0.0.1:{web.server_port}",)) as lab:
            words = ["--debug", "--workspace", str(tmp_path), "task", "create", "endless", "remote", address]
            _interrupt([sys.executable, "-m", "cvat_lab.cli", *words])
            assert lab.tasks() == []
        web.shutdown()


def _interrupt(command: Sequence[str]) -> None:
    """Press Ctrl+C as soon as a command waits for the server."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any('"GET /api/requests/' in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.splitlines()[-1]) == (130, "", "cvat-lab: interrupted")


def _end_of_newest(lab: Lab) -> str:
    """Wait until the newest request has ended, and return its message."""
    for _ in range(200):
        newest = lab.requests()[0]
        if newest.status in (RequestStatus.FINISHED, RequestStatus.FAILED):
            return f"{newest.status}: {newest.message}"
        time.sleep(0.05)
    raise AssertionError(f"the request is still {newest.status}")
