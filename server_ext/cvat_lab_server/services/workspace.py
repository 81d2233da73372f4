"""The folder of a workspace, and where things lie in it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from cvat_lab_server.store.removal import Leftovers


class Workspace:
    """Paths below a workspace folder. Folders are made when they are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.root / "workspace.duckdb"

    @property
    def cache(self) -> Path:
        """Chunks and previews; may be deleted at any time."""
        return self.root / "cache"

    def data(self, data_id: int) -> Path:
        """Folder with the media index, and with the originals that were copied in."""
        return self._made(self.root / "data" / str(data_id))

    @property
    def assets(self) -> Path:
        """Folder of the files in annotation guides."""
        return self._made(self.root / "assets")

    def asset(self, name: str) -> Path:
        """File of an annotation guide."""
        return self.assets / name

    def upload(self, name: str) -> Path:
        """Folder of an unfinished upload."""
        return self._made(self.root / "uploads" / name)

    def fresh_upload(self, prefix: str) -> Path:
        """Return a new folder that no other upload uses."""
        return self.upload(f"{prefix}-{uuid.uuid4().hex}")

    def remove_upload(self, name: str) -> None:
        """Delete what is left of an upload."""
        shutil.rmtree(self.root / "uploads" / name, ignore_errors=True)

    def exports(self) -> Path:
        """Folder for the results of export requests."""
        return self._made(self.root / "exports")

    def work(self, name: str) -> Path:
        """Folder of a running background request."""
        return self._made(self.root / "work" / name)

    def remove_data(self, ids: Iterable[int]) -> None:
        """Delete the files of removed tasks. Media linked in place lies elsewhere and stays."""
        for data_id in ids:
            shutil.rmtree(self.root / "data" / str(data_id), ignore_errors=True)

    def remove_assets(self, names: Iterable[str]) -> None:
        """Delete files of annotation guides."""
        for name in names:
            self.asset(name).unlink(missing_ok=True)

    def remove_leftovers(self, left: Leftovers) -> None:
        """Delete the files of what was removed from the store."""
        self.remove_data(left.data)
        self.remove_assets(left.assets)

    def _made(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
