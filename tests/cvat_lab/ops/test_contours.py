"""Matching of contours: cases small enough to be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cvat_lab.ops.contours import Contours, Matches, match_contours, nearest_vertices
from cvat_lab.ops.ragged import Ragged


def contours(*rows: list[float], closed: bool = False) -> Contours:
    return Contours.from_points(Ragged.from_rows(rows), np.full(len(rows), closed))


def matched(left: list[float], right: list[float], *, closed: bool = False) -> Matches:
    return match_contours(contours(left, closed=closed), contours(right, closed=closed))


@pytest.mark.req("R5.15")
def test_a_polygon_is_closed_by_its_first_point() -> None:
    both = Contours.from_points(Ragged.from_rows([[0, 0, 3, 0, 3, 4], [1, 1, 1, 2]]), np.array([True, False]))
    assert both.sizes.tolist() == [4, 2]
    assert both.xy.tolist() == [[0, 0], [3, 0], [3, 4], [0, 0], [1, 1], [1, 2]]
    assert both.steps.tolist() == [0, 3, 4, 5, 0, 1]


@pytest.mark.req("R5.16")
def test_each_left_point_meets_the_right_one_nearest_along_the_curve() -> None:
    left, right = contours([0, 0, 50, 0, 100, 0]), contours([0, 0, 4, 0, 10, 0])
    to_right, to_left = nearest_vertices(left, right)
    assert to_right.tolist() == [0, 1, 2]
    assert to_left.tolist() == [0, 1, 2]


@pytest.mark.req("R5.16")
def test_the_first_of_equally_near_points_wins() -> None:
    to_right, _ = nearest_vertices(contours([0, 0, 50, 0, 100, 0]), contours([0, 0, 4, 0, 6, 0, 10, 0]))
    assert to_right.tolist() == [0, 1, 3]


@pytest.mark.req("R5.16")
def test_lonely_right_points_join_their_nearest_left_point_in_order() -> None:
    matches = matched([0, 0, 100, 0], [0, 0, 40, 0, 60, 0, 100, 0])
    assert matches.start.tolist() == [[0, 0], [0, 0], [100, 0], [100, 0]]
    assert (matches.start + matches.move).tolist() == [[0, 0], [40, 0], [60, 0], [100, 0]]
    assert matches.heads.tolist() == [True, False, True, False]


@pytest.mark.req("R5.17")
def test_runs_are_measured_where_they_have_several_points() -> None:
    matches = matched([0, 0, 100, 0], [0, 0, 40, 0, 60, 0, 100, 0])
    assert matches.run_start.tolist() == [0, 2]
    assert matches.run_size.tolist() == [2, 2]
    assert matches.run_limit.tolist() == [40 / 4, 40 / 4]
    matches = matched([0, 0, 84, 0, 90, 0, 100, 0], [0, 0, 10, 0])
    assert matches.run_start.tolist() == [1]
    assert matches.run_size.tolist() == [3]
    assert matches.run_limit.tolist() == [16 / 6]


def test_a_lone_closing_point_is_left_out() -> None:
    matches = matched([0, 0, 3, 0, 3, 4], [0, 0, 3, 0, 3, 4], closed=True)
    assert matches.count.tolist() == [3]
    assert matches.run_count.tolist() == [0]


def test_a_closing_run_is_marked() -> None:
    matches = matched([0, 0, 30, 0, 30, 40, 1, 1], [0, 0, 30, 0, 30, 40], closed=True)
    assert matches.count.tolist() == [5]
    assert matches.run_start.tolist() == [3]
    assert matches.run_closes.tolist() == [True]


def test_without_length_everything_is_nearest_to_the_first_point() -> None:
    flat, line = contours([5, 5, 5, 5, 5, 5]), contours([0, 0, 1, 0, 2, 0])
    to_right, to_left = nearest_vertices(flat, line)
    assert to_right.tolist() == [0, 0, 0]
    assert to_left.tolist() == [0, 0, 0]


def test_pairs_of_all_sizes_do_not_disturb_each_other() -> None:
    rng = np.random.default_rng(3)
    rows = [rng.uniform(0, 100, 2 * size).tolist() for size in (3, 800, 5, 30, 4, 1000, 3, 60)]
    together = nearest_vertices(contours(*rows), contours(*rows[::-1]))
    for side, all_vertices in enumerate(together):
        offsets = contours(*(rows if side == 0 else rows[::-1])).offsets
        target = contours(*(rows[::-1] if side == 0 else rows)).offsets
        for number, (one, other) in enumerate(zip(rows, rows[::-1], strict=True)):
            alone = nearest_vertices(contours(one), contours(other))[side]
            found = all_vertices[offsets[number] : offsets[number + 1]] - target[number]
            assert found.tolist() == alone.tolist()
