"""Bounds, areas and outlines of shapes, for many shapes at once or for one.

Coordinates are image pixels, x to the right and y down; a rotation is clockwise, in degrees, about the centre of the
unrotated shape. How the points of each kind are laid out is said in :class:`cvat_lab.model.shape.TrackedShape`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from cvat_lab.model.shape import KINDS, ShapeType
from cvat_lab.ops.interpolation import SHAPE_TYPES, Codes, kind_codes
from cvat_lab.ops.masks import Points, clip_mask
from cvat_lab.ops.ragged import Floats, Integers, Ragged, spread, starts


class Bounds(NamedTuple):
    """The smallest upright box around a shape, in pixels."""

    xtl: float
    ytl: float
    xbr: float
    ybr: float


def bounds(kind: ShapeType, points: Points, rotation: float = 0.0) -> Bounds | None:
    """Return the box around one shape, or ``None`` if it has no points of its own, as a skeleton."""
    row = bounds_rows(kind_codes([kind.value]), _single(points), np.array([rotation]))[0]
    return None if np.isnan(row[0]) else Bounds(*row.tolist())


def area(kind: ShapeType, points: Points) -> float:
    """Return the area of one shape in square pixels, see :func:`area_rows`."""
    return float(area_rows(kind_codes([kind.value]), _single(points))[0])


def bounds_rows(kinds: Codes, points: Ragged, rotation: Floats) -> Floats:
    """Return the upright box around each shape.

    Parameters
    ----------
    kinds
        Shape types, shape (n,), see :func:`cvat_lab.ops.interpolation.kind_codes`.
    points
        n rows of points.
    rotation
        Degrees, shape (n,).

    Returns
    -------
    array of float64, shape (n, 4)
        ``xtl, ytl, xbr, ybr``; NaN where there are no points, or not as many as the kind needs. A mask ends where
        its last pixel ends. Of a 3D cuboid it is the box on the ground, in metres.
    """
    boxes = np.full((len(points), 4), np.nan)
    for rows, kind in _by_kind(kinds, points):
        boxes[rows] = _BOUNDS.get(kind, _vertex_bounds)(points.take(rows), rotation[rows])
    return boxes


def area_rows(kinds: Codes, points: Ragged) -> Floats:
    """Return the area of each shape in square pixels, shape (n,).

    Points, polylines and skeletons have none. For a cuboid it is the area of the box around it, as in CVAT.
    """
    areas = np.zeros(len(points))
    for rows, kind in _by_kind(kinds, points):
        if kind in _AREAS:
            areas[rows] = _AREAS[kind](points.take(rows))
    return areas


def bounds_arrow(type: Any, points: Any, rotation: Any) -> pa.ListArray:
    """Return :func:`bounds_rows` as Arrow ``list<double>`` of four; null where there are no points."""
    boxes = bounds_rows(kind_codes(type), Ragged.from_arrow(points), _floats(rotation))
    present = ~np.isnan(boxes[:, 0])
    rows = Ragged(boxes[present].ravel(), starts(4 * present))
    return rows.to_arrow(None if present.all() else ~present)


def area_arrow(type: Any, points: Any) -> pa.DoubleArray:
    """Return :func:`area_rows` as Arrow."""
    return pa.array(area_rows(kind_codes(type), Ragged.from_arrow(points)))


def box_corners(boxes: Floats, rotation: Floats) -> Floats:
    """Return the corners of rotated boxes.

    Parameters
    ----------
    boxes
        ``xtl, ytl, xbr, ybr`` before the rotation, shape (..., 4).
    rotation
        Degrees, shape (...).

    Returns
    -------
    array of float64, shape (..., 4, 2)
        Clockwise, beginning with what was the top left corner.
    """
    corners = boxes[..., [0, 1, 2, 1, 2, 3, 0, 3]].reshape(*boxes.shape[:-1], 4, 2)
    centre = (boxes[..., None, :2] + boxes[..., None, 2:]) / 2
    return np.where((rotation == 0)[..., None, None], corners, _rotate(corners - centre, rotation) + centre)


def ellipse_polygon(points: Points, rotation: float = 0.0, *, vertices: int = 64) -> list[float]:
    """Return a polygon inscribed in an ellipse, clockwise from its right end, as flat coordinates."""
    centre = np.asarray(points[:2], dtype=np.float64)
    radii = np.array([points[2] - points[0], points[1] - points[3]])
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    outline = np.stack((np.cos(angle), np.sin(angle)), axis=-1) * radii
    polygon: list[float] = (_rotate(outline, np.asarray(rotation)) + centre).ravel().tolist()
    return polygon


def clip(kind: ShapeType, points: Points, width: int, height: int, rotation: float = 0.0) -> list[float] | None:
    """Return a shape fitted into its image, or ``None`` when nothing of it is left.

    As in CVAT, points outside move to the nearest edge, and rotated boxes, ellipses, cuboids and skeletons stay as they
    are, because no shape of their kind describes the part inside.
    """
    if kind is ShapeType.MASK:
        return clip_mask(points, width, height)
    fits = (ShapeType.RECTANGLE, ShapeType.POLYGON, ShapeType.POLYLINE, ShapeType.POINTS)
    if kind not in fits or rotation:
        return [float(value) for value in points]
    fitted = np.clip(np.reshape(points, (-1, 2)), 0, (width, height)).ravel()
    gone = kind in _AREAS and area(kind, fitted) == 0
    return None if gone else list(map(float, fitted))


def _by_kind(kinds: Codes, points: Ragged) -> list[tuple[Integers, ShapeType]]:
    """Group the shapes that have as many numbers as their kind needs."""
    groups = []
    for code in np.unique(kinds):
        rows = np.flatnonzero(kinds == code)
        sizes, which = np.unique(points.lengths[rows], return_inverse=True)
        valid = np.array([size > 0 and KINDS[SHAPE_TYPES[code]].count_ok(int(size)) for size in sizes])
        groups.append((rows[valid[which]], SHAPE_TYPES[code]))
    return [(rows, kind) for rows, kind in groups if rows.size]


def _rotate(vectors: Floats, degrees: Floats) -> Floats:
    """Turn vectors, shape (..., n, 2), clockwise by angles of shape (...)."""
    angle = np.radians(degrees)[..., None]
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack((x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)), axis=-1)


def _corner_bounds(corners: Floats) -> Floats:
    return np.concatenate((corners.min(axis=-2), corners.max(axis=-2)), axis=-1)


def _rectangle_bounds(points: Ragged, rotation: Floats) -> Floats:
    return _corner_bounds(box_corners(points.values.reshape(-1, 4), rotation))


def _ellipse_bounds(points: Ragged, rotation: Floats) -> Floats:
    cx, cy, right, top = points.values.reshape(-1, 4).T
    cos, sin, angle_free = np.cos(np.radians(rotation)), np.sin(np.radians(rotation)), rotation == 0
    rx, ry = np.abs(right - cx), np.abs(cy - top)
    half_width = np.where(angle_free, rx, np.hypot(rx * cos, ry * sin))
    half_height = np.where(angle_free, ry, np.hypot(rx * sin, ry * cos))
    return np.stack((cx - half_width, cy - half_height, cx + half_width, cy + half_height), axis=-1)


def _vertex_bounds(points: Ragged, rotation: Floats) -> Floats:
    vertices, first = points.values.reshape(-1, 2), points.offsets[:-1] // 2
    low, high = np.minimum.reduceat(vertices, first, axis=0), np.maximum.reduceat(vertices, first, axis=0)
    return np.concatenate((low, high), axis=1)


def _mask_bounds(points: Ragged, rotation: Floats) -> Floats:
    boxes: Floats = points.values[points.offsets[1:, None] + np.arange(-4, 0)]
    boxes[:, 2:] += 1
    return boxes


def _cuboid_bounds(points: Ragged, rotation: Floats) -> Floats:
    numbers = points.values.reshape(-1, 16)
    spatial = ~numbers[:, 9:].any(axis=1)
    boxes = _corner_bounds(numbers.reshape(-1, 8, 2))
    boxes[spatial] = _ground_bounds(numbers[spatial])
    return boxes


def _ground_bounds(numbers: Floats) -> Floats:
    """Return x and y of the box around 3D cuboids, whose angles turn about x, then y, then z."""
    centre, angles, half = numbers[:, 0:2], numbers[:, 3:6], numbers[:, 6:9] / 2
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles).T, np.sin(angles).T
    along_x = np.stack((cy * cz, -cy * sz, sy), axis=-1)
    along_y = np.stack((cx * sz + sx * sy * cz, cx * cz - sx * sy * sz, -sx * cy), axis=-1)
    reach = np.stack([(np.abs(axis) * half).sum(axis=1) for axis in (along_x, along_y)], axis=-1)
    return np.concatenate((centre - reach, centre + reach), axis=1)


def _rectangle_area(points: Ragged) -> Floats:
    xtl, ytl, xbr, ybr = points.values.reshape(-1, 4).T
    return np.abs((xbr - xtl) * (ybr - ytl))


def _ellipse_area(points: Ragged) -> Floats:
    cx, cy, right, top = points.values.reshape(-1, 4).T
    return np.pi * np.abs((right - cx) * (cy - top))


def _polygon_area(points: Ragged) -> Floats:
    vertices, sizes, first = points.values.reshape(-1, 2), points.lengths // 2, points.offsets[:-1] // 2
    here = vertices - np.repeat(vertices[first], sizes, axis=0)  # near 0, where products are exact
    following = np.arange(1, len(vertices) + 1)
    following[points.offsets[1:] // 2 - 1] = first
    there = here[following]
    areas: Floats = np.abs(np.add.reduceat(here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0], first)) / 2
    return areas


def _mask_area(points: Ragged) -> Floats:
    place = spread(np.zeros_like(points.lengths), points.lengths)
    counts = (place % 2 == 1) & (place < np.repeat(points.lengths - 4, points.lengths))
    areas: Floats = np.add.reduceat(np.where(counts, points.values, 0), points.offsets[:-1])
    return areas


def _cuboid_area(points: Ragged) -> Floats:
    xtl, ytl, xbr, ybr = _cuboid_bounds(points, np.zeros(len(points))).T
    areas: Floats = (xbr - xtl) * (ybr - ytl)
    return areas


_BOUNDS: Final[dict[ShapeType, Callable[[Ragged, Floats], Floats]]] = {
    ShapeType.RECTANGLE: _rectangle_bounds,
    ShapeType.ELLIPSE: _ellipse_bounds,
    ShapeType.CUBOID: _cuboid_bounds,
    ShapeType.MASK: _mask_bounds,
}

_AREAS: Final[dict[ShapeType, Callable[[Ragged], Floats]]] = {
    ShapeType.RECTANGLE: _rectangle_area,
    ShapeType.ELLIPSE: _ellipse_area,
    ShapeType.POLYGON: _polygon_area,
    ShapeType.CUBOID: _cuboid_area,
    ShapeType.MASK: _mask_area,
}


def _single(points: Points) -> Ragged:
    values = np.asarray(points, dtype=np.float64)
    return Ragged(values, np.array([0, values.size]))


def _floats(column: Any) -> Floats:
    plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    values: Floats = plain.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return values
