"""Contours between two keyframes: matched points move in straight lines, then crowded ones are thinned out.

In every run of matches (see :mod:`cvat_lab.ops.contours`) points that come closer than the run's limit to the latest
kept one are dropped; the last point always stays. When only the two ends are left and are still too close, the point
midway between them takes their place.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cvat_lab.ops.contours import Matches
from cvat_lab.ops.ragged import Floats, Integers, Ragged, interleave, repeat_rows, spread, starts


def blend(matches: Matches, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
    """Return the contours of some pairs at some moments.

    Parameters
    ----------
    matches
        Matched points of all pairs.
    pairs
        Pairs to work out, shape (p,).
    repeats
        Number of moments of each of them, shape (p,).
    t
        The moments, first those of the first pair; shape (sum of repeats,). 0 = the left keyframe, 1 = the right one.

    Returns
    -------
    Ragged
        One row of flat coordinates per moment. At ``t = 0`` it is the left keyframe itself.
    """
    offsets = starts(repeats)
    parts = []
    for members in _size_classes(matches.count[pairs]):
        rows = spread(offsets[members], repeats[members])
        parts.append((rows, _blend_alike(matches, pairs[members], repeats[members], t[rows])))
    return interleave(parts, t.size)


def _size_classes(counts: Integers) -> Iterator[Integers]:
    """Group pairs so that padding all rows of a group to the longest one wastes little."""
    if counts.size == 0 or counts.max() * counts.size <= 2 * counts.sum():
        yield np.arange(counts.size)
        return
    classes = np.ceil(np.log2(counts))
    for value in np.unique(classes):
        yield np.flatnonzero(classes == value)


def _blend_alike(matches: Matches, pairs: Integers, repeats: Integers, t: Floats) -> Ragged:
    count = matches.count[pairs]
    place = np.arange(count.max(initial=0))
    entry = np.minimum(matches.first[pairs, None] + place, len(matches.start) - 1)
    points = repeat_rows(matches.move.take(entry, axis=0), repeats, t.size)
    points *= t[:, None, None]
    points += repeat_rows(matches.start.take(entry, axis=0), repeats, t.size)

    present = place < count[:, None]
    heads = matches.heads[entry] & present
    first_row = starts(repeats)[:-1]
    if matches.run_count[pairs].any() or not heads.all():
        keep = repeat_rows(present, repeats, t.size)
        _thin_out(matches, pairs, repeats, first_row, points, keep)
        at_left = np.flatnonzero(t == 0)
        keep[at_left] = heads[np.searchsorted(first_row, at_left, side="right") - 1]
        if not keep.all():
            kept = points.reshape(-1).view(np.complex128)[keep.ravel()]
            return Ragged(kept.view(np.float64), starts(2 * np.count_nonzero(keep, axis=1)))
    return Ragged(points.reshape(-1), np.arange(t.size + 1) * (2 * place.size))


def _thin_out(
    matches: Matches, pairs: Integers, repeats: Integers, first_row: Integers, points: Floats, keep: NDArray[np.bool_]
) -> None:
    """Clear ``keep`` where a point is dropped, and move the points that stand for two."""
    run_count = matches.run_count[pairs]
    run = spread(matches.run_first[pairs], run_count)
    order = np.argsort(-matches.run_size[run], kind="stable")  # longest first, so that those still going are a prefix
    run, owner = run[order], np.repeat(np.arange(pairs.size), run_count)[order]
    times = repeats[owner]
    row = spread(first_row[owner], times)
    size = np.repeat(matches.run_size[run], times)
    limit = np.repeat(matches.run_limit[run], times)
    first = row * keep.shape[1] + np.repeat(matches.run_start[run], times)
    last = first + size - 1

    flat, kept = points.reshape(-1, 2), keep.reshape(-1)
    latest = first.copy()
    for step in range(1, int(size.max(initial=2)) - 1):
        active = slice(np.searchsorted(-size, -(step + 1), side="left"))
        current = first[active] + step
        far = _distance(flat, latest[active], current) >= limit[active]
        kept[current] = far
        latest[active][far] = current[far]

    merged = latest == first
    merged[merged] = _distance(flat, first[merged], last[merged]) < limit[merged]
    flat[first[merged]] = (flat[first[merged]] + flat[last[merged]]) / 2
    kept[last[merged]] = False
    closes = np.repeat(matches.run_closes[run], times)
    kept[last[closes]] = False
    kept[first[closes & merged]] = False


def _distance(flat: Floats, one: Integers, other: Integers) -> Floats:
    way = flat.take(one, axis=0) - flat.take(other, axis=0)
    dx, dy = way[:, 0], way[:, 1]
    return np.sqrt(dx * dx + dy * dy)
