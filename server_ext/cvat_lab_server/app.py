"""The Jupyter Server extension: traits and wiring, nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from traitlets import Bool, Int, Unicode, default

from cvat_lab.errors import WorkspaceError
from cvat_lab_server.auth.jupyter import JupyterGate, JupyterIdentity
from cvat_lab_server.handlers import make_router
from cvat_lab_server.handlers.base import ApiHandler
from cvat_lab_server.handlers.proxy import ProxyHandler
from cvat_lab_server.ownership import Owner, announce, find_owner, retract
from cvat_lab_server.services.container import GIB, Services, Settings

URL_PATH = "cvat-lab"


class CvatLabApp(ExtensionApp):
    """Serves a workspace of cvat_lab below ``{base_url}cvat-lab/``."""

    name = "cvat_lab"
    description = "Annotate images and video where you query and train."
    load_other_extensions = True
    extension_url = "/lab"

    workspace = Unicode(config=True, help="Folder of the workspace; made when it does not exist.")
    share_root = Unicode("", config=True, help="Folder whose files can become tasks without an upload.")
    allow_local_paths = Bool(
        True, config=True, help="Let tasks be made from any path of this machine, without an upload."
    )
    cache_size = Int(4 * GIB, config=True, help="Size limit, in bytes, of chunks and previews on disk.")
    memory_limit = Unicode("", config=True, help="What DuckDB may use, for example 2GB. Empty = DuckDB's default.")
    remote_url = Unicode(
        config=True,
        help="Address of a cvat_lab server that owns the workspace, for example a JupyterHub service. "
        "Everything is then forwarded there and no workspace is opened here.",
    )

    services: Services | None = None

    @default("workspace")
    def _default_workspace(self) -> str:
        return os.environ.get("CVAT_LAB_WORKSPACE") or str(Path(jupyter_data_dir()) / "cvat-lab")

    @default("remote_url")
    def _default_remote_url(self) -> str:
        return os.environ.get("CVAT_LAB_SERVICE_URL", "")

    def initialize_handlers(self) -> None:
        """Mount the API, or the way to its owner."""
        assert self.serverapp is not None
        app = self.serverapp
        self.gate = JupyterGate(app.identity_provider, app.authorizer)
        base = url_path_join("/", app.web_app.settings["base_url"], URL_PATH)
        owner = Owner(self.remote_url.rstrip("/"), "") if self.remote_url else None
        if owner is None:
            owner = self._open_workspace()
        handler: tuple[Any, ...]
        if owner is not None:
            self.log.info("cvat_lab: forwarding to %s", owner.url)
            handler = (
                ProxyHandler,
                {"gate": self.gate, "prefix": base, "remote_url": owner.url, "token": owner.get_token},
            )
        else:
            assert self.services is not None
            identity = JupyterIdentity(self.services.users, self.gate)
            handler = (
                ApiHandler,
                {"router": make_router(), "services": self.services, "identity": identity, "prefix": base},
            )
        # ExtensionApp puts the base URL in front itself.
        self.handlers.append((rf"/{URL_PATH}/api/.*", *handler))
        self._tell_kernels(base)

    def _open_workspace(self) -> Owner | None:
        """Open the workspace; return its owner if another process has it open."""
        settings = Settings(
            workspace=Path(self.workspace),
            share_root=Path(self.share_root) if self.share_root else None,
            allow_local_paths=self.allow_local_paths,
            cache_bytes=self.cache_size,
            memory_limit=self.memory_limit or None,
        )
        try:
            self.services = Services(settings)
        except WorkspaceError:
            owner = find_owner(settings.workspace)
            if owner is None:
                raise
            return owner
        self.log.info("cvat_lab: workspace %s", self.services.workspace.root)
        return None

    def _tell_kernels(self, base: str) -> None:
        """Leave address and token where kernels, which inherit the environment, find them."""
        assert self.serverapp is not None
        url = url_path_join(self.serverapp.connection_url, URL_PATH)
        os.environ["CVAT_LAB_URL"] = url
        os.environ["CVAT_LAB_TOKEN"] = self.gate.kernel_token
        os.environ["CVAT_LAB_PATH"] = base
        if self.services is not None:
            announce(self.services.workspace.root, Owner(url, self.gate.kernel_token))

    async def stop_extension(self) -> None:
        """Close the workspace."""
        if self.services is not None:
            retract(self.services.workspace.root)
            self.services.close()
            self.services = None


launch_instance = CvatLabApp.launch_instance
