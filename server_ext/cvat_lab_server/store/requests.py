"""Queries on background requests."""

from __future__ import annotations

from typing import Final

from cvat_lab.model.base import utc_now
from cvat_lab.model.request import Request
from cvat_lab_server.store.cursor import Cursor, to_record
from cvat_lab_server.store.listing import Fields, ListQuery, select_page
from cvat_lab_server.store.tables import REQUESTS

REQUEST_FIELDS: Final = Fields(
    {
        **{
            name: f'"{name}"'
            for name in ("id", "status", "project_id", "task_id", "job_id", "format", "target", "type")
        },
        "action": "split_part(type, ':', 1)",
        "subresource": "split_part(type, ':', 2)",
        "created_date": "created_date",
    },
    order="-created_date",
)

_OF_TASK = "SELECT t.organization_id FROM store.tasks t WHERE t.id ="
_ORGANIZATION: Final = f"""coalesce(
  (SELECT p.organization_id FROM store.projects p WHERE p.id = requests.project_id),
  ({_OF_TASK} requests.task_id),
  ({_OF_TASK} (SELECT j.task_id FROM store.jobs j WHERE j.id = requests.job_id)),
  CAST(json_extract_string(requests.params, '$.organization_id') AS BIGINT))"""
"""Where a request belongs: with the object it is about, or where the object will be that it makes."""


def requests_in(organization_id: int | None) -> str:
    """Return the condition that a request belongs to a place: None = any, 0 = the personal workspace."""
    if organization_id is None:
        return "true"
    return f"{_ORGANIZATION} = {organization_id:d}" if organization_id else f"{_ORGANIZATION} IS NULL"


def find_requests(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[Request]]:
    """Return the total number and one page of requests."""
    columns = ", ".join(f'"{name}"' for name in REQUESTS.column_names)
    total, rows = select_page(cursor, columns, REQUESTS.qualified, REQUEST_FIELDS, query, where)
    return total, [to_record(REQUESTS, Request, row) for row in rows]


def open_requests(cursor: Cursor) -> list[Request]:
    """Return the requests that have not ended, oldest first."""
    return cursor.select(REQUESTS, Request, "status IN ('queued', 'started')", order="created_date")


def named_results(cursor: Cursor) -> list[str]:
    """Return the paths of all files that requests have made."""
    return cursor.column(f"SELECT result_path FROM {REQUESTS.qualified} WHERE result_path <> ''")


def drop_expired_requests(cursor: Cursor) -> None:
    """Forget requests whose time is over."""
    cursor.run(f"DELETE FROM {REQUESTS.qualified} WHERE expiry_date < ?", [utc_now()])
