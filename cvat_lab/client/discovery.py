"""Where a server may be: what the user pasted, what the environment says, and which Jupyter servers run here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cvat_lab.errors import WorkspaceError
from cvat_lab.model.base import Record, decode_json

URL_PATH = "cvat-lab"
"""Where the server is below the address of a Jupyter server."""

_PAGES = ("lab", "tree", "notebooks", "doc", "consoles", "edit", "retro", "nbclassic")
_NOTE = "server.json"


@dataclass(frozen=True)
class Address:
    """A place to look for a server.

    Attributes
    ----------
    url
        Without a trailing slash.
    token
        What to present there; empty = nothing.
    origin
        How we came by it, for messages.
    """

    url: str
    token: str
    origin: str


class OwnerNote(Record, kw_only=True):
    """What the server that has a workspace open writes into it."""

    url: str
    token: str
    pid: int = 0


def addresses_of_url(url: str, token: str | None) -> list[Address]:
    """Return where a server may be, given what a user copied from his browser or terminal.

    The address of a JupyterLab page is taken, too, with its ``?token=``. Host and port alone get ``http://``.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    steps = [step for step in parts.path.split("/") if step]
    page = next((place for place, step in enumerate(steps) if step in _PAGES), len(steps))
    base = "/".join([f"{parts.scheme}://{parts.netloc}", *steps[:page]])
    secret = token if token is not None else parse_qs(parts.query).get("token", [""])[0]
    tails = [""] if steps[:page][-1:] == [URL_PATH] else ["", f"/{URL_PATH}"]
    return [Address(base + tail, secret, "the address given") for tail in tails]


def address_of_workspace(folder: Path) -> Address | None:
    """Return the server that has left its address in a workspace; it may have gone since.

    Raises
    ------
    WorkspaceError
        The note is damaged.
    """
    note = folder.expanduser() / _NOTE
    try:
        owner = decode_json(note.read_bytes(), OwnerNote, what=f"note {note}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise WorkspaceError(f"{note} cannot be read ({error}); restart the server of this workspace") from error
    token = owner.token or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    return Address(owner.url.rstrip("/"), token, f"the server of {folder}")


def addresses_around(environment: Mapping[str, str]) -> Iterator[Address]:
    """Yield where a server may be that nobody named, the likeliest one first."""
    if url := environment.get("CVAT_LAB_URL"):
        yield Address(url.rstrip("/"), environment.get("CVAT_LAB_TOKEN", ""), "the environment variable CVAT_LAB_URL")
        # Whoever set the variable meant this server: another one would answer with other data.
        return
    if url := environment.get("CVAT_LAB_SERVICE_URL"):
        token = environment.get("JUPYTERHUB_API_TOKEN", "")
        yield Address(url.rstrip("/"), token, "the environment variable CVAT_LAB_SERVICE_URL")
        return
    if folder := environment.get("CVAT_LAB_WORKSPACE"):
        found = address_of_workspace(Path(folder))
        if found is not None:
            yield found
    yield from jupyter_servers()


def jupyter_servers() -> Iterator[Address]:
    """Yield the Jupyter servers of this account on this machine; first our parent, then those of our folder."""
    from jupyter_server.serverapp import list_running_servers

    for server in sorted(list_running_servers(), key=_distance):
        origin = f"the Jupyter server on port {server['port']} in {server.get('root_dir', '?')}"
        yield Address(f"{server['url']}{URL_PATH}", server.get("token", ""), origin)


def _distance(server: Mapping[str, Any]) -> tuple[bool, bool, int]:
    folder = Path(server.get("root_dir") or server.get("notebook_dir") or "/")
    return server.get("pid") != os.getppid(), not Path.cwd().is_relative_to(folder), -len(folder.parts)
