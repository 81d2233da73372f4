"""Tasks: one video or set of images, and the labels for it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.data import ChunkType
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.project import Link, Title, Url
from cvat_lab.model.shape import NonNegative
from cvat_lab.model.storage import Storage, StorageWrite
from cvat_lab.model.user import UserBasic

Subset = Annotated[str, Meta(max_length=64)]


class Task(Record, kw_only=True):
    """A task as it is stored.

    Attributes
    ----------
    segment_size, overlap
        Frames per job, and frames that neighbouring jobs share. 0 = one job, and as many as the media's kind suggests.
    data_id
        Null until media is attached.
    """

    id: int
    name: Title
    project_id: int | None = None
    owner_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    bug_tracker: Url = ""
    subset: Subset = ""
    segment_size: int = 0
    overlap: int | None = None
    data_id: int | None = None
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None = None


class JobsSummary(Record, kw_only=True):
    """Number of jobs of a task, by status."""

    count: int
    completed: int
    validation: int
    url: str


class TaskRead(Record, kw_only=True):
    """A task on the wire."""

    url: str
    id: int
    name: str
    project_id: int | None
    project_name: str | None
    mode: str
    owner: UserBasic | None
    assignee: UserBasic | None
    assignee_updated_date: datetime | None
    bug_tracker: str
    created_date: datetime
    updated_date: datetime
    overlap: int | None
    segment_size: int
    status: str
    subset: str
    dimension: str
    media_type: str
    organization: int | None
    organization_id: int | None
    jobs: JobsSummary
    labels: Link
    data: int | None = None
    size: int = 0
    image_quality: int | UnsetType = UNSET
    data_chunk_size: int | None = None
    data_compressed_chunk_type: ChunkType | None = None
    data_original_chunk_type: ChunkType | None = None
    data_cloud_storage_id: int | None = None
    guide_id: int | None = None
    source_storage: Storage | None = None
    target_storage: Storage | None = None
    validation_mode: str | None = None
    initial_replicas: int = 0


class TaskWrite(Record, kw_only=True):
    """A task to create."""

    name: Title
    project_id: Whole | None = None
    labels: list[LabelWrite] | None = None
    owner_id: Whole | None = None
    assignee_id: Whole | None = None
    bug_tracker: Url = ""
    overlap: NonNegative | None = None
    segment_size: NonNegative | None = 0
    subset: Subset = ""
    source_storage: StorageWrite | None = None
    target_storage: StorageWrite | None = None
    initial_replicas: Whole = 0
    consensus_replicas: Whole = 0


class TaskPatch(Record, kw_only=True):
    """Changes to a task; an unset field stays as it is."""

    name: Title | UnsetType = UNSET
    project_id: Whole | None | UnsetType = UNSET
    labels: list[LabelWrite] | UnsetType = UNSET
    owner_id: Whole | None | UnsetType = UNSET
    assignee_id: Whole | None | UnsetType = UNSET
    organization_id: Whole | None | UnsetType = UNSET
    bug_tracker: Url | UnsetType = UNSET
    subset: Subset | UnsetType = UNSET
    source_storage: StorageWrite | None | UnsetType = UNSET
    target_storage: StorageWrite | None | UnsetType = UNSET


class TaskStatus(Record, kw_only=True):
    """State of a task's creation, in CVAT's old form."""

    state: str
    message: str = ""
    progress: float = 0.0
