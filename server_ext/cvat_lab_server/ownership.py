"""Who has a workspace open: a note beside the database, so that a second server or kernel finds the way."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

_NOTE = "server.json"
_TIMEOUT_SECONDS = 3.0
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""The owner of a folder runs on this machine, or shares a disk with it: no HTTP proxy leads there."""


@dataclass(frozen=True)
class Owner:
    """A running server: its address without a trailing slash, and the token that lets its own account in.

    An empty token stands for the token that JupyterHub gave to this process.
    """

    url: str
    token: str

    def get_token(self) -> str:
        """Return the token to present."""
        return self.token or os.environ.get("JUPYTERHUB_API_TOKEN", "")


def announce(workspace: Path, owner: Owner) -> None:
    """Leave a note that only this account can read."""
    note = workspace / _NOTE
    note.unlink(missing_ok=True)
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"url": owner.url, "token": owner.token, "pid": os.getpid()}, file)


def retract(workspace: Path) -> None:
    """Take the note away, if it is this process's own."""
    note = workspace / _NOTE
    try:
        if json.loads(note.read_text("utf-8"))["pid"] == os.getpid():
            note.unlink()
    except (OSError, ValueError, KeyError):
        return


def find_owner(workspace: Path) -> Owner | None:
    """Return the server that left the note, if it answers."""
    try:
        note = json.loads((workspace.expanduser() / _NOTE).read_text("utf-8"))
        owner = Owner(note["url"], note["token"])
        with _DIRECTLY.open(f"{owner.url}/api/server/about", timeout=_TIMEOUT_SECONDS) as answer:
            return owner if answer.status == 200 else None
    except (OSError, ValueError, KeyError, urllib.error.URLError):
        return None
