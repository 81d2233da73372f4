"""Servers on threads of this process: one per workspace, shared by everybody here who opens it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cvat_lab.client.plugins import SERVERS, load_plugin
from cvat_lab.errors import ConflictError

_lock = threading.Lock()
_running: dict[Path, EmbeddedWorkspace] = {}


@dataclass
class EmbeddedWorkspace:
    """A workspace that a server of this process has open.

    Attributes
    ----------
    server
        Has ``url``, ``token`` and ``close()``.
    options
        What the server was started with.
    users
        How many have opened the workspace and not closed it yet.
    """

    folder: Path
    server: Any
    options: Mapping[str, Any]
    users: int = 0

    def release(self) -> None:
        """Let go; the last one stops the server."""
        with _lock:
            self.users -= 1
            if self.users == 0:
                _running.pop(self.folder, None)
                self.server.close()


def acquire(folder: Path, options: Mapping[str, Any]) -> EmbeddedWorkspace:
    """Return the server of a workspace, started if need be. Every call is answered by one ``release()``.

    Running a notebook's first cell again must find the workspace open, not locked.

    Raises
    ------
    ConflictError
        It runs with other options.
    WorkspaceError
        The workspace cannot be opened.
    """
    place = folder.expanduser().resolve()
    with _lock:
        found = _running.get(place)
        if found is None:
            server = load_plugin(SERVERS, "embedded")(place, **options)
            found = _running[place] = EmbeddedWorkspace(place, server, dict(options))
        elif options and dict(options) != found.options:
            raise ConflictError(f"{place} is open with other options: {found.options}; close that connection first")
        found.users += 1
    return found
