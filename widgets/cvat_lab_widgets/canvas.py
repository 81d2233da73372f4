"""A still that is alive: an ipycanvas in three layers, drawn by the kernel."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from ipycanvas import Canvas, MultiCanvas, hold_canvas
from numpy.typing import NDArray

from cvat_lab_widgets.drawing import TINT
from cvat_lab_widgets.outlines import Outline

PICTURE, SHAPES, CURSOR = range(3)
"""Layers."""

_REACH: Final = 6.0
"""Distance in pixels at which a line or a dot is under the cursor."""
_FONT: Final = "600 13px sans-serif"


def make_canvas(picture: NDArray[np.uint8], outlines: list[Outline]) -> MultiCanvas:
    """Return a canvas with a frame and its shapes.

    A canvas keeps nothing of what was drawn on it, so it is drawn again for every page that opens it.

    Parameters
    ----------
    picture
        RGB, shape (height, width, 3), uint8.
    outlines
        In pixels of the picture, the nearest last.
    """
    height, width = picture.shape[:2]
    canvas = MultiCanvas(3, width=width, height=height)

    def draw() -> None:
        with hold_canvas():
            canvas[PICTURE].put_image_data(picture)
            canvas[SHAPES].clear()
            for outline in outlines:
                _draw(canvas[SHAPES], outline, 1.5)

    def point_at(x: float, y: float) -> None:
        found = shape_at(outlines, x, y)
        with hold_canvas():
            canvas[CURSOR].clear()
            if found is not None:
                _draw(canvas[CURSOR], found, 3)
                _write(canvas[CURSOR], found.title, x, y)

    canvas.on_client_ready(draw)
    canvas.on_mouse_move(point_at)
    draw()
    return canvas


def shape_at(outlines: list[Outline], x: float, y: float) -> Outline | None:
    """Return the nearest outline under a position, or None."""
    return next((outline for outline in reversed(outlines) if _covers(outline, x, y)), None)


def _covers(outline: Outline, x: float, y: float) -> bool:
    if any(cv2.pointPolygonTest(area.astype(np.float32), (x, y), False) >= 0 for area in outline.areas):
        return True
    segments = [(line[i], line[i + 1]) for line in outline.lines for i in range(len(line) - 1)]
    spots = [(dot, dot) for dot in outline.dots]
    return any(_distance(np.array((x, y)), start, stop) <= _REACH for start, stop in (*segments, *spots))


def _distance(point: NDArray[np.float64], start: NDArray[np.float64], stop: NDArray[np.float64]) -> float:
    """Return the distance in pixels from a point to a segment."""
    along = stop - start
    length = float(along @ along)
    share = min(1.0, max(0.0, float((point - start) @ along) / length)) if length else 0.0
    return float(np.linalg.norm(point - start - share * along))


def _draw(layer: Canvas, outline: Outline, width: float) -> None:
    layer.stroke_style = layer.fill_style = outline.color
    layer.line_width = width
    layer.set_line_dash([6, 4] if outline.dashed else [])
    for area in outline.areas:
        layer.global_alpha = TINT
        layer.fill_polygon(area)
        layer.global_alpha = 1
        layer.stroke_polygon(area)
    for line in outline.lines:
        layer.stroke_lines(line)
    for x, y in outline.dots:
        layer.fill_circle(x, y, 2 * width)


def _write(layer: Canvas, text: str, x: float, y: float) -> None:
    layer.font = _FONT
    layer.set_line_dash([])
    layer.line_width = 3
    layer.stroke_style, layer.fill_style = "#000000", "#ffffff"
    layer.stroke_text(text, x + 12, y - 6)
    layer.fill_text(text, x + 12, y - 6)
