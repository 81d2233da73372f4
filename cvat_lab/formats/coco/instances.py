"""From the shapes of a frame to COCO's instances: the members of a group are parts of one object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import mul

from cvat_lab.formats.items import FrameItem, ShapeItem
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.rasterize import outline, polygon_mask, shape_mask
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.masks import Points, mask_bitmap, mask_points

WRITTEN = frozenset({ShapeType.RECTANGLE, ShapeType.POLYGON, ShapeType.MASK, ShapeType.ELLIPSE})
_TRUE = frozenset({"true", "1", "1.0"})


class Instance:
    """One object.

    Parameters
    ----------
    leader
        The largest part; it gives label and attributes.
    parts
        All shapes of the object, the leader included.

    Attributes
    ----------
    polygons
        Outlines of the polygons.
    boxes
        The rectangles.
    has_mask
        Whether a part cannot be written as a polygon.
    """

    __slots__ = ("boxes", "has_mask", "leader", "parts", "polygons")

    def __init__(self, leader: ShapeItem, parts: Sequence[ShapeItem]) -> None:
        self.leader = leader
        self.parts = parts
        self.polygons: list[list[float]] = []
        self.boxes: list[ShapeItem] = []
        self.has_mask = False
        for part in parts:
            if part.type is ShapeType.RECTANGLE:
                self.boxes.append(part)
            elif part.type is ShapeType.POLYGON:
                self.polygons.append(part.points)
            else:
                self.has_mask = True

    @property
    def crowd(self) -> bool | None:
        """The attribute ``is_crowd``; ``None`` when the label has none."""
        value = self.leader.attributes.get("is_crowd")
        return None if value is None else value.lower() in _TRUE

    def mask(self, width: int, height: int) -> list[float] | None:
        """Return the pixels of all parts but rectangles, as the points of one mask; ``None`` when there are none."""
        masks = [
            found
            for part in self.parts
            if part.type in (ShapeType.MASK, ShapeType.ELLIPSE)
            and (found := shape_mask(part, width, height)) is not None
        ]
        polygons: list[Points] = list(self.polygons)
        if polygons and (found := polygon_mask(polygons, width, height)) is not None:
            masks.append(found)
        if len(masks) < 2:
            return masks[0] if masks else None
        bitmap = mask_bitmap(masks[0], width, height)
        for other in masks[1:]:
            bitmap |= mask_bitmap(other, width, height)
        return mask_points(bitmap)


def find_instances(item: FrameItem, losses: Losses) -> Iterator[Instance]:
    """Yield the objects on a frame.

    Members of a group are one object when they have the same label and one of them is a polygon or mask; a crowd
    (``is_crowd``) takes all members of its group, whatever their label. Rectangles among themselves stay apart.
    """
    shapes = [shape for shape in item.shapes if shape.type in WRITTEN]
    groups: dict[int, list[ShapeItem]] = {}
    for shape in shapes:
        if shape.group:
            groups.setdefault(shape.group, []).append(shape)
        else:
            yield Instance(shape, (shape,))
    for group in groups.values():
        yield from _split_group(group, item, losses)


def _split_group(group: list[ShapeItem], item: FrameItem, losses: Losses) -> Iterator[Instance]:
    whole = Instance(max(group, key=size), group)
    if whole.crowd:
        if any(part.label != whole.leader.label for part in group):
            reason = "a crowd has one label, that of its largest part"
            losses.add("label", whole.leader.label, reason, example=item.title)
        yield _merged(whole, item, losses)
        return
    by_label: dict[str, list[ShapeItem]] = {}
    for shape in group:
        by_label.setdefault(shape.label, []).append(shape)
    if len(by_label) > 1:
        losses.add("group", "group", "an object of COCO has one label", example=item.title)
    for parts in by_label.values():
        if any(part.type is not ShapeType.RECTANGLE for part in parts):
            yield _merged(Instance(max(parts, key=size), parts), item, losses)
            continue
        if len(parts) > 1:
            losses.add("group", "group", "boxes cannot be parts of one object", example=item.title)
        yield from (Instance(part, (part,)) for part in parts)


def _merged(instance: Instance, item: FrameItem, losses: Losses) -> Instance:
    """Count what the parts lose to the leader."""
    leader = instance.leader
    for part in instance.parts:
        if part.type is ShapeType.RECTANGLE:
            losses.add("shape", "rectangle", "kept as the box of the object it is grouped with", example=item.title)
        if part.attributes != leader.attributes or part.occluded != leader.occluded:
            losses.add("attribute", part.label, "the largest part of a group gives all attributes", example=item.title)
    return instance


def size(shape: ShapeItem) -> float:
    """Return the area of a shape in pixels."""
    if shape.type is ShapeType.MASK:
        return float(sum(shape.points[1:-4:2]))
    if shape.type is ShapeType.ELLIPSE:
        cx, cy, right, top = shape.points
        return 3.141592653589793 * abs(right - cx) * abs(cy - top)
    return polygon_area(outline(shape))


def polygon_area(points: Sequence[float]) -> float:
    """Return the area inside a polygon, by the shoelace formula."""
    xs, ys = points[::2], points[1::2]
    first, second = sum(map(mul, xs, (*ys[1:], ys[0]))), sum(map(mul, ys, (*xs[1:], xs[0])))
    return float(abs(first - second)) / 2
