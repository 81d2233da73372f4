"""Finding the server inside a real Jupyter server, from outside and from its kernels."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cvat_lab
from cvat_lab.cli import main
from cvat_lab.errors import NotAuthenticatedError, ServerUnavailableError

TOKEN = "t0ken"


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Jupyter server below a base URL, as JupyterHub starts it; yields its address."""
    folder = tmp_path_factory.mktemp("jupyter")
    environment = {**os.environ, "CVAT_LAB_WORKSPACE": str(folder / "workspace"), "JUPYTER_CONFIG_DIR": str(folder)}
    options = {
        "ServerApp.jpserver_extensions": "cvat_lab_server=True",
        "ServerApp.base_url": "/user/ann/",
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": TOKEN,
        "ServerApp.port": "0",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", *words]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        yield _wait_until_found()
        process.terminate()


def _wait_until_found() -> str:
    for _ in range(120):
        try:
            return cvat_lab.connect().url
        except ServerUnavailableError:
            time.sleep(0.25)
    raise AssertionError("the Jupyter server has not come up")


def test_found_among_the_running_servers(jupyter: str) -> None:
    assert jupyter.endswith("/user/ann/cvat-lab")
    with cvat_lab.connect() as lab:
        assert lab.user.is_superuser


def test_the_address_of_the_page_will_do(jupyter: str, tmp_path: Path, photos: list[Path]) -> None:
    page = jupyter.removesuffix("cvat-lab") + f"lab/tree/notes.ipynb?token={TOKEN}"
    with cvat_lab.connect(page) as lab:
        assert lab.url == jupyter
        task = lab.create_task("photos", ["cat"], files=photos)
        task.append_annotations([{"label": "cat", "type": "rectangle", "frame": 0, "points": [1, 2, 3, 4]}])
        assert task.export("COCO 1.0", tmp_path / "out.zip").path.is_file()


@pytest.mark.req("R30.2")
def test_the_command_line_takes_address_and_token(
    jupyter: str, photos: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = jupyter.removesuffix("/cvat-lab")
    words = ["task", "create", "typed", "--labels", '["cat"]', "local", str(photos[0])]
    assert main(["--url", f"{base}/lab/tree/notes.ipynb?token={TOKEN}", *words]) == 0
    number = capsys.readouterr().out.strip()
    for reach in (["--url", base, "--token", TOKEN], ["--server-host", base, "--token", TOKEN], []):
        assert main([*reach, "task", "ls"]) == 0
        assert number in capsys.readouterr().out.split()
    monkeypatch.setenv("CVAT_ACCESS_TOKEN", TOKEN)
    assert main(["--server-host", base, "task", "ls"]) == 0
    assert number in capsys.readouterr().out.split()


def test_without_the_token_nobody_gets_in(jupyter: str) -> None:
    with pytest.raises(NotAuthenticatedError, match="token="):
        cvat_lab.connect(jupyter, "wrong")
