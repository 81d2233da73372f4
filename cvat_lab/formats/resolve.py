"""Imports: items that speak in names become annotations that speak in ids.

Labels, attributes and frames are looked up here, once for all formats; groups are renumbered, masks become polygons,
and what cannot be kept is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats import columns
from cvat_lab.formats.base import Format, Import, Progress
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset
from cvat_lab.formats.groups import renumber_groups
from cvat_lab.formats.items import Item, ShapeItem, TrackItem
from cvat_lab.formats.labels import LabelEntry, accepted_value, find_sublabel
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.matching import FrameIndex, FrameRef
from cvat_lab.formats.rebuild import Sighting, rebuild_track
from cvat_lab.formats.rows import KeyframeRow, Pairs, RowSink, ShapeRow, TagRow, TrackRow, ids_of, place_rows
from cvat_lab.model.base import Record
from cvat_lab.model.label import LabelType
from cvat_lab.model.request import Loss
from cvat_lab.model.shape import ShapeType, check_points
from cvat_lab.ops.masks import mask_area, mask_polygons

_OUTLINE_TOLERANCE = 0.5
"""Pixels; straightens the staircase along slanted edges of a mask and nothing else."""


class ImportOptions(Record, kw_only=True):
    """Choices of an import.

    Attributes
    ----------
    masks_to_polygons
        Turn masks into polygons; their holes are filled.
    subset
        Take items of this subset only; ``None`` = all.
    skipped_labels
        Unknown labels whose annotations are left out instead of being an error; a project import leaves out
        ``background``.
    """

    masks_to_polygons: bool = True
    subset: str | None = None
    skipped_labels: list[str] = []


@dataclass(frozen=True)
class Imported:
    """What an import read: annotations with ids from 1 and task frame numbers, and all that was lost."""

    annotations: Annotations
    losses: list[Loss]


def import_annotations(
    plugin: Format,
    path: Path,
    target: Dataset,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Read annotations for a task or job.

    Parameters
    ----------
    plugin
        The format of the file.
    path
        Zip, folder or single file.
    target
        The task or job: its labels and all its frames. Its own annotations are not looked at.
    options
        Choices of the user.
    progress
        Is told 0..1.

    Raises
    ------
    FormatError
        The file breaks the rules of its format, names an unknown label, or has an item that matches no frame. Nothing
        is returned then: an import happens as a whole or not at all.
    """
    options = options or ImportOptions()
    work = Import(target)
    resolver = Resolver(work, target, plugin, options)
    report = progress or (lambda _: None)
    report(0.0)
    for count, item in enumerate(plugin.read(path, work), start=1):
        if options.subset is None or item.subset in ("", options.subset):
            resolver.add(item)
        if count % 500 == 0:
            report(min(0.9, count / (count + 5000)))
    annotations = resolver.finish()
    report(1.0)
    return Imported(annotations, work.losses.rows())


class Resolver:
    """Takes items one by one and returns annotations at the end."""

    def __init__(self, work: Import, target: Dataset, plugin: Format, options: ImportOptions) -> None:
        self._labels = {entry.name: entry for entry in work.labels}
        self._known = work.labels
        self._losses: Losses = work.losses
        self._frames = FrameIndex(target)
        self._plugin = plugin
        self._options = options
        self._refs: list[FrameRef] = []
        self._filled: list[bool] = []
        self._groups: dict[tuple[int, int], int] = {}
        self._values: dict[tuple[int, str], str | None] = {}
        self._sightings: dict[int, list[Sighting]] = {}
        self._tags = RowSink(TagRow, self._row_title)
        self._shapes = RowSink(ShapeRow, self._row_title)
        self._tracks = RowSink(TrackRow, self._row_title)
        self._keyframes = RowSink(KeyframeRow, lambda frame, track: f"track {track + 1} of the file, frame {frame}")

    def add(self, item: Item) -> None:
        """Take an item.

        Raises
        ------
        FormatError
            It names an unknown label, or a track matches no frame.
        """
        self._skip_labels(item)
        if isinstance(item, TrackItem):
            self._add_track(item, self._frame_of)
            return
        place = len(self._refs)
        self._refs.append(FrameRef(item.name, item.number, item.title))
        self._filled.append(bool(item.tags or item.shapes))
        for tag in item.tags:
            entry = self._label(tag.label, item)
            pairs = self._pairs(entry, tag.attributes, item)
            self._tags.append(TagRow(place, entry.id, self._group(tag.group, place), pairs))
        for shape in item.shapes:
            if shape.track_id is not None and self._plugin.rebuilds_tracks and shape.type is not ShapeType.MASK:
                self._sightings.setdefault(shape.track_id, []).append((place, shape))
            else:
                self._add_shape(shape, place, item)

    def finish(self) -> Annotations:
        """Find the frames and return the annotations.

        Raises
        ------
        FormatError
            An item with annotations matches no frame, or the points of a shape break the rules of its kind.
        """
        numbers = self._match_frames()
        live = self._frames.live_numbers
        for track_id, sightings in self._sightings.items():
            found = [(int(numbers[place]), shape) for place, shape in sightings]
            self._add_track(rebuild_track(track_id, found, live), lambda number, _: number)
        tags, shapes, tracks = self._tags.table(), self._shapes.table(), self._tracks.table()
        groups = renumber_groups([table["group"].to_numpy() for table in (tags, shapes, tracks)])
        tag_frames, shape_frames = (numbers[table["item"].to_numpy()] for table in (tags, shapes))
        tag_order, shape_order, track_order = (
            np.argsort(frames, kind="stable") for frames in (tag_frames, shape_frames, tracks["frame"].to_numpy())
        )
        keyframes = self._keyframes.table()
        track_ids = ids_of(track_order)[keyframes["track"].to_numpy()]
        keyframe_order = np.lexsort((keyframes["frame"].to_numpy(), track_ids))
        return Annotations(
            place_rows(tags, columns.TAGS, tag_order, {"frame": tag_frames, "group": groups[0]}),
            place_rows(shapes, columns.SHAPES, shape_order, {"frame": shape_frames, "group": groups[1]}),
            place_rows(tracks, columns.TRACKS, track_order, {"group": groups[2]}),
            place_rows(keyframes, columns.KEYFRAMES, keyframe_order, {"track_id": track_ids}),
        )

    # frames

    def _match_frames(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the frame number of each item; -1 for those without annotations that match none."""
        numbers = self._frames.match(self._refs)
        for ref, filled, number in zip(self._refs, self._filled, numbers, strict=True):
            if number is not None:
                continue
            if filled:
                raise self._frames.missing(ref.title)
            self._losses.add("image", "without annotations", "it matches no frame", example=ref.title)
        return np.array([-1 if number is None else number for number in numbers], dtype=np.int64)

    def _frame_of(self, absolute: int, title: str) -> int:
        number = self._frames.match_number(absolute)
        if number is None:
            raise self._frames.missing(f"frame {absolute} of {title}")
        return number

    # names

    def _skip_labels(self, item: Item) -> None:
        """Take the annotations with labels to be skipped out of an item."""
        skipped = [name for name in self._options.skipped_labels if name not in self._labels]
        if not skipped:
            return
        for kind in ("positions",) if isinstance(item, TrackItem) else ("tags", "shapes"):
            found = getattr(item, kind)
            kept = [one for one in found if one.label not in skipped]
            if len(kept) < len(found):
                self._losses.add("label", "background", "it is no label here", example=item.title)
            setattr(item, kind, kept)

    def _label(self, name: str, item: Item, kind: ShapeType | None = None) -> LabelEntry:
        entry = self._labels.get(name) or self._known.find(name, where=item.title)
        if kind is not None and (kind is ShapeType.SKELETON) is not (entry.label.type is LabelType.SKELETON):
            raise FormatError(f"{item.title}: a {kind} cannot have the label {name!r}, which is for {entry.label.type}")
        return entry

    def _pairs(
        self, entry: LabelEntry, attributes: dict[str, str], item: Item, *, mutable: bool | None = None
    ) -> Pairs:
        """Return attributes by id; with ``mutable`` given, only those that are, or only those that are not."""
        pairs = []
        for name, value in attributes.items():
            spec = entry.attributes.get(name)
            if spec is None:
                if mutable is not False:  # of a track, the same names come twice
                    reason = f"the label {entry.name!r} has no such attribute"
                    self._losses.add("attribute", name, reason, example=item.title)
                continue
            if mutable is not None and spec.mutable is not mutable:
                continue
            key = (spec.id, value)
            if key not in self._values:
                self._values[key] = accepted_value(spec, value)
            accepted = self._values[key]
            if accepted is None:
                reason = f"the attribute of {entry.name!r} does not allow the value"
                self._losses.add("attribute", name, reason, example=f"{item.title}, value {value!r}")
            else:
                pairs.append((spec.id, accepted))
        return pairs

    def _group(self, group: int, place: int) -> int:
        """Return a number for a group of the file, equal for all its members and for nobody else."""
        if group == 0:
            return 0
        key = (place if self._plugin.groups_per_frame else -1, group)
        return self._groups.setdefault(key, len(self._groups) + 1)

    def _new_group(self) -> int:
        return self._groups.setdefault((-2, len(self._groups)), len(self._groups) + 1)

    def _row_title(self, item: int, label_id: int) -> str:
        label = self._known.by_id[label_id].name
        return f"{self._refs[item].title}, {label!r}"

    # shapes

    def _add_shape(self, shape: ShapeItem, place: int, item: Item) -> None:
        entry = self._label(shape.label, item, shape.type)
        pairs = self._pairs(entry, shape.attributes, item) if shape.attributes else ()
        group = self._group(shape.group, place)
        if shape.type is ShapeType.MASK and self._options.masks_to_polygons:
            outlines = self._outlines(shape, item)
            if len(outlines) > 1 and group == 0:
                group = self._new_group()
            for outline in outlines:
                self._shapes.append(_shape_row(shape, place, entry, group, pairs, ShapeType.POLYGON, outline))
            return
        row = self._shapes.append(_shape_row(shape, place, entry, group, pairs, shape.type, shape.points))
        for element in shape.elements:
            sub = find_sublabel(entry, element.label, where=item.title)
            pairs = self._pairs(sub, element.attributes, item)
            self._shapes.append(_shape_row(element, place, sub, 0, pairs, element.type, element.points, row))

    def _outlines(self, shape: ShapeItem, item: Item) -> Sequence[Sequence[float]]:
        try:
            check_points(ShapeType.MASK, shape.points, where=item.title)
        except InvalidInputError as error:
            raise FormatError(str(error)) from error
        if sum(map(_polygon_area, mask_polygons(shape.points))) > mask_area(shape.points):
            self._losses.add("shape", "mask", "holes are filled when a mask becomes a polygon", example=item.title)
        return mask_polygons(shape.points, tolerance=_OUTLINE_TOLERANCE)

    # tracks

    def _add_track(self, track: TrackItem, frame_of: Callable[[int, str], int]) -> None:
        kept = [position for position in track.positions if position.keyframe]
        if not kept:
            self._losses.add("track", track.label, "it has no keyframe", example=track.title)
        elif kept[0].type is ShapeType.MASK:
            self._add_mask_track(track, kept)
        else:
            entry = self._label(track.label, track, kept[0].type)
            row = self._add_keyframes(track, kept, entry, frame_of, -1)
            for element in track.elements:
                positions = [position for position in element.positions if position.keyframe]
                sub = find_sublabel(entry, element.label, where=track.title)
                if positions:
                    self._add_keyframes(element, positions, sub, frame_of, row)

    def _add_keyframes(
        self,
        track: TrackItem,
        positions: Sequence[ShapeItem],
        entry: LabelEntry,
        frame_of: Callable[[int, str], int],
        parent: int,
    ) -> int:
        numbers = [frame_of(position.frame, track.title) for position in positions]
        if len(set(numbers)) != len(numbers):
            double = next(number for number in numbers if numbers.count(number) > 1)
            raise FormatError(f"{track.title} is twice on frame {double}; an object can be in one place only")
        constant: dict[str, str] = {}
        for position in positions:
            constant = {**position.attributes, **constant}
            self._count_changes(entry, constant, position, track)
        pairs = self._pairs(entry, constant, track, mutable=False)
        group = self._group(track.group, -1) if parent < 0 else 0
        row = self._tracks.append(TrackRow(min(numbers), entry.id, group, pairs, parent))
        for number, position in zip(numbers, positions, strict=True):
            pairs = self._pairs(entry, position.attributes, track, mutable=True)
            self._keyframes.append(KeyframeRow(number, row, pairs, *_geometry(position)))
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

    def _add_mask_track(self, track: TrackItem, positions: Sequence[ShapeItem]) -> None:
        """Masks cannot be tracks: every visible keyframe becomes a shape."""
        visible = [position for position in positions if not position.outside]
        if len(visible) > 1:
            self._losses.add(
                "track", "mask", "masks cannot be tracks; each keyframe became a shape", example=track.title
            )
        for position in visible:
            place = len(self._refs)
            self._refs.append(FrameRef("", position.frame, f"frame {position.frame} of {track.title}"))
            self._filled.append(True)
            position.label, position.group = track.label, track.group
            self._add_shape(position, place, track)


def _geometry(shape: ShapeItem) -> tuple[ShapeType, Sequence[float], float, bool, bool, int]:
    return shape.type, shape.points, shape.rotation % 360, shape.occluded, shape.outside, shape.z_order


def _shape_row(
    shape: ShapeItem,
    place: int,
    entry: LabelEntry,
    group: int,
    pairs: Pairs,
    kind: ShapeType,
    points: Sequence[float],
    parent: int = -1,
) -> ShapeRow:
    return ShapeRow(
        place,
        entry.id,
        group,
        pairs,
        parent,
        kind,
        points,
        shape.rotation % 360,
        shape.occluded,
        shape.outside,
        shape.z_order,
        shape.score,
    )


def _polygon_area(points: Sequence[float]) -> float:
    x, y = np.asarray(points).reshape(-1, 2).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
