"""Background requests: work that outlives the HTTP call that started it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import UNSET, UnsetType

from cvat_lab.model.base import Record


class RequestStatus(StrEnum):
    """Life of a request."""

    QUEUED = "queued"
    STARTED = "started"
    FAILED = "failed"
    FINISHED = "finished"


class Loss(Record, kw_only=True):
    """One thing that a format could not hold, or that an import skipped.

    Attributes
    ----------
    kind
        What was lost: ``attribute``, ``shape``, ``track``, ``tag``, ``group``, ``image`` ...
    name
        Which one: an attribute, a label, a shape type.
    count
        How often.
    example
        Where it happened first, for example ``frame 12, shape 7``.
    reason
        Why, in words.
    """

    kind: str
    name: str
    count: int
    example: str = ""
    reason: str = ""


class Request(Record, kw_only=True):
    """A background request as it is stored.

    Attributes
    ----------
    type
        ``action:subresource``, for example ``create:task`` or ``export:dataset``.
    params
        Everything needed to run the work again after a restart.
    progress
        0..1.
    result_path
        File made by an export, relative to the workspace.
    result_id
        Object made by an import of a backup.
    losses
        What a format could not hold.
    """

    id: str
    type: str
    target: str
    status: RequestStatus
    owner_id: int
    project_id: int | None = None
    task_id: int | None = None
    job_id: int | None = None
    format: str | None = None
    params: dict[str, Any] = {}
    message: str = ""
    progress: float = 0.0
    result_path: str = ""
    result_name: str = ""
    result_id: int | None = None
    losses: list[Loss] = []
    created_date: datetime
    started_date: datetime | None = None
    finished_date: datetime | None = None
    expiry_date: datetime | None = None


class Operation(Record, kw_only=True):
    """What a request does, on the wire."""

    type: str
    target: str
    project_id: int | None = None
    task_id: int | None = None
    job_id: int | None = None
    format: str | None = None
    function_id: str | None = None
    lightweight: bool | None = None


class UserIdentifiers(Record, kw_only=True):
    """Id and name of a user."""

    id: int
    username: str


class RequestRead(Record, kw_only=True):
    """A background request on the wire. ``losses`` is cvat_lab's own addition."""

    status: RequestStatus
    id: str
    operation: Operation
    created_date: datetime
    message: str
    progress: float
    owner: UserIdentifiers
    started_date: datetime | None = None
    finished_date: datetime | None = None
    expiry_date: datetime | None = None
    result_url: str | UnsetType = UNSET
    result_id: int | UnsetType = UNSET
    losses: list[Loss] = []
