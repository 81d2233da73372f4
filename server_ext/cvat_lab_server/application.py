"""The Tornado application of the hosts that are not Jupyter."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from tornado.web import Application, RequestHandler

from cvat_lab_server.auth.identity import Identity
from cvat_lab_server.handlers import make_router
from cvat_lab_server.handlers.base import ApiHandler
from cvat_lab_server.handlers.pages import HomeHandler
from cvat_lab_server.services.container import Services

log = logging.getLogger("cvat_lab")


def make_application(
    services: Services, identity: Identity, prefix: str, extra: list[Any] | None = None
) -> Application:
    """Return the Tornado application of a stand-alone server."""
    api = {"router": make_router(), "services": services, "identity": identity, "prefix": prefix}
    return Application(
        [
            *(extra or []),
            (rf"{prefix}/api/.*", ApiHandler, api),
            (rf"{prefix}/?", HomeHandler),
        ],
        cookie_secret=secrets.token_bytes(32),
        log_function=_log_answer,
    )


def _log_answer(handler: RequestHandler) -> None:
    """Note failures of the server only: what a client did wrong it is told, and it may share this console."""
    status = handler.get_status()
    level = logging.ERROR if status >= 500 else logging.DEBUG
    log.log(level, "%d %s %s", status, handler.request.method, handler.request.uri)
