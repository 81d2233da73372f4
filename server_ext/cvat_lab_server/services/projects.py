"""Projects."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec import UNSET

from cvat_lab.errors import NotFoundError
from cvat_lab.model.base import utc_now
from cvat_lab.model.project import Link, Project, ProjectPatch, ProjectRead, ProjectWrite, Summary
from cvat_lab.model.server import Page
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.changes import stored_changes
from cvat_lab_server.services.labels import LabelOwner, create_labels, patch_labels
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.moving import move_project_to_organization
from cvat_lab_server.store.projects import ProjectRow, find_projects, read_project
from cvat_lab_server.store.references import require_members, require_references
from cvat_lab_server.store.relations import in_organization, visible_projects
from cvat_lab_server.store.removal import remove_project
from cvat_lab_server.store.tables import PROJECTS


class ProjectService:
    """Creates, lists, changes and removes projects."""

    def __init__(self, database: Database, access: Access, workspace: Workspace) -> None:
        self._database = database
        self._access = access
        self._workspace = workspace

    async def create(self, caller: Caller, body: ProjectWrite) -> ProjectRead:
        """Create a project with its labels."""
        await self._access.require_creator(caller, "project")
        now = utc_now()
        project = Project(
            id=0,
            name=body.name,
            owner_id=body.owner_id if caller.is_admin and body.owner_id else caller.id,
            assignee_id=body.assignee_id,
            organization_id=caller.new_organization,
            bug_tracker=body.bug_tracker,
            created_date=now,
            updated_date=now,
            assignee_updated_date=now if body.assignee_id else None,
        )

        def work(cursor: Cursor) -> None:
            people = msgspec.structs.asdict(project)
            require_references(cursor, people)
            require_members(cursor, project.organization_id, people)
            cursor.insert(PROJECTS, project)
            create_labels(cursor, LabelOwner(project_id=project.id), body.labels)

        await self._database.write_async(work)
        return await self._show(caller, project.id)

    async def list(self, caller: Caller, query: ListQuery) -> Page[ProjectRead]:
        """Return a page of the projects the caller may see."""
        place = in_organization("p", caller.organization_id)
        where = f"{visible_projects(caller.id, caller.is_admin)} AND {place}"

        def work(cursor: Cursor) -> Page[ProjectRead]:
            total, rows = find_projects(cursor, query, where)
            return query.make_page(caller.base_url, total, [show_project(caller, row) for row in rows])

        return await self._database.read_snapshot(work)

    async def read(self, caller: Caller, project_id: int) -> ProjectRead:
        """Return one project."""
        await self._access.require(caller, Action.VIEW_PROJECT, project_id)
        return await self._show(caller, project_id)

    async def update(self, caller: Caller, project_id: int, body: ProjectPatch) -> ProjectRead:
        """Change a project; ``labels`` is a patch list. Its tasks follow it to another organization."""
        fields = stored_changes(body)
        people = {"owner_id", "assignee_id", "organization_id"} & fields.keys()
        action = Action.REASSIGN_PROJECT if people else Action.UPDATE_PROJECT
        await self._access.require(caller, action, project_id)
        organization_id = fields.pop("organization_id", UNSET)
        if organization_id is not UNSET:
            await self._access.require_creator_in(caller, "project", organization_id)

        def work(cursor: Cursor) -> None:
            require_references(cursor, {**fields, "organization_id": organization_id or None})
            cursor.update(PROJECTS, project_id, **fields)
            if organization_id is not UNSET:
                move_project_to_organization(cursor, project_id, organization_id)
            project = cursor.get(PROJECTS, Project, project_id)
            require_members(cursor, project.organization_id if project else None, fields)
            if isinstance(body.labels, list):
                patch_labels(cursor, LabelOwner(project_id=project_id), body.labels)

        await self._database.write_async(work)
        return await self._show(caller, project_id)

    async def delete(self, caller: Caller, project_id: int) -> None:
        """Remove a project with its tasks, data and annotations."""
        await self._access.require(caller, Action.DELETE_PROJECT, project_id)
        left = await self._database.write_async(lambda cursor: remove_project(cursor, project_id))
        await asyncio.to_thread(self._workspace.remove_leftovers, left)

    async def _show(self, caller: Caller, project_id: int) -> ProjectRead:
        row = await self._database.read_async(lambda cursor: read_project(cursor, project_id))
        if row is None:
            raise NotFoundError(f"there is no project {project_id}")
        return show_project(caller, row)


def show_project(caller: Caller, row: ProjectRow) -> ProjectRead:
    """Return a project as it is answered."""
    return ProjectRead(
        url=caller.url(f"/api/projects/{row.id}"),
        id=row.id,
        name=row.name,
        owner=show_user(caller, row.owner),
        assignee=show_user(caller, row.assignee),
        assignee_updated_date=row.assignee_updated_date,
        bug_tracker=row.bug_tracker,
        guide_id=row.guide_id,
        task_subsets=row.subsets,
        created_date=row.created_date,
        updated_date=row.updated_date,
        status=row.status,
        dimension="2d" if row.has_media else None,
        organization=row.organization_id,
        organization_id=row.organization_id,
        tasks=Summary(count=row.tasks, url=caller.url(f"/api/tasks?project_id={row.id}")),
        labels=Link(url=caller.url(f"/api/labels?project_id={row.id}")),
    )
