"""Writes CVAT XML as a stream of text: an ``<image>`` per frame, or a ``<track>`` per object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import IO

from cvat_lab.formats.base import Export
from cvat_lab.formats.cvat_xml.elements import TAGS, coordinates
from cvat_lab.formats.cvat_xml.text import escape_attribute, escape_text, is_representable
from cvat_lab.formats.dataset import DatasetKind
from cvat_lab.formats.items import FrameItem, ShapeItem, TagItem, TrackItem
from cvat_lab.model.shape import ShapeType

_BUFFERED = 4096
"""Pieces of text that are joined before they are written."""

_name = lru_cache(maxsize=4096)(escape_attribute)
"""Labels, sources and attribute names come again and again."""


class XmlWriter:
    """Writes one file, as a context manager.

    Parameters
    ----------
    stream
        Open for writing.
    export
        Tells the dataset, and is told losses.
    """

    def __init__(self, stream: IO[bytes], export: Export) -> None:
        self._stream = stream
        self._losses = export.losses
        self._is_project = export.dataset.info.kind is DatasetKind.PROJECT
        self._parts: list[str] = []
        self._tracks = 0
        self._next_frames = _NextFrames(export)

    def __enter__(self) -> XmlWriter:
        self.lines('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n')
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.lines("</annotations>\n")
            self._flush()

    def lines(self, text: str) -> None:
        """Write whole lines."""
        self._parts.append(text)
        if len(self._parts) >= _BUFFERED:
            self._flush()

    def write_frame(self, item: FrameItem) -> None:
        """Write an ``<image>`` with its shapes and tags."""
        place = f' subset="{_name(item.subset)}" task_id="{item.task_id}"' if self._is_project else ""
        self.lines(
            f'  <image id="{item.number}" name="{escape_attribute(item.name)}"{place} '
            f'width="{item.width}" height="{item.height}">\n'
        )
        for shape in item.shapes:
            self._write_shape(shape, "    ")
        for tag in item.tags:
            self._write_tag(tag)
        self.lines("  </image>\n")

    def write_track(self, track: TrackItem) -> None:
        """Write a ``<track>`` with all its positions."""
        self._start_track(track.label, track.source, track.group, track.subset, track.task_id)
        for position in track.positions:
            self._write_position(position)
        self.lines("  </track>\n")

    def write_shape_tracks(self, item: FrameItem) -> None:
        """Write the shapes of a frame as tracks that are outside from the next frame on."""
        assert item.number is not None
        after = self._next_frames.after(item)
        for shape in item.shapes:
            if shape.type is not ShapeType.MASK:  # an import makes shapes of those again
                reason = "written as tracks of one frame"
                self._losses.add("shape", "identity", reason, example=f"{item.title}, {shape.label!r}")
            self._start_track(shape.label, shape.source, shape.group, item.subset, item.task_id)
            shape.frame = item.number
            self._write_position(shape)
            if after is not None:
                shape.frame, shape.outside = after, True
                self._write_position(shape)
            self.lines("  </track>\n")

    def _start_track(self, label: str, source: str, group: int, subset: str, task_id: int) -> None:
        place = f' subset="{_name(subset)}" task_id="{task_id}"' if self._is_project else ""
        self.lines(
            f'  <track id="{self._tracks}" label="{_name(label)}" source="{_name(source)}"{_group(group)}{place}>\n'
        )
        self._tracks += 1

    def _write_tag(self, tag: TagItem) -> None:
        head = f'    <tag label="{_name(tag.label)}" source="{_name(tag.source)}"{_group(tag.group)}>\n'
        self.lines(head + self._attributes(tag.attributes, "      ") + "    </tag>\n")

    def _write_shape(self, shape: ShapeItem, indent: str, *, outside: bool = False) -> None:
        tag = TAGS[shape.type]
        hidden = f' outside="{shape.outside:d}"' if outside or shape.outside else ""
        self.lines(
            f'{indent}<{tag} label="{_name(shape.label)}" source="{_name(shape.source)}"{hidden} '
            f'occluded="{shape.occluded:d}"{coordinates(shape)} z_order="{shape.z_order}"{_group(shape.group)}>\n'
            f"{self._attributes(shape.attributes, indent + '  ')}"
        )
        for element in shape.elements:
            self._write_shape(element, indent + "  ", outside=True)
        self.lines(f"{indent}</{tag}>\n")

    def _write_position(self, shape: ShapeItem) -> None:
        tag = TAGS[shape.type]
        self.lines(
            f'    <{tag} frame="{shape.frame}" keyframe="{shape.keyframe:d}" outside="{shape.outside:d}" '
            f'occluded="{shape.occluded:d}"{coordinates(shape)} z_order="{shape.z_order}">\n'
            f"{self._attributes(shape.attributes, '      ')}"
        )
        for element in shape.elements:
            hidden = element.outside or shape.outside
            self.lines(
                f'      <{TAGS[element.type]} label="{_name(element.label)}" keyframe="{element.keyframe:d}" '
                f'outside="{hidden:d}" occluded="{element.occluded:d}"{coordinates(element)} '
                f'z_order="{element.z_order}">\n'
                f"{self._attributes(element.attributes, '        ')}      </{TAGS[element.type]}>\n"
            )
        self.lines(f"    </{tag}>\n")

    def _attributes(self, attributes: Mapping[str, str], indent: str) -> str:
        if not attributes:
            return ""
        for name, value in attributes.items():
            if not is_representable(value):
                self._losses.add("attribute", name, "XML cannot hold control characters", example=repr(value[:40]))
        return "".join(
            f'{indent}<attribute name="{_name(name)}">{escape_text(value)}</attribute>\n'
            for name, value in attributes.items()
        )

    def _flush(self) -> None:
        self._stream.write("".join(self._parts).encode("utf-8"))
        self._parts.clear()


class _NextFrames:
    """Knows which absolute frame number follows another one, deleted frames included."""

    def __init__(self, export: Export) -> None:
        self._dataset = export.dataset
        frames = export.dataset.task_frames
        self._numbers = {task_id: set(found.numbers.tolist()) for task_id, found in frames.items()}

    def after(self, item: FrameItem) -> int | None:
        following = item.frame + 1
        if following not in self._numbers[item.task_id]:
            return None
        return self._dataset.task(item.task_id).absolute(following)


def _group(group: int) -> str:
    return f' group_id="{group}"' if group else ""
