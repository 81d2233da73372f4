"""Queries on jobs: the rows that become answers, with everything joined in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cvat_lab.model.base import Record
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, Source, select_page
from cvat_lab_server.store.rows import MODE, first_row, person, select_columns, to_row


class JobRow(Record, kw_only=True):
    """A job with what is shown of its task."""

    id: int
    task_id: int
    task_name: str
    project_id: int | None
    project_name: str | None
    organization_id: int | None
    mode: str
    bug_tracker: str
    type: str
    stage: str
    state: str
    frame_ranges: list[int]
    revision: int
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None
    assignee: User | None
    parent_job_id: int | None
    issues: int
    guide_id: int | None
    chunk_size: int | None
    compressed_chunk_type: str | None
    original_chunk_type: str | None


JOB_SOURCE: Final = Source(
    "store.jobs j JOIN store.tasks t ON t.id = j.task_id",
    {
        "p": "LEFT JOIN store.projects p ON p.id = t.project_id",
        "d": "LEFT JOIN store.data d ON d.id = t.data_id",
        "a": "LEFT JOIN store.users a ON a.id = j.assignee_id",
        "y": "LEFT JOIN store.guides y ON y.task_id = t.id",
        "z": "LEFT JOIN store.guides z ON z.project_id = t.project_id",
    },
)

JOB_FIELDS: Final = Fields(
    {
        "id": "j.id",
        "task_id": "j.task_id",
        "task_name": "t.name",
        "project_id": "t.project_id",
        "project_name": "p.name",
        "assignee": "a.username",
        "stage": "j.stage",
        "state": "j.state",
        "type": "j.type",
        "dimension": "'2d'",
        "mode": MODE,
        "media_type": "'image'",
        "parent_job_id": "j.parent_job_id",
        "updated_date": "j.updated_date",
    },
    search=("task_name", "project_name", "assignee", "stage", "state"),
)

_JOB_COLUMNS = {
    "id": "j.id",
    "task_id": "j.task_id",
    "task_name": "t.name",
    "project_id": "t.project_id",
    "project_name": "p.name",
    "organization_id": "t.organization_id",
    "mode": MODE,
    "bug_tracker": "coalesce(nullif(t.bug_tracker, ''), p.bug_tracker, '')",
    "type": "j.type",
    "stage": "j.stage",
    "state": "j.state",
    "frame_ranges": "j.frame_ranges",
    "revision": "j.revision",
    "created_date": "j.created_date",
    "updated_date": "j.updated_date",
    "assignee_updated_date": "j.assignee_updated_date",
    "assignee": person("a"),
    "parent_job_id": "j.parent_job_id",
    "issues": "(SELECT count(*) FROM store.issues i WHERE i.job_id = j.id)",
    "guide_id": "coalesce(y.id, z.id)",
    "chunk_size": "d.chunk_size",
    "compressed_chunk_type": "d.compressed_chunk_type",
    "original_chunk_type": "d.original_chunk_type",
}


def find_jobs(cursor: Cursor, query: ListQuery, where: str = "true") -> tuple[int, list[JobRow]]:
    """Return the total number and one page of jobs."""
    total, rows = select_page(cursor, select_columns(_JOB_COLUMNS), JOB_SOURCE, JOB_FIELDS, query, where)
    return total, [to_row(JobRow, _JOB_COLUMNS, row) for row in rows]


def read_job(cursor: Cursor, job_id: int) -> JobRow | None:
    """Return one job."""
    return first_row(cursor, JobRow, _JOB_COLUMNS, JOB_SOURCE, "j.id", job_id)
