"""How a Jupyter server reaches its workspace: open right here, or through the server that has it open.

DuckDB allows one owner. Whoever comes first is it; when it goes, the next server that is asked takes over.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application

from cvat_lab.errors import ServerUnavailableError, WorkspaceBusyError
from cvat_lab_server.auth.jupyter import JupyterGate, JupyterIdentity
from cvat_lab_server.handlers import make_router
from cvat_lab_server.handlers.base import ApiHandler
from cvat_lab_server.handlers.proxy import ProxyHandler
from cvat_lab_server.ownership import Owner, announce, find_owner, retract
from cvat_lab_server.services.container import Services, Settings

log = logging.getLogger("cvat_lab")


class FixedWay:
    """The way to a server that the configuration names."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def target(self) -> tuple[str, str]:
        """Return address and token of the server."""
        return self._owner.url, self._owner.get_token()

    async def renew(self) -> bool:
        """Return False: there is no other way."""
        return False


class SharedWorkspace:
    """A workspace that several servers of one account may want.

    Parameters
    ----------
    settings
        What to open.
    self_as_owner
        What the others are told when the workspace is open here.

    Attributes
    ----------
    services
        The open workspace, or None while another server has it.
    """

    def __init__(self, settings: Settings, self_as_owner: Owner) -> None:
        self.services: Services | None = None
        self._settings = settings
        self._self_as_owner = self_as_owner
        self._owner: Owner | None = None
        self._looking = asyncio.Lock()
        self._closed = False

    def open(self) -> None:
        """Open the workspace, or find out who has it open.

        Raises
        ------
        WorkspaceError
            The workspace is damaged or of a newer version.
        """
        try:
            self.services = Services(self._settings)
        except WorkspaceBusyError:
            self._owner = find_owner(self._settings.workspace)
            return
        self._owner = None
        announce(self.services.workspace.root, self._self_as_owner)

    @property
    def place(self) -> str:
        """Where the workspace is open, for messages."""
        if self.services is not None:
            return "open here"
        return f"open in {self._owner.url}" if self._owner else "open in a process that cannot be reached"

    def target(self) -> tuple[str, str]:
        """Return address and token of the server that has the workspace open."""
        if self._owner is None:
            raise ServerUnavailableError(
                f"the workspace {self._settings.workspace} is {self.place}; stop that process, or choose another "
                "workspace with --CvatLabApp.workspace"
            )
        return self._owner.url, self._owner.get_token()

    async def renew(self) -> bool:
        """Look again, after the owner could not be reached; return whether there is another way now."""
        before = self._owner
        async with self._looking:
            if self.services is None and self._owner == before and not self._closed:
                await asyncio.to_thread(self.open)
                log.warning("the owner of %s is gone; it is now %s", self._settings.workspace, self.place)
        return self.services is not None or self._owner != before

    def close(self) -> None:
        """Close the workspace if it is open here, and never open it again."""
        self._closed = True
        services, self.services = self.services, None
        if services is not None:
            retract(services.workspace.root)
            services.close()


class ApiRouter(Router):
    """Hands each request to the API, or to its owner, whatever is right at that moment."""

    SUPPORTED_METHODS = ()  # Jupyter looks here for methods without a login check; the handlers below have their own

    def __init__(
        self, application: Application, gate: JupyterGate, prefix: str, way: FixedWay | SharedWorkspace
    ) -> None:
        self._application = application
        self._way = way
        self._forwarding = {"gate": gate, "prefix": prefix, "way": way}
        self._gate, self._prefix = gate, prefix
        self._own: dict[str, Any] | None = None

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate:
        """Return what answers a request."""
        services = self._way.services if isinstance(self._way, SharedWorkspace) else None
        if services is None:
            return self._application.get_handler_delegate(request, ProxyHandler, self._forwarding)
        return self._application.get_handler_delegate(request, ApiHandler, self._options(services))

    def _options(self, services: Services) -> dict[str, Any]:
        if self._own is None:
            identity = JupyterIdentity(services.users, self._gate)
            self._own = {"router": make_router(), "services": services, "identity": identity, "prefix": self._prefix}
        return self._own
