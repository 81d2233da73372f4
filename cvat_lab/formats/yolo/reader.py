"""Reads YOLO's texts: one frame item per image."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cvat_lab.errors import FormatError
from cvat_lab.formats.archive import Source
from cvat_lab.formats.base import Import
from cvat_lab.formats.items import FrameItem, ShapeItem
from cvat_lab.formats.matching import FrameRef
from cvat_lab.formats.yolo.layout import Entry, find_entries, read_names
from cvat_lab.model.shape import ShapeType

_FIELDS = 5


class YoloReader:
    """Reads one archive.

    Parameters
    ----------
    source
        The archive.
    work
        Knows the frames of the target: the texts hold no sizes. Without a target, coordinates stay relative.
    format_name
        For messages.
    """

    def __init__(self, source: Source, work: Import, format_name: str) -> None:
        self._source, self._work = source, work
        self._names = read_names(source, format_name)

    def items(self) -> Iterator[FrameItem]:
        """Yield the images with their boxes.

        Raises
        ------
        FormatError
            With the file, the line and the reason.
        """
        entries = find_entries(self._source)
        for entry, (width, height) in zip(entries, self._sizes(entries), strict=True):
            item = FrameItem(entry.name, None, int(width), int(height), entry.subset, [], [], media=entry.media)
            if entry.text:
                item.shapes = list(self._boxes(entry.text, width, height))
            yield item

    def _sizes(self, entries: list[Entry]) -> Iterator[tuple[float, float]]:
        frames = self._work.frames
        if frames is None:
            yield from ((1.0, 1.0) for _ in entries)
            return
        for number in frames.match([FrameRef(entry.name, None, f"image {entry.name!r}") for entry in entries]):
            yield frames.size(number) if number is not None else (0, 0)

    def _boxes(self, member: str, width: float, height: float) -> Iterator[ShapeItem]:
        for number, line in enumerate(self._source.read_text(member).splitlines(), start=1):
            fields = line.split()
            if not fields:
                continue
            try:
                label, (cx, cy, w, h) = self._label(fields), map(float, fields[1:])
            except ValueError as error:
                raise self._error(member, number, f"{error}; a line is: label cx cy width height") from error
            if not math.isfinite(cx + cy + w + h) or w < 0 or h < 0:
                raise self._error(member, number, f"no box has the values {' '.join(fields[1:])}")
            left, top = (cx - w / 2) * width, (cy - h / 2) * height
            yield ShapeItem(label, ShapeType.RECTANGLE, [left, top, left + w * width, top + h * height])

    def _label(self, fields: list[str]) -> str:
        if len(fields) != _FIELDS:
            raise ValueError(f"{len(fields)} values instead of {_FIELDS}")
        number = int(fields[0])
        if not 0 <= number < len(self._names):
            raise ValueError(f"label {number} is none of the {len(self._names)} in the list of names (0 is the first)")
        return self._names[number]

    def _error(self, member: str, line: int, reason: str) -> FormatError:
        return FormatError(f"{self._source.name}: {member}, line {line}: {reason}")
