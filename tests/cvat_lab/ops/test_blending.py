"""Thinning out of crowded points."""

from __future__ import annotations

import numpy as np
import pytest

from cvat_lab.ops.blending import blend
from cvat_lab.ops.contours import Contours, Matches, match_contours
from cvat_lab.ops.ragged import Ragged


def matches_of(*pairs: tuple[list[float], list[float]]) -> Matches:
    left, right = zip(*pairs, strict=True)
    closed = np.zeros(len(pairs), dtype=bool)
    return match_contours(
        Contours.from_points(Ragged.from_rows(left), closed), Contours.from_points(Ragged.from_rows(right), closed)
    )


def at(t: list[float], *pairs: tuple[list[float], list[float]]) -> list[list[float]]:
    repeats = np.full(len(pairs), len(t))
    return blend(matches_of(*pairs), np.arange(len(pairs)), repeats, np.tile(t, len(pairs))).tolist()


@pytest.mark.req("R5.17")
def test_points_too_close_to_the_latest_kept_one_are_dropped() -> None:
    # The last four points share a partner, 20 pixels long: closer than 20 / 8 is too close.
    pair = ([0, 0, 80, 0, 81, 0, 84, 0, 100, 0], [0, 0, 10, 0])
    assert at([0.01], pair) == [[0, 0, 79.3, 0, *[pytest.approx(83.26), 0], pytest.approx(99.1), 0]]


@pytest.mark.req("R5.17")
def test_two_points_that_stay_too_close_become_one() -> None:
    pair = ([0, 0, 90, 0, 100, 0], [0, 0, 10, 0])
    apart, together = at([0.5, 0.9], pair)
    assert apart == [0, 0, 50, 0, 55, 0]
    assert together == pytest.approx([0, 0, 18.5, 0])


def test_at_the_left_keyframe_nothing_is_dropped() -> None:
    left = [0, 0, 80, 0, 81, 0, 84, 0, 100, 0]
    assert at([0, 1 / 2, 0], (left, [0, 0, 10, 0]))[::2] == [left, left]
    gaining = ([0, 0, 100, 0], [0, 0, 40, 0, 60, 0, 100, 0])
    assert at([0], gaining) == [[0, 0, 100, 0]]


def test_pairs_of_very_different_size_are_padded_apart() -> None:
    rng = np.random.default_rng(1)
    sizes = [3, 400, 4, 12, 90, 3]
    pairs = [(rng.uniform(0, 100, 2 * size).tolist(), rng.uniform(0, 100, 2 * size).tolist()) for size in sizes]
    times = [0.0, 0.3, 0.7]
    assert at(times, *pairs) == [row for pair in pairs for row in at(times, pair)]


def test_nothing_to_blend() -> None:
    matches = matches_of(([0, 0, 1, 1], [0, 0, 1, 1]))
    none = np.zeros(0, dtype=np.int64)
    assert blend(matches, none, none, np.zeros(0)).tolist() == []
