"""The server on a thread of any Python process, for ``cvat_lab.open(folder)``."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from cvat_lab.errors import WorkspaceError
from cvat_lab_server.application import make_application
from cvat_lab_server.auth.identity import LocalIdentity
from cvat_lab_server.ownership import Owner, announce, find_owner, retract
from cvat_lab_server.services.container import Services, Settings


class EmbeddedServer:
    """Serves a workspace on a free port of this machine until it is closed.

    If another process has the workspace open, that one is used instead.

    Parameters
    ----------
    workspace
        Folder of the workspace; made when it does not exist.

    Attributes
    ----------
    url, token
        Where it listens, and what to present there.
    """

    def __init__(self, workspace: Path, **options: Any) -> None:
        self._services: Services | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        settings = Settings(workspace=workspace, **{"allow_local_paths": True, **options})
        try:
            services = Services(settings)
        except WorkspaceError:
            owner = find_owner(settings.workspace)
            if owner is None:
                raise
            self.url, self.token = owner.url, owner.get_token()
            return
        self._services = services
        self.token = services.users.system_token()
        started: threading.Event = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="cvat-lab-server", daemon=True)
        self._thread.start()
        started.wait()
        announce(services.workspace.root, Owner(self.url, self.token))

    def close(self) -> None:
        """Stop serving and close the workspace; does nothing for a server of another process."""
        if self._services is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        retract(self._services.workspace.root)
        self._services.close()
        self._services = None

    def _run(self, started: threading.Event) -> None:
        assert self._services is not None
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        server = HTTPServer(make_application(self._services, LocalIdentity(self._services.users), ""))
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self._loop.call_soon(started.set)
        try:
            self._loop.run_forever()
        finally:
            server.stop()
            self._loop.run_until_complete(server.close_all_connections())
            self._loop.close()
