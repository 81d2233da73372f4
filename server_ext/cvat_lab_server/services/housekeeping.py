"""Removes files that nobody needs any more: what a server that was killed left behind, and what has expired."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cvat_lab_server.services.guides import remove_lost_assets
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.requests import drop_expired_requests, named_results, open_requests
from cvat_lab_server.store.tasks import known_data

log = logging.getLogger("cvat_lab")

PAUSE = timedelta(days=1)
"""Between two rounds of a server that runs on."""

UPLOAD_LIFE = timedelta(days=7)
"""How long an upload that nobody continues is kept."""

GRACE = timedelta(hours=1)
"""How long a finished archive may wait for the row that names it."""


class Housekeeper:
    """Tidies a workspace when it is opened, and once a day after that."""

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self._database = database
        self._workspace = workspace
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="cvat-lab-housekeeping", daemon=True)

    def start(self) -> None:
        """Tidy up before any work begins, then go on in the background."""
        self.remove_leftovers()
        self.remove_expired()
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._closing.set()
        self._thread.join()

    def remove_leftovers(self) -> None:
        """Remove half-made files of a server that did not stop in order. Nothing else may be running."""
        waiting = self._database.read(open_requests)
        imports = {Path(str(request.params.get("file", ""))).parent.name for request in waiting}
        data = {str(request.params.get("data_id")) for request in waiting} | self._database.read(known_data)
        root = self._workspace.root
        for path in (*_entries(root / "work"), *(root / "exports").glob("*.part"), *(root / "cache").rglob("*.part")):
            _remove(path)
        for path in _entries(root / "uploads"):
            if path.name.startswith("incoming-") or (path.name.startswith("import-") and path.name not in imports):
                _remove(path)
        for path in _entries(root / "data"):
            if path.name not in data:
                _remove(path)
        remove_lost_assets(self._database, self._workspace)

    def remove_expired(self) -> None:
        """Remove expired requests with their archives, and uploads that nobody has continued for a week."""
        self._database.write(drop_expired_requests)
        root = self._workspace.root
        kept = {Path(name).stem for name in self._database.read(named_results)}
        for path in _entries(root / "exports"):
            if path.stem not in kept and _age(path) > GRACE:
                _remove(path)
        for path in (*_entries(root / "uploads"), *_entries(root / "uploads" / "tus")):
            if path.name != "tus" and not path.name.startswith("import-") and _age(path) > UPLOAD_LIFE:
                _remove(path)

    def _repeat(self) -> None:
        while not self._closing.wait(PAUSE.total_seconds()):
            try:
                self.remove_expired()
            except Exception:
                log.exception("the daily housekeeping failed; it is tried again in %s", PAUSE)


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _age(path: Path) -> timedelta:
    """Return how long ago a file, or the last one of a folder, was changed."""
    newest = max((inner.stat().st_mtime for inner in (path, *path.rglob("*"))), default=0.0)
    return timedelta(seconds=time.time() - newest)


def _remove(path: Path) -> None:
    log.info("removing %s, which nobody needs any more", path)
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
