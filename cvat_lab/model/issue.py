"""Issues that a reviewer opens, and the talk about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, Whole
from cvat_lab.model.project import Summary
from cvat_lab.model.user import UserBasic

Message = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=r"\S")]
"""Text that says something: not only blanks."""


class Issue(Record, kw_only=True):
    """A remark on a place of a frame.

    Attributes
    ----------
    position
        Flat pixels: 2 numbers = point, 4 = box, more = polygon.
    """

    id: int
    job_id: int
    frame: int
    position: list[float]
    owner_id: int | None = None
    assignee_id: int | None = None
    resolved: bool = False
    created_date: datetime
    updated_date: datetime


class Comment(Record, kw_only=True):
    """A message in the talk about an issue; the first one is the issue's own text."""

    id: int
    issue_id: int
    owner_id: int | None = None
    message: str
    created_date: datetime
    updated_date: datetime


class IssueRead(Record, kw_only=True):
    """An issue as it is answered."""

    id: int
    frame: int
    position: list[float]
    job: int
    owner: UserBasic | None
    assignee: UserBasic | None
    created_date: datetime
    updated_date: datetime
    resolved: bool
    comments: Summary


class IssueWrite(Record, kw_only=True):
    """An issue to open; the message becomes its first comment."""

    job: Whole
    frame: Whole
    position: list[float]
    message: Message
    assignee: int | None = None
    resolved: bool = False


class IssuePatch(Record, kw_only=True):
    """Changes to an issue; an unset field stays as it is."""

    position: list[float] | UnsetType = UNSET
    assignee: int | None | UnsetType = UNSET
    resolved: bool | UnsetType = UNSET


class CommentRead(Record, kw_only=True):
    """A comment as it is answered."""

    id: int
    issue: int
    owner: UserBasic | None
    message: str
    created_date: datetime
    updated_date: datetime


class CommentWrite(Record, kw_only=True):
    """A comment to add."""

    issue: Whole
    message: Message


class CommentPatch(Record, kw_only=True):
    """Another text for a comment."""

    message: Message


def check_position(position: list[float]) -> None:
    """Refuse a position that is no list of points.

    Raises
    ------
    InvalidInputError
        It is empty, or its numbers do not come in pairs.
    """
    if not position or len(position) % 2:
        raise InvalidInputError(
            f"position must be x, y pairs in pixels, at least one; got {len(position)} numbers", field="position"
        )
