"""Masks against pixels, polygons against OpenCV's and our own reading of what a pixel is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage.draw import polygon2mask

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import ShapeType, check_points
from cvat_lab.ops import masks

RNG = np.random.default_rng(20)


def random_bitmap(height: int, width: int) -> np.ndarray:
    """Blobs with holes, touching corners and single pixels; never empty."""
    noise = cv2.GaussianBlur(RNG.standard_normal((height, width)), (0, 0), RNG.uniform(0.1, 3))
    bitmap = noise > np.quantile(noise, RNG.uniform(0.2, 0.95))
    bitmap[RNG.integers(height), RNG.integers(width)] = True
    return bitmap


def test_contract_example_is_a_full_square() -> None:
    points = [0, 4, 3, 4, 4, 5]
    assert masks.mask_box(points) == (3, 4, 4, 5)
    assert masks.mask_area(points) == 4
    bitmap = masks.mask_bitmap(points, 8, 8)
    assert bitmap.sum() == 4
    assert bitmap[4:6, 3:5].all()
    assert masks.mask_points(bitmap) == points


@pytest.mark.parametrize("trial", range(50))
def test_points_hold_exactly_the_pixels(trial: int) -> None:
    height, width = RNG.integers(1, 60, 2)
    bitmap = random_bitmap(height, width)
    points = masks.mask_points(bitmap)
    check_points(ShapeType.MASK, points)
    assert np.array_equal(masks.mask_bitmap(points, width, height), bitmap)
    assert masks.mask_area(points) == bitmap.sum()
    ys, xs = np.nonzero(bitmap)
    assert masks.mask_box(points) == (xs.min(), ys.min(), xs.max(), ys.max())


def test_offset_moves_the_box_only() -> None:
    bitmap = random_bitmap(12, 9)
    here, there = masks.mask_points(bitmap), masks.mask_points(bitmap, left=100, top=50)
    assert there[:-4] == here[:-4]
    assert np.subtract(there[-4:], here[-4:]).tolist() == [100, 50, 100, 50]


def test_pixels_of_any_number_type_count() -> None:
    assert masks.mask_points(np.array([[0, 255], [7, 0]], dtype=np.uint8)) == [1, 2, 1, 0, 0, 1, 1]


def test_clip_cuts_at_the_image() -> None:
    square = [0, 16, -2, -2, 1, 1]
    assert masks.clip_mask(square, 10, 10) == [0, 4, 0, 0, 1, 1]
    assert masks.clip_mask([0, 4, 3, 4, 4, 5], 10, 10) == [0, 4, 3, 4, 4, 5]
    assert masks.clip_mask([0, 4, 30, 4, 31, 5], 10, 10) is None


@pytest.mark.parametrize("bitmap", [np.zeros((3, 3), bool), np.zeros((0, 0), bool)])
def test_empty_mask_is_refused(bitmap: np.ndarray) -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        masks.mask_points(bitmap)


def test_wrong_runs_are_named() -> None:
    with pytest.raises(InvalidInputError, match="add up to 5, its box holds 4"):
        masks.mask_crop([0, 5, 3, 4, 4, 5])


def test_colour_image_is_no_mask() -> None:
    with pytest.raises(InvalidInputError, match="2 dimensions"):
        masks.mask_points(np.ones((2, 2, 3), bool))


def test_square_polygon_covers_its_pixels() -> None:
    assert masks.mask_from_polygons([[3, 4, 5, 4, 5, 6, 3, 6]], 10, 10) == [0, 4, 3, 4, 4, 5]


@pytest.mark.parametrize("trial", range(40))
def test_polygon_covers_the_pixel_centres_inside(trial: int) -> None:
    width, height = 50, 40
    polygon = RNG.uniform((-10, -10), (60, 50), (RNG.integers(3, 12), 2))
    expected = polygon2mask((height, width), polygon[:, ::-1] - 0.5)  # scikit-image counts from the first centre
    if expected.any():
        points = masks.mask_from_polygons([polygon.ravel()], width, height)
        assert np.array_equal(masks.mask_bitmap(points, width, height), expected)


@pytest.mark.parametrize("trial", range(20))
def test_neighbours_share_no_pixel_and_leave_none(trial: int) -> None:
    # Corners on pixel centres and edges: the worst case for what lies exactly on a line.
    centre = RNG.integers(2, 38, 2) / 2
    rim = [(0, 0), (9.5, 0), (20, 0), (20, 7.5), (20, 20), (4, 20), (0, 20), (0, 10.5)]
    covered = np.zeros((20, 20), int)
    for start, stop in zip(rim, rim[1:] + rim[:1], strict=True):
        triangle = np.array([*start, *stop, *centre])
        covered += masks.mask_bitmap(masks.mask_from_polygons([triangle], 20, 20), 20, 20)
    assert (covered == 1).all()


def test_several_polygons_are_united() -> None:
    points = masks.mask_from_polygons([[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6]], 10, 10)
    assert masks.mask_area(points) == 16 + 16 - 4


@pytest.mark.parametrize("polygon", [[20, 20, 30, 20, 30, 30], [1.6, 1.6, 1.9, 1.6, 1.9, 1.9]])
def test_polygon_without_pixels_is_refused(polygon: list[float]) -> None:
    with pytest.raises(InvalidInputError, match="covers no pixel centre"):
        masks.mask_from_polygons([polygon], 10, 10)


@pytest.mark.parametrize("polygons", [[], [[0, 0, 5, 0, 5]]])
def test_what_is_no_polygon_is_refused(polygons: list[list[float]]) -> None:
    with pytest.raises(InvalidInputError, match="pairs of x and y"):
        masks.mask_from_polygons(polygons, 10, 10)


@pytest.mark.parametrize("trial", range(50))
def test_outlines_with_holes_are_the_mask_again(trial: int) -> None:
    height, width = RNG.integers(1, 40, 2)
    bitmap = random_bitmap(height, width)
    outlines = masks.mask_polygons(masks.mask_points(bitmap), holes=True)
    filled = np.zeros_like(bitmap)
    for outline in outlines:
        filled ^= masks.mask_bitmap(masks.mask_from_polygons([outline], width, height), width, height)
    assert np.array_equal(filled, bitmap)


@pytest.mark.parametrize("trial", range(20))
def test_outlines_without_holes_fill_them(trial: int) -> None:
    bitmap = random_bitmap(30, 30)
    outlines = masks.mask_polygons(masks.mask_points(bitmap))
    filled = masks.mask_bitmap(masks.mask_from_polygons(outlines, 30, 30), 30, 30)
    contours, _ = cv2.findContours(bitmap.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    expected = cv2.drawContours(np.zeros((30, 30), np.uint8), contours, -1, 1, cv2.FILLED)
    assert np.array_equal(filled, expected.astype(bool))
    assert len(outlines) == len(contours)


def test_outline_of_a_square_has_four_corners() -> None:
    (outline,) = masks.mask_polygons([0, 12, 3, 4, 6, 6])
    corners = {tuple(corner) for corner in np.reshape(outline, (-1, 2)).tolist()}
    assert corners == {(3, 4), (7, 4), (7, 7), (3, 7)}
    assert len(outline) == 8


def test_largest_outline_comes_first() -> None:
    bitmap = np.zeros((10, 10), bool)
    bitmap[0, 0] = bitmap[5:, 5:] = True
    first, second = masks.mask_polygons(masks.mask_points(bitmap))
    assert max(first) == 10
    assert max(second) == 1


def test_tolerance_saves_points() -> None:
    disc = cv2.circle(np.zeros((100, 100), np.uint8), (50, 50), 40, 1, -1)
    points = masks.mask_points(disc)
    (exact,), (simple,) = masks.mask_polygons(points), masks.mask_polygons(points, tolerance=1.5)
    assert len(simple) < len(exact) / 3
    again = masks.mask_from_polygons([simple], 100, 100)
    assert masks.mask_area(again) == pytest.approx(masks.mask_area(points), rel=0.03)


def test_runs_expand_to_the_same_pixels() -> None:
    flat = np.array([True, True, False, True])
    assert masks.run_lengths(flat).tolist() == [0, 2, 1, 1]
    assert masks.expand_runs(masks.run_lengths(flat)).tolist() == flat.tolist()
