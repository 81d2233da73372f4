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


def find_requests(cursor: Cursor, query: ListQuery, owner_id: int) -> tuple[int, list[Request]]:
    """Return the total number and one page of a user's requests."""
    columns = ", ".join(f'"{name}"' for name in REQUESTS.column_names)
    where = f"owner_id = {owner_id:d}"
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
