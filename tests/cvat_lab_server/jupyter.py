"""A real Jupyter server with the extension in it, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.cvat_lab_server.site import Person
from tests.processes import STOP_SECONDS, bearer, clean_environment, end_all_in, free_ports, run_in_kernel

TOKEN = "a token of jupyter"
START_SECONDS = 60.0


class JupyterProcess:
    """``jupyter server`` at a base URL of its own, with configuration and run time files of its own.

    Parameters
    ----------
    folder
        Where it runs; made if need be.
    workspace
        What its extension shall open.
    options
        More of the command line.
    environment
        More environment variables.
    """

    def __init__(self, folder: Path, workspace: Path, *options: str, **environment: str) -> None:
        self.folder, self.workspace = folder.resolve(), workspace
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = self.folder
        self.log = self.folder / "jupyter.log"
        self.port = free_ports(1)[0]
        self.base = f"/{folder.name}/"
        self.server = f"http://127.0.0.1:{self.port}/{folder.name}"
        self.url = f"{self.server}/cvat-lab"
        self._options = options
        self._environment = {
            **clean_environment(),
            "CVAT_LAB_WORKSPACE": str(workspace),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> JupyterProcess:
        """Start it and wait until it answers."""
        command = [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
            *(f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", f"--ServerApp.base_url={self.base}"),
            *(f"--ServerApp.root_dir={self.root}", f"--IdentityProvider.token={TOKEN}"),
            *self._options,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.server}/api", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def memory(self) -> int:
        """Return the bytes of memory the server uses now."""
        assert self.process is not None
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def connections_to(self, other: JupyterProcess) -> int:
        """Return how many connections to another server are open."""
        assert self.process is not None
        found = psutil.Process(self.process.pid).net_connections("tcp")
        return sum(one.status == psutil.CONN_ESTABLISHED and one.raddr.port == other.port for one in found)

    def script(self, **headers: str) -> Person:
        """Return a script that calls the extension with Jupyter's token."""
        return Person(self.url, headers={**bearer(TOKEN), **headers}, follow_redirects=True)

    def browser(self) -> Person:
        """Return a browser that has logged in; it has Jupyter's cookies and no token."""
        person = Person(self.url, follow_redirects=True)
        answer = person.http.get(f"{self.server}/tree", params={"token": TOKEN})
        assert any(cookie.name.startswith("username-") for cookie in person.http.cookies.jar), answer.text
        return person

    def run(self, code: str) -> str:
        """Run code in a new kernel; return what it printed."""
        return run_in_kernel(self.server, TOKEN, code)

    def note(self) -> dict[str, Any] | None:
        """Return what the workspace says about its owner."""
        path = self.workspace / "server.json"
        return json.loads(path.read_text()) if path.exists() else None

    def kill(self) -> None:
        """End the server as a crash would; its kernels notice by themselves."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            os.kill(self.process.pid, number)
            try:
                self.process.wait(STOP_SECONDS)
            finally:
                end_all_in(self.folder)
                self.process = None
