"""Queries on projects: the rows that become answers, with everything joined in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cvat_lab.model.base import Record
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, Source, select_page
from cvat_lab_server.store.rows import JOB_COUNTS, TASK_STATUS, first_row, people, person, select_columns, to_row


class ProjectRow(Record, kw_only=True):
    """A project with what is shown of its tasks and people."""

    id: int
    name: str
    organization_id: int | None
    guide_id: int | None
    bug_tracker: str
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None
    owner: User | None
    assignee: User | None
    tasks: int
    status: str
    subsets: list[str]
    has_media: bool


_TASKS_OF_PROJECT = f"""(
  SELECT project_id, count(*) AS tasks, bool_or(has_media) AS has_media,
    list_sort(list(DISTINCT subset) FILTER (WHERE subset <> '')) AS subsets,
    CASE WHEN bool_or(status = 'annotation') THEN 'annotation' WHEN bool_or(status = 'validation') THEN 'validation'
      ELSE 'completed' END AS status
  FROM (
    SELECT t.project_id, t.subset, t.data_id IS NOT NULL AS has_media, {TASK_STATUS} AS status
    FROM store.tasks t LEFT JOIN {JOB_COUNTS} n ON n.task_id = t.id
  ) GROUP BY project_id
)"""

PROJECT_SOURCE: Final = Source(
    "store.projects p",
    {
        "s": f"LEFT JOIN {_TASKS_OF_PROJECT} s ON s.project_id = p.id",
        "y": "LEFT JOIN store.guides y ON y.project_id = p.id",
        **people("p"),
    },
)

_PROJECT_STATUS = "coalesce(s.status, 'annotation')"

PROJECT_FIELDS: Final = Fields(
    {
        "id": "p.id",
        "name": "p.name",
        "owner": "o.username",
        "assignee": "a.username",
        "status": _PROJECT_STATUS,
        "updated_date": "p.updated_date",
        "created_date": "p.created_date",
    },
    search=("name", "owner", "assignee", "status"),
)

_PROJECT_COLUMNS = {
    "id": "p.id",
    "name": "p.name",
    "organization_id": "p.organization_id",
    "guide_id": "y.id",
    "bug_tracker": "p.bug_tracker",
    "created_date": "p.created_date",
    "updated_date": "p.updated_date",
    "assignee_updated_date": "p.assignee_updated_date",
    "owner": person("o"),
    "assignee": person("a"),
    "tasks": "coalesce(s.tasks, 0)",
    "status": _PROJECT_STATUS,
    "subsets": "coalesce(s.subsets, [])",
    "has_media": "coalesce(s.has_media, false)",
}


def find_projects(cursor: Cursor, query: ListQuery, where: str = "true") -> tuple[int, list[ProjectRow]]:
    """Return the total number and one page of projects."""
    total, rows = select_page(cursor, select_columns(_PROJECT_COLUMNS), PROJECT_SOURCE, PROJECT_FIELDS, query, where)
    return total, [to_row(ProjectRow, _PROJECT_COLUMNS, row) for row in rows]


def read_project(cursor: Cursor, project_id: int) -> ProjectRow | None:
    """Return one project."""
    return first_row(cursor, ProjectRow, _PROJECT_COLUMNS, PROJECT_SOURCE, "p.id", project_id)
