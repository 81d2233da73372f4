"""Colours of labels: a function of the name, so that the same class looks the same everywhere."""

from __future__ import annotations

import colorsys
import hashlib
from collections.abc import Container

_GOLDEN_ANGLE = 0.381966
"""Fraction of the colour circle that never brings two small multiples close together."""


def label_color(name: str, used: Container[str] = ()) -> str:
    """Return a colour for a label.

    Parameters
    ----------
    name
        The label; case matters.
    used
        Colours of the neighbours, ``#rrggbb`` in lower case. A colour in use is turned on the colour circle.

    Returns
    -------
    str
        ``#rrggbb``; black for a label named ``background``.
    """
    if name.lower() == "background":
        return "#000000"
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    for turn in range(256):
        color = _color((seed % 3600) / 3600 + turn * _GOLDEN_ANGLE, (seed >> 20) % 100 / 100)
        if color not in used:
            break
    return color


def _color(hue: float, shade: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, 0.48 + 0.14 * shade, 0.72 + 0.2 * (1 - shade))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
