"""Imports: items that speak in names become annotations that speak in ids.

Labels, attributes and frames are looked up here, once for all formats; groups are renumbered, masks become polygons,
and what cannot be kept is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats import columns
from cvat_lab.formats.base import Format, Import, Progress
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import DEFAULT_SUBSET, Dataset
from cvat_lab.formats.groups import renumber_groups
from cvat_lab.formats.items import FrameItem, Item, ShapeItem, TrackItem
from cvat_lab.formats.labels import find_sublabel
from cvat_lab.formats.lookup import GroupNumbers, Lookup
from cvat_lab.formats.matching import FrameIndex, FrameRef
from cvat_lab.formats.rebuild import Sighting, rebuild_track
from cvat_lab.formats.resolve_tracks import TrackResolver, keyframes_of
from cvat_lab.formats.rows import Integers, RowSink, ShapeSink, ids_of, place_rows
from cvat_lab.model.base import Record
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
        Take items of this subset only; ``None`` = all. Items without one belong to the subset ``default``.
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
        Is told 0..1. It may raise to cancel the import.

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
        if options.subset is None or options.subset == (item.subset or DEFAULT_SUBSET):
            resolver.add(item)
        if count % 500 == 0:  # how many will come, nobody knows
            report(0.9 * count / (count + 5000))
    annotations = resolver.finish()
    report(1.0)
    return Imported(annotations, work.losses.rows())


class Resolver:
    """Takes items one by one and returns annotations at the end."""

    def __init__(self, work: Import, target: Dataset, plugin: Format, options: ImportOptions) -> None:
        self._losses = work.losses
        self._lookup = Lookup(work.labels, work.losses, options.skipped_labels)
        self._groups = GroupNumbers(per_frame=plugin.groups_per_frame)
        self._frames = work.frames or FrameIndex(target)
        self._rebuilds_tracks = plugin.rebuilds_tracks
        self._masks_to_polygons = options.masks_to_polygons
        self._refs: list[FrameRef] = []
        self._filled: list[bool] = []
        self._sightings: dict[tuple[int, str], list[Sighting]] = {}
        self._tags = RowSink("item", "label_id", "group")
        self._shapes = ShapeSink("item", "label_id", "group", "parent", title=self._row_title)
        self._tracks = TrackResolver(self._lookup, self._groups, work.losses)

    def add(self, item: Item) -> None:
        """Take an item.

        Raises
        ------
        FormatError
            It names an unknown label, or a track matches no frame.
        """
        if not self._lookup.drop_skipped(item):
            return
        if isinstance(item, TrackItem):
            self._add_track(item)
        else:
            self._add_frame(item)

    def finish(self) -> Annotations:
        """Find the frames and return the annotations.

        Raises
        ------
        FormatError
            An item with annotations matches no frame, or the points of a shape break the rules of its kind.
        """
        numbers = self._match_frames()
        self._add_rebuilt_tracks(numbers)
        tags, shapes = self._tags.table(), self._shapes.table()
        tracks, keyframes = self._tracks.tracks.table(), self._tracks.keyframes.table()
        groups = renumber_groups([table["group"].to_numpy() for table in (tags, shapes, tracks)])
        tag_frames, shape_frames = (numbers[table["item"].to_numpy()] for table in (tags, shapes))
        tag_order, shape_order, track_order = (
            np.argsort(frames, kind="stable") for frames in (tag_frames, shape_frames, tracks["frame"].to_numpy())
        )
        track_ids = ids_of(track_order)[keyframes["track"].to_numpy()]
        keyframe_order = np.lexsort((keyframes["frame"].to_numpy(), track_ids))
        return Annotations(
            place_rows(tags, columns.TAGS, tag_order, {"frame": tag_frames, "group": groups[0]}),
            place_rows(shapes, columns.SHAPES, shape_order, {"frame": shape_frames, "group": groups[1]}),
            place_rows(tracks, columns.TRACKS, track_order, {"group": groups[2]}),
            place_rows(keyframes, columns.KEYFRAMES, keyframe_order, {"track_id": track_ids}),
        )

    # frames

    def _match_frames(self) -> Integers:
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

    def _place(self, ref: FrameRef, *, filled: bool) -> int:
        self._refs.append(ref)
        self._filled.append(filled)
        return len(self._refs) - 1

    def _row_title(self, item: int, label_id: int) -> str:
        return f"{self._refs[item].title}, {self._lookup.title(label_id)}"

    # frame items

    def _add_frame(self, item: FrameItem) -> None:
        place = self._place(FrameRef(item.name, item.number, item.title), filled=bool(item.tags or item.shapes))
        for tag in item.tags:
            entry = self._lookup.label(tag.label, item)
            pairs = self._lookup.pairs(entry, tag.attributes, item)
            self._tags.append((place, entry.id, self._groups.number(tag.group, place)), pairs)
        for shape in item.shapes:
            if shape.track_id is not None and self._rebuilds_tracks and shape.type is not ShapeType.MASK:
                self._sightings.setdefault((shape.track_id, shape.label), []).append((place, shape))
            else:
                self._add_shape(shape, place, item)

    def _add_shape(self, shape: ShapeItem, place: int, item: Item) -> None:
        entry = self._lookup.label(shape.label, item, shape.type)
        pairs = self._lookup.pairs(entry, shape.attributes, item)
        group = self._groups.number(shape.group, place)
        if shape.type is ShapeType.MASK and self._masks_to_polygons:
            outlines = self._outlines(shape, item)
            if len(outlines) > 1 and group == 0:
                group = self._groups.new()
            for outline in outlines:
                numbers = (place, entry.id, group, -1)
                self._shapes.append_shape(numbers, pairs, shape, ShapeType.POLYGON, outline)
            return
        row = self._shapes.append_shape((place, entry.id, group, -1), pairs, shape, shape.type, shape.points)
        for element in shape.elements:
            sub = find_sublabel(entry, element.label, where=item.title)
            pairs = self._lookup.pairs(sub, element.attributes, item)
            self._shapes.append_shape((place, sub.id, 0, row), pairs, element, element.type, element.points)

    def _outlines(self, shape: ShapeItem, item: Item) -> Sequence[Sequence[float]]:
        try:
            check_points(ShapeType.MASK, shape.points, where=item.title)
        except InvalidInputError as error:
            raise FormatError(str(error)) from error
        if sum(map(_polygon_area, mask_polygons(shape.points))) > mask_area(shape.points):
            self._losses.add("shape", "mask", "holes are filled when a mask becomes a polygon", example=item.title)
        return mask_polygons(shape.points, tolerance=_OUTLINE_TOLERANCE)

    # tracks

    def _add_track(self, track: TrackItem) -> None:
        kept = keyframes_of(track)
        if kept and kept[0].type is ShapeType.MASK:
            self._add_mask_track(track, kept)
        else:
            self._tracks.add(track, self._frame_of)

    def _add_mask_track(self, track: TrackItem, positions: Sequence[ShapeItem]) -> None:
        """Masks cannot be tracks: every visible keyframe becomes a shape."""
        visible = [position for position in positions if not position.outside]
        if len(visible) > 1:
            reason = "masks cannot be tracks; each keyframe became a shape"
            self._losses.add("track", "mask", reason, example=track.title)
        for position in visible:
            place = self._place(FrameRef("", position.frame, f"frame {position.frame} of {track.title}"), filled=True)
            position.label, position.group = track.label, track.group
            self._add_shape(position, place, track)

    def _add_rebuilt_tracks(self, numbers: Integers) -> None:
        for (track_id, label), sightings in self._sightings.items():
            found = [(int(numbers[place]), shape) for place, shape in sightings]
            if len({number for number, _ in found}) == len(found):
                track = rebuild_track(track_id, found, self._frames.live_numbers)
                self._tracks.add(track, lambda number, _: number)
                continue
            reason = f"the track id {track_id} is twice on a frame, so its shapes stay apart"
            self._losses.add("track", label, reason, example=self._refs[sightings[0][0]].title)
            for place, shape in sightings:
                item = FrameItem(self._refs[place].title)
                self._add_shape(shape, place, item)


def _polygon_area(points: Sequence[float]) -> float:
    x, y = np.asarray(points).reshape(-1, 2).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
