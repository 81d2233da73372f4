"""The one interpolation routine: shapes between two keyframes, for every kind of shape.

Everything that shows a track between its keyframes comes through here or through its twin in TypeScript,
``widgets/ts/canvas/src/model/interpolation.ts``; ``tests/golden/interpolation.json`` holds both to the same numbers.
How the points of a kind move is said by ``interpolates`` in :data:`cvat_lab.model.shape.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import KINDS, ShapeType
from cvat_lab.ops.blending import blend
from cvat_lab.ops.contours import Contours, Matches, match_contours
from cvat_lab.ops.match_store import MatchStore
from cvat_lab.ops.ragged import Floats, Integers, Ragged, interleave, repeat_rows, spread, starts

Codes = NDArray[np.int8]
"""Shape types as positions in :data:`SHAPE_TYPES`."""

SHAPE_TYPES: Final = tuple(ShapeType)
_CODES: Final = {kind.value: code for code, kind in enumerate(SHAPE_TYPES)}
_MODES: Final = np.array([KINDS[kind].interpolates for kind in SHAPE_TYPES])
_TURNING: Final = np.isin(SHAPE_TYPES, ["rectangle", "ellipse", "cuboid", "skeleton"])

_HOLD: Final = 0
_CONTOUR: Final = -1
"""How a pair moves; a positive number says *linear*, and how many coordinates there are."""


class ShapePairs:
    """Pairs of keyframes, and the shapes between them.

    Parameters
    ----------
    kinds
        Type of each pair's shapes.
    points
        Rows of points.
    left, right
        Rows of each pair's two keyframes. A pair of a row with itself is a shape that stays as it is.
    """

    def __init__(self, kinds: Codes, points: Ragged, left: Integers, right: Integers) -> None:
        self._points = points
        self._left = left
        self._right = right
        self._closed = kinds == _CODES["polygon"]
        self._ways = _ways(_MODES[kinds], points.lengths[left], points.lengths[right])
        self._matches = MatchStore(left.size, self._match)

    def at(self, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
        """Return the points of some pairs at some moments.

        Parameters
        ----------
        pairs
            Pairs to work out, shape (p,).
        repeats
            Number of moments of each of them, shape (p,).
        t
            The moments, first those of the first pair; shape (sum of repeats,). 0 = left keyframe, 1 = right one.

        Returns
        -------
        Ragged
            One row per moment.
        """
        ways = np.unique(self._ways[pairs])
        if ways.size == 1:
            return self._method(ways[0])(pairs, repeats, t)
        offsets = starts(repeats)
        parts = []
        for way in ways:
            members = np.flatnonzero(self._ways[pairs] == way)
            rows = spread(offsets[members], repeats[members])
            parts.append((rows, self._method(way)(pairs[members], repeats[members], t[rows])))
        return interleave(parts, t.size)

    def _method(self, way: int) -> Callable[[Integers, Integers, Floats], Ragged]:
        return self._held if way == _HOLD else self._contours if way == _CONTOUR else self._straight

    def _held(self, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
        return self._points.take(np.repeat(self._left[pairs], repeats))

    def _straight(self, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
        width = int(self._ways[pairs[0]])
        place = np.arange(width)
        left = self._points.values[self._points.offsets[self._left[pairs], None] + place]
        right = self._points.values[self._points.offsets[self._right[pairs], None] + place]
        points = repeat_rows(right - left, repeats, t.size)
        points *= t[:, None]
        points += repeat_rows(left, repeats, t.size)
        if width == 16:
            _turn_spatial(points, left, right, repeats, t)
        return Ragged(points.reshape(-1), np.arange(t.size + 1) * width)

    def _contours(self, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
        matches, rows = self._matches.get(pairs)
        return blend(matches, rows, repeats, t)

    def _match(self, pairs: Integers) -> Matches:
        closed = self._closed[pairs]
        left = Contours.from_points(self._points.take(self._left[pairs]), closed)
        right = Contours.from_points(self._points.take(self._right[pairs]), closed)
        return match_contours(left, right)


def interpolate_points(kinds: Codes, left: Ragged, right: Ragged, t: Floats) -> Ragged:
    """Return the points of shapes between two keyframes, row by row.

    Neighbouring rows with the same two keyframes are matched only once.

    Parameters
    ----------
    kinds
        Shape types, see :func:`kind_codes`; shape (n,).
    left, right
        Points of the keyframes before and after, n rows each. When the two do not fit together (another number of
        coordinates, where each moves on a line of its own; no points at all) the left one is held.
    t
        Share of the way from left to right, shape (n,); 0 gives the left keyframe itself.
    """
    pair, repeats = _distinct(kinds, left, right)
    ours, theirs = left.take(pair), right.take(pair)
    points = Ragged(
        np.concatenate((ours.values, theirs.values)),
        np.concatenate((ours.offsets, theirs.offsets[1:] + ours.values.size)),
    )
    numbers = np.arange(pair.size)
    pairs = ShapePairs(kinds[pair], points, numbers, numbers + pair.size)
    return pairs.at(numbers, repeats, t)


def interpolate_arrow(type: Any, left: Any, right: Any, t: Any) -> pa.ListArray:
    """Return the points of shapes between two keyframes, as Arrow; made to be registered as a function in DuckDB.

    Parameters
    ----------
    type
        Shape types, utf8.
    left, right
        Points, ``list<double>``. Where ``right`` is null the left keyframe is held.
    t
        Share of the way, double.

    Returns
    -------
    pyarrow.ListArray
        ``list<double>``; null where type, left or t is null.

    Raises
    ------
    InvalidInputError
        A type is not one of CVAT's.
    """
    kinds, moments = kind_codes(type), _plain(t)
    lost = _nulls(type) | _nulls(left) | _nulls(t)
    share = moments.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    # An empty row fits nothing, so a missing right keyframe means hold.
    points = interpolate_points(kinds, Ragged.from_arrow(left), Ragged.from_arrow(right), share)
    return points.to_arrow(lost if lost.any() else None)


def interpolate_rotation(kinds: Codes, left: Floats, right: Floats, t: Floats) -> Floats:
    """Return rotations in degrees, 0 <= rotation < 360, along the shorter arc; a half turn goes clockwise.

    Kinds that do not turn keep the left value, and so does every shape at ``t = 0``.
    """
    turned = (left + shorter_arc(left, right) * t + 360) % 360
    return np.where(_TURNING[kinds] & (t != 0), turned, left)


def shorter_arc(left: Floats, right: Floats) -> Floats:
    """Return the way in degrees from one direction to another, -180 < way <= 180."""
    return 180 - (180 - (right - left)) % 360


def kind_codes(types: Any) -> Codes:
    """Return the codes of shape types, given as strings or as an Arrow array; null counts as the first type.

    Raises
    ------
    InvalidInputError
        A type is not one of CVAT's.
    """
    encoded = _plain(types if isinstance(types, pa.Array | pa.ChunkedArray) else pa.array(types, pa.string()))
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    if unknown := [name for name in names if name not in _CODES]:
        raise InvalidInputError(f"Unknown shape type {unknown[0]!r}; CVAT has {', '.join(_CODES)}", field="type")
    codes: Codes = np.array([_CODES[name] for name in names] or [0], dtype=np.int8)
    rows: NDArray[np.int32] = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return codes[rows]


def _ways(modes: NDArray[np.str_], left: Integers, right: Integers) -> Integers:
    """Say how each pair moves, from the rule of its kind and the number of its coordinates."""
    drawn = (left > 0) & (left % 2 == 0) & (right > 0) & (right % 2 == 0)
    straight = (left == right) & ((modes == "linear") | ((modes == "single") & (left == 2)))
    return np.where(straight, left, np.where((modes == "polyline") & drawn, _CONTOUR, _HOLD))


def _turn_spatial(points: Floats, left: Floats, right: Floats, repeats: Integers, t: Floats) -> None:
    """Let the Euler angles of 3D cuboids take the shorter arc; a 3D cuboid is known by the 7 zeros at its end."""
    spatial = ~(left[:, 9:].any(axis=1) | right[:, 9:].any(axis=1))
    if not spatial.any():
        return
    start = np.degrees(np.where(left < 0, left + 2 * np.pi, left)[:, 3:6])
    stop = np.degrees(np.where(right < 0, right + 2 * np.pi, right)[:, 3:6])
    arc = np.repeat(shorter_arc(start, stop), repeats, axis=0)
    angles = np.radians(np.repeat(start, repeats, axis=0) + arc * t[:, None])
    moving = np.repeat(spatial, repeats) & (t != 0)
    points[moving, 3:6] = np.where(angles > np.pi, angles - 2 * np.pi, angles)[moving]


def _distinct(kinds: Codes, left: Ragged, right: Ragged) -> tuple[Integers, Integers]:
    """Return the first row of each stretch of equal pairs, and how long the stretch is."""
    if kinds.size == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    differs = (kinds[1:] != kinds[:-1]) | _differs_from_last(left) | _differs_from_last(right)
    first = np.flatnonzero(np.concatenate(([True], differs)))
    return first, np.diff(first, append=kinds.size)


def _differs_from_last(rows: Ragged) -> NDArray[np.bool_]:
    lengths = rows.lengths
    differs: NDArray[np.bool_] = lengths[1:] != lengths[:-1]
    same_length = np.where(differs, 0, lengths[1:])
    unequal = (
        rows.values[spread(rows.offsets[1:-1], same_length)] != rows.values[spread(rows.offsets[:-2], same_length)]
    )
    differs[np.repeat(np.arange(differs.size), same_length)[unequal]] = True
    return differs


def _plain(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _nulls(column: Any) -> NDArray[np.bool_]:
    nulls: NDArray[np.bool_] = _plain(column).is_null().to_numpy(zero_copy_only=False)
    return nulls
