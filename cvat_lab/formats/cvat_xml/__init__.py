"""CVAT's own XML, version 1.1: for images, for video, and one importer that reads both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cvat_lab.formats.archive import Source, open_source
from cvat_lab.formats.base import Export, Format, Import
from cvat_lab.formats.capabilities import ALL_SHAPES, Capabilities, Keeps
from cvat_lab.formats.cvat_xml.meta import read_meta_labels, write_meta
from cvat_lab.formats.cvat_xml.reader import XmlReader
from cvat_lab.formats.cvat_xml.writer import XmlWriter
from cvat_lab.formats.dataset import DatasetKind
from cvat_lab.formats.items import FrameItem, Item
from cvat_lab.model.label import LabelWrite

ANNOTATIONS = "annotations.xml"
_ROOT = re.compile(rb"<annotations[\s>/]")
_HEAD = 65_536

_KEPT_BY_XML = frozenset(Keeps) - {Keeps.SCORE}


class CvatForImages(Format):
    """``<image>`` elements with the tags and shapes of each frame; tracks are split into shapes."""

    name = "CVAT for images"
    version = "1.1"
    can_import = False
    capabilities = Capabilities(shapes=ALL_SHAPES, keeps=_KEPT_BY_XML - {Keeps.TRACKS})

    def write_items(self, export: Export) -> None:
        """Write the annotations and the images."""
        with export.archive.open(ANNOTATIONS) as stream, XmlWriter(stream, export) as writer:
            write_meta(writer.lines, export.dataset)
            for item in export.frames():
                writer.write_frame(item)
        export.save_images(lambda item: image_member(export, item))


class CvatForVideo(Format):
    """``<track>`` elements with a position on every frame; shapes become tracks of one frame."""

    name = "CVAT for video"
    version = "1.1"
    can_import = False
    capabilities = Capabilities(shapes=ALL_SHAPES, keeps=_KEPT_BY_XML - {Keeps.TAGS})

    def write_items(self, export: Export) -> None:
        """Write the annotations and the images."""
        with export.archive.open(ANNOTATIONS) as stream, XmlWriter(stream, export) as writer:
            write_meta(writer.lines, export.dataset)
            for track in export.tracks():
                writer.write_track(track)
            for item in export.frames(tracks=False):
                writer.write_shape_tracks(item)
        export.save_images(lambda item: image_member(export, item))


class CvatXml(Format):
    """Imports what both exporters write, and older files of the same version."""

    name = "CVAT"
    version = "1.1"
    aliases = ("CVAT XML 1.1",)
    can_export = False
    import_ext = "XML, ZIP"
    groups_per_frame = False

    def looks_like(self, source: Source) -> bool:
        """Look for the members and first bytes that only this format has."""
        return any(_ROOT.search(source.open(member).read(_HEAD)) for member in _xml_members(source)[:20])

    def read_items(self, source: Source, work: Import) -> Iterator[Item]:
        """Yield the items of every annotation file."""
        members = _xml_members(source) or source.require("*.xml", self.display_name)
        for member in members:
            yield from XmlReader(source, member, work).items()

    def read_labels(self, path: Path) -> list[LabelWrite]:
        """Return the labels that the annotation files declare."""
        with open_source(path) as source:
            found: dict[str | None, LabelWrite] = {}
            for member in _xml_members(source):
                for label in read_meta_labels(XmlReader(source, member, Import()).meta()):
                    found.setdefault(label.name, label)
            return list(found.values())


def image_member(export: Export, item: FrameItem) -> str:
    """Return where an image lies in the archive; projects have a folder per subset."""
    if export.dataset.info.kind is DatasetKind.PROJECT:
        return f"images/{item.subset}/{item.file_name}"
    return f"images/{item.file_name}"


def _xml_members(source: Source) -> list[str]:
    return [member for member in source.members if member.lower().endswith(".xml")]
