"""Reads COCO instances: one frame item per image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats.archive import Source
from cvat_lab.formats.base import Import
from cvat_lab.formats.coco.records import CategoriesOnly, CocoFile, Id, Image, ReadAnnotation, Rle
from cvat_lab.formats.coco.writer import RESERVED
from cvat_lab.formats.items import FrameItem, ShapeItem
from cvat_lab.formats.labels import LabelEntry, value_text
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.coco_rle import mask_points_from_counts, unpack_counts

T = TypeVar("T")

_SEGMENTATION = msgspec.json.Decoder(list[list[float]] | Rle)
_SMALLEST = 6
"""Coordinates of the smallest polygon."""


class InstancesReader:
    """Reads one file of instances.

    Parameters
    ----------
    source, member
        Where the file is.
    subset
        Name of the subset that it describes.
    work
        Knows the labels of the target, and is told losses.
    """

    def __init__(self, source: Source, member: str, subset: str, work: Import) -> None:
        self._source, self._member, self._subset, self._work = source, member, subset, work
        self._where = member if member == source.name else f"{source.name}: {member}"
        self._media = _media(source, subset) if work.target is None else {}

    def items(self) -> Iterator[FrameItem]:
        """Yield the images with their objects, in the order of the file.

        Raises
        ------
        FormatError
            With the file, the annotation and the reason.
        """
        data = decode_file(self._source, self._member, CocoFile)
        names = self._category_names(data)
        by_image: dict[Id, list[ReadAnnotation]] = {image.id: [] for image in data.images}
        if len(by_image) < len(data.images):
            raise FormatError(f"{self._where}: two images have the same id; number them anew")
        for position, annotation in enumerate(data.annotations):
            if annotation.image_id not in by_image:
                raise FormatError(
                    f"{self._where}: {_title(annotation, position)} is on the image "
                    f"{annotation.image_id!r}, which the file does not list"
                )
            if annotation.id is None:
                annotation.id = position + 1
            by_image[annotation.image_id].append(annotation)
        for image in data.images:
            yield self._item(image, by_image.pop(image.id), names)

    def _category_names(self, data: CocoFile) -> dict[Id, str]:
        names = {category.id: category.name for category in data.categories}
        if len(names) < len(data.categories):
            raise FormatError(f"{self._where}: two categories have the same id; number them anew")
        return names

    def _item(self, image: Image, annotations: list[ReadAnnotation], names: dict[Id, str]) -> FrameItem:
        item = FrameItem(
            image.file_name,
            None,
            int(image.width or 0),
            int(image.height or 0),
            self._subset,
            [],
            [],
            media=self._media.get(image.file_name, ""),
        )
        for annotation in annotations:
            name = names.get(annotation.category_id)
            if name is None:
                raise FormatError(
                    f"{self._where}: {_title(annotation)} has the category {annotation.category_id!r}, which the file "
                    "does not list"
                )
            item.shapes += self._shapes(annotation, name, item)
        return item

    def _shapes(self, annotation: ReadAnnotation, label: str, item: FrameItem) -> list[ShapeItem]:
        found = self._outlines(annotation, item)
        if not found:
            return []
        given = annotation.attributes or {}
        entry = self._work.labels.get(label)
        attributes = _attributes(given, annotation, entry)
        first = ShapeItem(
            label,
            found[0][0],
            found[0][1],
            occluded=bool(given.get("occluded", False)),
            attributes=attributes,
            score=self._score(annotation, entry, item),
            keyframe=bool(given.get("keyframe", True)),
        )
        if first.type is ShapeType.RECTANGLE:
            first.rotation = self._number(given.get("rotation", 0), "rotation", annotation)
        track = given.get("track_id")
        if len(found) == 1:
            first.track_id = int(track) if isinstance(track, int | float) else None
            return [first]
        if track is not None:
            reason = "an object of several parts cannot be a track; each frame has shapes of its own"
            self._work.losses.add("track", label, reason, example=item.title)
        group = abs(hash(annotation.id)) + 1
        return [
            msgspec.structs.replace(first, type=kind, points=points, group=group, attributes=dict(attributes))
            for kind, points in found
        ]

    def _outlines(self, annotation: ReadAnnotation, item: FrameItem) -> list[tuple[ShapeType, list[float]]]:
        """Return kind and points of each part of an object."""
        if len(annotation.keypoints) > len(b"null"):
            reason = "this format has no keypoints; import as COCO Keypoints 1.0 to have them"
            self._work.losses.add("shape", "keypoints", reason, example=item.title)
        raw = annotation.segmentation
        if len(raw) <= len(b"null"):  # also missing, [] and {}
            return self._box(annotation)
        try:
            outline = _SEGMENTATION.decode(raw)
        except msgspec.ValidationError as error:
            raise self._error(annotation, f"segmentation: {error}") from error
        if isinstance(outline, Rle):
            return self._mask(outline, annotation, item)
        rings = [ring for ring in outline if ring]
        return (
            [(ShapeType.POLYGON, ring) for ring in rings if self._is_polygon(ring, annotation, item)]
            if rings
            else (self._box(annotation))
        )

    def _is_polygon(self, ring: list[float], annotation: ReadAnnotation, item: FrameItem) -> bool:
        if len(ring) % 2:
            raise self._error(annotation, f"segmentation: a polygon has {len(ring)} numbers; they must come in pairs")
        if len(ring) < _SMALLEST:
            self._work.losses.add("shape", "polygon", "it has fewer than 3 points", example=item.title)
            return False
        return True

    def _box(self, annotation: ReadAnnotation) -> list[tuple[ShapeType, list[float]]]:
        box = annotation.bbox
        if box is None or len(box) != 4:
            raise self._error(annotation, f"it has no segmentation, so bbox must be [x, y, width, height]; got {box}")
        x, y, width, height = box
        return [(ShapeType.RECTANGLE, [x, y, x + width, y + height])]

    def _mask(self, runs: Rle, annotation: ReadAnnotation, item: FrameItem) -> list[tuple[ShapeType, list[float]]]:
        height, width = runs.size
        try:
            counts = unpack_counts(runs.counts).tolist() if isinstance(runs.counts, str) else runs.counts
            if not any(counts[1::2]):
                self._work.losses.add("shape", "mask", "it is empty", example=item.title)
                return []
            return [(ShapeType.MASK, mask_points_from_counts(counts, width, height))]
        except InvalidInputError as error:
            raise self._error(annotation, str(error)) from error

    def _score(self, annotation: ReadAnnotation, entry: LabelEntry | None, item: FrameItem) -> float:
        score = annotation.score
        if score is None or (entry is not None and "score" in entry.attributes):
            return 1.0
        if 0 <= score <= 1:
            return score
        self._work.losses.add("property", "score", "a score lies in 0..1", example=f"{item.title}, score {score}")
        return 1.0

    def _number(self, value: Any, name: str, annotation: ReadAnnotation) -> float:
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._error(annotation, f"{name} is {value!r}, not a number") from error

    def _error(self, annotation: ReadAnnotation, reason: str) -> FormatError:
        return FormatError(f"{self._where}: {_title(annotation)}: {reason}")


def read_category_names(source: Source, member: str) -> list[str]:
    """Return the names of a file's categories, in its order."""
    return [category.name for category in decode_file(source, member, CategoriesOnly).categories]


def decode_file(source: Source, member: str, kind: type[T]) -> T:
    """Return a member of JSON as a record.

    Raises
    ------
    FormatError
        With the file, the line or the path of the value at fault, and the reason.
    """
    where = member if member == source.name else f"{source.name}: {member}"
    data = source.read(member).removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise FormatError(f"{where}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{where}{_line_of(data, str(error))}: not valid JSON: {error}") from error


def _line_of(data: bytes, message: str) -> str:
    """Return the line that an error's ``(byte 123)`` stands for."""
    _, _, rest = message.partition("(byte ")
    position = rest.rstrip(")")
    if not position.isdigit():
        return f", line {data.count(10) + 1}"
    return f", line {data.count(10, 0, int(position)) + 1}"


def _attributes(given: dict[str, Any], annotation: ReadAnnotation, entry: LabelEntry | None) -> dict[str, str]:
    """Return the attributes as text. Fields of the annotation count where the label has an attribute of that name."""
    known = entry.attributes if entry is not None else {}
    found = {name: value_text(value) for name, value in given.items() if name not in RESERVED or name in known}
    if "is_crowd" in known:
        found["is_crowd"] = value_text(int(annotation.iscrowd or 0))
    if "score" in known and annotation.score is not None:
        found["score"] = value_text(annotation.score)
    return found


def _title(annotation: ReadAnnotation, position: int = 0) -> str:
    return f"annotation {annotation.id if annotation.id is not None else position + 1}"


def _media(source: Source, subset: str) -> dict[str, str]:
    """Return archive members by the name that the file gives to the image."""
    found: dict[str, str] = {}
    for member in source.members:
        for folder in (f"images/{subset}/", "images/"):
            _, mark, name = f"/{member}".partition(f"/{folder}")
            if mark:
                found.setdefault(name, member)
    return found
