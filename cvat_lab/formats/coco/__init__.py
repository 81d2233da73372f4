"""COCO instances: boxes, polygons and masks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cvat_lab.formats.archive import Source, open_source
from cvat_lab.formats.base import Export, Format, Import
from cvat_lab.formats.capabilities import Capabilities, Keeps
from cvat_lab.formats.coco.reader import InstancesReader, read_category_names
from cvat_lab.formats.coco.writer import InstancesWriter
from cvat_lab.formats.items import Item
from cvat_lab.model.label import LabelWrite
from cvat_lab.model.shape import ShapeType

PREFIX = "instances_"
_HEAD = 65_536
_LISTS = re.compile(rb'"(images|annotations)"\s*:\s*\[')
_DATUMARO = re.compile(rb'"items"\s*:\s*\[')


class Coco(Format):
    """COCO's object detection files. Tracks are written frame by frame and rebuilt from ``track_id``."""

    name = "COCO"
    version = "1.0"
    aliases = ("COCO 1.1",)
    import_ext = "JSON, ZIP"
    capabilities = Capabilities(
        shapes=frozenset({ShapeType.RECTANGLE, ShapeType.POLYGON, ShapeType.MASK}),
        # What becomes of groups depends on their members; the writer counts those that are lost.
        keeps=frozenset(
            {Keeps.ATTRIBUTES, Keeps.OCCLUDED, Keeps.ROTATION, Keeps.TRACKS, Keeps.SCORE, Keeps.GROUPS},
        ),
        rewrites={ShapeType.ELLIPSE: "written as a mask"},
    )
    groups_per_frame = False
    rebuilds_tracks = True

    def write_items(self, export: Export) -> None:
        """Write the annotations and the images."""
        for subset in export.dataset.subsets:
            with export.archive.open(f"annotations/{PREFIX}{subset}.json") as stream:
                InstancesWriter(export, subset).write(stream)
        export.save_images(lambda item: f"images/{item.subset}/{item.file_name}")

    def looks_like(self, source: Source) -> bool:
        """Look for the members and first bytes that only this format has."""
        for member in _instance_files(source)[:5]:
            with source.open(member) as stream:
                head = stream.read(_HEAD)
            if _LISTS.search(head) and not _DATUMARO.search(head):
                return True
        return False

    def read_items(self, source: Source, work: Import) -> Iterator[Item]:
        """Yield the items of every annotation file."""
        members = _instance_files(source) or source.require(f"{PREFIX}*.json", self.display_name)
        for member in members:
            yield from InstancesReader(source, member, _subset(member), work).items()

    def read_labels(self, path: Path) -> list[LabelWrite]:
        """Return the labels that the annotation files declare."""
        with open_source(path) as source:
            names = [name for member in _instance_files(source) for name in read_category_names(source, member)]
        return [LabelWrite(name=name) for name in dict.fromkeys(names)]


def _instance_files(source: Source) -> list[str]:
    """Return the files of instances; a single file may have any name, an archive of one JSON file as well."""
    files = [member for member in source.members if member.lower().endswith(".json")]
    return [member for member in files if PurePosixPath(member).name.startswith(PREFIX)] or files[: len(files) == 1]


def _subset(member: str) -> str:
    stem = PurePosixPath(member).stem
    return stem.removeprefix(PREFIX) if stem.startswith(PREFIX) else ""
