"""Shapes as pixels."""

import cv2
import numpy as np
import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats.items import ShapeItem
from cvat_lab.formats.rasterize import shape_mask
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.masks import mask_area, mask_bitmap


def pixels(kind: ShapeType, points, rotation=0.0, width=60, height=50):
    mask = shape_mask(ShapeItem("x", kind, list(points), rotation), width, height)
    return None if mask is None else mask_bitmap(mask, width, height)


def test_a_rectangle_covers_the_pixels_whose_centres_it_holds():
    bitmap = pixels(ShapeType.RECTANGLE, [1.4, 2, 4, 5.6])
    rows, columns = np.nonzero(bitmap)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 5, 1, 3)


@pytest.mark.req("R9.28")
def test_a_turned_rectangle_is_a_polygon():
    turned = pixels(ShapeType.RECTANGLE, [20, 20, 40, 30], rotation=90)
    upright = pixels(ShapeType.RECTANGLE, [25, 15, 35, 35])
    assert np.array_equal(turned, upright)


@pytest.mark.req("R12.4")
@pytest.mark.parametrize("rotation", [0, 30, 90, 145, 270])
def test_an_ellipse_is_the_one_of_opencv(rotation):
    bitmap = pixels(ShapeType.ELLIPSE, [30, 25, 48, 16], rotation)
    fine = np.zeros((500, 600), dtype=np.uint8)
    cv2.ellipse(fine, (300, 250), (180, 90), rotation, 0, 360, 1, -1)
    difference = bitmap ^ fine[5::10, 5::10].astype(bool)
    assert difference.sum() <= 6
    assert abs(bitmap.sum() - np.pi * 18 * 9) < 8


def test_what_lies_outside_the_image_is_cut_off():
    bitmap = pixels(ShapeType.ELLIPSE, [0, 0, 10, -10])
    assert bitmap.sum() == pytest.approx(np.pi * 25, rel=0.05)
    assert pixels(ShapeType.ELLIPSE, [-50, 0, -40, -10]) is None
    assert pixels(ShapeType.POLYGON, [-50, 0, -40, -10, -30, 4]) is None
    assert pixels(ShapeType.ELLIPSE, [10, 10, 10, 5]) is None


def test_a_mask_is_clipped():
    mask = shape_mask(ShapeItem("x", ShapeType.MASK, [0, 100, 55, 45, 64, 54]), 60, 50)
    assert mask is not None
    assert mask_area(mask) == 25


def test_a_line_has_no_pixels():
    with pytest.raises(InvalidInputError, match="polyline has no outline"):
        pixels(ShapeType.POLYLINE, [0, 0, 5, 5])
