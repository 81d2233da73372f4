"""The Jupyter Server extension: traits and wiring, nothing else."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from traitlets import Bool, Int, List, Unicode, default

from cvat_lab_server.auth.jupyter import JupyterGate
from cvat_lab_server.hosting import ApiRouter, FixedWay, SharedWorkspace
from cvat_lab_server.ownership import Owner
from cvat_lab_server.services.container import GIB, Settings
from cvat_lab_server.work.outbound import ANY_PUBLIC

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
    remote_hosts = List(
        Unicode(),
        [ANY_PUBLIC],
        config=True,
        help="Hosts whose files can become tasks by their address: names, patterns, addresses or networks, with :port "
        "if need be. '*' = every public address. An empty list turns this off.",
    )
    memory_limit = Unicode("", config=True, help="What DuckDB may use, for example 2GB. Empty = DuckDB's default.")
    remote_url = Unicode(
        config=True,
        help="Address of a cvat_lab server that owns the workspace, for example a JupyterHub service. "
        "Everything is then forwarded there and no workspace is opened here.",
    )

    shared: SharedWorkspace | None = None

    @default("workspace")
    def _default_workspace(self) -> str:
        return os.environ.get("CVAT_LAB_WORKSPACE") or str(Path(jupyter_data_dir()) / "cvat-lab")

    @default("remote_url")
    def _default_remote_url(self) -> str:
        return os.environ.get("CVAT_LAB_SERVICE_URL", "")

    def initialize_handlers(self) -> None:
        """Mount the API, or the way to its owner."""
        assert self.serverapp is not None
        web_app = self.serverapp.web_app
        gate = JupyterGate(self.serverapp.identity_provider, self.serverapp.authorizer)
        prefix = url_path_join("/", web_app.settings["base_url"], URL_PATH)
        url = url_path_join(self.serverapp.connection_url, URL_PATH)
        way = self._find_way(Owner(url, gate.kernel_token))
        web_app.add_handlers(".*$", [(rf"{re.escape(prefix)}/api/.*", ApiRouter(web_app, gate, prefix, way))])
        # Kernels inherit the environment.
        os.environ.update(CVAT_LAB_URL=url, CVAT_LAB_TOKEN=gate.kernel_token, CVAT_LAB_PATH=prefix)

    def _find_way(self, self_as_owner: Owner) -> FixedWay | SharedWorkspace:
        if self.remote_url:
            self.log.info("cvat_lab: forwarding to %s", self.remote_url)
            return FixedWay(Owner(self.remote_url.rstrip("/"), ""))
        settings = Settings(
            workspace=Path(self.workspace).expanduser(),
            share_root=Path(self.share_root) if self.share_root else None,
            allow_local_paths=self.allow_local_paths,
            cache_bytes=self.cache_size,
            memory_limit=self.memory_limit or None,
            remote_hosts=tuple(self.remote_hosts),
        )
        self.shared = SharedWorkspace(settings, self_as_owner)
        self.shared.open()
        self.log.info("cvat_lab: workspace %s is %s", settings.workspace, self.shared.place)
        return self.shared

    async def stop_extension(self) -> None:
        """Close the workspace."""
        if self.shared is not None:
            await asyncio.to_thread(self.shared.close)


launch_instance = CvatLabApp.launch_instance
