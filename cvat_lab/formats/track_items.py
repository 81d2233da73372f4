"""Walks through the tracks of a dataset, each with its position on every frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from cvat_lab.formats.dataset import DEFAULT_SUBSET, Dataset, TaskInfo
from cvat_lab.formats.items import ShapeItem, TrackItem
from cvat_lab.formats.positions import Position, TrackHead, TrackRows
from cvat_lab.model.shape import ShapeType

_LAST = 1 << 62


def track_items(dataset: Dataset) -> Iterator[TrackItem]:
    """Yield all tracks, by task.

    Positions are on exported frames only and carry absolute frame numbers. Where an object is hidden, only its
    keyframes are there.
    """
    for task in dataset.info.tasks:
        rows = TrackRows(dataset, task)
        elements = _element_positions(rows)
        for part in rows.parts:
            if part.is_elements:
                continue
            for _, group in groupby(part.positions(0, _LAST, hidden=True), key=lambda position: position.track.id):
                track = _track_item(list(group), elements, task)
                if track.positions:
                    yield track


def _element_positions(rows: TrackRows) -> dict[int, dict[int, list[Position]]]:
    """Return the points of all skeletons, by track of the skeleton and by frame."""
    found: dict[int, dict[int, list[Position]]] = {}
    for part in rows.parts:
        if part.is_elements:
            for position in part.positions(0, _LAST):
                assert position.track.parent is not None
                found.setdefault(position.track.parent, {}).setdefault(position.frame, []).append(position)
    return found


def _track_item(positions: list[Position], elements: dict[int, dict[int, list[Position]]], task: TaskInfo) -> TrackItem:
    head = positions[0].track
    if positions[0].shape.type is ShapeType.SKELETON:
        shapes = _skeleton_positions(positions, elements.get(head.id, {}), task)
    else:
        shapes = _absolute((place for place in positions if place.shape.keyframe or not place.shape.outside), task)
    return TrackItem(
        label=head.label.name,
        positions=shapes,
        group=head.group,
        source=head.source,
        subset=task.subset or DEFAULT_SUBSET,
        task_id=task.id,
        title=_title(head),
    )


def _skeleton_positions(
    positions: list[Position], elements: dict[int, list[Position]], task: TaskInfo
) -> list[ShapeItem]:
    """Return a skeleton, with its points, where it is visible and where it or one of its points has a keyframe."""
    kept = []
    for position in positions:
        parts = elements.get(position.frame, [])
        if not position.shape.outside or position.shape.keyframe or any(part.shape.keyframe for part in parts):
            position.shape.elements = _absolute(parts, task)
            kept.append(position)
    return _absolute(kept, task)


def _absolute(positions: Iterable[Position], task: TaskInfo) -> list[ShapeItem]:
    shapes = []
    for position in positions:
        position.shape.frame = task.absolute(position.frame)
        shapes.append(position.shape)
    return shapes


def _title(head: TrackHead) -> str:
    return f"track {head.id}"
