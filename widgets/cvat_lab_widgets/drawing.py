"""Drawing outlines into a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cvat_lab_widgets.outlines import Outline, Path2D

Rgb = NDArray[np.uint8]

TINT: Final = 0.25
"""How much of a label's colour covers the inside of its shapes."""

_SHIFT: Final = 4
"""OpenCV takes coordinates as whole sixteenths of a pixel."""
_TEXT_SIDE: Final = 40
"""The picture is so many lines of text high."""


def draw_outlines(picture: Rgb, outlines: Sequence[Outline]) -> Rgb:
    """Return a picture with outlines and the names of their labels.

    Parameters
    ----------
    picture
        RGB, shape (height, width, 3), uint8; left unchanged.
    outlines
        In pixels of this picture, the nearest last.
    """
    drawn = _tinted(picture, outlines)
    width = max(1, round(max(picture.shape[:2]) / 500))
    for outline in outlines:
        color = rgb_of(outline.color)
        for area in outline.areas:
            _draw_line(drawn, area, color, width, closed=True)
        for line in outline.lines:
            _draw_line(drawn, line, color, width, closed=False)
        for dot in outline.dots:
            cv2.circle(drawn, _fixed(dot).tolist(), (2 * width + 1) << _SHIFT, color, cv2.FILLED, cv2.LINE_AA, _SHIFT)
    return _titled(drawn, outlines)


def rgb_of(color: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0..255, of ``#rrggbb``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _tinted(picture: Rgb, outlines: Iterable[Outline]) -> Rgb:
    drawn = picture.copy()
    cover = picture.copy()
    for outline in outlines:
        if outline.areas:
            cv2.fillPoly(cover, [_fixed(area) for area in outline.areas], rgb_of(outline.color), cv2.LINE_AA, _SHIFT)
    cv2.addWeighted(cover, TINT, drawn, 1 - TINT, 0, dst=drawn)
    return drawn


def _draw_line(picture: Rgb, path: Path2D, color: tuple[int, int, int], width: int, *, closed: bool) -> None:
    cv2.polylines(picture, [_fixed(path)], closed, color, width, cv2.LINE_AA, _SHIFT)


def _titled(picture: Rgb, outlines: Sequence[Outline]) -> Rgb:
    """Write each label on a plate of its colour, at the top left of its shape."""
    image = Image.fromarray(picture)
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(10, max(picture.shape[:2]) // _TEXT_SIDE))
    for outline in outlines:
        points = outline.points
        if not outline.title or not len(points):
            continue
        x, y = points[:, 0].min(), points[:, 1].min()
        _, _, right, bottom = canvas.textbbox((0, 0), outline.title, font=font)
        plate_top = max(0.0, y - bottom - 2)
        canvas.rectangle((x, plate_top, x + right + 4, plate_top + bottom + 2), fill=outline.color)
        canvas.text((x + 2, plate_top), outline.title, fill=_readable_on(outline.color), font=font)
    return np.asarray(image)


def _readable_on(color: str) -> str:
    red, green, blue = rgb_of(color)
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"


def _fixed(points: Path2D) -> NDArray[np.int32]:
    """Return positions for OpenCV, where a whole number is the centre of a pixel, not its corner."""
    fixed: NDArray[np.int32] = np.round((points - 0.5) * (1 << _SHIFT)).astype(np.int32)
    return fixed
