"""Shapes as masks, for the formats that hold pixels. A pixel belongs to a shape when its centre lies inside."""

from __future__ import annotations

import math

import numpy as np

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats.items import ShapeItem
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.masks import Points, clip_mask, mask_box, mask_crop, mask_from_polygons, mask_points


def shape_mask(shape: ShapeItem, width: int, height: int) -> list[float] | None:
    """Return the pixels of a shape as the points of a mask.

    Parameters
    ----------
    shape
        A rectangle, an ellipse, a polygon or a mask.
    width, height
        Size of the image; what lies outside is cut off.

    Returns
    -------
    list of float or None
        Points of a mask with the smallest box, see :mod:`cvat_lab.ops.masks`; ``None`` when no pixel is left.

    Raises
    ------
    InvalidInputError
        The shape has no area, such as a polyline.
    """
    if shape.type is ShapeType.MASK:
        inside = clip_mask(shape.points, width, height)
        return None if inside is None else _tight(inside)
    if shape.type is ShapeType.ELLIPSE:
        return _ellipse_mask(shape.points, shape.rotation, width, height)
    return polygon_mask([outline(shape)], width, height)


def polygon_mask(polygons: list[Points], width: int, height: int) -> list[float] | None:
    """Return the pixels inside any of the polygons as a mask, or ``None`` when there are none."""
    try:
        return mask_from_polygons(polygons, width, height)
    except InvalidInputError:  # the only complaint there is: no pixel centre is inside
        return None


def outline(shape: ShapeItem) -> list[float]:
    """Return the corners of a polygon or of a rectangle, turned by its rotation."""
    if shape.type is ShapeType.POLYGON:
        return shape.points
    if shape.type is not ShapeType.RECTANGLE:
        raise InvalidInputError(f"A {shape.type} has no outline of straight lines")
    left, top, right, bottom = shape.points
    corners = [left, top, right, top, right, bottom, left, bottom]
    if not shape.rotation:
        return corners
    angle = math.radians(shape.rotation)
    cos, sin = math.cos(angle), math.sin(angle)
    cx, cy = (left + right) / 2, (top + bottom) / 2
    return [
        value
        for x, y in zip(corners[::2], corners[1::2], strict=True)
        for value in (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
    ]


def _tight(points: Points) -> list[float]:
    """Return a mask with the smallest box that holds its pixels."""
    box = mask_box(points)
    return mask_points(mask_crop(points), left=box.left, top=box.top)


def _ellipse_mask(points: Points, rotation: float, width: int, height: int) -> list[float] | None:
    cx, cy, right, top = points
    rx, ry = abs(right - cx), abs(cy - top)
    angle = math.radians(rotation)
    cos, sin = math.cos(angle), math.sin(angle)
    reach_x, reach_y = math.hypot(rx * cos, ry * sin), math.hypot(rx * sin, ry * cos)
    first_x, first_y = max(math.floor(cx - reach_x), 0), max(math.floor(cy - reach_y), 0)
    last_x, last_y = min(math.ceil(cx + reach_x), width), min(math.ceil(cy + reach_y), height)
    if not rx or not ry or last_x <= first_x or last_y <= first_y:
        return None
    x = np.arange(first_x, last_x) + 0.5 - cx
    y = np.arange(first_y, last_y)[:, None] + 0.5 - cy
    pixels = ((x * cos + y * sin) / rx) ** 2 + ((y * cos - x * sin) / ry) ** 2 <= 1
    return mask_points(pixels, left=first_x, top=first_y) if pixels.any() else None
