"""Bounds, areas and outlines against dense samples of the true shape and values worked out by hand."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from cvat_lab.model.shape import ShapeType
from cvat_lab.ops import geometry, masks
from cvat_lab.ops.interpolation import kind_codes
from cvat_lab.ops.ragged import Ragged

RNG = np.random.default_rng(7)


def box_around(polygon: list[float]) -> tuple[float, ...]:
    xy = np.reshape(polygon, (-1, 2))
    return (*xy.min(axis=0), *xy.max(axis=0))


def random_box() -> list[float]:
    left, top = RNG.uniform(-50, 50, 2)
    width, height = RNG.uniform(1, 40, 2)
    return [left, top, left + width, top + height]


def test_upright_box_keeps_its_exact_corners() -> None:
    assert geometry.bounds(ShapeType.RECTANGLE, [0.1, 0.2, 0.3, 0.7]) == (0.1, 0.2, 0.3, 0.7)


def test_quarter_turn_swaps_width_and_height() -> None:
    assert geometry.bounds(ShapeType.RECTANGLE, [0, 0, 10, 4], 90) == pytest.approx((3, -3, 7, 7))
    assert geometry.bounds(ShapeType.ELLIPSE, [5, 2, 10, 0], 90) == pytest.approx((3, -3, 7, 7))


def test_corners_turn_clockwise_on_screen() -> None:
    corners = geometry.box_corners(np.array([0.0, 0.0, 10.0, 4.0]), np.array(90.0))
    assert corners == pytest.approx(np.array([[7, -3], [7, 7], [3, 7], [3, -3]]))


@pytest.mark.parametrize("trial", range(20))
def test_box_around_a_turned_box(trial: int) -> None:
    box, rotation = np.array(random_box()), np.array(RNG.uniform(0, 360))
    corners = geometry.box_corners(box, rotation)
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    width, height = box[2:] - box[:2]
    assert sides == pytest.approx([width, height, width, height])
    assert corners.mean(axis=0) == pytest.approx((box[:2] + box[2:]) / 2)
    assert geometry.bounds(ShapeType.RECTANGLE, box, float(rotation)) == pytest.approx(box_around(corners.ravel()))


@pytest.mark.parametrize("trial", range(20))
def test_ellipse_and_its_polygon_agree(trial: int) -> None:
    (cx, cy), (rx, ry), rotation = RNG.uniform(-50, 50, 2), RNG.uniform(1, 40, 2), RNG.uniform(0, 360)
    points = [cx, cy, cx + rx, cy - ry]
    polygon = geometry.ellipse_polygon(points, rotation, vertices=20_000)
    assert geometry.bounds(ShapeType.ELLIPSE, points, rotation) == pytest.approx(box_around(polygon), abs=1e-4)
    assert geometry.area(ShapeType.POLYGON, polygon) == pytest.approx(
        geometry.area(ShapeType.ELLIPSE, points), rel=1e-6
    )


def test_ellipse_polygon_has_as_many_vertices_as_asked_for() -> None:
    assert geometry.ellipse_polygon([0, 0, 2, -1], vertices=4) == pytest.approx([2, 0, 0, 1, -2, 0, 0, -1])


def test_area_of_a_polygon_far_from_the_origin() -> None:
    square = np.array([0, 0, 3, 0, 3, 2, 0, 2]) + 1e7 + 0.1
    assert geometry.area(ShapeType.POLYGON, square) == pytest.approx(6, rel=1e-8)
    assert geometry.area(ShapeType.POLYGON, square.reshape(-1, 2)[::-1].ravel()) == pytest.approx(6, rel=1e-8)


def test_mask_ends_where_its_last_pixel_ends() -> None:
    points = [1, 2, 1, 3, 4, 4, 5]
    assert geometry.bounds(ShapeType.MASK, points) == (3, 4, 5, 6)
    assert geometry.area(ShapeType.MASK, points) == masks.mask_area(points) == 2


def test_lines_and_points_have_bounds_but_no_area() -> None:
    for kind in (ShapeType.POLYLINE, ShapeType.POINTS):
        assert geometry.bounds(kind, [5, 1, 2, 8, 3, 3]) == (2, 1, 5, 8)
        assert geometry.area(kind, [5, 1, 2, 8, 3, 3]) == 0


def test_skeleton_has_no_bounds_of_its_own() -> None:
    assert geometry.bounds(ShapeType.SKELETON, []) is None
    assert geometry.area(ShapeType.SKELETON, []) == 0


def test_cuboid_is_measured_by_the_box_around_it() -> None:
    corners = [1, 1, 1, 5, 4, 1, 4, 5, 6, 0, 6, 4, 3, 0, 3, 4]
    assert geometry.bounds(ShapeType.CUBOID, corners) == (1, 0, 6, 5)
    assert geometry.area(ShapeType.CUBOID, corners) == 25


def test_cuboid_in_3d_is_seen_from_above() -> None:
    upright = [10, 20, 1, 0, 0, 0, 4, 2, 1.5, *[0] * 7]
    assert geometry.bounds(ShapeType.CUBOID, upright) == (8, 19, 12, 21)
    turned = [10, 20, 1, 0, 0, np.pi / 2, 4, 2, 1.5, *[0] * 7]
    assert geometry.bounds(ShapeType.CUBOID, turned) == pytest.approx((9, 18, 11, 22))
    tipped = [10, 20, 1, 0, np.pi / 2, 0, 4, 2, 1.5, *[0] * 7]
    assert geometry.bounds(ShapeType.CUBOID, tipped) == pytest.approx((9.25, 19, 10.75, 21))


def test_many_shapes_at_once_equal_single_ones() -> None:
    shapes = [
        (ShapeType.RECTANGLE, random_box(), 30.0),
        (ShapeType.POLYGON, RNG.uniform(0, 9, 10).tolist(), 0.0),
        (ShapeType.SKELETON, [], 0.0),
        (ShapeType.MASK, [0, 6, 1, 1, 2, 3], 0.0),
        (ShapeType.RECTANGLE, random_box(), 0.0),
        (ShapeType.POLYGON, RNG.uniform(0, 9, 6).tolist(), 0.0),
        (ShapeType.ELLIPSE, [3, 3, 5, 1], 45.0),
    ]
    kinds = kind_codes([kind.value for kind, _, _ in shapes])
    points = Ragged.from_rows([points for _, points, _ in shapes])
    boxes = geometry.bounds_rows(kinds, points, np.array([rotation for *_, rotation in shapes]))
    areas = geometry.area_rows(kinds, points)
    for row, (kind, flat, rotation) in enumerate(shapes):
        assert areas[row] == geometry.area(kind, flat)
        expected = geometry.bounds(kind, flat, rotation)
        assert np.isnan(boxes[row]).all() if expected is None else tuple(boxes[row]) == expected


def test_wrong_number_of_coordinates_has_no_bounds() -> None:
    assert geometry.bounds(ShapeType.RECTANGLE, [1, 2, 3]) is None
    assert geometry.area(ShapeType.POLYGON, [1, 2, 3, 4, 5, 6, 7]) == 0


def test_bounds_in_sql() -> None:
    connection = duckdb.connect()
    types = ["VARCHAR", "DOUBLE[]", "DOUBLE"]
    connection.create_function(
        "bounding_box", geometry.bounds_arrow, types, "DOUBLE[]", type="arrow", null_handling="special"
    )
    connection.create_function("area", geometry.area_arrow, ["VARCHAR", "DOUBLE[]"], "DOUBLE", type="arrow")
    shapes = pa.table(
        {
            "type": ["rectangle", "skeleton", None, "polygon"],
            "points": pa.array([[0.0, 0, 10, 4], [], None, [0.0, 0, 4, 0, 4, 4]], pa.list_(pa.float64())),
        }
    )
    connection.register("shapes", shapes)
    rows = connection.sql("SELECT bounding_box(type, points, 0.0), area(type, points) FROM shapes").fetchall()
    assert rows == [([0, 0, 10, 4], 40), (None, 0), (None, None), ([0, 0, 4, 4], 8)]


@pytest.mark.req("R8.1")
def test_box_is_clipped_to_the_frame() -> None:
    assert geometry.clip(ShapeType.RECTANGLE, [-5, 2, 20, 8], 10, 6) == [0, 2, 10, 6]
    assert geometry.clip(ShapeType.RECTANGLE, [-5, -5, -1, -1], 10, 10) is None


@pytest.mark.req("R9.5")
def test_points_outside_the_frame_move_to_its_edge() -> None:
    assert geometry.clip(ShapeType.POLYGON, [-5, -5, 5, 5, -3, 6], 10, 10) == [0, 0, 5, 5, 0, 6]
    assert geometry.clip(ShapeType.POLYLINE, [1, 1, 30, 1], 10, 10) == [1, 1, 10, 1]


def test_shapes_that_cannot_be_cut_stay() -> None:
    assert geometry.clip(ShapeType.RECTANGLE, [-5, 2, 20, 8], 10, 6, rotation=15) == [-5, 2, 20, 8]
    assert geometry.clip(ShapeType.ELLIPSE, [0, 0, 5, -5], 10, 10) == [0, 0, 5, -5]
    assert geometry.clip(ShapeType.SKELETON, [], 10, 10) == []


def test_mask_is_cut_pixel_by_pixel() -> None:
    assert geometry.clip(ShapeType.MASK, [0, 16, -2, -2, 1, 1], 10, 10) == [0, 4, 0, 0, 1, 1]
