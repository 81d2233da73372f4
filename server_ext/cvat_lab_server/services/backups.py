"""Backups of tasks and projects: everything in them as one archive."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvat_lab.backup.guides import GuideFiles
from cvat_lab.backup.writing import BackupPlan, TaskPlan
from cvat_lab.errors import CvatLabError, InvalidInputError, NotFoundError
from cvat_lab.model.base import encode_json, utc_now
from cvat_lab.model.data import Data, MediaKind
from cvat_lab.model.guide import Asset, Guide
from cvat_lab.model.job import Job
from cvat_lab.model.project import Project
from cvat_lab.model.request import Request, RequestStatus
from cvat_lab.model.task import Task
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.exports import safe_name
from cvat_lab_server.services.media import MediaService
from cvat_lab_server.services.requests import RequestService
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.backups import (
    describe_project,
    describe_task,
    jobs_in_order,
    takes_frames_only,
    write_lines,
)
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.frames import sources_of
from cvat_lab_server.store.labels import labels_of_project, labels_of_task, read_labels
from cvat_lab_server.store.tables import ASSETS, DATA, GUIDES, PROJECTS, REQUESTS, TASKS
from cvat_lab_server.work.backup_job import WriteJob, leave_job, run_writing
from cvat_lab_server.work.processes import Processes
from cvat_lab_server.work.queue import Outcome, Progress, RequestQueue

KIND = "export:backup"

SMALL_FRAMES, SMALL_BYTES = 200, 4 * 2**20
"""Images, and bytes of annotations, up to which a backup is written by a thread: a process takes a second to start."""


class BackupService:
    """Writes backups."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        media: MediaService,
        requests: RequestService,
        queue: RequestQueue,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._media = media
        self._requests = requests
        self._processes = Processes()
        queue.register(KIND, self._run)

    async def start(
        self, caller: Caller, target: str, target_id: int, *, filename: str = "", lightweight: bool = False
    ) -> Request:
        """Start a backup.

        Parameters
        ----------
        target
            ``project`` or ``task``.
        filename
            Name of the archive; empty = made up of the target's name and the time.
        lightweight
            Leave out media that lies on a cloud storage. None does here, so it changes nothing.

        Raises
        ------
        InvalidInputError
            The task has no media yet.
        """
        if target == "task":
            task = await self._database.read_async(lambda cursor: cursor.get(TASKS, Task, target_id))
            if task is not None and task.data_id is None:
                raise InvalidInputError(f"task {target_id} has no frames to back up; upload data first")
        params = {"target_id": target_id, "filename": filename, "lightweight": lightweight}
        return await self._requests.start(caller, KIND, target, params=params, **{f"{target}_id": target_id})

    async def follow(self, caller: Caller, target: str, target_id: int) -> Request:
        """Return the caller's backup of a target: the one in progress, or a new one.

        Where nothing has changed since the last one, the new one has ended already, because its file is there.

        Raises
        ------
        CvatLabError
            The new one has failed.
        """
        found = await self._latest(caller, target, target_id)
        if found is None or found.status in (RequestStatus.FINISHED, RequestStatus.FAILED):
            started = await self.start(caller, target, target_id)
            found = await self._requests.find(caller, started.id)
        if found.status is RequestStatus.FAILED:
            raise CvatLabError(found.message)
        return found

    async def finished(self, caller: Caller, target: str, target_id: int) -> Request:
        """Return the caller's last backup of a target.

        Raises
        ------
        NotFoundError
            There is none, or it is not finished.
        """
        found = await self._latest(caller, target, target_id)
        if found is None or found.status is not RequestStatus.FINISHED:
            raise NotFoundError(f"there is no finished backup of {target} {target_id}; ask again without action")
        return found

    async def _latest(self, caller: Caller, target: str, target_id: int) -> Request | None:
        fields = {"type": KIND, "owner_id": caller.id, f"{target}_id": target_id}
        found = await self._database.read_async(
            lambda cursor: cursor.find(REQUESTS, Request, order="created_date DESC", **fields)
        )
        return found[0] if found else None

    def close(self) -> None:
        """Stop the worker processes."""
        self._processes.close()

    def _run(self, request: Request, progress: Progress) -> Outcome:
        progress(0.0, "Reading annotations")
        folder = self._workspace.work(request.id)
        snapshot = _Snapshot(self._media, self._workspace, folder)
        try:
            name, plan, target = self._database.read_consistently(lambda cursor: snapshot.take(cursor, request))
            if not target.exists():
                self._write(folder, snapshot, plan, target, request.id, progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        stamp = utc_now().strftime("%Y_%m_%d_%H_%M_%S")
        offered = request.params["filename"] or f"{request.target}_{name.lower()}_backup_{stamp}.zip"
        return Outcome(result_path=target.relative_to(self._workspace.root).as_posix(), result_name=safe_name(offered))

    def _write(
        self, folder: Path, snapshot: _Snapshot, plan: BackupPlan, target: Path, request_id: str, progress: Progress
    ) -> None:
        progress(0.0, "Writing the archive")
        part = target.with_suffix(f".{request_id}.part")
        try:
            leave_job(folder, WriteJob(plan=plan, target=str(part)))
            if snapshot.is_small:
                run_writing(folder, progress)
            else:
                self._processes.run(run_writing, folder, progress, type(None))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


class _Snapshot:
    """Takes everything that a backup needs out of the database, in one transaction."""

    def __init__(self, media: MediaService, workspace: Workspace, folder: Path) -> None:
        self._media = media
        self._workspace = workspace
        self._folder = folder
        self.is_small = True

    def take(self, cursor: Cursor, request: Request) -> tuple[str, BackupPlan, Path]:
        """Return the target's name, what to write, and the file; a backup that is there already stays as it is."""
        target_id = request.params["target_id"]
        if request.target == "project":
            project = cursor.get(PROJECTS, Project, target_id)
            if project is None:
                raise NotFoundError(f"project {target_id} was deleted before its backup began")
            name, plan = project.name, self._plan_project(cursor, project)
            tasks = cursor.find(TASKS, Task, project_id=target_id)
        else:
            task = cursor.get(TASKS, Task, target_id)
            if task is None:
                raise NotFoundError(f"task {target_id} was deleted before its backup began")
            name, plan, tasks = task.name, BackupPlan(tasks=[]), [task]
        with_media = [(task, data) for task in tasks if (data := cursor.get(DATA, Data, task.data_id or 0))]
        jobs = [jobs_in_order(cursor, task.id) for task, _ in with_media]
        for (task, data), own in zip(with_media, jobs, strict=True):
            plan.tasks.append(self._plan_task(cursor, task, data, own, in_project=request.target == "project"))
        target = self._target(request, plan, jobs)
        if not target.exists():
            for item, own in zip(plan.tasks, jobs, strict=True):
                Path(item.annotations).mkdir()
                self.is_small &= write_lines(cursor, own, Path(item.annotations)) <= SMALL_BYTES
        return name, plan, target

    def _target(self, request: Request, plan: BackupPlan, jobs: Sequence[Sequence[Job]]) -> Path:
        """Return the file, named after its content."""
        revisions = [[job.revision for job in own] for own in jobs]
        content = encode_json([request.target, request.params["target_id"], revisions, plan])
        key = content.replace(str(self._folder).encode(), b"")
        return self._workspace.exports() / f"{hashlib.sha256(key).hexdigest()[:40]}.zip"

    def _plan_project(self, cursor: Cursor, project: Project) -> BackupPlan:
        labels = read_labels(cursor, labels_of_project(project.id))
        described = describe_project(cursor, project, labels)
        return BackupPlan(tasks=[], project=described, guide=self._guide(cursor, project_id=project.id))

    def _plan_task(self, cursor: Cursor, task: Task, data: Data, jobs: Sequence[Job], *, in_project: bool) -> TaskPlan:
        self.is_small &= data.kind is MediaKind.IMAGES and data.size <= SMALL_FRAMES
        labels = read_labels(cursor, labels_of_task(task.id))
        of_project = None if in_project else task.project_id
        guide = self._guide(cursor, project_id=of_project) if of_project else self._guide(cursor, task_id=task.id)
        return TaskPlan(
            task=describe_task(cursor, task, data, jobs, labels),
            labels=labels,
            root=str(self._media.root(data)),
            index_folder=str(self._workspace.data(data.id)),
            annotations=str(self._folder / f"task_{task.id}"),
            sources=sources_of(cursor, task.id, 0, data.size - 1) if takes_frames_only(data) else None,
            guide=guide,
        )

    def _guide(self, cursor: Cursor, **owner: Any) -> GuideFiles | None:
        """Return a guide whose text names files instead of addresses."""
        found = cursor.find(GUIDES, Guide, **owner)
        if not found:
            return None
        guide = GuideFiles(markdown=found[0].markdown)
        for asset in cursor.find(ASSETS, Asset, guide_id=found[0].id):
            guide.add(asset.uuid, asset.filename, self._workspace.asset(asset.uuid))
        return guide
