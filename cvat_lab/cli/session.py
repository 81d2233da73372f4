"""From the options about the server to a connection."""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path

from cvat_lab.client.connection import connect
from cvat_lab.client.connection import open as open_workspace
from cvat_lab.client.discovery import address_of_workspace
from cvat_lab.client.lab import Lab
from cvat_lab.errors import InvalidInputError, ServerUnavailableError

DEFAULT_HOST = "localhost"
DEFAULT_PORT = 8080


def open_lab(options: argparse.Namespace) -> Lab:
    """Return the server that the options mean.

    A workspace is reached through the server that has it open, or opened in this process. Anything that names a host
    or an account means a stand-alone server. Without all these the server is looked for.
    """
    if options.workspace is not None:
        return _of_workspace(Path(options.workspace), options.token)
    if options.url is not None:
        return _log_in(options.url, options) if options.auth else connect(options.url, options.token)
    if options.auth or options.server_host or options.server_port or options.https:
        return _log_in(_address(options), options)
    return connect(token=options.token)


def _of_workspace(folder: Path, token: str | None) -> Lab:
    if not folder.is_dir():
        raise InvalidInputError(
            f"there is no workspace {str(folder)!r}; `cvat-lab serve --workspace {folder}` makes one"
        )
    if address_of_workspace(folder) is not None:
        try:
            return connect(workspace=folder)
        except ServerUnavailableError:
            # The note is left over from a server that was killed; if it lives after all, opening says so.
            return open_workspace(folder)
    return open_workspace(folder)


def _address(options: argparse.Namespace) -> str:
    host = options.server_host or DEFAULT_HOST
    scheme = "https" if options.https else "http"
    if "://" in host:
        return str(host)
    default = 443 if options.https else DEFAULT_PORT
    return f"{scheme}://{host}:{options.server_port or default}"


def _log_in(url: str, options: argparse.Namespace) -> Lab:
    if options.token:
        return connect(url, options.token)
    username, _, password = (options.auth or getpass.getuser()).partition(":")
    if not password:
        password = os.environ.get("PASS") or getpass.getpass(f"Password of {username} at {url}: ")
    return connect(url, username=username, password=password)
