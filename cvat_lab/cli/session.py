"""From the options about the server to a connection."""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path
from urllib.parse import urlsplit

from cvat_lab.client.connection import connect
from cvat_lab.client.connection import open as open_workspace
from cvat_lab.client.discovery import address_of_workspace
from cvat_lab.client.http import Transport
from cvat_lab.client.lab import Lab
from cvat_lab.errors import CvatLabError, InvalidInputError, ServerUnavailableError
from cvat_lab.model.server import About

DEFAULT_HOST = "localhost"
DEFAULT_PORT = 8080

TOKEN_VARIABLE = "CVAT_ACCESS_TOKEN"  # noqa: S105 its name, as CVAT's own clients know it
PASSWORD_VARIABLE = "PASS"  # noqa: S105

_NAMED_BY = ("CVAT_LAB_URL", "CVAT_LAB_SERVICE_URL")


def open_lab(options: argparse.Namespace) -> Lab:
    """Return the server that the options mean.

    A workspace is reached through the server that has it open, or opened in this process. Anything that names a host
    or an account means a stand-alone server. Without all these the server is looked for.
    """
    lab = _reach(options)
    lab.organization = options.organization
    return lab


def _reach(options: argparse.Namespace) -> Lab:
    if options.workspace is not None:
        return _of_workspace(Path(options.workspace))
    if options.url is not None:
        return _at_address(options.url, options)
    if options.auth or options.server_host or options.server_port or options.https:
        return _log_in(_address(options), options)
    return _find(options)


def _of_workspace(folder: Path) -> Lab:
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


def _at_address(url: str, options: argparse.Namespace) -> Lab:
    """Connect to an address from a browser, which may bring its token along."""
    if options.auth:
        return _log_in(url, options)
    token = options.token or (None if "token=" in url else os.environ.get(TOKEN_VARIABLE))
    return connect(url, token, verify=not options.insecure)


def _find(options: argparse.Namespace) -> Lab:
    """Connect to the server around us, or else to the one on CVAT's usual port."""
    try:
        return connect(token=options.token)
    except ServerUnavailableError:
        url = _address(options)
        if any(name in os.environ for name in _NAMED_BY) or not _answers(url):
            raise
    return _log_in(url, options)


def _answers(url: str) -> bool:
    transport = Transport(url)
    try:
        transport.get("api/server/about", About)
    except CvatLabError:
        return False
    finally:
        transport.close()
    return True


def _address(options: argparse.Namespace) -> str:
    host = str(options.server_host or DEFAULT_HOST)
    if "://" not in host:
        default = 443 if options.https else DEFAULT_PORT
        port = "" if urlsplit(f"//{host}").port else f":{options.server_port or default}"
        return f"{'https' if options.https else 'http'}://{_with_port(host, port)}"
    parts = urlsplit(host)
    if not options.server_port:
        return host
    if parts.port:
        raise InvalidInputError(f"--server-host {host} has a port already; leave out --server-port")
    return parts._replace(netloc=f"{parts.netloc}:{options.server_port}").geturl()


def _with_port(host: str, port: str) -> str:
    """Put a port between the name of a host and the path that may follow it."""
    name, slash, path = host.partition("/")
    return f"{name}{port}{slash}{path}"


def _log_in(url: str, options: argparse.Namespace) -> Lab:
    verify = not options.insecure
    token = options.token or (None if options.auth else os.environ.get(TOKEN_VARIABLE))
    if token:
        return connect(url, token, verify=verify)
    username, _, password = (options.auth or getpass.getuser()).partition(":")
    password = password or os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(f"Password of {username} at {url}: ")
    return connect(url, username=username, password=password, verify=verify)
