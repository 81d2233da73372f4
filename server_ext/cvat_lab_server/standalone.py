"""The server without Jupyter: at ``/`` for one team, or as a service that JupyterHub starts."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from dataclasses import dataclass
from urllib.parse import urlparse

from tornado.httpserver import HTTPServer
from tornado.web import Application

from cvat_lab_server.application import make_application
from cvat_lab_server.auth.identity import LocalIdentity
from cvat_lab_server.ownership import Owner, announce, retract
from cvat_lab_server.services.container import Services, Settings

log = logging.getLogger("cvat_lab")


@dataclass(frozen=True)
class Address:
    """Where to listen, and the path that the API is mounted under, without a trailing slash."""

    host: str = "127.0.0.1"
    port: int = 8080
    prefix: str = ""


def main(settings: Settings, address: Address) -> None:
    """Serve a workspace until the process is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if "JUPYTERHUB_SERVICE_URL" in os.environ:
        asyncio.run(_serve_hub(settings))
    else:
        asyncio.run(_serve(settings, address))


async def _serve(settings: Settings, address: Address) -> None:
    services = Services(settings)
    token = await asyncio.to_thread(services.users.system_token)
    app = make_application(services, LocalIdentity(services.users), address.prefix)
    await _run(app, services, address, token)


async def _serve_hub(settings: Settings) -> None:
    from jupyterhub.services.auth import HubOAuthCallbackHandler

    from cvat_lab_server.auth.hub import HubIdentity
    from cvat_lab_server.handlers.hub_pages import HubHomeHandler

    services = Services(settings)
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")
    url = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    pages = [(rf"{prefix}/oauth_callback", HubOAuthCallbackHandler), (rf"{prefix}/?", HubHomeHandler)]
    app = make_application(services, HubIdentity(services.users), prefix, pages)
    await _run(app, services, Address(url.hostname or "127.0.0.1", url.port or 8080, prefix), None)


async def _run(app: Application, services: Services, address: Address, token: str | None) -> None:
    server = HTTPServer(app, xheaders=True)
    server.listen(address.port, address.host)
    url = f"http://{address.host}:{address.port}{address.prefix}"
    log.info("cvat_lab serves %s at %s", services.workspace.root, url)
    if token:
        announce(services.workspace.root, Owner(url, token))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        server.stop()
        retract(services.workspace.root)
        await asyncio.to_thread(services.close)
