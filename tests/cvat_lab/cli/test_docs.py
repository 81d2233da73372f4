"""docs/cli.md: every example in it is run, and every command stands in it."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import cvat_lab
from cvat_lab.cli import main
from cvat_lab.cli.parser import make_parser
from cvat_lab.client import Lab
from cvat_lab.errors import ServerUnavailableError
from tests.cvat_lab.cli.default_server import answer_at

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text("utf-8")
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
FUNCTION = re.findall(r"```python\n# detector.py\n(.*?)```", PAGE, re.DOTALL)[0]
ANNOTATIONS = (
    '<annotations><version>1.1</version><image id="0" name="coffee.png" width="600" height="400"><box label="cup" '
    'occluded="0" xtl="1" ytl="2" xbr="30" ybr="40" z_order="0"></box></image></annotations>'
)


@pytest.fixture
def folder(tmp_path: Path, photos: list[Path], video: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the examples are about."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASS", "a long secret")
    Path("photos").mkdir()
    for photo in photos:
        shutil.copy(photo, "photos")
    shutil.copy(video, "street.mp4")
    Path("labels.json").write_text('[{"name": "cup", "attributes": []}, {"name": "cat", "attributes": []}]')
    Path("annotations.xml").write_text(ANNOTATIONS)
    Path("detector.py").write_text(FUNCTION)
    return tmp_path


@pytest.fixture
def web(folder: Path) -> Iterator[int]:
    """A web server over the folder; its port."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def call(line: str) -> str:
    """Run an example and return what it prints; ``> FILE`` is understood."""
    words = shlex.split(line)
    assert words.pop(0) == "cvat-lab", line
    target = words.pop() if len(words) > 1 and words[-2] == ">" else ""
    shown, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(told):
        status = main(words[:-1] if target else words)
    assert status == 0, f"{line}\n{told.getvalue()}"
    if target:
        Path(target).write_text(shown.getvalue())
    return shown.getvalue()


def check_serving(line: str, workspace: Path) -> None:
    """Start the server of an example, on a free port, and stop it once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "cvat_lab.cli", *shlex.split(line)[1:], "--port", port]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            try:
                cvat_lab.connect(workspace=workspace).close()
                break
            except ServerUnavailableError:
                time.sleep(0.1)
        process.terminate()
        assert process.wait(20) == 0


def check_what_came_out(lab: Lab) -> None:
    """Look at what all the examples together have made."""
    assert len(json.loads(Path("tasks.json").read_text())) == 5
    assert len(list(Path("frames").iterdir())) == 3
    assert lab.task("animals").annotations().shapes[0].points == [1, 2, 30, 40]
    assert len(lab.task("animals").annotations().shapes) == 2
    assert {shape.source for shape in lab.task(1).annotations().shapes} == {"auto"}
    with zipfile.ZipFile("animals.zip") as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == 3
    assert [project.name for project in lab.projects()] == ["city", "copy", "city"]
    assert [task.size for task in lab.project("copy").tasks()] == [40]
    assert Path("manifest.jsonl").is_file()
    assert Path("manifests/manifest.jsonl").is_file()
    assert "_shtab" in Path("cvat-lab.bash").read_text()


@pytest.mark.req("R30.19")
def test_every_example_works(folder: Path, web: int, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = next(number for number, line in enumerate(EXAMPLES) if line.startswith("cvat-lab serve"))
    for line in EXAMPLES[:serving]:
        call(line)
    check_serving(EXAMPLES[serving], folder / "street")
    options = {"share_root": folder / "photos", "remote_hosts": (f"127.0.0.1:{web}",)}
    with cvat_lab.open(folder / "street", **options) as lab:
        answer_at(monkeypatch, int(urlsplit(lab.url).port or 0), "localhost")
        monkeypatch.setenv("CVAT_LAB_WORKSPACE", str(folder / "street"))
        lab.transport.send("POST", "api/organizations", body={"slug": "press"})
        for line in EXAMPLES[serving + 1 :]:
            call(line.replace("http://localhost:8000/", f"http://127.0.0.1:{web}/").replace(r"\$", "$"))
        check_what_came_out(lab)


@pytest.mark.req("R30.1")
def test_every_command_is_documented() -> None:
    missing = [path for path in leaves(make_parser()) if f"`{path}" not in PAGE]
    assert missing == []


def leaves(parser: argparse.ArgumentParser, path: str = "") -> Iterator[str]:
    """Yield the commands of a parser, without second names."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path
    for action in groups:
        for shown in action._choices_actions:
            name = shown.dest.split(" ")[0]
            yield from leaves(action.choices[name], f"{path} {name}".strip())
