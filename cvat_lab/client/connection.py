"""Getting hold of a server: the one that runs already, or a new one for a folder."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cvat_lab.client.discovery import Address, address_of_workspace, addresses_around, addresses_of_url
from cvat_lab.client.embedding import acquire
from cvat_lab.client.http import Transport
from cvat_lab.client.lab import Lab
from cvat_lab.errors import CvatLabError, InvalidInputError, NotAuthenticatedError, ServerUnavailableError
from cvat_lab.model.server import About
from cvat_lab.model.user import UserRead

_WAYS_OUT = (
    "Start JupyterLab with cvat_lab installed and run this in one of its notebooks; or start a server with "
    '`cvat-lab serve --workspace FOLDER` and connect to its address; or cvat_lab.open("FOLDER") to start one here.'
)


def connect(
    url: str | None = None,
    token: str | None = None,
    *,
    username: str | None = None,
    password: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    verify: bool = True,
) -> Lab:
    """Connect to a running server.

    Without arguments the server is found: the one of the notebook this runs in, that of JupyterHub, or a Jupyter
    server of the same account on this machine.

    Parameters
    ----------
    url
        Address of the server. What the browser shows for JupyterLab will do, with or without its ``?token=``.
    token
        Token of the Jupyter server, of JupyterHub, or an access token of cvat_lab.
    username, password
        An account of the workspace, instead of a token.
    workspace
        Folder of the workspace whose server is meant, instead of an address.
    verify
        Check the certificate of a server that is reached by HTTPS.

    Returns
    -------
    Lab
        The way to everything on the server.

    Raises
    ------
    ServerUnavailableError
        No server was found, or it does not answer.
    NotAuthenticatedError
        The server does not know the token.
    """
    if (username is None) != (password is None):
        raise InvalidInputError("give both username and password, or neither")
    return Lab(_reach(_candidates(url, token, workspace), username, password, verify=verify))


def open(folder: str | os.PathLike[str], **options: Any) -> Lab:
    """Open a workspace, with a server of its own on a thread of this process.

    When somebody has the workspace open already, in this process or another one, that server is used.

    Parameters
    ----------
    folder
        The workspace; made when it does not exist.
    options
        Passed to the server, for example ``share_root``.

    Returns
    -------
    Lab
        Closed at the end of the process, by ``lab.close()``, or at the end of a ``with`` block. The server stops with
        the last one.

    Raises
    ------
    WorkspaceError
        The workspace is locked by a process without a server, or of a newer version.
    """
    opened = acquire(Path(folder), options)
    place = Address(opened.server.url, opened.server.token, f"the server of {folder}")
    try:
        lab = Lab(_reach([place]), closer=opened.release)
    except BaseException:
        opened.release()
        raise
    atexit.register(lab.close)
    return lab


def _candidates(url: str | None, token: str | None, workspace: str | os.PathLike[str] | None) -> Iterable[Address]:
    if url is not None:
        return addresses_of_url(url, token)
    if workspace is None:
        return (replace(place, token=token or place.token) for place in addresses_around(os.environ))
    found = address_of_workspace(Path(workspace))
    if found is None:
        raise ServerUnavailableError(f"no server has the workspace {workspace} open. {_WAYS_OUT}")
    return [found]


def _reach(
    places: Iterable[Address], username: str | None = None, password: str | None = None, *, verify: bool = True
) -> Transport:
    """Return the way to the first place where a server answers and lets us in."""
    reasons = []
    refusal: NotAuthenticatedError | None = None
    for place in places:
        transport = Transport(place.url, place.token, verify=verify)
        try:
            transport.get("api/server/about", About)
            if username is not None and password is not None:
                transport.login(username, password)
            transport.get("api/users/self", UserRead)
        except CvatLabError as error:
            transport.close()
            if isinstance(error, NotAuthenticatedError):
                refusal = refusal or error
            reasons.append(f"{place.url} ({place.origin}): {error}")
            continue
        return transport
    if refusal:
        raise refusal
    if not reasons:
        raise ServerUnavailableError(f"no cvat_lab server was found. {_WAYS_OUT}")
    raise ServerUnavailableError(f"no cvat_lab server answers. Tried {'; '.join(reasons)}. {_WAYS_OUT}")
