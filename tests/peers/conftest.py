"""CVAT's own clients, unmodified, in an environment of their own, against ``cvat-lab serve``."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cvat_lab_server.commands import add_user
from tests.cvat_lab_server.process import ServerProcess, free_port
from tests.cvat_lab_server.site import PASSWORD, picture

SCRIPTS = Path(__file__).parent / "scripts"
PYTHON = Path(os.environ.get("CVAT_PEERS_PYTHON") or Path(__file__).parents[2] / ".venv-peers" / "bin" / "python")

USER, COLLEAGUE = "annotator", "colleague"


@dataclass(frozen=True)
class Peer:
    """Runs one of the scripts against a server."""

    url: str
    folder: Path
    web_port: int

    def __call__(self, script: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CVAT"))},
            "SERVER_URL": self.url,
            "SERVER_USER": USER,
            "SERVER_COLLEAGUE": COLLEAGUE,
            "SERVER_PASSWORD": PASSWORD,
            "SERVER_WEB_PORT": str(self.web_port),
            "HOME": str(self.folder),
        }
        command = [str(PYTHON), str(SCRIPTS / script)]
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=150, check=False
        )
        assert done.returncode == 0, f"{script}:\n{done.stdout[-4000:]}\n{done.stderr[-6000:]}"


@pytest.fixture(scope="session")
def web_port() -> int:
    """The one port of this machine from which the server may fetch files."""
    return free_port()


@pytest.fixture(scope="session", params=["", "/user/x/cvat"], ids=["root", "base-path"])
def serving(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, web_port: int
) -> Iterator[ServerProcess]:
    """A server at the root, and one below a path as behind a proxy."""
    folder = tmp_path_factory.mktemp("serving")
    share = folder / "share" / "street"
    share.mkdir(parents=True)
    for number in range(4):
        (share / f"{number}.jpg").write_bytes(picture(number))
    (folder / "workspace").mkdir()
    for name in (USER, COLLEAGUE):
        add_user(folder / "workspace", name, PASSWORD, email=f"{name}@example.com")
    options = ("--share-root", str(folder / "share"), "--remote-host", f"127.0.0.1:{web_port}")
    process = ServerProcess(folder / "workspace", *options, base_path=request.param).start()
    yield process
    process.stop()


@pytest.fixture
def peer(serving: ServerProcess, tmp_path: Path, web_port: int) -> Callable[[str], None]:
    """Run a script of ``scripts/`` with the clients' Python."""
    if not PYTHON.exists():
        pytest.skip(f"{PYTHON} is not there; `make setup-test` installs CVAT's clients, or set CVAT_PEERS_PYTHON")
    for number in range(150):
        (tmp_path / f"image_{number:03d}.jpg").write_bytes(picture(number))
    return Peer(serving.url, tmp_path, web_port)
