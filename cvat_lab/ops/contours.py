"""Which points of two contours belong together: CVAT's matching of polygons and polylines.

Both contours are measured by their length, from 0 at the first point to 1 at the last one; a polygon is closed by its
first point. Every left point is matched with the right point nearest in this measure, and every right point that got
no partner is attached to its nearest left point. The first of several equally near points wins.

The matched pairs fall into *runs*: neighbouring left points that share one right point, and the several right points of
one left point. A run says how close points may get before :mod:`cvat_lab.ops.blending` thins them out.

All contours of a call are worked on together, as flat arrays. Every sum is taken in CVAT's order, so that a tie is a
tie here, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvat_lab.ops.ragged import Floats, Integers, Ragged, spread, starts

_TABLE_CELLS = 1 << 19
"""Distances looked at in one table; more would not fit the processor's cache."""


@dataclass(frozen=True)
class Contours:
    """Curves, one row each.

    Attributes
    ----------
    xy
        All vertices, shape (n, 2), pixels. A closed curve ends with its first vertex again.
    offsets
        Curve ``i`` has the vertices ``offsets[i]`` to ``offsets[i + 1]``.
    steps
        Distance of each vertex from the one before, 0 for the first of a curve.
    closed
        Whether the curve is a polygon.
    """

    xy: Floats
    offsets: Integers
    steps: Floats
    closed: NDArray[np.bool_]

    @classmethod
    def from_points(cls, points: Ragged, closed: NDArray[np.bool_]) -> Contours:
        """Measure the curves through flat coordinates ``x, y, x, y, ...``."""
        sizes = points.lengths // 2
        offsets = starts(sizes + closed)
        vertices = spread(points.offsets[:-1] // 2, sizes + closed)
        vertices[offsets[1:][closed] - 1] = points.offsets[:-1][closed] // 2
        xy = points.values.reshape(-1, 2).take(vertices, axis=0)
        dx, dy = np.diff(xy, axis=0, prepend=xy[:1]).T
        steps = np.sqrt(dx * dx + dy * dy)
        steps[offsets[:-1]] = 0.0
        return cls(xy, offsets, steps, closed)

    @property
    def sizes(self) -> Integers:
        """Number of vertices of each curve."""
        return self.offsets[1:] - self.offsets[:-1]


@dataclass(frozen=True)
class Matches:
    """Matched points of many pairs of contours.

    Attributes
    ----------
    first, count
        The matched points of pair ``i`` are ``first[i] : first[i] + count[i]`` of the next three columns. The closing
        point of a polygon is left out wherever it stands alone.
    start, move
        Left point, and the way from there to its right partner; shape (n, 2), pixels.
    heads
        True for the first match of each left point, without a polygon's closing one: the points of the left keyframe.
    run_first, run_count
        The runs of pair ``i``; only runs of two and more matches are listed.
    run_start
        First match of the run, counted from the pair's first one.
    run_size
        Number of matches in the run.
    run_limit
        Pixels below which neighbours are too close.
    run_closes
        True where the run ends with the closing point of a polygon.
    """

    first: Integers
    count: Integers
    start: Floats
    move: Floats
    heads: NDArray[np.bool_]
    run_first: Integers
    run_count: Integers
    run_start: Integers
    run_size: Integers
    run_limit: Floats
    run_closes: NDArray[np.bool_]


def match_contours(left: Contours, right: Contours) -> Matches:
    """Match the points of each left contour with those of the right contour in the same row."""
    left_vertex, right_vertex = _matched_vertices(left, right)
    pair = np.repeat(np.arange(left.sizes.size), left.sizes)[left_vertex]
    offsets = starts(np.bincount(pair, minlength=left.sizes.size))
    closing = left.closed[pair] & (left_vertex == left.offsets[pair + 1] - 1)
    heads = (np.diff(left_vertex, prepend=-1) != 0) & ~closing

    run_start, run_size = _runs(left_vertex, right_vertex)
    several = run_size > 1
    lone_closing = pair[run_start[~several & closing[run_start]]]
    run_start, run_size = run_start[several], run_size[several]
    run_pair = pair[run_start]
    run_count = np.bincount(run_pair, minlength=left.sizes.size)
    start = left.xy.take(left_vertex, axis=0)
    return Matches(
        first=offsets[:-1],
        count=offsets[1:] - offsets[:-1] - np.bincount(lone_closing, minlength=left.sizes.size),
        start=start,
        move=right.xy.take(right_vertex, axis=0) - start,
        heads=heads,
        run_first=starts(run_count)[:-1],
        run_count=run_count,
        run_start=run_start - offsets[run_pair],
        run_size=run_size,
        run_limit=_run_limits(left, right, left_vertex, right_vertex, run_start, run_start + run_size - 1),
        run_closes=closing[run_start + run_size - 1],
    )


def _matched_vertices(left: Contours, right: Contours) -> tuple[Integers, Integers]:
    """Return the two vertices of every match, ordered by the left one, then by the right one."""
    to_right, to_left = nearest_vertices(left, right)
    lonely = np.ones(to_left.size, dtype=np.bool_)
    lonely[to_right] = False
    rest = np.flatnonzero(lonely)
    left_vertex = np.concatenate((np.arange(to_right.size), to_left[rest]))
    right_vertex = np.concatenate((to_right, rest))
    order = np.argsort(left_vertex * to_left.size + right_vertex, kind="stable")
    return left_vertex[order], right_vertex[order]


def _runs(left_vertex: Integers, right_vertex: Integers) -> tuple[Integers, Integers]:
    """Return first match and length of every run, those of a single match included."""
    single = np.bincount(left_vertex)[left_vertex] == 1
    same_left = left_vertex[1:] == left_vertex[:-1]
    same_right = (right_vertex[1:] == right_vertex[:-1]) & single[1:] & single[:-1]
    run_start = np.flatnonzero(np.concatenate(([True], ~(same_left | same_right))))
    return run_start, np.diff(run_start, append=left_vertex.size)


def _run_limits(
    left: Contours,
    right: Contours,
    left_vertex: Integers,
    right_vertex: Integers,
    first: Integers,
    last: Integers,
) -> Floats:
    """Return half the mean spacing of the keyframe's points along each run.

    A run of several left points is measured on the left contour, a run of several right points on the right one.
    """
    on_right = left_vertex[first] == left_vertex[last]
    begin = np.where(on_right, right_vertex[first] + left.steps.size, left_vertex[first])
    end = np.where(on_right, right_vertex[last] + left.steps.size, left_vertex[last])
    steps = np.concatenate((left.steps, right.steps))
    length = np.zeros(begin.size)
    order = np.argsort(begin - end, kind="stable")  # longest first
    reach = (end - begin)[order]
    for step in range(1, int(reach.max(initial=0)) + 1):
        active = order[: np.searchsorted(-reach, -step, side="right")]
        length[active] += steps[begin[active] + step]
    limits: Floats = length / (2 * (end - begin + 1))
    return limits


def nearest_vertices(left: Contours, right: Contours) -> tuple[Integers, Integers]:
    """Return the nearest right vertex of each left one, and the nearest left vertex of each right one."""
    to_right = np.empty(left.steps.size, dtype=np.int64)
    to_left = np.empty(right.steps.size, dtype=np.int64)
    for rows in _tables(left.sizes, right.sizes):
        ours, theirs = _progress(left, rows), _progress(right, rows)
        if rows.size == 1 and ours.size * theirs.size > _TABLE_CELLS:
            from_left, from_right = _search(ours[0], theirs[0])[None], _search(theirs[0], ours[0])[None]
        else:
            with np.errstate(invalid="ignore"):
                distance = np.abs(ours[:, :, None] - theirs[:, None, :])
            from_left, from_right = distance.argmin(axis=2), distance.argmin(axis=1)
        from_left[np.isinf(ours)] = 0
        from_right[np.isinf(theirs)] = 0
        _scatter(to_right, left, rows, from_left + right.offsets[rows, None])
        _scatter(to_left, right, rows, from_right + left.offsets[rows, None])
    return to_right, to_left


def _tables(left_sizes: Integers, right_sizes: Integers) -> Iterator[Integers]:
    """Cut the pairs into groups of similar size, each small enough for one table of distances."""
    larger = np.maximum(left_sizes, right_sizes)
    order = np.argsort(larger, kind="stable")
    stop = order.size
    while stop > 0:
        start = max(0, stop - max(1, _TABLE_CELLS // int(larger[order[stop - 1]]) ** 2))
        yield order[start:stop]
        stop = start


def _progress(contours: Contours, rows: Integers) -> Floats:
    """Return each vertex's share of its curve's length, shape (rows, vertices), padded with infinity.

    On a curve without length only the first vertex has a share, so everything is nearest to that one.
    """
    table = np.zeros((rows.size, int(contours.sizes[rows].max())))
    inside = np.arange(table.shape[1]) < contours.sizes[rows, None]
    table[inside] = contours.steps[spread(contours.offsets[rows], contours.sizes[rows])]
    length = np.cumsum(table, axis=1, out=table)[:, -1:].copy()
    np.divide(table, length, out=table, where=length > 0)
    table[~(inside & (length > 0))] = np.inf
    table[:, 0] = 0.0
    return table


def _search(values: Floats, curve: Floats) -> Integers:
    """Return the position in an ascending curve nearest to each value; of equally near ones the first."""
    after = np.clip(np.searchsorted(curve, values), 1, curve.size - 1)
    with np.errstate(invalid="ignore"):
        nearest = after - (np.abs(values - curve[after - 1]) <= np.abs(values - curve[after]))
        best = np.abs(values - curve[nearest])
        while np.any(equal := (nearest > 0) & (np.abs(values - curve[nearest - 1]) == best)):
            nearest -= equal
    return nearest


def _scatter(target: Integers, contours: Contours, rows: Integers, table: Integers) -> None:
    sizes = contours.sizes[rows]
    target[spread(contours.offsets[rows], sizes)] = table[np.arange(table.shape[1]) < sizes[:, None]]
