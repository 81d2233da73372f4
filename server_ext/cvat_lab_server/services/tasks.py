"""Tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.data import ChunkType
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.project import Link, Project
from cvat_lab.model.server import Page
from cvat_lab.model.task import JobsSummary, Task, TaskPatch, TaskRead, TaskWrite
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.changes import stored_changes
from cvat_lab_server.services.labels import LabelOwner, create_labels, patch_labels
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.moving import move_task_to_organization, move_to_project
from cvat_lab_server.store.references import require_members, require_references
from cvat_lab_server.store.relations import in_organization, visible_tasks
from cvat_lab_server.store.removal import remove_tasks
from cvat_lab_server.store.tables import PROJECTS, TASKS
from cvat_lab_server.store.tasks import TaskRow, find_tasks, read_task


class TaskService:
    """Creates, lists, changes and removes tasks."""

    def __init__(self, database: Database, access: Access, workspace: Workspace) -> None:
        self._database = database
        self._access = access
        self._workspace = workspace

    async def create(self, caller: Caller, body: TaskWrite) -> TaskRead:
        """Create a task without media."""
        if body.consensus_replicas or body.initial_replicas:
            raise UnsupportedError("consensus_replicas: replicas of jobs are not supported yet")
        if body.project_id is not None:
            if body.labels:
                raise InvalidInputError(
                    "a task of a project uses the project's labels; leave out labels", field="labels"
                )
            await self._require_project(caller, body.project_id)
        else:
            await self._access.require_creator(caller, "task")
        now = utc_now()
        task = Task(
            id=0,
            name=body.name,
            project_id=body.project_id,
            owner_id=body.owner_id if caller.is_admin and body.owner_id else caller.id,
            assignee_id=body.assignee_id,
            organization_id=caller.new_organization,
            bug_tracker=body.bug_tracker,
            subset=body.subset,
            segment_size=body.segment_size or 0,
            overlap=body.overlap,
            created_date=now,
            updated_date=now,
            assignee_updated_date=now if body.assignee_id else None,
        )

        def work(cursor: Cursor) -> None:
            if task.project_id is not None:
                task.organization_id = _place_of_project(cursor, caller, task.project_id)
                cursor.update(PROJECTS, task.project_id, updated_date=now)
            people = msgspec.structs.asdict(task)
            require_references(cursor, people)
            require_members(cursor, task.organization_id, people)
            cursor.insert(TASKS, task)
            create_labels(cursor, LabelOwner(task_id=task.id), body.labels or [])

        await self._database.write_async(work)
        return await self.read_unchecked(caller, task.id)

    async def _require_project(self, caller: Caller, project_id: int) -> None:
        try:
            await self._access.require(caller, Action.CREATE_TASK_IN_PROJECT, project_id)
        except NotFoundError as error:
            raise InvalidInputError(str(error), field="project_id") from error

    async def list(self, caller: Caller, query: ListQuery) -> Page[TaskRead]:
        """Return a page of the tasks the caller may see."""
        place = in_organization("t", caller.organization_id)
        where = f"{visible_tasks(caller.id, caller.is_admin)} AND {place}"

        def work(cursor: Cursor) -> Page[TaskRead]:
            total, rows = find_tasks(cursor, query, where)
            return query.make_page(caller.base_url, total, [show_task(caller, row) for row in rows])

        return await self._database.read_snapshot(work)

    async def read(self, caller: Caller, task_id: int) -> TaskRead:
        """Return one task."""
        await self._access.require(caller, Action.VIEW_TASK, task_id)
        return await self.read_unchecked(caller, task_id)

    async def update(self, caller: Caller, task_id: int, body: TaskPatch) -> TaskRead:
        """Change a task.

        ``labels`` is a patch list. ``project_id`` moves the task: its labels are matched with the project's by name,
        and ``labels`` then says what matches under another name.
        """
        fields = stored_changes(body)
        people = {"owner_id", "assignee_id", "project_id", "organization_id"} & fields.keys()
        await self._access.require(caller, Action.REASSIGN_TASK if people else Action.UPDATE_TASK, task_id)
        project_id = fields.pop("project_id", UNSET)
        if isinstance(project_id, int):
            await self._require_project(caller, project_id)
        elif project_id is None and (await self.read_unchecked(caller, task_id)).project_id is not None:
            raise UnsupportedError(f"project_id: task {task_id} cannot leave its project, whose labels it uses")
        organization_id = fields.pop("organization_id", UNSET)
        if organization_id is not UNSET:
            await self._access.require_creator_in(caller, "task", organization_id)

        def work(cursor: Cursor) -> None:
            require_references(cursor, {**fields, "organization_id": organization_id or None})
            cursor.update(TASKS, task_id, **fields)
            if isinstance(project_id, int):
                move_to_project(cursor, task_id, project_id, body.labels or ())
            elif isinstance(body.labels, list):
                _patch_labels(cursor, task_id, body.labels)
            if organization_id is not UNSET:
                move_task_to_organization(cursor, task_id, organization_id)
            task = cursor.get(TASKS, Task, task_id)
            require_members(cursor, task.organization_id if task else None, fields)

        await self._database.write_async(work)
        return await self.read_unchecked(caller, task_id)

    async def delete(self, caller: Caller, task_id: int) -> None:
        """Remove a task with its data and annotations."""
        await self._access.require(caller, Action.DELETE_TASK, task_id)
        left = await self._database.write_async(lambda cursor: remove_tasks(cursor, [task_id]))
        await asyncio.to_thread(self._workspace.remove_leftovers, left)

    async def read_unchecked(self, caller: Caller, task_id: int) -> TaskRead:
        """Return one task without asking for the right to see it."""
        row = await self._database.read_async(lambda cursor: read_task(cursor, task_id))
        if row is None:
            raise NotFoundError(f"there is no task {task_id}")
        return show_task(caller, row)


def _place_of_project(cursor: Cursor, caller: Caller, project_id: int) -> int | None:
    """Return the organization of a project, where its tasks belong, too."""
    project = cursor.get(PROJECTS, Project, project_id)
    place = project.organization_id if project else None
    if caller.organization_id is not None and caller.new_organization != place:
        raise InvalidInputError(
            f"project {project_id} belongs to another organization; leave out org to create the task there",
            field="project_id",
        )
    return place


def _patch_labels(cursor: Cursor, task_id: int, labels: Sequence[LabelWrite]) -> None:
    task = cursor.get(TASKS, Task, task_id)
    if task and task.project_id:
        raise InvalidInputError("the labels of this task belong to its project; change them there")
    patch_labels(cursor, LabelOwner(task_id=task_id), labels)


def show_task(caller: Caller, row: TaskRow) -> TaskRead:
    """Return a task as it is answered."""
    return TaskRead(
        url=caller.url(f"/api/tasks/{row.id}"),
        id=row.id,
        name=row.name,
        project_id=row.project_id,
        project_name=row.project_name,
        mode=row.mode,
        owner=show_user(caller, row.owner),
        assignee=show_user(caller, row.assignee),
        assignee_updated_date=row.assignee_updated_date,
        bug_tracker=row.bug_tracker,
        guide_id=row.guide_id,
        created_date=row.created_date,
        updated_date=row.updated_date,
        overlap=row.overlap,
        segment_size=row.segment_size,
        status=row.status,
        subset=row.subset,
        dimension="2d",
        media_type="image",
        organization=row.organization_id,
        organization_id=row.organization_id,
        jobs=JobsSummary(
            count=row.jobs,
            completed=row.completed,
            validation=row.validation,
            url=caller.url(f"/api/jobs?task_id={row.id}"),
        ),
        labels=Link(url=caller.url(f"/api/labels?task_id={row.id}")),
        validation_mode=row.validation_mode,
        data=row.data_id,
        size=row.size or 0,
        image_quality=UNSET if row.image_quality is None else row.image_quality,
        data_chunk_size=row.chunk_size,
        data_compressed_chunk_type=ChunkType(row.compressed_chunk_type) if row.compressed_chunk_type else None,
        data_original_chunk_type=ChunkType(row.original_chunk_type) if row.original_chunk_type else None,
    )
