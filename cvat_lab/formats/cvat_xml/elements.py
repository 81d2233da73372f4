"""The elements of CVAT XML that hold shapes: from their attributes to items, and from coordinates to attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from cvat_lab.formats.items import ShapeItem
from cvat_lab.model.shape import ShapeType

Attributes = dict[str, str]

_CUBOID_CORNERS = ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2")
_CUBOID = tuple(f"{axis}{corner}" for corner in _CUBOID_CORNERS for axis in "xy")


def _shape(kind: ShapeType, given: Attributes, points: list[float]) -> ShapeItem:
    get = given.get
    return ShapeItem(
        get("label", ""),
        kind,
        points,
        float(given["rotation"]) if "rotation" in given else 0.0,
        get("occluded") == "1",
        get("outside") == "1",
        int(get("z_order") or 0),
        int(given["group_id"]) if "group_id" in given else 0,
        get("source", "manual"),
        1.0,
        {},
        (),
        -1,
        get("keyframe") != "0",
    )


def _read_box(given: Attributes) -> ShapeItem:
    points = [float(given["xtl"]), float(given["ytl"]), float(given["xbr"]), float(given["ybr"])]
    return _shape(ShapeType.RECTANGLE, given, points)


def _read_ellipse(given: Attributes) -> ShapeItem:
    cx, cy = float(given["cx"]), float(given["cy"])
    return _shape(ShapeType.ELLIPSE, given, [cx, cy, cx + float(given["rx"]), cy - float(given["ry"])])


def _read_cuboid(given: Attributes) -> ShapeItem:
    return _shape(ShapeType.CUBOID, given, [float(given[name]) for name in _CUBOID])


def _read_mask(given: Attributes) -> ShapeItem:
    runs = [float(run) for run in given["rle"].split(",")]
    left, top = float(given["left"]), float(given["top"])
    runs += (left, top, left + float(given["width"]) - 1, top + float(given["height"]) - 1)
    return _shape(ShapeType.MASK, given, runs)


def _read_skeleton(given: Attributes) -> ShapeItem:
    return _shape(ShapeType.SKELETON, given, [])


def _path_reader(kind: ShapeType) -> Callable[[Attributes], ShapeItem]:
    def read(given: Attributes) -> ShapeItem:
        return _shape(kind, given, list(map(float, given["points"].replace(";", ",").split(","))))

    return read


SHAPE_READERS: Final[dict[str, Callable[[Attributes], ShapeItem]]] = {
    "box": _read_box,
    "polygon": _path_reader(ShapeType.POLYGON),
    "polyline": _path_reader(ShapeType.POLYLINE),
    "points": _path_reader(ShapeType.POINTS),
    "ellipse": _read_ellipse,
    "cuboid": _read_cuboid,
    "mask": _read_mask,
    "skeleton": _read_skeleton,
}
"""From the attributes of an element to a shape. They raise ``KeyError`` and ``ValueError``."""

TAGS: Final[dict[ShapeType, str]] = {
    ShapeType.RECTANGLE: "box",
    **{kind: str(kind) for kind in ShapeType if kind is not ShapeType.RECTANGLE},
}


def coordinates(shape: ShapeItem) -> str:
    """Return the coordinates of a shape as XML attributes, each with a blank in front."""
    return _WRITERS[shape.type](shape.points) + (f' rotation="{shape.rotation:.2f}"' if shape.rotation else "")


def _box_text(points: Sequence[float]) -> str:
    left, top, right, bottom = points
    return f' xtl="{left:.2f}" ytl="{top:.2f}" xbr="{right:.2f}" ybr="{bottom:.2f}"'


def _path_text(points: Sequence[float]) -> str:
    return _path_template(len(points) // 2) % tuple(points)


@lru_cache(maxsize=512)
def _path_template(count: int) -> str:
    return f' points="{";".join(["%.2f,%.2f"] * count)}"'


def _ellipse_text(points: Sequence[float]) -> str:
    cx, cy, right, top = points
    return f' cx="{cx:.2f}" cy="{cy:.2f}" rx="{right - cx:.2f}" ry="{cy - top:.2f}"'


def _cuboid_text(points: Sequence[float]) -> str:
    return "".join(f' {name}="{value:.2f}"' for name, value in zip(_CUBOID, points, strict=True))


def _mask_text(points: Sequence[float]) -> str:
    *runs, left, top, right, bottom = map(int, points)
    rle = ", ".join(map(str, runs))
    return f' rle="{rle}" left="{left}" top="{top}" width="{right - left + 1}" height="{bottom - top + 1}"'


_WRITERS: Final[dict[ShapeType, Callable[[Sequence[float]], str]]] = {
    ShapeType.RECTANGLE: _box_text,
    ShapeType.POLYGON: _path_text,
    ShapeType.POLYLINE: _path_text,
    ShapeType.POINTS: _path_text,
    ShapeType.ELLIPSE: _ellipse_text,
    ShapeType.CUBOID: _cuboid_text,
    ShapeType.MASK: _mask_text,
    ShapeType.SKELETON: lambda _: "",
}
