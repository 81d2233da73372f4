"""Projects: tasks that share their labels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.storage import Storage, StorageWrite
from cvat_lab.model.user import UserBasic

Title = Annotated[str, Meta(min_length=1, max_length=256)]
Url = Annotated[str, Meta(max_length=2000)]


class Project(Record, kw_only=True):
    """A project as it is stored."""

    id: int
    name: Title
    owner_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    bug_tracker: Url = ""
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None = None


class Summary(Record, kw_only=True):
    """Number of the parts of an object, and where to list them."""

    count: int
    url: str


class Link(Record, kw_only=True):
    """Where to list the parts of an object."""

    url: str


class ProjectRead(Record, kw_only=True):
    """A project on the wire."""

    url: str
    id: int
    name: str
    owner: UserBasic | None
    assignee: UserBasic | None
    assignee_updated_date: datetime | None
    bug_tracker: str
    task_subsets: list[str]
    created_date: datetime
    updated_date: datetime
    status: str
    dimension: str | None
    organization: int | None
    organization_id: int | None
    tasks: Summary
    labels: Link
    guide_id: int | None = None
    source_storage: Storage | None = None
    target_storage: Storage | None = None


class ProjectWrite(Record, kw_only=True):
    """A project to create."""

    name: Title
    labels: list[LabelWrite] = []
    owner_id: Whole | None = None
    assignee_id: Whole | None = None
    bug_tracker: Url = ""
    source_storage: StorageWrite | None = None
    target_storage: StorageWrite | None = None


class ProjectPatch(Record, kw_only=True):
    """Changes to a project; an unset field stays as it is."""

    name: Title | UnsetType = UNSET
    labels: list[LabelWrite] | UnsetType = UNSET
    owner_id: Whole | None | UnsetType = UNSET
    assignee_id: Whole | None | UnsetType = UNSET
    bug_tracker: Url | UnsetType = UNSET
    organization_id: Whole | None | UnsetType = UNSET
    source_storage: StorageWrite | None | UnsetType = UNSET
    target_storage: StorageWrite | None | UnsetType = UNSET
