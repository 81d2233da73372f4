"""Imports tracks: positions become rows of tracks and keyframes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from cvat_lab.errors import FormatError
from cvat_lab.formats.items import ShapeItem, TrackItem
from cvat_lab.formats.labels import LabelEntry, find_sublabel
from cvat_lab.formats.lookup import GroupNumbers, Lookup
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.rows import RowSink, ShapeSink

FrameFinder: TypeAlias = Callable[[int, str], int]
"""Returns the task's frame number of a position, given its frame and the title of its track."""


class TrackResolver:
    """Takes tracks one by one and collects their rows.

    Parameters
    ----------
    lookup, groups, losses
        Shared with the shapes of the import.
    """

    def __init__(self, lookup: Lookup, groups: GroupNumbers, losses: Losses) -> None:
        self._lookup = lookup
        self._groups = groups
        self._losses = losses
        self._titles: list[str] = []
        self.tracks = RowSink("frame", "label_id", "group", "parent")
        self.keyframes = ShapeSink("frame", "track", title=lambda frame, track: f"{self._titles[track]}, frame {frame}")

    def add(self, track: TrackItem, frame_of: FrameFinder) -> None:
        """Take a track, with the tracks of a skeleton's points. Only keyframes count.

        Raises
        ------
        FormatError
            Its label is unknown, a keyframe matches no frame, or two are on one frame.
        """
        kept = keyframes_of(track)
        if not kept:
            self._losses.add("track", track.label, "it has no keyframe", example=track.title)
            return
        entry = self._lookup.label(track.label, track, kept[0].type)
        row = self._add(track, kept, entry, frame_of, -1)
        for element in track.elements:
            sub = find_sublabel(entry, element.label, where=track.title)
            if positions := keyframes_of(element):
                self._add(element, positions, sub, frame_of, row)

    def _add(
        self, track: TrackItem, positions: Sequence[ShapeItem], entry: LabelEntry, frame_of: FrameFinder, parent: int
    ) -> int:
        numbers = [frame_of(position.frame, track.title) for position in positions]
        if len(set(numbers)) != len(numbers):
            double = next(number for number in numbers if numbers.count(number) > 1)
            raise FormatError(f"{track.title} is twice on frame {double}; an object can be in one place only")
        if any(position.type is not positions[0].type for position in positions):
            raise FormatError(f"{track.title} changes its kind of shape; all positions of a track are of one kind")
        constant: dict[str, str] = {}
        for position in positions:
            if position.attributes:
                constant = {**position.attributes, **constant}
                self._count_changes(entry, constant, position, track)
        pairs = self._lookup.pairs(entry, constant, track, mutable=False)
        group = self._groups.number(track.group) if parent < 0 else 0
        row = self.tracks.append((min(numbers), entry.id, group, parent), pairs)
        self._titles.append(track.title)
        for number, position in zip(numbers, positions, strict=True):
            pairs = self._lookup.pairs(entry, position.attributes, track, mutable=True)
            self.keyframes.append_shape((number, row), pairs, position, position.type, position.points)
        return row

    def _count_changes(
        self, entry: LabelEntry, constant: dict[str, str], position: ShapeItem, track: TrackItem
    ) -> None:
        """Count values of immutable attributes that differ from the first one."""
        for name, value in position.attributes.items():
            spec = entry.attributes.get(name)
            if spec is not None and not spec.mutable and constant[name] != value:
                reason = f"the attribute of {entry.name!r} is immutable, so the first value of a track counts"
                self._losses.add("attribute", name, reason, example=f"{track.title}, frame {position.frame}")


def keyframes_of(track: TrackItem) -> list[ShapeItem]:
    """Return the positions that are keyframes."""
    return [position for position in track.positions if position.keyframe]
