"""Writes COCO instances as a stream of JSON, one file per subset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, TypeAlias

import msgspec

from cvat_lab.formats.base import Export
from cvat_lab.formats.coco.instances import Instance, find_instances, polygon_area
from cvat_lab.formats.coco.records import Annotation, Category, Image, Rle
from cvat_lab.formats.frame_items import bare_frame_items
from cvat_lab.formats.items import FrameItem, ShapeItem
from cvat_lab.formats.labels import Labels, typed_value
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.coco_rle import mask_counts
from cvat_lab.ops.masks import mask_area, mask_box

_BATCH = 2000
_DECIMALS = 2
_OWN_FIELDS = frozenset({"is_crowd", "score"})
RESERVED = frozenset({"occluded", "rotation", "track_id", "keyframe"})
"""Names in ``attributes`` that say something about the shape itself."""

Outline: TypeAlias = tuple[list[list[float]] | Rle, float, list[float], int]
"""Segmentation, area, box and ``iscrowd`` of an object."""

_HEAD = {
    "licenses": [{"name": "", "id": 0, "url": ""}],
    "info": {"contributor": "", "date_created": "", "description": "", "url": "", "version": "", "year": ""},
}


class InstancesWriter:
    """Writes the instances of one subset."""

    def __init__(self, export: Export, subset: str) -> None:
        self._export = export
        self._subset = subset
        self._labels: Labels = export.dataset.labels
        self._categories = {entry.name: number for number, entry in enumerate(self._labels, start=1)}
        self._encoder = msgspec.json.Encoder()
        self._count = 0

    def write(self, stream: IO[bytes]) -> None:
        """Write the whole file."""
        categories = [Category(number, name) for name, number in self._categories.items()]
        head = self._encoder.encode({**_HEAD, "categories": categories})
        stream.write(head[:-1] + b',"images":[')
        self._write_list(stream, self._images())
        stream.write(b'],"annotations":[')
        self._write_list(stream, self._annotations())
        stream.write(b"]}")

    def _write_list(self, stream: IO[bytes], records: Iterable[Any]) -> None:
        separator, batch = b"", []
        for record in records:
            batch.append(record)
            if len(batch) == _BATCH:
                stream.write(separator + self._encoder.encode(batch)[1:-1])
                separator, batch = b",", []
        if batch:
            stream.write(separator + self._encoder.encode(batch)[1:-1])

    def _images(self) -> Iterator[Image]:
        for number, item in enumerate(bare_frame_items(self._export.dataset, subset=self._subset), start=1):
            yield Image(number, item.width, item.height, item.file_name)

    def _annotations(self) -> Iterator[Annotation]:
        frames = self._export.frames(subset=self._subset, decimals=_DECIMALS)
        for number, item in enumerate(frames, start=1):
            for instance in find_instances(item, self._export.losses):
                outline = self._outline(instance, item)
                if outline is not None:
                    self._count += 1
                    yield self._annotation(instance.leader, outline, item, number)

    def _annotation(self, leader: ShapeItem, outline: Outline, item: FrameItem, image: int) -> Annotation:
        segmentation, area, box, is_crowd = outline
        return Annotation(
            self._count,
            image,
            self._categories[leader.label],
            segmentation,
            round(area, _DECIMALS),
            box,
            is_crowd,
            self._attributes(leader, item),
            self._score(leader, item),
        )

    def _outline(self, instance: Instance, item: FrameItem) -> Outline | None:
        """Return segmentation, area, box and ``iscrowd``; ``None`` when nothing can be written."""
        crowd, boxes = instance.crowd, instance.boxes
        if len(boxes) == len(instance.parts):
            left, top, right, bottom = boxes[0].points
            return [], abs((right - left) * (bottom - top)), _box(left, top, right, bottom), int(bool(crowd))
        outer = _extent([value for box in boxes for value in box.points]) if boxes else None
        if not crowd and not instance.has_mask:
            rings = instance.polygons
            inner = _extent(rings[0] if len(rings) == 1 else [value for ring in rings for value in ring])
            return rings, sum(map(polygon_area, rings)), outer or inner, 0
        mask = instance.mask(item.width, item.height)
        if mask is None:
            reason = "no pixel of it lies inside the image"
            self._export.losses.add("shape", instance.leader.type, reason, example=item.title)
            return None
        # By COCO's rules run lengths are for crowds; only a label that has is_crowd can say otherwise.
        runs = Rle(mask_counts(mask, item.width, item.height).tolist(), (item.height, item.width))
        edges = mask_box(mask)
        inner = [float(value) for value in (edges.left, edges.top, edges.width, edges.height)]
        return runs, float(mask_area(mask)), outer or inner, int(crowd is not False)

    def _attributes(self, shape: ShapeItem, item: FrameItem) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if shape.attributes:
            specs = self._labels.find(shape.label).attributes
            for name, value in shape.attributes.items():
                if name in RESERVED:
                    self._export.losses.add("attribute", name, "the name is taken in COCO files", example=item.title)
                elif name not in _OWN_FIELDS:
                    found[name] = typed_value(specs[name], value)
        found["occluded"] = shape.occluded
        if shape.type is ShapeType.RECTANGLE:
            found["rotation"] = shape.rotation
        if shape.track_id is not None:
            found["track_id"] = shape.track_id
            found["keyframe"] = shape.keyframe
        return found

    def _score(self, shape: ShapeItem, item: FrameItem) -> float | msgspec.UnsetType:
        value = shape.attributes.get("score")
        if value is None:
            return shape.score if shape.score != 1 else msgspec.UNSET
        try:
            return float(value)
        except ValueError:
            self._export.losses.add("attribute", "score", "it is no number", example=f"{item.title}, {value!r}")
            return msgspec.UNSET


def _extent(points: Sequence[float]) -> list[float]:
    """Return the box around points."""
    xs, ys = points[::2], points[1::2]
    return _box(min(xs), min(ys), max(xs), max(ys))


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [left, top, round(right - left, _DECIMALS), round(bottom - top, _DECIMALS)]
