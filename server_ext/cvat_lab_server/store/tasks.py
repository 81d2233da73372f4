"""Queries on tasks: the rows that become answers, with everything joined in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cvat_lab.model.base import Record
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, Source, select_page
from cvat_lab_server.store.rows import (
    JOB_COUNTS,
    MODE,
    TASK_STATUS,
    first_row,
    people,
    person,
    select_columns,
    to_row,
)

TASK_SOURCE: Final = Source(
    "store.tasks t",
    {
        "p": "LEFT JOIN store.projects p ON p.id = t.project_id",
        "d": "LEFT JOIN store.data d ON d.id = t.data_id",
        "n": f"LEFT JOIN {JOB_COUNTS} n ON n.task_id = t.id",
        "y": "LEFT JOIN store.guides y ON y.task_id = t.id",
        **people("t"),
    },
)

_VALIDATION_MODE = (
    "CASE WHEN EXISTS (SELECT 1 FROM store.jobs g WHERE g.task_id = t.id AND g.type = 'ground_truth') THEN 'gt' END"
)

TASK_FIELDS: Final = Fields(
    {
        "id": "t.id",
        "name": "t.name",
        "owner": "o.username",
        "assignee": "a.username",
        "mode": MODE,
        "dimension": "'2d'",
        "media_type": "'image'",
        "project_id": "t.project_id",
        "project_name": "p.name",
        "status": TASK_STATUS,
        "subset": "t.subset",
        "tracker_link": "t.bug_tracker",
        "updated_date": "t.updated_date",
        "created_date": "t.created_date",
        "validation_mode": _VALIDATION_MODE,
    },
    search=("name", "owner", "assignee", "status", "mode", "project_name", "subset", "tracker_link"),
)


class TaskRow(Record, kw_only=True):
    """A task with what is shown of its project, media, jobs and people."""

    id: int
    name: str
    project_id: int | None
    project_name: str | None
    organization_id: int | None
    mode: str
    status: str
    bug_tracker: str
    subset: str
    segment_size: int
    overlap: int | None
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None
    owner: User | None
    assignee: User | None
    jobs: int
    completed: int
    validation: int
    validation_mode: str | None
    guide_id: int | None
    data_id: int | None
    size: int | None
    image_quality: int | None
    chunk_size: int | None
    compressed_chunk_type: str | None
    original_chunk_type: str | None


_TASK_COLUMNS = {
    "id": "t.id",
    "name": "t.name",
    "project_id": "t.project_id",
    "project_name": "p.name",
    "organization_id": "t.organization_id",
    "mode": MODE,
    "status": TASK_STATUS,
    "bug_tracker": "t.bug_tracker",
    "subset": "t.subset",
    "segment_size": "t.segment_size",
    "overlap": "t.overlap",
    "created_date": "t.created_date",
    "updated_date": "t.updated_date",
    "assignee_updated_date": "t.assignee_updated_date",
    "owner": person("o"),
    "assignee": person("a"),
    "jobs": "coalesce(n.jobs, 0)",
    "completed": "coalesce(n.completed, 0)",
    "validation": "coalesce(n.validation, 0)",
    "validation_mode": _VALIDATION_MODE,
    "guide_id": "coalesce(y.id, (SELECT g.id FROM store.guides g WHERE g.project_id = t.project_id))",
    "data_id": "t.data_id",
    "size": "d.size",
    "image_quality": "d.image_quality",
    "chunk_size": "d.chunk_size",
    "compressed_chunk_type": "d.compressed_chunk_type",
    "original_chunk_type": "d.original_chunk_type",
}


def find_tasks(cursor: Cursor, query: ListQuery, where: str = "true") -> tuple[int, list[TaskRow]]:
    """Return the total number and one page of tasks."""
    total, rows = select_page(cursor, select_columns(_TASK_COLUMNS), TASK_SOURCE, TASK_FIELDS, query, where)
    return total, [to_row(TaskRow, _TASK_COLUMNS, row) for row in rows]


def known_data(cursor: Cursor) -> set[str]:
    """Return the names of the folders that hold the media of tasks."""
    return set(cursor.column("SELECT CAST(id AS VARCHAR) FROM store.data"))


def read_task(cursor: Cursor, task_id: int) -> TaskRow | None:
    """Return one task."""
    return first_row(cursor, TaskRow, _TASK_COLUMNS, TASK_SOURCE, "t.id", task_id)
