"""Events: who did what, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cvat_lab.model.base import Record


class Event(Record, kw_only=True):
    """One action of a user or of the server. ``scope`` reads ``verb:object``, for example ``create:task``."""

    id: int
    scope: str
    timestamp: datetime
    user_id: int | None = None
    project_id: int | None = None
    task_id: int | None = None
    job_id: int | None = None
    count: int | None = None
    duration: int = 0
    payload: dict[str, Any] = {}


class Revision(Record, kw_only=True):
    """One transaction on the annotations of a job.

    Attributes
    ----------
    id
        The revision number; grows over the whole workspace.
    change_id
        The author's name for the change set, see :class:`cvat_lab.model.changes.ChangeSet`.
    """

    id: int
    job_id: int
    task_id: int
    user_id: int | None
    change_id: str | None
    action: str
    created_date: datetime
    created: int = 0
    updated: int = 0
    deleted: int = 0
