"""From a backup that was read to rows and files of the workspace, in one transaction."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import msgspec

from cvat_lab.backup.annotations import block_folder
from cvat_lab.backup.guides import GuideFiles
from cvat_lab.backup.labels import LabelIds, number_labels, to_writes
from cvat_lab.backup.media_in import ORIGINALS
from cvat_lab.backup.reading import ReadBackup, ReadTask
from cvat_lab.backup.records import BackupProject
from cvat_lab.formats.columns import Annotations
from cvat_lab.media.index import INDEX_FILE, load_index
from cvat_lab.model.base import utc_now
from cvat_lab.model.data import ChunkType, Data, DataWrite, SortingMethod, StorageMethod, StorageType
from cvat_lab.model.guide import Asset, Guide
from cvat_lab.model.label import LabelRead
from cvat_lab.model.project import Project
from cvat_lab.model.request import Request
from cvat_lab.model.task import Task
from cvat_lab_server.services.guides import check_guide_files
from cvat_lab_server.services.labels import LabelOwner, create_labels
from cvat_lab_server.services.task_media import IndexedMedia
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.frames import insert_frames, set_deleted
from cvat_lab_server.store.labels import labels_of_project, labels_of_task, read_labels
from cvat_lab_server.store.references import require_references
from cvat_lab_server.store.restoring import store_annotations
from cvat_lab_server.store.tables import ASSETS, DATA, GUIDES, JOBS, PROJECTS, TASKS

E = TypeVar("E", bound=StrEnum)


class Restorer:
    """Stores one backup.

    Parameters
    ----------
    request
        Whose work it is, and which id the new task or project gets.
    found
        The backup. Its files are moved, not copied.
    """

    def __init__(self, workspace: Workspace, request: Request, found: ReadBackup) -> None:
        self._workspace = workspace
        self._owner_id = request.owner_id
        self._organization_id: int | None = request.params["organization_id"]
        self._made_id: int = request.params["target_id"]
        self._found = found
        self._moved: list[Path] = []
        self._now = utc_now()

    def check(self) -> None:
        """Refuse files of guides that a guide may not have."""
        for guide in (self._found.guide, *(task.guide for task in self._found.tasks)):
            if guide is not None:
                check_guide_files({name: Path(path) for name, path in guide.assets.items()})

    def store(self, cursor: Cursor) -> None:
        """Store everything; after an error no file of it is left."""
        try:
            require_references(cursor, {"organization_id": self._organization_id})
            if self._found.project is not None:
                self._store_project(cursor, self._found.project)
            else:
                [task] = self._found.tasks
                self._store_task(cursor, task, self._made_id, None, [])
        except BaseException:
            for path in self._moved:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            raise

    def _store_project(self, cursor: Cursor, project: BackupProject) -> None:
        cursor.insert(
            PROJECTS,
            Project(
                id=self._made_id,
                name=project.name,
                owner_id=self._owner_id,
                organization_id=self._organization_id,
                bug_tracker=project.bug_tracker or "",
                created_date=self._now,
                updated_date=self._now,
            ),
        )
        create_labels(cursor, LabelOwner(project_id=self._made_id), to_writes(project.labels))
        self._store_guide(cursor, self._found.guide, project_id=self._made_id)
        labels = read_labels(cursor, labels_of_project(self._made_id))
        for task in self._found.tasks:
            self._store_task(cursor, task, 0, self._made_id, labels)

    def _store_task(
        self, cursor: Cursor, found: ReadTask, task_id: int, project_id: int | None, labels: Sequence[LabelRead]
    ) -> None:
        """Store a task; 0 = with the next id. ``labels`` are those of its project."""
        task = Task(
            id=task_id,
            name=found.task.name,
            project_id=project_id,
            owner_id=self._owner_id,
            organization_id=self._organization_id,
            bug_tracker=found.task.bug_tracker or "",
            subset=found.task.subset or "",
            segment_size=found.segment_size,
            overlap=found.overlap,
            created_date=self._now,
            updated_date=self._now,
        )
        cursor.insert(TASKS, task)
        if project_id is None:
            create_labels(cursor, LabelOwner(task_id=task.id), to_writes(found.task.labels))
            self._store_guide(cursor, found.guide, task_id=task.id)
            labels = read_labels(cursor, labels_of_task(task.id))
        data = self._store_media(cursor, found, task.id)
        cursor.update(TASKS, task.id, data_id=data.id)
        self._store_jobs(cursor, found, task.id, LabelIds.of(labels, number_labels(found.task.labels, "the backup")))

    def _store_media(self, cursor: Cursor, found: ReadTask, task_id: int) -> Data:
        folder, given = Path(found.folder), found.task.data
        first, last, step = found.sources
        params = DataWrite(
            image_quality=given.image_quality,
            chunk_size=max(0, given.chunk_size or 0) or None,
            start_frame=first,
            stop_frame=last,
            frame_filter=f"step={step}" if step > 1 else "",
            use_zip_chunks=given.chunk_type == ChunkType.IMAGESET,
        )
        [data_id] = cursor.next_ids(DATA, 1)
        sorting = _known(SortingMethod, given.sorting_method, SortingMethod.LEXICOGRAPHICAL)
        media = IndexedMedia(data_id, load_index(folder), folder, StorageType.LOCAL, sorting)
        data = media.data(params)
        data.storage_method = _known(StorageMethod, given.storage_method, StorageMethod.CACHE)
        cursor.insert(DATA, data)
        insert_frames(cursor, task_id, media.frames(params))
        set_deleted(cursor, task_id, [0, data.size - 1], given.deleted_frames)
        target = self._workspace.data(data_id)
        self._moved.append(target)
        for name in (ORIGINALS, INDEX_FILE):
            (folder / name).rename(target / name)
        return data

    def _store_jobs(self, cursor: Cursor, found: ReadTask, task_id: int, labels: LabelIds) -> None:
        ids: list[int] = []
        for number, (job, blocks) in enumerate(zip(found.jobs, found.blocks, strict=True)):
            parent = ids[job.parent_job_id - 1] if job.parent_job_id else None
            made = msgspec.structs.replace(job, id=0, task_id=task_id, parent_job_id=parent)
            cursor.insert(JOBS, made)
            ids.append(made.id)
            folders = (block_folder(Path(found.folder), number, block) for block in range(blocks))
            store_annotations(cursor, made, map(Annotations.load, folders), labels, self._owner_id)

    def _store_guide(self, cursor: Cursor, found: GuideFiles | None, **owner: int) -> None:
        if found is None:
            return
        uuids = {name: str(uuid4()) for name in found.assets}
        guide = Guide(id=0, markdown=found.refer(uuids), created_date=self._now, updated_date=self._now, **owner)
        cursor.insert(GUIDES, guide)
        for name, path in found.assets.items():
            target = self._workspace.asset(uuids[name])
            self._moved.append(target)
            Path(path).rename(target)
            cursor.insert(
                ASSETS,
                Asset(
                    id=0,
                    uuid=uuids[name],
                    guide_id=guide.id,
                    filename=name,
                    owner_id=self._owner_id,
                    created_date=self._now,
                ),
            )


def _known(kind: type[E], given: str | None, default: E) -> E:
    return kind(given) if given in list(kind) else default
