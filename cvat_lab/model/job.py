"""Jobs: the part of a task that one person annotates."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET, UnsetType

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.data import ChunkType
from cvat_lab.model.project import Link, Summary
from cvat_lab.model.storage import Storage
from cvat_lab.model.user import UserBasic
from cvat_lab.model.validation import FrameNumbers


class JobType(StrEnum):
    """What a job is for."""

    ANNOTATION = "annotation"
    GROUND_TRUTH = "ground_truth"
    REPLICA = "replica"


class JobStage(StrEnum):
    """Where a job stands in the workflow."""

    ANNOTATION = "annotation"
    VALIDATION = "validation"
    ACCEPTANCE = "acceptance"


class JobState(StrEnum):
    """How far a job is within its stage."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    REJECTED = "rejected"


class JobStatus(StrEnum):
    """CVAT's older summary of stage and state; the status of a task is the lowest one of its jobs."""

    ANNOTATION = "annotation"
    VALIDATION = "validation"
    COMPLETED = "completed"


def job_status(stage: JobStage, state: JobState) -> JobStatus:
    """Return the older summary of ``stage`` and ``state``."""
    if stage is JobStage.ANNOTATION:
        return JobStatus.ANNOTATION
    if stage is JobStage.ACCEPTANCE and state is JobState.COMPLETED:
        return JobStatus.COMPLETED
    return JobStatus.VALIDATION


class Job(Record, kw_only=True):
    """A job as it is stored.

    Attributes
    ----------
    frame_ranges
        The frames of the job as flat pairs ``[first, last, first, last, ...]``, ascending, both ends included.
    revision
        Number of the last transaction that changed the job's annotations; 0 = none yet.
    """

    id: int
    task_id: int
    type: JobType = JobType.ANNOTATION
    frame_ranges: list[int]
    assignee_id: int | None = None
    stage: JobStage = JobStage.ANNOTATION
    state: JobState = JobState.NEW
    parent_job_id: int | None = None
    revision: int = 0
    created_date: datetime
    updated_date: datetime
    assignee_updated_date: datetime | None = None

    @property
    def start_frame(self) -> int:
        """First frame number."""
        return self.frame_ranges[0]

    @property
    def stop_frame(self) -> int:
        """Last frame number."""
        return self.frame_ranges[-1]

    @property
    def frame_count(self) -> int:
        """Number of frames, deleted ones included."""
        pairs = zip(self.frame_ranges[::2], self.frame_ranges[1::2], strict=True)
        return sum(last - first + 1 for first, last in pairs)

    @property
    def frames(self) -> list[int]:
        """Numbers of all frames, ascending, deleted ones included."""
        pairs = zip(self.frame_ranges[::2], self.frame_ranges[1::2], strict=True)
        return [number for first, last in pairs for number in range(first, last + 1)]

    def has_frame(self, number: int) -> bool:
        """Return whether the job covers frame ``number``."""
        pairs = zip(self.frame_ranges[::2], self.frame_ranges[1::2], strict=True)
        return any(first <= number <= last for first, last in pairs)


class JobRead(Record, kw_only=True):
    """A job on the wire. ``revision`` is cvat_lab's own addition."""

    url: str
    id: int
    task_id: int
    task_name: str
    project_id: int | None
    project_name: str | None
    assignee: UserBasic | None
    assignee_updated_date: datetime | None
    dimension: str
    mode: str
    media_type: str
    bug_tracker: str | None
    status: JobStatus
    stage: JobStage
    state: JobState
    type: JobType
    frame_count: int
    start_frame: int
    stop_frame: int
    data_chunk_size: int | None
    data_compressed_chunk_type: ChunkType | None
    data_original_chunk_type: ChunkType | None
    created_date: datetime
    updated_date: datetime
    issues: Summary
    labels: Link
    organization: int | None
    revision: int = 0
    frame_ranges: list[int] = []
    guide_id: int | None = None
    source_storage: Storage | None = None
    target_storage: Storage | None = None
    parent_job_id: int | None = None
    replicas_count: int = 0


class JobWrite(FrameNumbers, kw_only=True):
    """A job to add to a task: one of ground truth. ``frames`` are named for the manual method only."""

    type: JobType
    task_id: Whole
    assignee: Whole | None = None
    stage: JobStage = JobStage.ANNOTATION
    state: JobState = JobState.NEW
    frames: list[Whole] | None = None


class JobPatch(Record, kw_only=True):
    """Changes to a job; an unset field stays as it is."""

    assignee: Whole | None | UnsetType = UNSET
    stage: JobStage | UnsetType = UNSET
    state: JobState | UnsetType = UNSET
