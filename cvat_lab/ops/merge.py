"""Between the annotations of a task and those of its jobs: cutting the former apart, joining the latter together.

Neighbouring jobs may share frames. What was drawn twice there, once in each job, is one object of the task.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from cvat_lab.model.changes import LabeledData
from cvat_lab.model.job import Job
from cvat_lab.model.shape import Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab.ops.tracks import track_at

SAME_SHAPE = 0.75
"""Least intersection over union of two shapes on one frame that are one object."""

SAME_TRACK = 0.5
"""Least mean similarity of two tracks over the shared frames that are one object."""

SAME_PLACE = 0.01
"""Largest distance, in pixels per coordinate, of two shapes without an area that are one object."""

_AREAS = frozenset({ShapeType.RECTANGLE, ShapeType.POLYGON})

T = TypeVar("T", Tag, Shape)


def slice_annotations(data: LabeledData, start: int, stop: int) -> LabeledData:
    """Return copies of the annotations on frames ``start .. stop``; tracks are cut at both ends."""
    return LabeledData(
        tags=[copy.deepcopy(tag) for tag in data.tags if start <= tag.frame <= stop],
        shapes=[copy.deepcopy(shape) for shape in data.shapes if start <= shape.frame <= stop],
        tracks=[part for track in data.tracks if (part := slice_track(track, start, stop)) is not None],
    )


def slice_track(track: Track, start: int, stop: int) -> Track | None:
    """Return the part of a track on frames ``start .. stop``, or None where it cannot be seen there.

    Keyframes are added at both ends where the track goes on beyond them, so that the part looks the same on every
    frame.
    """
    inside = [copy.deepcopy(shape) for shape in track.shapes if start <= shape.frame <= stop]
    if track.shapes[0].frame < start and not (inside and inside[0].frame == start):
        inside = [*_stored_at(track, start), *inside]
    if track.shapes[-1].frame > stop and inside and inside[-1].frame < stop:
        inside += _stored_at(track, stop)
    while inside and inside[0].outside:
        del inside[0]
    elements = [part for element in track.elements if (part := slice_track(element, start, stop)) is not None]
    if not inside:
        return None
    return Track(
        label_id=track.label_id,
        frame=inside[0].frame,
        shapes=inside,
        group=track.group,
        source=track.source,
        attributes=copy.deepcopy(track.attributes),
        elements=elements,
        id=track.id,
    )


def _stored_at(track: Track, frame: int) -> list[TrackedShape]:
    """Return the interpolated shape on a frame as a keyframe; nothing where the track is outside."""
    shape = _visible(track, frame)
    if shape is None:
        return []
    shape = copy.deepcopy(shape)
    shape.id = None
    return [shape]


def _visible(track: Track, frame: int) -> TrackedShape | None:
    shape = track_at(track, frame)
    return None if shape is None or shape.outside else shape


def merge_jobs(parts: Sequence[tuple[Job, LabeledData]]) -> LabeledData:
    """Join the annotations of a task's jobs.

    On shared frames, tags of one label, and rectangles and polygons of one label with an intersection over union of at
    least 0.75, are one object; other shapes stay double. Tracks are matched by their mean similarity over the shared
    frames, where kinds without an area are similar in the same place only; an unmatched one of the earlier job ends
    where that job ends.
    """
    ordered = sorted(parts, key=lambda part: part[0].start_frame)
    whole = LabeledData()
    for job, data in ordered:
        shared = range(job.start_frame, _last_stop(ordered, job) + 1)
        whole.tags += _without_doubles(whole.tags, data.tags, shared, lambda left, right: 1.0)
        whole.shapes += _without_doubles(whole.shapes, data.shapes, shared, shape_similarity)
        _join_tracks(whole.tracks, data.tracks, shared)
    return whole


def _last_stop(ordered: Sequence[tuple[Job, LabeledData]], job: Job) -> int:
    """Return the last frame that jobs before ``job`` cover; before its first frame if there are none."""
    stops = [other.stop_frame for other, _ in ordered if other.start_frame < job.start_frame]
    return max(stops, default=job.start_frame - 1)


def _without_doubles(known: Iterable[T], new: Iterable[T], shared: range, likeness: Callable[[T, T], float]) -> list[T]:
    """Return the new objects that are not among the known ones on shared frames.

    An object has one double at most: of all that are alike enough, the one that is most alike.
    """
    by_place: dict[tuple[int, int], list[T]] = {}
    for item in known:
        by_place.setdefault((item.frame, item.label_id), []).append(item)
    kept = []
    for item in new:
        rivals = by_place.get((item.frame, item.label_id), []) if item.frame in shared else []
        found = [(likeness(rival, item), place) for place, rival in enumerate(rivals)]
        best, place = max(found, default=(0.0, 0))
        if best >= SAME_SHAPE:
            del rivals[place]
        else:
            kept.append(item)
    return kept


def shape_similarity(left: TrackedShape, right: TrackedShape) -> float:
    """Return intersection over union of two rectangles or polygons, 0 for any other kind."""
    if left.type is not right.type or left.type not in _AREAS:
        return 0.0
    if _are_apart(_extent(left), _extent(right)):
        return 0.0
    one, other = _area(left), _area(right)
    union = one.union(other).area
    return float(one.intersection(other).area / union) if union > 0 else 0.0


def _extent(shape: TrackedShape) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a box around a shape, for a turned one at any angle."""
    x, y = shape.points[::2], shape.points[1::2]
    left, top, right, bottom = min(x), min(y), max(x), max(y)
    if not shape.rotation:
        return left, top, right, bottom
    reach = math.hypot(right - left, bottom - top) / 2
    return (
        (left + right) / 2 - reach,
        (top + bottom) / 2 - reach,
        (left + right) / 2 + reach,
        (top + bottom) / 2 + reach,
    )


def _are_apart(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Return whether two boxes share nothing, which is much quicker to see than how much they share."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _area(shape: TrackedShape) -> Any:
    from shapely import affinity
    from shapely.geometry import Polygon, box

    if shape.type is ShapeType.RECTANGLE:
        return affinity.rotate(box(*shape.points), shape.rotation, "center")
    return Polygon(np.reshape(shape.points, (-1, 2))).buffer(0)


def _join_tracks(known: list[Track], new: Sequence[Track], shared: range) -> None:
    """Add the tracks of the next job to the known ones, those that continue a known one to that one."""
    old = [track for track in known if _reaches(track, shared)]
    pairs = _match_tracks(old, new, shared)
    for left, right in pairs:
        _continue(old[left], new[right])
    matched_old, matched_new = {left for left, _ in pairs}, {right for _, right in pairs}
    for number, track in enumerate(old):
        if number not in matched_old:
            _end(track, shared.stop)
    known += [track for number, track in enumerate(new) if number not in matched_new]


def _reaches(track: Track, shared: range) -> bool:
    """Return whether a track can be seen on the last frame of its job, or on a shared one."""
    return any(_visible(track, frame) is not None for frame in {shared.start, shared.stop - 1})


def _match_tracks(old: Sequence[Track], new: Sequence[Track], shared: range) -> list[tuple[int, int]]:
    if not old or not new or not shared:
        return []
    from scipy.optimize import linear_sum_assignment

    likeness = np.array([[_track_similarity(left, right, shared) for right in new] for left in old])
    rows, columns = linear_sum_assignment(-likeness)
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if likeness[row, column] >= SAME_TRACK
    ]


def _track_similarity(left: Track, right: Track, shared: range) -> float:
    if left.label_id != right.label_id:
        return 0.0
    if left.elements or right.elements:
        return _skeleton_similarity(left, right, shared)
    found: list[float] = []
    for frame in shared:
        one, other = _visible(left, frame), _visible(right, frame)
        if one is not None and other is not None:
            found.append(shape_similarity(one, other) if one.type in _AREAS else float(_coincide(one, other)))
        elif one is not None or other is not None:
            found.append(0.0)
    values: npt.NDArray[np.float64] = np.array(found)
    return float(values.mean()) if found else 0.0


def _skeleton_similarity(left: Track, right: Track, shared: range) -> float:
    """Return the mean similarity of the points of two skeletons."""
    others = {element.label_id: element for element in right.elements}
    found = [_track_similarity(one, others.pop(one.label_id, right), shared) for one in left.elements]
    return sum(found) / (len(found) + len(others)) if found else 0.0


def _coincide(one: TrackedShape, other: TrackedShape) -> bool:
    """Return whether two shapes are the same one, cut apart when its task was divided into jobs."""
    return (
        one.type is other.type
        and one.rotation == other.rotation
        and len(one.points) == len(other.points)
        and np.allclose(one.points, other.points, rtol=0, atol=SAME_PLACE)
    )


def _continue(track: Track, following: Track) -> None:
    """Join a track with its continuation: all keyframes of both; on the same frame, those of the earlier job count."""
    frames = {shape.frame for shape in track.shapes}
    added = [shape for shape in following.shapes if shape.frame not in frames]
    track.shapes = sorted([*track.shapes, *added], key=lambda shape: shape.frame)
    track.frame = track.shapes[0].frame
    own = {element.label_id: element for element in track.elements}
    for element in following.elements:
        if element.label_id in own:
            _continue(own[element.label_id], element)
        else:
            track.elements.append(element)


def _end(track: Track, end: int) -> None:
    """Close a track that no later job continues."""
    last = track.shapes[-1]
    if last.outside or last.frame >= end:
        return
    closing = copy.deepcopy(last)
    closing.frame, closing.outside, closing.id = end, True, None
    track.shapes.append(closing)
    for element in track.elements:
        _end(element, end)
