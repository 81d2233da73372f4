"""Walks through the frames of a dataset in order, each with the tags and shapes on it.

A window of frames is decoded at a time, so that a large dataset never exists as Python objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.formats.dataset import DEFAULT_SUBSET, Dataset, TaskInfo, rows_of_task
from cvat_lab.formats.decoding import Decoder, nest_elements
from cvat_lab.formats.items import FrameItem, ShapeItem, TagItem
from cvat_lab.formats.positions import TrackRows

WINDOW = 10_000
"""Rows that are decoded at a time."""

VIDEO_EXTENSION = ".PNG"


def bare_frame_items(dataset: Dataset, *, subset: str | None = None) -> Iterator[FrameItem]:
    """Yield the frames that are not deleted, without annotations."""
    for task in _tasks(dataset, subset):
        frames = dataset.task_frames[task.id]
        for place in np.flatnonzero(frames.live).tolist():
            number = int(frames.numbers[place])
            yield FrameItem(
                name=frames.names[place],
                number=task.absolute(number),
                width=frames.widths[place],
                height=frames.heights[place],
                subset=task.subset or DEFAULT_SUBSET,
                task_id=task.id,
                frame=number,
                extension=VIDEO_EXTENSION if task.is_video else "",
            )


def frame_items(
    dataset: Dataset, *, tracks: bool = True, subset: str | None = None, decimals: int | None = None
) -> Iterator[FrameItem]:
    """Yield the frames that are not deleted, with their tags and shapes in drawing order.

    Parameters
    ----------
    dataset
        What is exported.
    tracks
        Also put the position of every visible track on each frame, with its ``track_id`` and ``keyframe``.
    subset
        Only tasks of this subset.
    decimals
        Digits that coordinates are rounded to; ``None`` = as they are.
    """
    bare = bare_frame_items(dataset, subset=subset)
    for task in _tasks(dataset, subset):
        content = _TaskContent(dataset, task, tracks=tracks, decimals=decimals)
        for numbers in content.windows():
            tags, shapes = content.decode(numbers)
            for number in numbers.tolist():
                item = next(bare)
                item.tags = tags.pop(number, [])
                item.shapes = shapes.pop(number, [])
                yield item


class _TaskContent:
    """The annotations of one task, read window by window."""

    def __init__(self, dataset: Dataset, task: TaskInfo, *, tracks: bool, decimals: int | None) -> None:
        self.numbers = dataset.task_frames[task.id].live_numbers
        self.tags = rows_of_task(dataset.annotations.tags, task.id)
        self.shapes = rows_of_task(dataset.annotations.shapes, task.id)
        self.tracks = TrackRows(dataset, task, decimals=decimals) if tracks else None
        self.decoder = Decoder(dataset.labels, decimals)

    def windows(self) -> Iterator[NDArray[np.int64]]:
        """Yield frame numbers, as many at a time as make about :data:`WINDOW` rows."""
        rows = np.ones(len(self.numbers), dtype=np.int64)
        for table in (self.tags, self.shapes):
            rows += _between(table, self.numbers, self.numbers)
        if self.tracks is not None:
            rows += len(self.tracks)
        window = np.cumsum(rows) // WINDOW
        yield from np.split(self.numbers, np.flatnonzero(np.diff(window)) + 1)

    def decode(self, numbers: NDArray[np.int64]) -> tuple[dict[int, list[TagItem]], dict[int, list[ShapeItem]]]:
        """Return the tags and the shapes of some frames by frame number."""
        if len(numbers) == 0:
            return {}, {}
        first, last = int(numbers[0]), int(numbers[-1])
        tag_rows, shape_rows = _slice(self.tags, first, last), _slice(self.shapes, first, last)
        tags: dict[int, list[TagItem]] = {}
        for frame, tag in zip(tag_rows["frame"].to_pylist(), self.decoder.tags(tag_rows), strict=True):
            tags.setdefault(frame, []).append(tag)
        shapes: dict[int, list[ShapeItem]] = {}
        for frame, shape in nest_elements(shape_rows, self.decoder.shapes(shape_rows)):
            shapes.setdefault(frame, []).append(shape)
        if self.tracks is not None:
            for frame, shape in self.tracks.visible(first, last):
                shapes.setdefault(frame, []).append(shape)
        for found in shapes.values():
            found.sort(key=attrgetter("z_order"))
        return tags, shapes


def _tasks(dataset: Dataset, subset: str | None) -> list[TaskInfo]:
    return dataset.info.tasks if subset is None else dataset.subsets.get(subset, [])


def _between(table: pa.Table, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many rows lie on the frames from ``first`` to ``last``."""
    frames = table["frame"].to_numpy()
    return np.asarray(np.searchsorted(frames, last, "right") - np.searchsorted(frames, first, "left"))


def _slice(table: pa.Table, first: int, last: int) -> pa.Table:
    frames = table["frame"].to_numpy()
    start, stop = np.searchsorted(frames, [first, last + 1])
    return table.slice(start, stop - start)
