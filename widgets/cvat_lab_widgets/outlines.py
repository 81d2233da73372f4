"""From a shape to the lines that show it: every kind becomes polygons, polylines and dots."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cvat_lab.client.labels import Labels
from cvat_lab.model.label import LabelRead
from cvat_lab.model.shape import Shape, ShapeType
from cvat_lab.ops.geometry import box_corners, ellipse_polygon
from cvat_lab.ops.masks import mask_polygons

Path2D = NDArray[np.float64]
"""Points in image pixels, shape (n, 2)."""

_CUBOID_FACES: Final = ((0, 1, 3, 2), (6, 7, 5, 4))
_CUBOID_EDGES: Final = ((0, 6), (1, 7), (2, 4), (3, 5))
_TAG: Final = re.compile(r"<(\w+)([^>]*)>")
_ATTRIBUTE: Final = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Outline:
    """What is drawn for one shape.

    Attributes
    ----------
    color
        ``#rrggbb``.
    title
        Name of the label.
    areas
        Closed outlines; their inside is tinted.
    lines
        Open lines.
    dots
        Single points, shape (n, 2).
    dashed
        The object is occluded.
    """

    color: str
    title: str
    areas: tuple[Path2D, ...] = ()
    lines: tuple[Path2D, ...] = ()
    dots: Path2D = field(default_factory=lambda: np.zeros((0, 2)))
    dashed: bool = False

    @property
    def points(self) -> Path2D:
        """All points, shape (n, 2)."""
        return np.concatenate([*self.areas, *self.lines, self.dots])

    def scaled(self, factor: float) -> Outline:
        """Return the outline for a picture of another size."""
        return Outline(
            self.color,
            self.title,
            tuple(area * factor for area in self.areas),
            tuple(line * factor for line in self.lines),
            self.dots * factor,
            self.dashed,
        )


Parts = tuple[tuple[Path2D, ...], tuple[Path2D, ...], Path2D]
_NO_DOTS: Final = np.zeros((0, 2))


def outline_of(shape: Shape, labels: Labels) -> Outline:
    """Return the outline of a shape.

    Parameters
    ----------
    shape
        With its elements, if it is a skeleton.
    labels
        Give colour and name.
    """
    label = labels.by_id(shape.label_id)
    if shape.type is ShapeType.SKELETON:
        areas, lines, dots = _skeleton(shape, label)
    else:
        areas, lines, dots = _PARTS[shape.type](shape)
    return Outline(label.color, label.name, areas, lines, dots, shape.occluded)


def _rectangle(shape: Shape) -> Parts:
    return (box_corners(np.array(shape.points), np.array(shape.rotation)),), (), _NO_DOTS


def _ellipse(shape: Shape) -> Parts:
    return (_pairs(ellipse_polygon(shape.points, shape.rotation)),), (), _NO_DOTS


def _polygon(shape: Shape) -> Parts:
    return (_pairs(shape.points),), (), _NO_DOTS


def _polyline(shape: Shape) -> Parts:
    return (), (_pairs(shape.points),), _NO_DOTS


def _points(shape: Shape) -> Parts:
    return (), (), _pairs(shape.points)


def _mask(shape: Shape) -> Parts:
    return tuple(_pairs(polygon) for polygon in mask_polygons(shape.points)), (), _NO_DOTS


def _cuboid(shape: Shape) -> Parts:
    corners = _pairs(shape.points)
    return (
        tuple(corners[list(face)] for face in _CUBOID_FACES),
        tuple(corners[list(e)] for e in _CUBOID_EDGES),
        _NO_DOTS,
    )


_PARTS: Final[Mapping[ShapeType, Callable[[Shape], Parts]]] = {
    ShapeType.RECTANGLE: _rectangle,
    ShapeType.ELLIPSE: _ellipse,
    ShapeType.POLYGON: _polygon,
    ShapeType.POLYLINE: _polyline,
    ShapeType.POINTS: _points,
    ShapeType.MASK: _mask,
    ShapeType.CUBOID: _cuboid,
}


def _skeleton(shape: Shape, label: LabelRead) -> Parts:
    """Draw the points that can be seen, and the edges between two of them."""
    seen = {part.label_id: _pairs(part.points)[0] for part in shape.elements if not part.outside and part.points}
    edges = (pair for pair in _edges(label) if pair[0] in seen and pair[1] in seen)
    lines = tuple(np.stack((seen[start], seen[stop])) for start, stop in edges)
    dots = np.stack(list(seen.values())) if seen else _NO_DOTS
    return (), lines, dots


def _edges(label: LabelRead) -> Iterator[tuple[int, int]]:
    """Yield the edges of a skeleton's drawing as pairs of sublabel ids."""
    svg = label.svg if isinstance(label.svg, str) else ""
    tags = [dict(_ATTRIBUTE.findall(text)) for _, text in _TAG.findall(svg)]
    owners = {tag["data-node-id"]: int(tag["data-label-id"]) for tag in tags if "data-label-id" in tag}
    for tag in tags:
        start, stop = tag.get("data-node-from", ""), tag.get("data-node-to", "")
        if start in owners and stop in owners:
            yield owners[start], owners[stop]


def _pairs(points: list[float]) -> Path2D:
    return np.asarray(points, dtype=np.float64).reshape(-1, 2)
