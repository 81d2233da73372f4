"""Ground truth: which frames of a task somebody annotates once more, to measure the others by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from cvat_lab.model.base import Record
from cvat_lab.model.shape import NonNegative

Count = Annotated[int, Meta(ge=1, le=2**53)]
Share = Annotated[float, Meta(gt=0, le=1)]


class FrameSelection(StrEnum):
    """How the frames of a ground-truth job are picked."""

    MANUAL = "manual"
    RANDOM_UNIFORM = "random_uniform"
    RANDOM_PER_JOB = "random_per_job"


class ValidationMode(StrEnum):
    """Ground truth beside the jobs, or frames of it hidden in every job; the latter is not supported."""

    GT = "gt"
    GT_POOL = "gt_pool"


class FrameNumbers(Record, kw_only=True):
    """A choice of frames; which fields count depends on the method.

    Attributes
    ----------
    frame_count, frame_share
        Frames of the whole task, as a number or as a part of it.
    frames_per_job_count, frames_per_job_share
        The same for each job.
    random_seed
        Equal seeds pick equal frames, here as in CVAT.
    """

    frame_selection_method: FrameSelection | None = None
    frame_count: Count | None = None
    frame_share: Share | None = None
    frames_per_job_count: Count | None = None
    frames_per_job_share: Share | None = None
    random_seed: NonNegative | None = None


class ValidationParams(FrameNumbers, kw_only=True):
    """Ground truth to set up when media is attached; ``frames`` are names."""

    mode: ValidationMode
    frames: list[str] | None = None


class TaskValidationLayout(Record, kw_only=True):
    """The ground truth of a task on the wire; ``mode`` is null where there is none."""

    mode: ValidationMode | None = None
    frames_per_job_count: int | None = None
    validation_frames: list[int] = []
    disabled_frames: list[int] = []
    honeypot_count: int = 0
    honeypot_frames: list[int] = []
    honeypot_real_frames: list[int] = []


class JobValidationLayout(Record, kw_only=True):
    """The ground-truth frames hidden in a job on the wire: none, see :class:`ValidationMode`."""

    honeypot_count: int = 0
    honeypot_frames: list[int] = []
    honeypot_real_frames: list[int] = []
