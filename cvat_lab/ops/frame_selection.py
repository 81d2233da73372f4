"""Picking the frames of a ground-truth job.

Random choices are made with the generator that CVAT uses, so that equal seeds pick equal frames.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.validation import FrameNumbers, FrameSelection


def select_frames(
    choice: FrameNumbers, wanted: Sequence[int] | None, frames: Sequence[int], jobs: Sequence[range]
) -> list[int]:
    """Return the chosen frame numbers, ascending.

    Parameters
    ----------
    wanted
        Frames that were named, for the manual method.
    frames
        The frames of the task that may be picked, ascending.
    jobs
        The frames of each of its jobs; shares refer to these, deleted ones included.

    Raises
    ------
    InvalidInputError
        The method lacks a number, has one that belongs to another method, or asks for frames that are not there.
    """
    method = check_choice(choice, names_frames=wanted is not None)
    if method is FrameSelection.MANUAL:
        return _named(wanted, frames)
    generator = np.random.Generator(np.random.MT19937(choice.random_seed))
    if method is FrameSelection.RANDOM_UNIFORM:
        return _uniform(generator, choice, frames, size=max(job.stop for job in jobs))
    return _per_job(generator, choice, frames, jobs)


_FIELDS = {
    FrameSelection.MANUAL: {"frames"},
    FrameSelection.RANDOM_UNIFORM: {"frame_count", "frame_share"},
    FrameSelection.RANDOM_PER_JOB: {"frames_per_job_count", "frames_per_job_share"},
}


def check_choice(choice: FrameNumbers, *, names_frames: bool) -> FrameSelection:
    """Return the method of a choice that says how many frames, or which, in exactly one way, and that the right one.

    Parameters
    ----------
    names_frames
        Whether the choice comes with a list of frames.

    Raises
    ------
    InvalidInputError
        The message names the field that is missing, or too many.
    """
    method = choice.frame_selection_method
    if method is None:
        raise InvalidInputError("say how to pick the frames", field="frame_selection_method")
    numbers = _FIELDS[FrameSelection.RANDOM_UNIFORM] | _FIELDS[FrameSelection.RANDOM_PER_JOB]
    given = {name for name in numbers if getattr(choice, name) is not None} | ({"frames"} if names_frames else set())
    if strange := given - _FIELDS[method]:
        name = min(strange)
        raise InvalidInputError(f"{name} does not belong to the method {method}", field=name)
    if len(given) != 1:
        names = " or ".join(sorted(_FIELDS[method]))
        raise InvalidInputError(f"the method {method} needs {names}, one of them", field=min(_FIELDS[method]))
    return method


def _named(wanted: Sequence[int] | None, frames: Sequence[int]) -> list[int]:
    numbers = list(wanted or ())
    if not numbers:
        raise InvalidInputError("name at least one frame", field="frames")
    if len(set(numbers)) < len(numbers):
        raise InvalidInputError("a frame is named twice", field="frames")
    if strange := sorted(set(numbers) - set(frames)):
        raise InvalidInputError(f"the task has no frame {strange[0]}", field="frames")
    return sorted(numbers)


def _uniform(generator: np.random.Generator, choice: FrameNumbers, frames: Sequence[int], size: int) -> list[int]:
    count = choice.frame_count or max(1, int((choice.frame_share or 0) * size))
    if count > len(frames):
        raise InvalidInputError(
            f"{count} frames are asked for, but the task has {len(frames)} that can be picked", field="frame_count"
        )
    return sorted(generator.choice(list(frames), size=count, shuffle=False, replace=False).tolist())


def _per_job(
    generator: np.random.Generator, choice: FrameNumbers, frames: Sequence[int], jobs: Sequence[range]
) -> list[int]:
    """Pick frames in each job; those of an overlap count for both neighbours."""
    allowed, picked = set(frames), set[int]()
    for job in jobs:
        own = [frame for frame in job if frame in allowed]
        count = choice.frames_per_job_count or max(1, int((choice.frames_per_job_share or 0) * len(job)))
        missing = min(count, len(own)) - sum(frame in picked for frame in own)
        if missing > 0:
            free = [frame for frame in own if frame not in picked]
            picked.update(generator.choice(free, size=missing, shuffle=False, replace=False).tolist())
    if not picked:
        raise InvalidInputError("no frame can be picked: all are deleted", field="frames_per_job_count")
    return sorted(picked)
