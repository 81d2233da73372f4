"""Puts tracks together again from the shapes that a format wrote on every frame."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from cvat_lab.formats.items import ShapeItem, TrackItem

Sighting = tuple[int, ShapeItem]
"""A frame number within the task, and the shape there."""


def rebuild_track(track_id: int, sightings: Sequence[Sighting], live_numbers: NDArray[np.int64]) -> TrackItem:
    """Return the track that was seen on some frames.

    Where the object is missing on a frame, and after its last one, it is closed by an outside keyframe. The positions
    beside a gap become keyframes, so that every visible position comes back as it was.

    Parameters
    ----------
    track_id
        Names the track in messages.
    sightings
        One shape per frame where the object is visible.
    live_numbers
        All frame numbers of the target that are not deleted, ascending.

    Returns
    -------
    TrackItem
        Its positions carry frame numbers within the task.
    """
    ordered = sorted(sightings, key=lambda sighting: sighting[0])
    next_frame = dict(zip(live_numbers[:-1].tolist(), live_numbers[1:].tolist(), strict=True))
    positions: list[ShapeItem] = []
    for place, (number, shape) in enumerate(ordered):
        follows = place > 0 and next_frame.get(ordered[place - 1][0]) == number
        expected = next_frame.get(number)
        ends = expected is not None and (place + 1 == len(ordered) or ordered[place + 1][0] != expected)
        if shape.keyframe or not follows or ends:
            positions.append(_at(shape, number))
        if ends and expected is not None:
            positions.append(_at(shape, expected, outside=True))
    first = ordered[0][1]
    return TrackItem(
        label=first.label,
        positions=positions,
        group=first.group,
        source=first.source,
        elements=_rebuild_elements(positions),
        title=f"track {track_id}",
    )


def _rebuild_elements(positions: Sequence[ShapeItem]) -> list[TrackItem]:
    """Return the tracks of a skeleton's points, which have a keyframe wherever the skeleton has one."""
    by_label: dict[str, list[ShapeItem]] = {}
    for position in positions:
        for element in position.elements:
            by_label.setdefault(element.label, []).append(
                _at(element, position.frame, outside=element.outside or position.outside)
            )
    return [TrackItem(label=label, positions=found, title=f"point {label!r}") for label, found in by_label.items()]


def _at(shape: ShapeItem, number: int, *, outside: bool | None = None) -> ShapeItem:
    return msgspec.structs.replace(
        shape, frame=number, keyframe=True, track_id=None, outside=shape.outside if outside is None else outside
    )
