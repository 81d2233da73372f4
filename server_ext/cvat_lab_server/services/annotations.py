"""Annotations of jobs and tasks: reading, change sets, and CVAT's PUT, PATCH and DELETE on top of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from enum import StrEnum
from typing import Any

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError, StaleRevisionError
from cvat_lab.formats.dataset import DatasetKind
from cvat_lab.model.base import Record
from cvat_lab.model.changes import ChangeResult, ChangeSet, Ids, LabeledData
from cvat_lab.model.event import Revision
from cvat_lab.model.job import Job, JobType
from cvat_lab.model.label import LabelRead
from cvat_lab.ops.envelope import encode_envelope
from cvat_lab.ops.merge import merge_jobs, slice_annotations
from cvat_lab.ops.rules import AnnotationRules
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.jobs import JobService
from cvat_lab_server.services.media import MediaService
from cvat_lab_server.services.tasks import TaskService
from cvat_lab_server.store.annotation_reads import read_changes, read_columns, read_json, read_labeled_data
from cvat_lab_server.store.annotation_writes import (
    apply_changes,
    find_revision,
    live_ids,
    read_result,
    sort_by_job,
)
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.frames import frame_columns
from cvat_lab_server.store.labels import labels_of_task, read_labels
from cvat_lab_server.store.tables import ATTRIBUTES, JOBS, LABELS, REVISIONS, TASKS


class PatchAction(StrEnum):
    """What CVAT's PATCH does with the objects in its body."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class MissedChanges(Record, kw_only=True):
    """What happened to a job's annotations since a revision."""

    revision: int
    missed: ChangeSet


class AnnotationService:
    """Reads and changes annotations."""

    def __init__(
        self, database: Database, access: Access, tasks: TaskService, jobs: JobService, media: MediaService
    ) -> None:
        self._database = database
        self._access = access
        self._tasks = tasks
        self._jobs = jobs
        self._media = media

    # jobs

    async def open_job(self, caller: Caller, job_id: int) -> bytes:
        """Return everything an editor needs, as one binary envelope (see ``docs/architecture.md``)."""
        await self._access.require(caller, Action.VIEW_JOB, job_id)
        job = await self._jobs.show(caller, job_id)
        task = await self._tasks.read_unchecked(caller, job.task_id)
        meta = await self._media.meta_without_frames(job.task_id, job_id)

        def work(cursor: Cursor) -> tuple[int, list[LabelRead], dict[str, Any]]:
            stored = _get_job(cursor, job_id)
            sections = {"frames": frame_columns(cursor, stored.task_id, stored.frame_ranges)}
            sections |= {
                name: table.drop_columns(["task_id"]) for name, table in read_columns(cursor, [job_id]).items()
            }
            return stored.revision, read_labels(cursor, labels_of_task(stored.task_id)), sections

        revision, labels, sections = await self._database.read_snapshot(work)
        header = {"job": job, "task": task, "labels": labels, "meta": meta, "revision": revision}
        return await asyncio.to_thread(encode_envelope, header, sections)

    async def read_job(self, caller: Caller, job_id: int) -> bytes:
        """Return a job's annotations as JSON text."""
        await self._access.require(caller, Action.VIEW_JOB, job_id)
        return await self._database.read_async(lambda cursor: read_json(cursor, [job_id]))

    async def changes_of_job(self, caller: Caller, job_id: int, since: int) -> MissedChanges:
        """Return what happened to a job's annotations since a revision."""
        await self._access.require(caller, Action.VIEW_JOB, job_id)
        return await self._database.read_snapshot(lambda cursor: _missed(cursor, job_id, since))

    async def change_job(self, caller: Caller, job_id: int, change: ChangeSet, action: str = "save") -> ChangeResult:
        """Apply a change set to a job.

        Raises
        ------
        StaleRevisionError
            ``base_revision`` is older than the job's; carries the missed changes.
        InvalidInputError
            An object breaks a rule; nothing of the change set is stored.
        """
        await self._access.require(caller, Action.ANNOTATE_JOB, job_id)
        return await self._change(caller, job_id, change, action)

    async def _change(self, caller: Caller, job_id: int, change: ChangeSet, action: str) -> ChangeResult:
        try:
            await self._check(job_id, change)
        except InvalidInputError:
            # It may have been applied before, when the labels were other ones.
            known = await self._database.read_async(lambda cursor: _known_result(cursor, job_id, change))
            if known is None:
                raise
            return known

        def work(cursor: Cursor) -> ChangeResult:
            job = _get_job(cursor, job_id)
            if job.revision != change.base_revision:
                if known := _known_result(cursor, job_id, change):
                    return known
                _require_current(cursor, job, change.base_revision)
            return apply_changes(cursor, job, change, user_id=caller.id, action=action)

        return await self._database.write_async(work)

    async def _check(self, job_id: int, change: ChangeSet) -> None:
        """Refuse a change set that breaks a rule."""
        tables = (JOBS, TASKS, LABELS, ATTRIBUTES)
        rules = await self._database.recall_async(
            ("rules", job_id), tables, lambda cursor: _rules_of_job(cursor, job_id)
        )
        await asyncio.to_thread(_check, rules, change)

    async def replace_job(self, caller: Caller, job_id: int, data: LabeledData) -> bytes:
        """Replace all annotations of a job and return the stored ones as JSON text."""
        await self._access.require(caller, Action.ANNOTATE_JOB, job_id)
        await asyncio.to_thread(self._store_in_job, caller.id, job_id, data, "replace")
        return await self.read_job(caller, job_id)

    def store_imported(
        self, user_id: int, kind: DatasetKind, target_id: int, data: LabeledData, *, change_id: str, append: bool
    ) -> None:
        """Store what an import read, for a user whose right was checked when it started. Blocks.

        Parameters
        ----------
        change_id
            Name of the change, by which :meth:`was_stored` knows it again.
        append
            Keep what is there.
        """
        store = self._store_in_job if kind is DatasetKind.JOB else self._store_in_task
        store(user_id, target_id, data, "import", append=append, change_id=change_id)

    def was_stored(self, change_id: str) -> bool:
        """Return whether a change of this name has been stored in any job. Blocks."""
        return bool(self._database.read(lambda cursor: cursor.find(REVISIONS, Revision, change_id=change_id)))

    def _store_in_job(
        self,
        user_id: int,
        job_id: int,
        data: LabeledData,
        action: str,
        *,
        append: bool = False,
        change_id: str | None = None,
    ) -> None:
        self._database.read(lambda cursor: _rules_of_job(cursor, job_id)).check(data)
        self._store_parts(user_id, [(job_id, data)], action, append, change_id)

    def _store_in_task(
        self,
        user_id: int,
        task_id: int,
        data: LabeledData,
        action: str,
        *,
        append: bool = False,
        change_id: str | None = None,
    ) -> None:
        jobs = self._database.read(lambda cursor: _jobs_of(cursor, task_id))
        parts = self._distribute(task_id, jobs, data)
        self._store_parts(user_id, [(job.id, part) for job, part in parts], action, append, change_id)

    def _store_parts(
        self, user_id: int, parts: list[tuple[int, LabeledData]], action: str, append: bool, change_id: str | None
    ) -> None:
        """Store checked annotations of some jobs in one transaction."""

        def work(cursor: Cursor) -> None:
            for job_id, part in parts:
                gone = Ids() if append else live_ids(cursor, job_id)
                change = ChangeSet(change_id=change_id, created=part, deleted=gone)
                apply_changes(cursor, _get_job(cursor, job_id), change, user_id=user_id, action=action)

        self._database.write(work)

    async def patch_job(self, caller: Caller, job_id: int, action: PatchAction, data: LabeledData) -> bytes:
        """Create, update or delete objects of a job; return them as JSON text, with their ids."""
        await self._access.require(caller, Action.ANNOTATE_JOB, job_id)
        change = _as_change(action, data)
        await self._change(caller, job_id, change, action)
        return msgspec.json.encode(data)

    # tasks

    async def read_task(self, caller: Caller, task_id: int) -> bytes:
        """Return a task's annotations as JSON text; those of its jobs are merged."""
        await self._access.require(caller, Action.VIEW_TASK, task_id)
        jobs = await self._database.read_async(lambda cursor: _jobs_of(cursor, task_id))
        if len(jobs) == 1:
            return await self._database.read_async(lambda cursor: read_json(cursor, [jobs[0].id]))
        parts = await self._database.read_snapshot(
            lambda cursor: [(job, read_labeled_data(cursor, [job.id])) for job in jobs]
        )
        return msgspec.json.encode(await asyncio.to_thread(merge_jobs, parts))

    async def replace_task(self, caller: Caller, task_id: int, data: LabeledData) -> bytes:
        """Replace all annotations of a task, distributed over its jobs; return the stored ones as JSON text."""
        await self._access.require(caller, Action.ANNOTATE_TASK, task_id)
        await asyncio.to_thread(self._store_in_task, caller.id, task_id, data, "replace")
        return await self.read_task(caller, task_id)

    async def patch_task(self, caller: Caller, task_id: int, action: PatchAction, data: LabeledData) -> bytes:
        """Create, update or delete objects of a task; return them as JSON text, with their ids."""
        await self._access.require(caller, Action.ANNOTATE_TASK, task_id)
        jobs = await self._database.read_async(lambda cursor: _jobs_of(cursor, task_id))
        given = Ids() if action is PatchAction.CREATE else _ids(data)
        fresh = LabeledData() if action is PatchAction.DELETE else data
        parts = await asyncio.to_thread(self._distribute, task_id, jobs, fresh)

        def work(cursor: Cursor) -> None:
            owned = sort_by_job(cursor, task_id, given)
            for job, part in parts:
                gone = owned.get(job.id, Ids())
                if len(part) or len(gone):
                    change = ChangeSet(created=part, deleted=gone)
                    apply_changes(cursor, _get_job(cursor, job.id), change, user_id=caller.id, action=action)

        await self._database.write_async(work)
        if action is PatchAction.DELETE:
            return msgspec.json.encode(data)
        return msgspec.json.encode(_joined([part for _, part in parts]))

    def _distribute(self, task_id: int, jobs: list[Job], data: LabeledData) -> list[tuple[Job, LabeledData]]:
        """Check objects against the whole task and cut them into the parts of its jobs."""
        self._database.read(lambda cursor: _rules_of_task(cursor, task_id, jobs)).check(data)
        if len(jobs) == 1:
            return [(jobs[0], data)]
        return [(job, slice_annotations(data, job.start_frame, job.stop_frame)) for job in jobs]


def _jobs_of(cursor: Cursor, task_id: int) -> list[Job]:
    jobs = cursor.find(JOBS, Job, task_id=task_id, type=JobType.ANNOTATION)
    if not jobs:
        raise InvalidInputError(f"task {task_id} has no frames yet; upload data first")
    return jobs


def _known_result(cursor: Cursor, job_id: int, change: ChangeSet) -> ChangeResult | None:
    """Return the answer a change set was given before; None for a new one."""
    revision = find_revision(cursor, job_id, change.change_id) if change.change_id else None
    return read_result(cursor, revision) if revision else None


def _check(rules: AnnotationRules, change: ChangeSet) -> None:
    rules.check(change.created)
    rules.check(change.updated)
    for name, ids in msgspec.structs.asdict(_ids(change.updated)).items():
        if double := next((number for number, count in Counter(ids).items() if count > 1), None):
            raise InvalidInputError(f"{name} {double} is updated twice in one change set", field="updated")


def _as_change(action: PatchAction, data: LabeledData) -> ChangeSet:
    if action is PatchAction.CREATE:
        return ChangeSet(created=data)
    if action is PatchAction.UPDATE:
        return ChangeSet(updated=data)
    return ChangeSet(deleted=_ids(data))


def _ids(data: LabeledData) -> Ids:
    return Ids(
        tags=[tag.id for tag in data.tags if tag.id is not None],
        shapes=[shape.id for shape in data.shapes if shape.id is not None],
        tracks=[track.id for track in data.tracks if track.id is not None],
    )


def _joined(parts: list[LabeledData]) -> LabeledData:
    whole = LabeledData()
    for part in parts:
        whole.tags += part.tags
        whole.shapes += part.shapes
        whole.tracks += part.tracks
    return whole


def _get_job(cursor: Cursor, job_id: int) -> Job:
    job = cursor.get(JOBS, Job, job_id)
    if job is None:
        raise NotFoundError(f"there is no job {job_id}")
    return job


def _rules_of_job(cursor: Cursor, job_id: int) -> AnnotationRules:
    job = _get_job(cursor, job_id)
    labels = read_labels(cursor, labels_of_task(job.task_id))
    return AnnotationRules(labels, job.has_frame, f"job {job_id} ({job.start_frame}..{job.stop_frame})")


def _rules_of_task(cursor: Cursor, task_id: int, jobs: list[Job]) -> AnnotationRules:
    labels = read_labels(cursor, labels_of_task(task_id))
    first, last = min(job.start_frame for job in jobs), max(job.stop_frame for job in jobs)
    return AnnotationRules(labels, lambda frame: first <= frame <= last, f"task {task_id} ({first}..{last})")


def _missed(cursor: Cursor, job_id: int, since: int) -> MissedChanges:
    job = _get_job(cursor, job_id)
    return MissedChanges(revision=job.revision, missed=read_changes(cursor, job_id, since))


def _require_current(cursor: Cursor, job: Job, base: int | None) -> None:
    """Refuse a change set that was not made on the present annotations of a job."""
    if base is None or base == job.revision:
        return
    if base > job.revision:
        raise InvalidInputError(
            f"job {job.id} is at revision {job.revision}, there is no {base}; open it again", field="base_revision"
        )
    raise StaleRevisionError(
        f"job {job.id} is at revision {job.revision}, this change was made on revision {base}; apply the missed "
        "changes and send it again",
        revision=job.revision,
        missed=read_changes(cursor, job.id, base),
    )
