"""Annotation guides and the files in them."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from cvat_lab.errors import InvalidInputError, NotFoundError, TooLargeError
from cvat_lab.model.base import utc_now
from cvat_lab.model.guide import (
    AnnotationGuidePatch,
    AnnotationGuideRead,
    AnnotationGuideWrite,
    Asset,
    AssetRead,
    Guide,
)
from cvat_lab.model.project import Project
from cvat_lab.model.task import Task
from cvat_lab.model.user import User
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.guides import find_asset, known_assets, remove_guides
from cvat_lab_server.store.tables import ASSETS, GUIDES, PROJECTS, TASKS, USERS

ASSET_LIMIT = 10 * 2**20
"""Largest file of a guide, in bytes."""

ASSETS_PER_GUIDE = 30

_KINDS: Final = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"(?s)RIFF....WEBP", "image/webp"),
    (rb"%PDF-", "application/pdf"),
)
"""Kinds of files that a guide may show: how they begin, and their type. Nothing that has scripts."""


@dataclass(frozen=True)
class AssetFile:
    """A file of a guide, to send, with the name it was given."""

    name: str
    content: bytes
    content_type: str


class GuideService:
    """Makes, shows, changes and removes guides."""

    def __init__(self, database: Database, access: Access, workspace: Workspace) -> None:
        self._database = database
        self._access = access
        self._workspace = workspace

    async def create(self, caller: Caller, body: AnnotationGuideWrite) -> AnnotationGuideRead:
        """Make the guide of a task or project that has none."""
        if (body.task_id is None) == (body.project_id is None):
            raise InvalidInputError("a guide is for either a task_id or a project_id")
        now = utc_now()
        guide = Guide(
            id=0,
            project_id=body.project_id,
            task_id=body.task_id,
            markdown=body.markdown,
            created_date=now,
            updated_date=now,
        )
        await self._require_change(caller, guide)

        def work(cursor: Cursor) -> None:
            _require_first(cursor, guide)
            cursor.insert(GUIDES, guide)

        await self._database.write_async(work)
        return show_guide(guide)

    async def read(self, caller: Caller, guide_id: int) -> AnnotationGuideRead:
        """Return a guide; everybody who may see the task or project may read it."""
        guide = await self._guide(guide_id)
        await self._require_view(caller, guide)
        return show_guide(guide)

    async def update(self, caller: Caller, guide_id: int, body: AnnotationGuidePatch) -> AnnotationGuideRead:
        """Change the text."""
        await self._require_change(caller, await self._guide(guide_id))
        fields = {**body.changes(), "updated_date": utc_now()}
        await self._database.write_async(lambda cursor: cursor.update(GUIDES, guide_id, **fields))
        return show_guide(await self._guide(guide_id))

    async def delete(self, caller: Caller, guide_id: int) -> None:
        """Remove a guide with its files."""
        await self._require_change(caller, await self._guide(guide_id))
        files = await self._database.write_async(lambda cursor: remove_guides(cursor, "id", [guide_id]))
        await asyncio.to_thread(self._workspace.remove_assets, files)

    # files

    async def add_asset(self, caller: Caller, guide_id: int, name: str, path: Path) -> AssetRead:
        """Take a file into a guide.

        Raises
        ------
        InvalidInputError
            It is neither picture nor PDF, or the guide has as many files as it may.
        TooLargeError
            It is too large.
        """
        await self._require_change(caller, await self._guide(guide_id))
        await asyncio.to_thread(_check_file, name, path)
        now = utc_now()
        asset = Asset(id=0, uuid=str(uuid4()), guide_id=guide_id, filename=name, owner_id=caller.id, created_date=now)

        def work(cursor: Cursor) -> None:
            if cursor.get(GUIDES, Guide, guide_id) is None:
                raise _no_guide(guide_id)
            if len(cursor.find(ASSETS, Asset, guide_id=guide_id)) >= ASSETS_PER_GUIDE:
                raise InvalidInputError(f"guide {guide_id} has {ASSETS_PER_GUIDE} files already, more it cannot have")
            shutil.move(path, self._workspace.asset(asset.uuid))
            cursor.insert(ASSETS, asset)

        await self._database.write_async(work)
        return await self._show_asset(caller, asset)

    async def open_asset(self, caller: Caller, uuid: str) -> AssetFile:
        """Return a file; everybody who may read the guide may see it."""
        asset = await self._asset(uuid)
        await self._require_view(caller, await self._guide(asset.guide_id))
        try:
            content = await asyncio.to_thread(self._workspace.asset(asset.uuid).read_bytes)
        except FileNotFoundError as error:
            raise NotFoundError(f"the file of asset {uuid} is gone from the workspace") from error
        return AssetFile(asset.filename, content, content_type_of(content) or "application/octet-stream")

    async def delete_asset(self, caller: Caller, uuid: str) -> None:
        """Remove a file."""
        asset = await self._asset(uuid)
        await self._require_change(caller, await self._guide(asset.guide_id))
        await self._database.write_async(lambda cursor: cursor.delete(ASSETS, id=asset.id))
        self._workspace.asset(asset.uuid).unlink(missing_ok=True)

    # helpers

    async def _guide(self, guide_id: int) -> Guide:
        guide = await self._database.read_async(lambda cursor: cursor.get(GUIDES, Guide, guide_id))
        if guide is None:
            raise _no_guide(guide_id)
        return guide

    async def _asset(self, uuid: str) -> Asset:
        asset = await self._database.read_async(lambda cursor: find_asset(cursor, uuid))
        if asset is None:
            raise NotFoundError(f"there is no asset {uuid[:80]!r}")
        return asset

    async def _require_view(self, caller: Caller, guide: Guide) -> None:
        await self._require(caller, guide, Action.VIEW_TASK, Action.VIEW_PROJECT)

    async def _require_change(self, caller: Caller, guide: Guide) -> None:
        await self._require(caller, guide, Action.UPDATE_TASK, Action.UPDATE_PROJECT)

    async def _require(self, caller: Caller, guide: Guide, of_task: Action, of_project: Action) -> None:
        if guide.task_id is not None:
            await self._access.require(caller, of_task, guide.task_id)
        elif guide.project_id is not None:
            await self._access.require(caller, of_project, guide.project_id)

    async def _show_asset(self, caller: Caller, asset: Asset) -> AssetRead:
        owner = await self._database.read_async(lambda cursor: cursor.get(USERS, User, asset.owner_id or 0))
        return AssetRead(
            uuid=asset.uuid,
            filename=asset.filename,
            created_date=asset.created_date,
            owner=show_user(caller, owner),
            guide_id=asset.guide_id,
        )


def show_guide(guide: Guide) -> AnnotationGuideRead:
    """Return a guide as it is answered."""
    return AnnotationGuideRead(
        id=guide.id,
        task_id=guide.task_id,
        project_id=guide.project_id,
        created_date=guide.created_date,
        updated_date=guide.updated_date,
        markdown=guide.markdown,
    )


def content_type_of(head: bytes) -> str | None:
    """Return the type of a file by its first bytes; None for kinds that a guide cannot have."""
    return next((kind for start, kind in _KINDS if re.match(start, head)), None)


def remove_lost_assets(database: Database, workspace: Workspace) -> None:
    """Remove the files whose guides are gone. Nothing else may be running: a new file comes before its row."""
    known = database.read(known_assets)
    for path in workspace.assets.iterdir():
        if path.name not in known:
            path.unlink(missing_ok=True)


def _check_file(name: str, path: Path) -> None:
    size = path.stat().st_size
    if size > ASSET_LIMIT:
        raise TooLargeError(f"{name} has {size:,} bytes; a file of a guide may have {ASSET_LIMIT:,}")
    with path.open("rb") as stream:
        if content_type_of(stream.read(16)) is None:
            raise InvalidInputError(f"{name} is none of: PNG, JPEG, GIF, WebP, PDF", field="file")


def check_guide_files(files: Mapping[str, Path]) -> None:
    """Refuse files, given by name, that no guide can have, or more of them than it can have."""
    if len(files) > ASSETS_PER_GUIDE:
        raise InvalidInputError(f"a guide can have {ASSETS_PER_GUIDE} files, not {len(files)}")
    for name, path in files.items():
        _check_file(name, path)


def _no_guide(guide_id: int) -> NotFoundError:
    return NotFoundError(f"there is no guide {guide_id}")


def _require_first(cursor: Cursor, guide: Guide) -> None:
    """Refuse a second guide, and one for a task whose project has the say."""
    if guide.task_id is not None:
        task = cursor.get(TASKS, Task, guide.task_id)
        if task is None:
            raise NotFoundError(f"there is no task {guide.task_id}")
        if task.project_id is not None:
            raise InvalidInputError(
                f"task {task.id} belongs to project {task.project_id}, whose guide holds for it; change that one",
                field="task_id",
            )
        if cursor.find(GUIDES, Guide, task_id=guide.task_id):
            raise InvalidInputError(f"task {guide.task_id} has a guide already; change it", field="task_id")
    elif guide.project_id is None or cursor.get(PROJECTS, Project, guide.project_id) is None:
        raise NotFoundError(f"there is no project {guide.project_id}")
    elif cursor.find(GUIDES, Guide, project_id=guide.project_id):
        raise InvalidInputError(f"project {guide.project_id} has a guide already; change it", field="project_id")
