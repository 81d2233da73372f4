"""Where the tracks of a task are on each frame, as items.

All geometry comes from :mod:`cvat_lab.ops.tracks`. Keyframes on frames that are not exported still shape the way; the
exported frames beside them then count as keyframes, so that an import sees the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cvat_lab.formats.dataset import Dataset, TaskInfo, rows_of_task
from cvat_lab.formats.decoding import Decoder, point_lists
from cvat_lab.formats.items import ShapeItem
from cvat_lab.formats.labels import LabelEntry
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.interpolation import SHAPE_TYPES
from cvat_lab.ops.keyframes import KeyframeColumns
from cvat_lab.ops.tracks import ShapeColumns, interpolate_frames

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class TrackHead:
    """What is the same on all positions of a track. ``parent`` is the id of its skeleton's track."""

    id: int
    label: LabelEntry
    group: int
    source: str
    parent: int | None


@dataclass(frozen=True)
class Position:
    """A track on a frame; ``frame`` is a number within the task."""

    track: TrackHead
    frame: int
    shape: ShapeItem


class TrackRows:
    """The tracks of one task.

    Parameters
    ----------
    dataset, task
        Where they are. A track ends with its job, where the dataset says which job it is from.
    decimals
        Digits that coordinates are rounded to; ``None`` = as they are.
    """

    def __init__(self, dataset: Dataset, task: TaskInfo, *, decimals: int | None = None) -> None:
        self._live = dataset.task_frames[task.id].live_numbers
        tracks = rows_of_task(dataset.annotations.tracks, task.id)
        keyframes = rows_of_task(dataset.annotations.keyframes, task.id)
        self._count: int = tracks.num_rows
        decoder = Decoder(dataset.labels, decimals)
        stops = _last_frames(tracks, task)
        is_element = ~np.asarray(tracks["parent_id"].is_null().to_numpy(), dtype=np.bool_)
        self.parts: list[TrackPart] = []
        for stop in np.unique(stops).tolist():
            for elements in (False, True):
                chosen = tracks.filter(pa.array((stops == stop) & (is_element == elements)))
                if chosen.num_rows:
                    self.parts.append(
                        TrackPart(decoder, chosen, keyframes, self._live[self._live <= stop], elements=elements)
                    )

    def __len__(self) -> int:
        """Return the number of tracks; the points of skeletons count."""
        return self._count

    def visible(self, first: int, last: int) -> Iterator[tuple[int, ShapeItem]]:
        """Yield frame number and shape of every object that is visible on the frames ``first .. last``."""
        elements: dict[tuple[int, int], list[ShapeItem]] = {}
        for part in self.parts:
            for position in part.positions(first, last):
                shape = position.shape
                if position.track.parent is not None:
                    elements.setdefault((position.track.parent, position.frame), []).append(shape)
                    continue
                if shape.type is ShapeType.SKELETON:
                    shape.elements = elements.setdefault((position.track.id, position.frame), [])
                shape.track_id = position.track.id
                yield position.frame, shape


class TrackPart:
    """Tracks that end on the same frame.

    Parameters
    ----------
    tracks, keyframes
        Their rows; keyframes of other tracks are passed over.
    live
        Frames that the tracks may be on and that are exported.
    elements
        Whether they are the points of skeletons, which are of interest even where they are hidden.
    """

    def __init__(
        self, decoder: Decoder, tracks: pa.Table, keyframes: pa.Table, live: Integers, *, elements: bool
    ) -> None:
        self.is_elements = elements
        self._decimals = decoder.decimals
        self._live = live
        rows = keyframes.filter(pc.is_in(keyframes["track_id"], value_set=tracks["id"].combine_chunks()))
        self._columns = KeyframeColumns.from_arrow(rows)
        self._occluded: list[bool] = rows["occluded"].to_pylist()
        self._z_order: list[int] = rows["z_order"].to_pylist()
        self._heads = self._read_heads(decoder, tracks)
        self._attributes = self._spread_attributes(decoder, tracks, rows)
        self._beside = _frames_beside(self._columns, live)

    def positions(self, first: int, last: int, *, hidden: bool | None = None) -> Iterator[Position]:
        """Yield the positions on exported frames, ordered by track, then by frame.

        Parameters
        ----------
        first, last
            Frame numbers, both included.
        hidden
            Also those where the object is outside; by default only for the points of skeletons.
        """
        numbers = self._live[np.searchsorted(self._live, first) : np.searchsorted(self._live, last, "right")]
        hidden = self.is_elements if hidden is None else hidden
        for shapes in interpolate_frames(self._columns, numbers, outside=hidden):
            yield from self._decode(shapes)

    def _decode(self, shapes: ShapeColumns) -> Iterator[Position]:
        track, frame = shapes.track, shapes.frame
        is_keyframe = shapes.is_keyframe | np.isin(_keys(self._columns, track, frame), self._beside)
        for number, at, place, kind, points, rotation, outside, keyframe in zip(
            track.tolist(),
            frame.tolist(),
            shapes.keyframe.tolist(),
            shapes.kind.tolist(),
            point_lists(shapes.points, self._decimals),
            shapes.rotation.tolist(),
            shapes.outside.tolist(),
            is_keyframe.tolist(),
            strict=True,
        ):
            head = self._heads[number]
            shape = ShapeItem(
                head.label.name,
                SHAPE_TYPES[kind],
                points,
                rotation,
                self._occluded[place],
                outside,
                self._z_order[place],
                head.group,
                head.source,
                1.0,
                self._attributes[place],
                (),
                -1,
                keyframe,
            )
            yield Position(head, at, shape)

    def _read_heads(self, decoder: Decoder, tracks: pa.Table) -> list[TrackHead]:
        """Return the tracks in the order of the columns."""
        labels = decoder.labels(tracks)
        by_id = {
            number: TrackHead(number, label, group, source, parent)
            for number, label, group, source, parent in zip(
                tracks["id"].to_pylist(),
                labels,
                tracks["group"].to_pylist(),
                tracks["source"].to_pylist(),
                tracks["parent_id"].to_pylist(),
                strict=True,
            )
        }
        return [by_id[number] for number in self._columns.track_ids.tolist()]

    def _spread_attributes(self, decoder: Decoder, tracks: pa.Table, rows: pa.Table) -> list[dict[str, str]]:
        """Return all attributes as of each keyframe; a mutable one keeps its value until it gets another."""
        constant = dict(zip(tracks["id"].to_pylist(), decoder.attributes(tracks, decoder.labels(tracks)), strict=True))
        labels = [self._heads[number].label for number in self._columns.track.tolist()]
        given = decoder.attributes(rows, labels, defaults=False)
        found: list[dict[str, str]] = []
        last = -1
        for number, changes in zip(self._columns.track.tolist(), given, strict=True):
            before = found[-1] if number == last else constant[self._heads[number].id]
            found.append({**before, **changes} if changes else before)
            last = number
        return found


def _last_frames(tracks: pa.Table, task: TaskInfo) -> Integers:
    """Return the last frame of each track's job; the largest number there is, where the job is not known."""
    forever = np.iinfo(np.int64).max
    stops = {segment.id: segment.stop for segment in task.segments}
    return np.array([stops.get(job, forever) for job in tracks["job_id"].to_pylist()], dtype=np.int64)


def _keys(columns: KeyframeColumns, track: Integers, frame: Integers) -> Integers:
    return track * (1 << 40) + frame


def _frames_beside(columns: KeyframeColumns, live: Integers) -> Integers:
    """Return keys of the exported frames right before and after keyframes that are not exported."""
    lost = ~np.isin(columns.frame, live)
    if not lost.any() or live.size == 0:
        return np.zeros(0, dtype=np.int64)
    track, frame = columns.track[lost], columns.frame[lost]
    after = np.searchsorted(live, frame)
    keys = [
        _keys(columns, track[inside], live[place[inside]])
        for place, inside in ((after, after < live.size), (after - 1, after > 0))
    ]
    return np.unique(np.concatenate(keys))
