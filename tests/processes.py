"""Real server processes for tests: ports, surroundings, kernels, and an end for everything that was started."""

from __future__ import annotations

import json
import os
import socket
import uuid
from pathlib import Path

import httpx
import psutil
import websocket

STOP_SECONDS = 20.0
CELL_SECONDS = 60.0


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for opened in sockets:
        opened.bind(("127.0.0.1", 0))
    ports = [int(opened.getsockname()[1]) for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what a surrounding Jupyter server tells its kernels."""
    foreign = ("JUPYTERHUB_", "CVAT_LAB_", "JPY_", "JUPYTER_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def processes_in(folder: Path) -> list[psutil.Process]:
    """Return the processes that run in a folder or below it."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end_all_in(folder: Path) -> None:
    """Kill every process that runs in a folder or below it."""
    left = processes_in(folder)
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, STOP_SECONDS)


def bearer(token: str) -> dict[str, str]:
    """Return the header that presents a token."""
    return {"Authorization": f"Bearer {token}"}


def run_in_kernel(server: str, token: str, code: str) -> str:
    """Run code in a new kernel of a Jupyter server; return what it printed."""
    kernel = httpx.post(f"{server}/api/kernels", headers=bearer(token), timeout=60).json()["id"]
    url = f"{server}/api/kernels/{kernel}"
    try:
        return _run_cell(f"{url.replace('http', 'ws', 1)}/channels", token, code)
    finally:
        httpx.delete(url, headers=bearer(token), timeout=60)


def _run_cell(url: str, token: str, code: str) -> str:
    channel = websocket.create_connection(url, header=[f"Authorization: Bearer {token}"], timeout=CELL_SECONDS)
    message_id = uuid.uuid4().hex
    header = {"msg_id": message_id, "msg_type": "execute_request", "username": "", "session": "test", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    printed = []
    try:
        channel.send(json.dumps(request))
        while True:
            message = json.loads(channel.recv())
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return "".join(printed)
    finally:
        channel.close()
