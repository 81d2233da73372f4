"""Queries on issues and comments: the rows that become answers, with everything joined in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cvat_lab.model.base import Record
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, Source, select_page
from cvat_lab_server.store.rows import first_row, people, person, select_columns, to_row
from cvat_lab_server.store.tables import COMMENTS, ISSUES


class IssueRow(Record, kw_only=True):
    """An issue with its people and the number of its comments."""

    id: int
    job_id: int
    frame: int
    position: list[float]
    resolved: bool
    created_date: datetime
    updated_date: datetime
    owner: User | None
    assignee: User | None
    comments: int


class CommentRow(Record, kw_only=True):
    """A comment with its author."""

    id: int
    issue_id: int
    message: str
    created_date: datetime
    updated_date: datetime
    owner: User | None


_PLACE = "JOIN store.jobs j ON j.id = i.job_id JOIN store.tasks t ON t.id = j.task_id"

_ISSUE_SOURCE: Final = Source(f"store.issues i {_PLACE}", people("i"))

_ISSUE_FIELDS: Final = Fields(
    {
        "id": "i.id",
        "job_id": "i.job_id",
        "task_id": "j.task_id",
        "frame_id": "i.frame",
        "resolved": "i.resolved",
        "owner": "o.username",
        "assignee": "a.username",
        "created_date": "i.created_date",
        "updated_date": "i.updated_date",
    },
    search=("owner", "assignee"),
)

_ISSUE_COLUMNS: Final = {
    **{name: f"i.{name}" for name in ("id", "job_id", "frame", "position", "resolved", "created_date", "updated_date")},
    "owner": person("o"),
    "assignee": person("a"),
    "comments": "(SELECT count(*) FROM store.comments c WHERE c.issue_id = i.id)",
}

_COMMENT_SOURCE: Final = Source(
    f"store.comments c JOIN store.issues i ON i.id = c.issue_id {_PLACE}",
    {"o": "LEFT JOIN store.users o ON o.id = c.owner_id"},
)

_COMMENT_FIELDS: Final = Fields(
    {
        "id": "c.id",
        "issue_id": "c.issue_id",
        "job_id": "i.job_id",
        "frame_id": "i.frame",
        "owner": "o.username",
        "created_date": "c.created_date",
        "updated_date": "c.updated_date",
    },
    search=("owner",),
)

_COMMENT_COLUMNS: Final = {
    **{name: f"c.{name}" for name in ("id", "issue_id", "message", "created_date", "updated_date")},
    "owner": person("o"),
}


def find_issues(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[IssueRow]]:
    """Return the total number and one page of issues; ``where`` speaks of issue ``i``, job ``j``, task ``t``."""
    total, rows = select_page(cursor, select_columns(_ISSUE_COLUMNS), _ISSUE_SOURCE, _ISSUE_FIELDS, query, where)
    return total, [to_row(IssueRow, _ISSUE_COLUMNS, row) for row in rows]


def read_issue(cursor: Cursor, issue_id: int) -> IssueRow | None:
    """Return one issue."""
    return first_row(cursor, IssueRow, _ISSUE_COLUMNS, _ISSUE_SOURCE, "i.id", issue_id)


def find_comments(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[CommentRow]]:
    """Return the total number and one page of comments; ``where`` adds the comment ``c`` to these."""
    total, rows = select_page(cursor, select_columns(_COMMENT_COLUMNS), _COMMENT_SOURCE, _COMMENT_FIELDS, query, where)
    return total, [to_row(CommentRow, _COMMENT_COLUMNS, row) for row in rows]


def read_comment(cursor: Cursor, comment_id: int) -> CommentRow | None:
    """Return one comment."""
    return first_row(cursor, CommentRow, _COMMENT_COLUMNS, _COMMENT_SOURCE, "c.id", comment_id)


def remove_issue(cursor: Cursor, issue_id: int) -> None:
    """Remove an issue with its comments."""
    cursor.delete(COMMENTS, issue_id=issue_id)
    cursor.delete(ISSUES, id=issue_id)
