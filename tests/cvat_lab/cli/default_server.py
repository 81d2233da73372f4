"""A server where the command line looks first: on port 8080 of this machine, whoever really listens there."""

from __future__ import annotations

import socket
from typing import Any

import pytest

PORT = 8080


def answer_at(patch: pytest.MonkeyPatch, port: int, *hosts: str) -> None:
    """Let port 8080 of some hosts lead to a server of this machine, as a name server and a port mapping would."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, wanted: Any, *rest: Any, **named: Any) -> Any:
        if host in hosts and wanted == PORT:
            return resolve("127.0.0.1", port, *rest, **named)
        return resolve(host, wanted, *rest, **named)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        patch.delenv(name, raising=False)
