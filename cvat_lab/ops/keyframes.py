"""Keyframes of many tracks as columns, the form in which tracks are computed with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import TrackedShape
from cvat_lab.model.track import Track
from cvat_lab.ops.interpolation import Codes, ShapePairs, kind_codes
from cvat_lab.ops.ragged import Floats, Integers, Ragged, starts


@dataclass(frozen=True)
class KeyframeColumns:
    """The keyframes of many tracks, one row each, ordered by track and frame.

    Attributes
    ----------
    track_ids
        Id of each track, int64.
    track_offsets
        Track ``i`` has the keyframes ``track_offsets[i]`` to ``track_offsets[i + 1]``, int64.
    frame
        Frame number, int64; ascending within a track.
    kind
        Shape type, see :data:`cvat_lab.ops.interpolation.SHAPE_TYPES`.
    points
        Flat coordinates in pixels.
    rotation
        Degrees, float64.
    outside
        Whether the object is hidden from here to the next keyframe.

    Notes
    -----
    What is never interpolated (occluded, z_order, attributes) needs no column: every computed shape names its keyframe.
    """

    track_ids: Integers
    track_offsets: Integers
    frame: Integers
    kind: Codes
    points: Ragged
    rotation: Floats
    outside: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.frame.size

    @classmethod
    def from_tracks(cls, tracks: Iterable[Track]) -> KeyframeColumns:
        """Read tracks, whose keyframes must be in order; see :func:`cvat_lab.ops.tracks.normalize_track`.

        The tracks of a skeleton's elements follow their skeleton: row ``i`` is the i-th of :func:`flatten_tracks`. A
        track without an id gets its position as id.
        """
        rows = list(flatten_tracks(tracks))
        shapes: list[TrackedShape] = [shape for track in rows for shape in track.shapes]
        return cls(
            track_ids=np.array([position if row.id is None else row.id for position, row in enumerate(rows)], np.int64),
            track_offsets=starts(np.array([len(track.shapes) for track in rows], dtype=np.int64)),
            frame=np.array([shape.frame for shape in shapes], dtype=np.int64),
            kind=kind_codes([shape.type.value for shape in shapes]),
            points=Ragged.from_rows([shape.points for shape in shapes]),
            rotation=np.array([shape.rotation for shape in shapes], dtype=np.float64),
            outside=np.array([shape.outside for shape in shapes], dtype=np.bool_),
        )

    @classmethod
    def from_arrow(cls, table: pa.Table) -> KeyframeColumns:
        """Read the columns ``track_id, frame, type, points, rotation, outside``, in any order of rows.

        Raises
        ------
        InvalidInputError
            A track has two keyframes on one frame, or a shape type is unknown.
        """
        track_id, frame = _integers(table, "track_id"), _integers(table, "frame")
        if np.any((track_id[1:] < track_id[:-1]) | ((track_id[1:] == track_id[:-1]) & (frame[1:] <= frame[:-1]))):
            table = table.take(pa.array(np.lexsort((frame, track_id))))
            track_id, frame = _integers(table, "track_id"), _integers(table, "frame")
            _refuse_duplicates(track_id, frame)
        track_ids, first = np.unique(track_id, return_index=True)
        return cls(
            track_ids=track_ids,
            track_offsets=np.append(first, frame.size),
            frame=frame,
            kind=kind_codes(table["type"]),
            points=Ragged.from_arrow(table["points"]),
            rotation=table["rotation"].to_numpy().astype(np.float64, copy=False),
            outside=table["outside"].to_numpy(),
        )

    def without_frames(self, frames: Iterable[int]) -> KeyframeColumns:
        """Return the columns without the keyframes on some frames; CVAT ignores keyframes on deleted frames.

        Tracks that have no other keyframe are gone, too.
        """
        keep = np.flatnonzero(~np.isin(self.frame, np.fromiter(frames, dtype=np.int64)))
        tracks, first = np.unique(self.track[keep], return_index=True)
        return KeyframeColumns(
            track_ids=self.track_ids[tracks],
            track_offsets=np.append(first, keep.size),
            frame=self.frame[keep],
            kind=self.kind[keep],
            points=self.points.take(keep),
            rotation=self.rotation[keep],
            outside=self.outside[keep],
        )

    @cached_property
    def track(self) -> Integers:
        """Row of each keyframe's track."""
        return np.repeat(np.arange(self.track_ids.size), np.diff(self.track_offsets))

    @cached_property
    def next(self) -> Integers:
        """Row of the keyframe that each one moves to: itself if there is no further one, or none of its type."""
        rows = np.arange(len(self))
        moves = np.zeros(len(self), dtype=np.bool_)
        moves[:-1] = (self.track[1:] == self.track[:-1]) & (self.kind[1:] == self.kind[:-1])
        return rows + moves

    @cached_property
    def pairs(self) -> ShapePairs:
        """The shapes between each keyframe and the next."""
        return ShapePairs(self.kind, self.points, np.arange(len(self)), self.next)

    def last_at(self, frame: int) -> Integers:
        """Return, per track, the row of its last keyframe at or before a frame.

        Where there is none, the result is smaller than the track's first row.
        """
        inside = min(max(frame, -1), self._stride - 2)
        return np.searchsorted(self._keys, np.arange(self.track_ids.size) * self._stride + inside, side="right") - 1

    @cached_property
    def _stride(self) -> int:
        return int(self.frame.max(initial=0)) + 2

    @cached_property
    def _keys(self) -> Integers:
        """One ascending number per keyframe, for searching in all tracks at once."""
        return self.track * self._stride + self.frame


def flatten_tracks(tracks: Iterable[Track]) -> Iterator[Track]:
    """Yield every track, and after each skeleton the tracks of its elements."""
    for track in tracks:
        yield track
        yield from flatten_tracks(track.elements)


def _integers(table: pa.Table, name: str) -> Integers:
    return pc.cast(table[name], pa.int64()).to_numpy()  # type: ignore[no-any-return]


def _refuse_duplicates(track_id: Integers, frame: Integers) -> None:
    double = np.flatnonzero((track_id[1:] == track_id[:-1]) & (frame[1:] == frame[:-1]))
    if double.size:
        raise InvalidInputError(
            f"Track {track_id[double[0]]} has two keyframes on frame {frame[double[0]]}; remove one", field="frame"
        )
