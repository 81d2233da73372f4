"""Issues that a reviewer opens, and the talk about them."""

from __future__ import annotations

from datetime import datetime

from cvat_lab.model.base import Record


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
