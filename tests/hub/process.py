"""A real JupyterHub over a folder of its own, started from the configuration in the documentation."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from tests.processes import STOP_SECONDS, clean_environment, end_all_in, free_ports

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "docs" / "jupyterhub" / "jupyterhub_config.py"
PROXY = ROOT / "node_modules" / ".bin" / "configurable-http-proxy"

USERS = ("alice", "bob", "carol")
ADMIN = "admin"
PASSWORD = "a shared password"
ADMIN_PASSWORD = "another password, of forty characters..."
BASE_URL = "/team/"
SERVICE = f"{BASE_URL}services/cvat-lab"

START_SECONDS = 60.0


class HubProcess:
    """JupyterHub with its proxy, the service of cvat_lab and whatever they start.

    Everything runs in ``folder``, so what belongs to it can be found even when the Hub has lost it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.workspace = self.folder / "workspace"
        self.log = self.folder / "hub.log"
        for name in USERS:
            (self.folder / "home" / name).mkdir(parents=True)
        port, api_port, proxy_port, self.service_port = free_ports(4)
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **clean_environment(),
            "HUB_STATE": str(self.folder),
            "HUB_BASE_URL": BASE_URL,
            "HUB_PORT": str(port),
            "HUB_API_PORT": str(api_port),
            "HUB_PROXY_API_PORT": str(proxy_port),
            "HUB_PROXY": str(PROXY),
            "HUB_AUTHENTICATOR": "shared-password",
            "HUB_USERS": " ".join(USERS),
            "HUB_ADMINS": ADMIN,
            "HUB_PASSWORD": PASSWORD,
            "HUB_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "HUB_SPAWNER": "simple",
            "CVAT_LAB_WORKSPACE": str(self.workspace),
            "CVAT_LAB_PORT": str(self.service_port),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the Hub; returns when the service answers through its proxy."""
        command = [sys.executable, "-m", "jupyterhub", "--config", str(CONFIG)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_for_service(START_SECONDS)

    def wait_for_service(self, seconds: float) -> None:
        """Wait until the service answers through the Hub's proxy."""
        end = time.monotonic() + seconds
        while not self.service_answers():
            assert self.process is not None
            assert self.process.poll() is None, self.tail()
            assert time.monotonic() < end, self.tail()
            time.sleep(0.1)

    def service_answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}{SERVICE}/api/server/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def service_process(self) -> psutil.Process:
        """Return the process that has the workspace open."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in children if str(self.workspace) in child.cmdline())

    def stop(self) -> None:
        """End the Hub in order, then whatever it left behind."""
        try:
            if self.process is not None and self.process.poll() is None:
                self.process.terminate()
                self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            end_all_in(self.folder)
            if self.process is not None:
                self.process.wait(STOP_SECONDS)

    def tail(self) -> str:
        """Return the end of the log, for messages."""
        return self.log.read_text(errors="replace")[-8000:]
