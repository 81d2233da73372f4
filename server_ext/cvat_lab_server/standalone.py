"""The server without Jupyter: at ``/`` for one team, or as a service that JupyterHub starts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from dataclasses import dataclass
from urllib.parse import urlparse

from tornado.httpserver import HTTPServer
from tornado.web import Application

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.application import make_application
from cvat_lab_server.auth.identity import LocalIdentity
from cvat_lab_server.ownership import Owner, announce, retract
from cvat_lab_server.services.container import Services, Settings

log = logging.getLogger("cvat_lab")

_WATCH_SECONDS = 2.0


@dataclass(frozen=True)
class Address:
    """Where to listen, and the path that the API is mounted under, without a trailing slash."""

    host: str = "127.0.0.1"
    port: int = 8080
    prefix: str = ""


def main(settings: Settings, address: Address) -> None:
    """Serve a workspace until the process is told to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    log.setLevel(logging.INFO)
    # The servers of users have a JUPYTERHUB_SERVICE_URL as well, and so does what is started in their terminals.
    if "JUPYTERHUB_SERVICE_NAME" in os.environ:
        asyncio.run(_serve_hub(settings))
    else:
        asyncio.run(_serve(settings, address))


async def _serve(settings: Settings, address: Address) -> None:
    services = Services(settings)
    token = await asyncio.to_thread(services.users.system_token)
    app = make_application(services, LocalIdentity(services.users), address.prefix)
    await _run(app, services, address, token)


async def _serve_hub(settings: Settings) -> None:
    from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler

    from cvat_lab_server.auth.hub import HubDirectory, HubIdentity
    from cvat_lab_server.handlers.hub_pages import HubHomeHandler

    if "JUPYTERHUB_SERVICE_URL" not in os.environ:
        raise InvalidInputError("JupyterHub's config gives this service no url; say where it shall listen")
    services = Services(settings)
    auth = HubOAuth()
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")
    url = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    pages = [(rf"{prefix}/oauth_callback", HubOAuthCallbackHandler), (rf"{prefix}/?", HubHomeHandler)]
    app = make_application(services, HubIdentity(services.users, auth), prefix, pages)
    address = Address(url.hostname or "127.0.0.1", url.port or 8080, prefix)
    directory = asyncio.create_task(HubDirectory(services.users, auth).keep_fresh())
    try:
        # A Hub that was killed cannot stop us, and the next one needs our port and the workspace.
        await _run(app, services, address, None, parent=os.getppid())
    finally:
        directory.cancel()


async def _run(
    app: Application, services: Services, address: Address, token: str | None, *, parent: int | None = None
) -> None:
    server = HTTPServer(app, xheaders=True)
    server.listen(address.port, address.host)
    url = f"http://{address.host}:{address.port}{address.prefix}"
    log.info("cvat_lab serves %s at %s", services.workspace.root, url)
    if token:
        announce(services.workspace.root, Owner(url, token))
    try:
        await _end(parent)
    finally:
        server.stop()
        retract(services.workspace.root)
        await asyncio.to_thread(services.close)


async def _end(parent: int | None) -> None:
    """Wait for a signal to stop, or for the death of the parent, given as its process id."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set() and parent in (None, os.getppid()):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _WATCH_SECONDS)
