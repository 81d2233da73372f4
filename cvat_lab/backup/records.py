"""The records of ``task.json`` and ``project.json``.

Names are CVAT's. All releases write version 1.0 although the content grew, so a reader takes what is there: missing
keys have defaults and unknown ones are dropped. ``stage`` and ``state`` of a job are our own addition, unknown to CVAT.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record
from cvat_lab.model.job import JobStage, JobState, JobStatus, JobType
from cvat_lab.model.label import InputType, LabelType, Name
from cvat_lab.model.project import Title
from cvat_lab.model.shape import NonNegative

VERSION = "1.0"
TASK_FILE = "task.json"
PROJECT_FILE = "project.json"
ANNOTATIONS_FILE = "annotations.json"
GUIDE_FILE = "annotation_guide.md"
DATA_FOLDER = "data/"
ASSETS_FOLDER = "assets/"


class BackupAttribute(Record, kw_only=True):
    """An attribute of a label."""

    name: Name
    input_type: InputType
    mutable: bool = False
    default_value: str | None = ""
    values: list[str] = []


class BackupLabel(Record, kw_only=True):
    """A label without ids. Nodes of ``svg`` carry ``data-label-name`` instead of ``data-label-id``."""

    name: Name
    color: str | None = ""
    type: LabelType | None = LabelType.ANY
    attributes: list[BackupAttribute] = []
    sublabels: list[BackupLabel] = []
    svg: str | UnsetType = UNSET


class BackupData(Record, kw_only=True):
    """The media of a task.

    Attributes
    ----------
    start_frame, stop_frame, frame_filter
        Which files of the archive became frames. Absent = all of them.
    chunk_type
        Type of compressed chunks.
    custom_segments
        Jobs are not cut by one segment size; each lists its ``files``.
    validation_layout
        Of a ground truth pool; kept by CVAT only.
    """

    chunk_size: int | None = None
    image_quality: Annotated[int, Meta(ge=0, le=100)] = 70
    start_frame: NonNegative | UnsetType = UNSET
    stop_frame: NonNegative | None | UnsetType = UNSET
    frame_filter: str | UnsetType = UNSET
    chunk_type: str | None = None
    storage_method: str | None = None
    storage: str | None = None
    sorting_method: str | None = None
    deleted_frames: list[NonNegative] = []
    custom_segments: bool | UnsetType = UNSET
    validation_layout: Any = UNSET


class BackupJob(Record, kw_only=True):
    """A job: frames ``start_frame`` to ``stop_frame`` of the task, or exactly ``frames`` for ground truth."""

    start_frame: NonNegative
    stop_frame: NonNegative
    frames: list[NonNegative] | None = []
    status: JobStatus = JobStatus.ANNOTATION
    type: JobType = JobType.ANNOTATION
    files: list[str] | UnsetType = UNSET
    stage: JobStage | UnsetType = UNSET
    state: JobState | UnsetType = UNSET


class BackupTask(Record, kw_only=True):
    """A task."""

    name: Title
    bug_tracker: str | None = ""
    status: str | None = "annotation"
    subset: str | None = ""
    labels: list[BackupLabel] = []
    data: BackupData
    jobs: list[BackupJob]
    version: str = VERSION


class BackupProject(Record, kw_only=True):
    """A project."""

    name: Title
    bug_tracker: str | None = ""
    status: str | None = "annotation"
    labels: list[BackupLabel] = []
    version: str = VERSION
