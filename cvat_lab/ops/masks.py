"""Masks: from CVAT's run lengths to pixels and polygons, and back.

CVAT stores a mask as ``[run, run, ..., left, top, right, bottom]``: the runs go row by row through the box, starting
with background, and the box names its corner pixels, inclusive. Pixel ``(x, y)`` is the square from ``(x, y)`` to
``(x + 1, y + 1)``. A polygon covers the pixels whose centres it holds, and the outline of a mask follows the edges of
its pixels, so a mask that becomes a polygon and a mask again is the same mask.

COCO's run lengths live in :mod:`cvat_lab.ops.coco_rle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError

Points = Sequence[float] | NDArray[np.float64]
"""Flat coordinates of a shape."""

Bitmap = NDArray[np.bool_]
"""Pixels, shape (height, width)."""


class Box(NamedTuple):
    """The corner pixels of a mask, inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self.bottom - self.top + 1


def mask_box(points: Points) -> Box:
    """Return the box of a mask, which is the last four numbers of its points."""
    return Box(*(int(value) for value in points[-4:]))


def mask_area(points: Points) -> int:
    """Return the number of pixels of a mask."""
    return int(sum(points[1:-4:2]))


def mask_crop(points: Points) -> Bitmap:
    """Return the pixels inside the box of a mask.

    Raises
    ------
    InvalidInputError
        The runs do not add up to the size of the box.
    """
    box = mask_box(points)
    runs = np.asarray(points[:-4], dtype=np.int64)
    if runs.sum() != box.width * box.height:
        raise InvalidInputError(
            f"The run lengths of the mask add up to {runs.sum()}, its box holds {box.width * box.height} pixels",
            field="points",
        )
    return expand_runs(runs).reshape(box.height, box.width)


def mask_bitmap(points: Points, width: int, height: int) -> Bitmap:
    """Return a mask as the pixels of its whole image; what lies outside the image is cut off.

    Parameters
    ----------
    points
        Points of the mask.
    width, height
        Size of the image in pixels.
    """
    bitmap = np.zeros((height, width), dtype=np.bool_)
    box = mask_box(points)
    shown = mask_crop(points)[max(-box.top, 0) : max(height - box.top, 0), max(-box.left, 0) : max(width - box.left, 0)]
    left, top = max(box.left, 0), max(box.top, 0)
    bitmap[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    return bitmap


def mask_points(bitmap: NDArray[np.generic], *, left: int = 0, top: int = 0) -> list[float]:
    """Return the points of a mask, with the smallest box that holds all its pixels.

    Parameters
    ----------
    bitmap
        Pixels, shape (height, width); everything but 0 belongs to the mask.
    left, top
        Position of the bitmap in the image.

    Raises
    ------
    InvalidInputError
        No pixel is set. CVAT knows no empty masks.
    """
    if bitmap.ndim != 2:
        raise InvalidInputError(f"A mask has 2 dimensions, height and width; got shape {bitmap.shape}", field="points")
    pixels = bitmap.astype(np.bool_, copy=False)
    rows = np.flatnonzero(pixels.any(axis=1))
    if rows.size == 0:
        raise InvalidInputError("The mask is empty; delete it instead", field="points")
    columns = np.flatnonzero(pixels.any(axis=0))
    crop = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    box = (columns[0] + left, rows[0] + top, columns[-1] + left, rows[-1] + top)
    return [*run_lengths(crop.ravel()).astype(np.float64).tolist(), *map(float, box)]


def clip_mask(points: Points, width: int, height: int) -> list[float] | None:
    """Return the part of a mask inside its image, or ``None`` when nothing is left."""
    box = mask_box(points)
    if box.left >= 0 and box.top >= 0 and box.right < width and box.bottom < height:
        return [float(value) for value in points]
    bitmap = mask_bitmap(points, width, height)
    return mask_points(bitmap) if bitmap.any() else None


def mask_from_polygons(polygons: Sequence[Points], width: int, height: int) -> list[float]:
    """Return the mask of all pixels whose centre lies inside any of the polygons.

    Parameters
    ----------
    polygons
        Flat image pixels of each polygon. Where a polygon overlaps itself, the even-odd rule decides.
    width, height
        Size of the image; what lies outside is cut off.

    Raises
    ------
    InvalidInputError
        No pixel centre is inside, or a polygon has an odd number of coordinates.
    """
    if not polygons or any(len(polygon) % 2 for polygon in polygons):
        raise InvalidInputError("A mask needs at least one polygon, each of pairs of x and y", field="points")
    left, top, right, bottom = _pixel_range(polygons, width, height)
    crop = np.zeros((max(bottom - top, 0), max(right - left, 0)), dtype=np.bool_)
    for polygon in polygons:
        crop |= _fill(polygon, left, top, crop.shape[1], crop.shape[0])
    if not crop.any():
        raise InvalidInputError(
            f"The polygon covers no pixel centre of the {width} x {height} image; draw it larger or inside the image",
            field="points",
        )
    return mask_points(crop, left=left, top=top)


def mask_polygons(points: Points, *, holes: bool = False, tolerance: float = 0.0) -> list[list[float]]:
    """Return the outlines of a mask along the edges of its pixels, the largest first.

    Parameters
    ----------
    points
        Points of the mask.
    holes
        Also return the outlines of holes; a polygon of CVAT cannot have any, so by default they are filled.
    tolerance
        Pixels by which an outline may deviate to save points. 0 = exact.

    Returns
    -------
    list of list of float
        One flat list of image pixels per polygon. Pixels that touch at a corner are in one polygon.
    """
    import cv2

    box = mask_box(points)
    # Every pixel becomes 2 x 2 cells: its first cell then stands for its first edge, its second for its last one, and
    # halving the cells' positions (rounded up) gives edges where OpenCV would give pixel centres.
    cells = mask_crop(points).repeat(2, axis=0).repeat(2, axis=1).view(np.uint8)
    mode = cv2.RETR_CCOMP if holes else cv2.RETR_EXTERNAL
    contours, _ = cv2.findContours(cells, mode, cv2.CHAIN_APPROX_NONE)
    outlines = [_corners((contour[:, 0] + 1) // 2) for contour in contours]
    if tolerance > 0:
        outlines = [_simplified(outline, tolerance) for outline in outlines]
    outlines.sort(key=lambda outline: -abs(_twice_area(outline)))
    corner = np.array([box.left, box.top])
    return [(outline + corner).astype(np.float64).ravel().tolist() for outline in outlines]


def run_lengths(pixels: Bitmap) -> NDArray[np.int64]:
    """Return the lengths of alternating runs of a flat bitmap; the first one counts background and may be 0."""
    turns = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    edges = np.concatenate(([0], turns, [pixels.size]))
    runs = np.diff(edges)
    return np.concatenate(([0], runs)) if pixels.size and pixels[0] else runs


def expand_runs(runs: NDArray[np.int64]) -> Bitmap:
    """Return the flat bitmap of alternating runs, background first."""
    values = np.zeros(runs.size, dtype=np.bool_)
    values[1::2] = True
    return np.repeat(values, runs)


def _pixel_range(polygons: Sequence[Points], width: int, height: int) -> tuple[int, int, int, int]:
    corners = np.concatenate([np.asarray(polygon, dtype=np.float64).reshape(-1, 2) for polygon in polygons])
    left, top = np.maximum(np.floor(corners.min(axis=0)), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)), (width, height))
    return int(left), int(top), int(right), int(bottom)


def _fill(polygon: Points, left: int, top: int, width: int, height: int) -> Bitmap:
    """Scan lines through the pixel centres; a pixel is inside after an odd number of crossings."""
    start = np.asarray(polygon, dtype=np.float64).reshape(-1, 2) - (left + 0.5, top + 0.5)
    stop = np.roll(start, -1, axis=0)
    first = np.clip(np.ceil(np.minimum(start[:, 1], stop[:, 1])), 0, height).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(start[:, 1], stop[:, 1])), 0, height).astype(np.int64)
    edge = np.repeat(np.arange(len(start)), last - first)
    row = np.arange(edge.size) - np.repeat(np.cumsum(last - first) - last, last - first)
    share = (row - start[edge, 1]) / (stop[edge, 1] - start[edge, 1])
    crossing = start[edge, 0] + share * (stop[edge, 0] - start[edge, 0])
    column = np.clip(np.ceil(crossing), 0, width).astype(np.int64)
    flips = np.bincount(row * (width + 1) + column, minlength=height * (width + 1)).reshape(height, width + 1)
    return (np.cumsum(flips, axis=1)[:, :width] & 1).astype(np.bool_)


def _corners(outline: NDArray[np.int32]) -> NDArray[np.int32]:
    """Keep the points where a rectilinear outline turns."""
    outline = outline[np.any(outline != np.roll(outline, 1, axis=0), axis=1)]
    before = outline - np.roll(outline, 1, axis=0)
    after = np.roll(outline, -1, axis=0) - outline
    turns: NDArray[np.bool_] = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    # A spike that goes straight back is no turn by its cross product, but it is a corner.
    turns |= (before * after).sum(axis=1) < 0
    return outline[turns]


def _simplified(outline: NDArray[np.int32], tolerance: float) -> NDArray[np.int32]:
    import cv2

    simple: NDArray[np.int32] = cv2.approxPolyDP(outline[:, None].astype(np.int32), tolerance, True)[:, 0]
    return simple if len(simple) >= 3 else outline


def _twice_area(outline: NDArray[np.int32]) -> float:
    x, y = outline.astype(np.float64).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
