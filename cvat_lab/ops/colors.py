"""Colours of labels: a function of the name, so that the same class looks the same everywhere."""

from __future__ import annotations

import colorsys
import hashlib
from collections.abc import Iterable
from math import dist, inf

_GOLDEN_ANGLE = 0.381966
"""Fraction of the colour circle that never brings two small multiples close together."""

_TURNS = 64
_DISTINCT = 90.0
"""Least distance of two colours in RGB, of 441 between black and white, that are told apart at a glance."""


def label_color(name: str, used: Iterable[str] = ()) -> str:
    """Return a colour for a label.

    Parameters
    ----------
    name
        The label; case matters.
    used
        Colours of the neighbours, ``#rrggbb``. A colour too close to one of them is turned on the colour circle; when
        the circle is full, the one furthest from all neighbours is taken.

    Returns
    -------
    str
        ``#rrggbb``; black for a label named ``background``.
    """
    if name.lower() == "background":
        return "#000000"
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    hue, shade = (seed % 3600) / 3600, (seed >> 20) % 100 / 100
    neighbours = [_channels(color) for color in used]
    turns = [_color(hue + turn * _GOLDEN_ANGLE, (shade + turn / _TURNS) % 1.0) for turn in range(_TURNS)]
    distances = [min((dist(_channels(color), other) for other in neighbours), default=inf) for color in turns]
    far_enough = (color for color, distance in zip(turns, distances, strict=True) if distance >= _DISTINCT)
    return next(far_enough, turns[distances.index(max(distances))])


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _color(hue: float, shade: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, 0.48 + 0.14 * shade, 0.72 + 0.2 * (1 - shade))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
