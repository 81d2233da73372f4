"""Restoring backups: a new task or project, as a whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from cvat_lab.backup.reading import LIMITS, ReadBackup
from cvat_lab.formats.archive import ZipSource
from cvat_lab.model.project import Project
from cvat_lab.model.request import Request
from cvat_lab.model.task import Task
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.restoring import Restorer
from cvat_lab_server.services.uploads import Place, take_uploaded
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import PROJECTS, TASKS
from cvat_lab_server.work.backup_job import ReadJob, leave_job, run_reading
from cvat_lab_server.work.processes import Processes
from cvat_lab_server.work.queue import ClosingError, Outcome, Progress, RequestQueue

KIND = "import:backup"

SMALL_FILES, SMALL_BYTES = 500, 16 * 2**20
"""Files in an archive, and their size, up to which a thread reads it: a process takes a second to start."""


class RestoreService:
    """Makes tasks and projects from backups."""

    def __init__(self, database: Database, workspace: Workspace, requests: RequestService, queue: RequestQueue) -> None:
        self._database = database
        self._workspace = workspace
        self._requests = requests
        self._processes = Processes()
        queue.register(KIND, self._run)

    async def start(self, caller: Caller, target: str, place: Place, filename: str) -> Request:
        """Start a restore of an uploaded archive.

        Parameters
        ----------
        target
            ``project`` or ``task``.
        filename
            Name that the upload was given; empty = the only file there is.

        Raises
        ------
        InvalidInputError
            No such file was uploaded.
        """
        path = take_uploaded(self._workspace, place, filename)
        spec = PROJECTS if target == "project" else TASKS
        [reserved] = await self._database.write_async(lambda cursor: cursor.next_ids(spec, 1))
        params: dict[str, Any] = {
            "file": path.relative_to(self._workspace.root).as_posix(),
            "target_id": reserved,
            "organization_id": caller.new_organization,
        }
        return await self._requests.start(caller, KIND, target, params=params)

    def close(self) -> None:
        """Stop the worker processes."""
        self._processes.close()

    def _run(self, request: Request, progress: Progress) -> Outcome:
        """Read the archive and store what is in it.

        Repeatable: the id of what is made is known before, so a server that was killed after it had been stored, but
        before the request was closed, does not store it again.
        """
        path = self._workspace.root / request.params["file"]
        try:
            outcome = self._restore(request, path, progress)
        except ClosingError:
            raise
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        shutil.rmtree(path.parent, ignore_errors=True)
        return outcome

    def _restore(self, request: Request, path: Path, progress: Progress) -> Outcome:
        made_id = request.params["target_id"]
        if self._is_there(request.target, made_id):
            return Outcome(message="It had been restored when the server was restarted", result_id=made_id)
        folder = self._workspace.work(request.id)
        try:
            progress(0.0, "Reading the archive")
            found = self._read(request, path, folder, progress)
            progress(1.0, "Storing")
            restorer = Restorer(self._workspace, request, found)
            restorer.check()
            self._database.write(restorer.store)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(result_id=made_id, losses=found.losses)

    def _is_there(self, target: str, made_id: int) -> bool:
        if target == "project":
            return self._database.read(lambda cursor: cursor.get(PROJECTS, Project, made_id)) is not None
        return self._database.read(lambda cursor: cursor.get(TASKS, Task, made_id)) is not None

    def _read(self, request: Request, path: Path, folder: Path, progress: Progress) -> ReadBackup:
        leave_job(folder, ReadJob(archive=str(path), target=request.target))
        if _is_small(path):
            return run_reading(folder, progress)
        return self._processes.run(run_reading, folder, progress, ReadBackup)


def _is_small(path: Path) -> bool:
    """Return whether an archive is small, unpacked, too."""
    if path.stat().st_size > SMALL_BYTES:
        return False
    with ZipSource(path, LIMITS) as source:
        return len(source.members) <= SMALL_FILES and sum(map(source.size, source.members)) <= SMALL_BYTES
