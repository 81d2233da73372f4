"""How the frames of a task are picked from its media, and divided into jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.data import MediaKind

DEFAULT_VIDEO_OVERLAP = 5
"""Frames that neighbouring jobs of a video share unless the author says otherwise, so that tracks can be joined."""


class Segment(NamedTuple):
    """Frames of one job: ``start .. stop``, both inclusive."""

    start: int
    stop: int


def segments(size: int, segment_size: int, overlap: int | None, kind: MediaKind) -> list[Segment]:
    """Divide the frames of a task into jobs.

    Parameters
    ----------
    size
        Number of frames, at least 1.
    segment_size
        Frames per job; 0, or more than ``size``, makes one job of everything.
    overlap
        Frames that neighbouring jobs share. ``None`` = 5 for video and 0 for images. At most half a segment is used.

    Raises
    ------
    InvalidInputError
        A number is negative, or there are no frames.
    """
    if size < 1:
        raise InvalidInputError(f"A task of {size} frames cannot be divided into jobs")
    if segment_size < 0:
        raise InvalidInputError(f"segment_size must not be negative, got {segment_size}", field="segment_size")
    if overlap is not None and overlap < 0:
        raise InvalidInputError(f"overlap must not be negative, got {overlap}", field="overlap")
    if segment_size == 0 or segment_size >= size:
        return [Segment(0, size - 1)]
    shared = used_overlap(segment_size, overlap, kind)
    starts = range(0, size - shared, segment_size - shared)
    return [Segment(start, min(start + segment_size, size) - 1) for start in starts]


def used_overlap(segment_size: int, overlap: int | None, kind: MediaKind) -> int:
    """Return the frames that neighbouring jobs of ``segment_size`` frames really share."""
    wanted = overlap if overlap is not None else DEFAULT_VIDEO_OVERLAP if kind is MediaKind.VIDEO else 0
    return min(wanted, segment_size // 2)


def frame_range(size: int, start: int = 0, stop: int | None = None, step: int = 1) -> range:
    """Return the source numbers of a task's frames: frame ``k`` shows source ``start + k * step``.

    Parameters
    ----------
    size
        Number of sources: images, or frames of the video.
    start, stop
        First and last source, both inclusive. ``None``, or more than there are, means the last one.

    Raises
    ------
    InvalidInputError
        Nothing is left.
    """
    if step < 1:
        raise InvalidInputError(f"The frame step must be at least 1, got {step}", field="frame_filter")
    if not 0 <= start < size:
        raise InvalidInputError(f"start_frame is {start}, but the media has frames 0..{size - 1}", field="start_frame")
    last = size - 1 if stop is None else min(stop, size - 1)
    if last < start:
        raise InvalidInputError(f"stop_frame {stop} comes before start_frame {start}", field="stop_frame")
    return range(start, last + 1, step)


def to_ranges(numbers: Iterable[int]) -> list[int]:
    """Return frame numbers as flat pairs ``[first, last, first, last, ...]``, ascending, both ends included."""
    ranges: list[int] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1] + 1:
            ranges[-1] = number
        else:
            ranges += [number, number]
    return ranges


def frame_step(frame_filter: str) -> int:
    """Return the N of a frame filter ``step=N``; the empty filter takes every frame.

    Raises
    ------
    InvalidInputError
        The filter says anything else.
    """
    if not frame_filter.strip():
        return 1
    match = re.fullmatch(r"\s*step\s*=\s*([1-9]\d*)\s*", frame_filter)
    if match is None:
        raise InvalidInputError(f"frame_filter must read 'step=N', N > 0; got {frame_filter!r}", field="frame_filter")
    return int(match[1])
