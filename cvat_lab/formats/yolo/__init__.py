"""YOLO as Darknet trains it: one text file of boxes per image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats.archive import Source, open_source
from cvat_lab.formats.base import Export, Format, Import
from cvat_lab.formats.capabilities import Capabilities, Keeps
from cvat_lab.formats.dataset import DEFAULT_SUBSET, Dataset
from cvat_lab.formats.frame_items import bare_frame_items
from cvat_lab.formats.items import FrameItem, Item
from cvat_lab.formats.yolo.layout import NAMES, ROOT, SETTINGS, data_folder, read_names
from cvat_lab.formats.yolo.reader import YoloReader
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.shape import ShapeType

_RESERVED = frozenset({"backup", "classes", "names"})
_TRAIN = "train"


class Yolo(Format):
    """Darknet's files. Coordinates are relative to the size of the image, centre and size, with six digits."""

    name = "YOLO"
    version = "1.1"
    aliases = ("YOLO ZIP 1.0",)
    capabilities = Capabilities(
        shapes=frozenset({ShapeType.RECTANGLE}),
        # A rotated box is left out as a whole, and counted by the writer.
        keeps=frozenset({Keeps.ROTATION}),
    )

    def write_items(self, export: Export) -> None:
        """Write a text per image, the list of images of every subset, the labels and Darknet's settings."""
        subsets = _named_subsets(export.dataset)
        numbers = {entry.name: number for number, entry in enumerate(export.dataset.labels)}
        for name, parts in subsets.items():
            for part in parts:
                for item in export.frames(subset=part):
                    stem = item.name if item.extension else _stem(item.name)
                    export.archive.write(f"{data_folder(name)}/{stem}.txt", _lines(export, item, numbers))
            with export.archive.open(f"{name}.txt") as stream:
                for part in parts:
                    for item in bare_frame_items(export.dataset, subset=part):
                        stream.write(f"{ROOT}/{data_folder(name)}/{item.file_name}\n".encode())
        export.archive.write(NAMES, "".join(f"{entry.name}\n" for entry in export.dataset.labels))
        export.archive.write(SETTINGS, _settings(list(subsets), len(numbers)))
        export.save_images(lambda item: f"{data_folder(_subset_name(item.subset))}/{item.file_name}")

    def looks_like(self, source: Source) -> bool:
        """Look for the list of labels beside texts."""
        return bool(source.find(NAMES)) and any(member.endswith(".txt") for member in source.members)

    def read_items(self, source: Source, work: Import) -> Iterator[Item]:
        """Yield the images in the order of their paths."""
        yield from YoloReader(source, work, self.display_name).items()

    def read_labels(self, path: Path) -> list[LabelWrite]:
        """Return the labels in the order of their numbers."""
        with open_source(path) as source:
            return [LabelWrite(name=name) for name in read_names(source, self.display_name)]


def _named_subsets(dataset: Dataset) -> dict[str, list[str]]:
    """Return the subsets of a dataset by the name that they have in the archive."""
    found: dict[str, list[str]] = {}
    for subset in dataset.subsets:
        found.setdefault(_subset_name(subset), []).append(subset)
    return found


def _subset_name(subset: str) -> str:
    name = _TRAIN if subset in ("", DEFAULT_SUBSET) else subset
    if name.lower() in _RESERVED:
        raise InvalidInputError(
            f"YOLO keeps the word {name!r} for its settings; give the subset of the task another name, such as "
            f"{_TRAIN} or valid",
            field="subset",
        )
    return name


def _settings(subsets: list[str], classes: int) -> str:
    lists = "".join(f"{name} = {ROOT}/{name}.txt\n" for name in subsets)
    return f"classes = {classes}\n{lists}names = {ROOT}/{NAMES}\nbackup = backup/\n"


def _lines(export: Export, item: FrameItem, numbers: dict[str, int]) -> str:
    """Return the boxes of an image, one per line; an image without boxes has an empty text."""
    lines = []
    for shape in item.shapes:
        if shape.type is not ShapeType.RECTANGLE:
            continue
        if shape.rotation:
            export.losses.add("property", "rotation", "a rotated box is left out", example=item.title)
            continue
        left, top, right, bottom = shape.points
        place = (left + right) / 2 / item.width, (top + bottom) / 2 / item.height
        size = (right - left) / item.width, (bottom - top) / item.height
        lines.append("%d %.6f %.6f %.6f %.6f\n" % (numbers[shape.label], *place, *size))  # noqa: UP031 in a hot loop
    return "".join(lines)


def _stem(name: str) -> str:
    folder, slash, base = name.rpartition("/")
    return f"{folder}{slash}{base.rpartition('.')[0] or base}"
