"""Shapes: the kinds, their points, and the two records that hold them.

This is the one definition of a shape. REST, DuckDB and TypeScript are derived from it. A new kind of shape is one new
member of :class:`ShapeType` and one entry in :data:`KINDS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, Whole

NonNegative = Annotated[int, Meta(ge=0, le=2**53)]
"""Frame numbers, label ids and groups."""

Degrees = Annotated[float, Meta(ge=0, le=360)]
"""Clockwise rotation about the centre of the unrotated box."""


class ShapeType(StrEnum):
    """The eight kinds of shapes of CVAT."""

    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    POLYLINE = "polyline"
    POINTS = "points"
    ELLIPSE = "ellipse"
    CUBOID = "cuboid"
    MASK = "mask"
    SKELETON = "skeleton"


class Source(StrEnum):
    """The usual origins of an annotation. The field itself is a free string, as in CVAT."""

    MANUAL = "manual"
    SEMI_AUTO = "semi-auto"
    AUTO = "auto"
    FILE = "file"


class AttributeValue(Record, kw_only=True):
    """The value that an annotation has for one attribute of its label.

    ``value`` is always text: numbers in decimal form, checkboxes as ``true`` or ``false``.
    """

    spec_id: int
    value: Annotated[str, Meta(max_length=4096)]


class TrackedShape(Record, kw_only=True):
    """A keyframe: the shape of a track from ``frame`` on, until the next keyframe.

    Attributes
    ----------
    points
        Flat list of image pixels, float, origin top-left, x right, y down. Its layout depends on ``type``:
        rectangle ``[xtl, ytl, xbr, ybr]`` of the unrotated box; polygon, polyline and points ``[x0, y0, x1, y1, ...]``;
        ellipse ``[cx, cy, cx + rx, cy - ry]``; cuboid 8 corners, or ``[x, y, z, rx, ry, rz, sx, sy, sz]`` and 7 zeros
        in 3D; mask ``[run, run, ..., left, top, right, bottom]``; skeleton ``[]``.
    outside
        The object is hidden from this frame to the next keyframe that is not outside.
    attributes
        Values of mutable attributes only. A missing one keeps the value of the previous keyframe.
    """

    type: ShapeType
    frame: NonNegative
    points: list[float] = []
    rotation: Degrees = 0.0
    occluded: bool = False
    outside: bool = False
    z_order: Whole = 0
    attributes: list[AttributeValue] = []
    id: Whole | None = None


class Shape(TrackedShape, kw_only=True):
    """A shape that exists on exactly one frame.

    Attributes
    ----------
    group
        0 = none; equal numbers in one job form a group.
    score
        Confidence of the model that made the shape, 0..1; 1 for a human.
    elements
        The points of a skeleton, one :class:`Shape` of type ``points`` per sublabel; empty for every other kind.
    """

    label_id: NonNegative
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    score: Annotated[float, Meta(ge=0, le=1)] = 1.0
    elements: list[Shape] = []


@dataclass(frozen=True)
class Kind:
    """The rules for the points of one shape type.

    Attributes
    ----------
    count_ok
        Says whether a number of coordinates is allowed.
    expected
        The same rule in words, for error messages.
    rotates
        Whether ``rotation`` means anything.
    interpolates
        ``linear`` per coordinate, ``polyline`` by matched contours, ``single`` = linear for exactly one point,
        ``hold`` = the left keyframe is repeated.
    """

    count_ok: Callable[[int], bool]
    expected: str
    rotates: bool = False
    interpolates: str = "hold"


KINDS: Final[dict[ShapeType, Kind]] = {
    ShapeType.RECTANGLE: Kind(lambda n: n == 4, "4 numbers: x1, y1, x2, y2", rotates=True, interpolates="linear"),
    ShapeType.ELLIPSE: Kind(lambda n: n == 4, "4 numbers: cx, cy, right x, top y", rotates=True, interpolates="linear"),
    ShapeType.CUBOID: Kind(lambda n: n == 16, "16 numbers: 8 corners", interpolates="linear"),
    ShapeType.POLYGON: Kind(
        lambda n: n >= 6 and n % 2 == 0,
        "an even number of at least 6 numbers (3 points)",
        interpolates="polyline",
    ),
    ShapeType.POLYLINE: Kind(
        lambda n: n >= 4 and n % 2 == 0,
        "an even number of at least 4 numbers (2 points)",
        interpolates="polyline",
    ),
    ShapeType.POINTS: Kind(
        lambda n: n >= 2 and n % 2 == 0,
        "an even number of at least 2 numbers (1 point)",
        interpolates="single",
    ),
    ShapeType.MASK: Kind(lambda n: n >= 5, "run lengths followed by left, top, right, bottom"),
    ShapeType.SKELETON: Kind(lambda n: n == 0, "no points of its own; they belong to its elements"),
}


def check_points(kind: ShapeType, points: Sequence[float], *, where: str = "shape") -> None:
    """Check number, finiteness and, for masks, the run lengths of a shape's points.

    Parameters
    ----------
    kind
        The shape type.
    points
        Flat coordinates in pixels, see :class:`TrackedShape`.
    where
        Names the shape in the error message, for example ``shape 3 on frame 12``.

    Raises
    ------
    InvalidInputError
        With the rule that is broken.
    """
    rule = KINDS[kind]
    if not rule.count_ok(len(points)):
        raise InvalidInputError(f"{where}: a {kind} needs {rule.expected}; got {len(points)} numbers", field="points")
    if not all(map(math.isfinite, points)):
        bad = next(value for value in points if not math.isfinite(value))
        raise InvalidInputError(f"{where}: points must be finite numbers; got {bad}", field="points")
    if kind is ShapeType.MASK:
        _check_mask(points, where)


def _check_mask(points: Sequence[float], where: str) -> None:
    *runs, left, top, right, bottom = points
    if any(value != int(value) or value < 0 for value in points):
        raise InvalidInputError(f"{where}: run lengths and box of a mask are whole numbers >= 0", field="points")
    area = (right - left + 1) * (bottom - top + 1)
    if right < left or bottom < top or sum(runs) != area:
        raise InvalidInputError(
            f"{where}: the run lengths of the mask add up to {sum(runs):g}, its box holds {area:g} pixels",
            field="points",
        )
    if sum(runs[1::2]) == 0:
        raise InvalidInputError(f"{where}: the mask is empty; delete it instead", field="points")
