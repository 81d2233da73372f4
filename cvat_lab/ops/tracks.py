"""Tracks frame by frame: many at once as columns, or a single one as a record.

Between two keyframes the points come from :mod:`cvat_lab.ops.interpolation`. Before its first keyframe a track does not
exist, after the last one it stays as it is, and from an outside keyframe to the next one it is hidden.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from msgspec.structs import replace
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import AttributeValue, TrackedShape
from cvat_lab.model.track import Track
from cvat_lab.ops.interpolation import SHAPE_TYPES, Codes, interpolate_points, interpolate_rotation, kind_codes
from cvat_lab.ops.keyframes import KeyframeColumns
from cvat_lab.ops.ragged import Floats, Integers, Ragged, spread

_BLOCK_NUMBERS = 1 << 18
"""Coordinates per block of an export; small enough for the processor's cache, large enough for numpy."""


@dataclass(frozen=True)
class ShapeColumns:
    """Shapes of tracks on frames, one row each.

    Attributes
    ----------
    source
        The keyframes they were computed from.
    keyframe
        Row, in ``source``, of the keyframe at or before the shape. Occluded, z_order and attributes are taken from it.
    frame
        Frame number, int64.
    points
        Flat coordinates in pixels.
    rotation
        Degrees, float64.
    """

    source: KeyframeColumns
    keyframe: Integers
    frame: Integers
    points: Ragged
    rotation: Floats

    def __len__(self) -> int:
        return self.frame.size

    @property
    def track(self) -> Integers:
        """Row, in ``source``, of each shape's track."""
        return self.source.track[self.keyframe]

    @property
    def kind(self) -> Codes:
        """Shape types, see :data:`cvat_lab.ops.interpolation.SHAPE_TYPES`."""
        return self.source.kind[self.keyframe]

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Whether the object is hidden; never true unless outside shapes were asked for."""
        return self.source.outside[self.keyframe]

    @property
    def is_keyframe(self) -> NDArray[np.bool_]:
        """Whether the shape is a keyframe itself."""
        exact: NDArray[np.bool_] = self.source.frame[self.keyframe] == self.frame
        return exact

    def by_frame(self) -> ShapeColumns:
        """Return the same shapes ordered by frame, then by track."""
        order = np.lexsort((self.keyframe, self.frame))
        return ShapeColumns(
            self.source, self.keyframe[order], self.frame[order], self.points.take(order), self.rotation[order]
        )

    def to_arrow(self) -> pa.Table:
        """Return ``track_id, frame, type, points, rotation, outside, keyframe`` (true on keyframes)."""
        types = pa.DictionaryArray.from_arrays(pa.array(self.kind), pa.array([kind.value for kind in SHAPE_TYPES]))
        return pa.table(
            {
                "track_id": self.source.track_ids[self.track],
                "frame": self.frame,
                "type": types,
                "points": self.points.to_arrow(),
                "rotation": self.rotation,
                "outside": self.outside,
                "keyframe": self.is_keyframe,
            }
        )


def interpolate_at(columns: KeyframeColumns, frame: int, *, outside: bool = False) -> ShapeColumns:
    """Return the shape of every track that exists on a frame.

    Parameters
    ----------
    columns
        Keyframes.
    frame
        Frame number.
    outside
        Also return hidden shapes.
    """
    keyframe, _, count = _spans(columns, np.array([frame]), outside)
    return _shapes(columns, keyframe, count, np.full(keyframe.size, frame))


def interpolate_frames(
    columns: KeyframeColumns, frames: Iterable[int], *, outside: bool = False
) -> Iterator[ShapeColumns]:
    """Yield the shapes of all tracks on some frames, in blocks, ordered by track, then by frame.

    Parameters
    ----------
    columns
        Keyframes.
    frames
        Frame numbers, ascending; for example ``range(0, 3000)``, or the frames of a job without the deleted ones.
    outside
        Also yield hidden shapes.

    Raises
    ------
    InvalidInputError
        The frames are not ascending.
    """
    numbers = np.fromiter(frames, dtype=np.int64)
    if np.any(numbers[1:] <= numbers[:-1]):
        raise InvalidInputError("Frames must be ascending and different; sort them first", field="frames")
    keyframe, first, count = _split(columns, *_spans(columns, numbers, outside))
    size = np.cumsum(count * _row_sizes(columns)[keyframe])
    edges = np.searchsorted(size, np.arange(0, size[-1] if size.size else 0, _BLOCK_NUMBERS), side="right")
    for start, stop in pairwise(np.unique(np.append(edges, keyframe.size))):
        block = slice(start, stop)
        yield _shapes(columns, keyframe[block], count[block], numbers[spread(first[block], count[block])])


def track_at(track: Track, frame: int) -> TrackedShape | None:
    """Return the shape of a track on a frame, or ``None`` before its first keyframe.

    Parameters
    ----------
    track
        A track with its keyframes in order. The elements of a skeleton are tracks of their own.
    frame
        Frame number.

    Returns
    -------
    TrackedShape
        On a keyframe it has the keyframe's id, elsewhere none. ``outside`` says that it is hidden. ``attributes`` are
        the mutable ones, those inherited from earlier keyframes included.
    """
    number = bisect_right(track.shapes, frame, key=lambda shape: shape.frame)
    if number == 0:
        return None
    left = track.shapes[number - 1]
    attributes = _latest(shape.attributes for shape in track.shapes[:number])
    if left.frame == frame:
        return replace(left, points=list(left.points), attributes=attributes)
    shape = replace(left, id=None, frame=frame, points=list(left.points), attributes=attributes)
    if number < len(track.shapes) and track.shapes[number].type is left.type:
        right = track.shapes[number]
        kind, t = kind_codes([left.type.value]), np.array([(frame - left.frame) / (right.frame - left.frame)])
        points = interpolate_points(kind, Ragged.from_rows([left.points]), Ragged.from_rows([right.points]), t)
        shape.points = points.values.tolist()
        shape.rotation = float(
            interpolate_rotation(kind, np.array([left.rotation]), np.array([right.rotation]), t).item()
        )
    return shape


def attributes_at(track: Track, frame: int, defaults: Sequence[AttributeValue] = ()) -> list[AttributeValue]:
    """Return the values of all attributes of a track on a frame.

    Parameters
    ----------
    track
        A track with its keyframes in order.
    frame
        Frame number. A mutable attribute has the value of the last keyframe at or before it that names one.
    defaults
        Default values of the label's attributes, for those that nothing sets.
    """
    shapes = (shape.attributes for shape in track.shapes if shape.frame <= frame)
    return _latest((defaults, track.attributes, *shapes))


def normalize_track(track: Track, *, where: str = "track") -> Track:
    """Return a track, and the tracks of its elements, the way the rest of cvat_lab expects it.

    The keyframes are put in order. When the first one comes after the track's ``frame``, a hidden copy of it is added
    there; when it comes before, ``frame`` moves to it.

    Parameters
    ----------
    track
        Left unchanged.
    where
        Names the track in error messages.

    Raises
    ------
    InvalidInputError
        There is no keyframe, two are on one frame, or they differ in type.
    """
    if not track.shapes:
        raise InvalidInputError(f"{where}: a track needs at least one keyframe", field="shapes")
    shapes = sorted(track.shapes, key=lambda shape: shape.frame)
    for left, right in pairwise(shapes):
        if left.frame == right.frame:
            raise InvalidInputError(f"{where}: two keyframes on frame {left.frame}; keep one of them", field="shapes")
        if left.type is not right.type:
            raise InvalidInputError(
                f"{where}: the type is {left.type} on frame {left.frame} and {right.type} on frame {right.frame}; "
                "the keyframes of a track are of one type",
                field="type",
            )
    if shapes[0].frame > track.frame:
        shapes.insert(0, replace(shapes[0], frame=track.frame, outside=True, id=None))
    elements = [
        normalize_track(element, where=f"{where}, element {number}") for number, element in enumerate(track.elements)
    ]
    return replace(track, frame=shapes[0].frame, shapes=shapes, elements=elements)


def _spans(columns: KeyframeColumns, frames: Integers, outside: bool) -> tuple[Integers, Integers, Integers]:
    """Return the keyframes that the shapes on these frames start from, and where and how many frames each one has."""
    if frames.size == 0:
        return (np.zeros(0, dtype=np.int64),) * 3
    high = columns.last_at(int(frames[-1]))
    low = high if frames.size == 1 else columns.last_at(int(frames[0]))
    low = np.maximum(low, columns.track_offsets[:-1])
    keyframe = spread(low, np.maximum(high - low + 1, 0))
    first = np.searchsorted(frames, columns.frame[keyframe])
    count = np.diff(first, append=frames.size)
    last = np.flatnonzero(np.diff(columns.track[keyframe], append=-1))
    count[last] = frames.size - first[last]
    shown = count > 0 if outside else (count > 0) & ~columns.outside[keyframe]
    return keyframe[shown], first[shown], count[shown]


def _split(
    columns: KeyframeColumns, keyframe: Integers, first: Integers, count: Integers
) -> tuple[Integers, Integers, Integers]:
    """Cut spans that would not fit into one block."""
    most = np.maximum(_BLOCK_NUMBERS // _row_sizes(columns)[keyframe], 1)
    pieces = -(-count // most)
    if not np.any(pieces > 1):
        return keyframe, first, count
    offset = spread(np.zeros_like(pieces), pieces) * np.repeat(most, pieces)
    rest = np.repeat(count, pieces) - offset
    return np.repeat(keyframe, pieces), np.repeat(first, pieces) + offset, np.minimum(rest, np.repeat(most, pieces))


def _row_sizes(columns: KeyframeColumns) -> Integers:
    """Return what a row of each keyframe adds to a block; skeletons have no points, but their rows count, too."""
    return np.maximum(columns.points.lengths, 1)


def _shapes(columns: KeyframeColumns, keyframe: Integers, count: Integers, frame: Integers) -> ShapeColumns:
    """Work out the shapes of some spans: ``count`` frames from each keyframe on."""
    right = columns.next[keyframe]
    start = columns.frame[keyframe]
    # A keyframe that moves nowhere never gets there.
    length = np.where(right > keyframe, columns.frame[right] - start, np.inf)
    rows = np.repeat(keyframe, count)
    t = (frame - np.repeat(start, count)) / np.repeat(length, count)
    rotation = columns.rotation[rows]
    if rotation.any() or columns.rotation[right].any():
        rotation = interpolate_rotation(columns.kind[rows], rotation, columns.rotation[columns.next[rows]], t)
    return ShapeColumns(columns, rows, frame, columns.pairs.at(keyframe, count, t), rotation)


def _latest(values: Iterable[Iterable[AttributeValue]]) -> list[AttributeValue]:
    """Return one value per attribute, the last of those that are given."""
    found = {value.spec_id: value for group in values for value in group}
    return list(found.values())
