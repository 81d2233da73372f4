"""The server as people run it: ``cvat-lab serve`` in a process of its own, which can also be killed."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

START_SECONDS = 60.0


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class ServerProcess:
    """``cvat-lab serve`` over a workspace; its log goes to a file beside the workspace."""

    def __init__(self, workspace: Path, *arguments: str, base_path: str = "") -> None:
        self.workspace = workspace
        self.log = workspace.with_name(f"{workspace.name}.log")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}{base_path}"
        self._command = [
            *(sys.executable, "-m", "cvat_lab.cli", "serve", "--workspace", str(workspace), "--port", str(self.port)),
            *(("--base-path", base_path) if base_path else ()),
            *arguments,
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> ServerProcess:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                if httpx.get(f"{self.url}/api/server/health", timeout=5).status_code == 200:
                    return self
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < end, self.log.read_text()
                time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None
