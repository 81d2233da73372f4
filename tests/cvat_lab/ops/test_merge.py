"""Cutting a task's annotations into jobs, and joining those of jobs that share frames."""

from __future__ import annotations

import pytest

from cvat_lab.model.base import utc_now
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.job import Job
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab.ops.merge import merge_jobs, slice_annotations, slice_track
from cvat_lab.ops.tracks import track_at


def box(frame: int, left: float, size: float = 10.0, label: int = 1) -> Shape:
    points = [left, 0.0, left + size, size]
    return Shape(type=ShapeType.RECTANGLE, frame=frame, label_id=label, points=points)


def key(frame: int, left: float, **fields: object) -> TrackedShape:
    return TrackedShape(type=ShapeType.RECTANGLE, frame=frame, points=[left, 0.0, left + 10, 10.0], **fields)


def track(*shapes: TrackedShape, label: int = 1) -> Track:
    return Track(label_id=label, frame=shapes[0].frame, shapes=list(shapes))


def job(number: int, start: int, stop: int) -> Job:
    now = utc_now()
    return Job(id=number, task_id=1, frame_ranges=[start, stop], created_date=now, updated_date=now)


def places(cut: Track) -> dict[int, float | None]:
    shapes = {frame: track_at(cut, frame) for frame in range(40)}
    return {frame: None if shape is None or shape.outside else shape.points[0] for frame, shape in shapes.items()}


@pytest.mark.req("R30.21")
def test_a_cut_track_looks_the_same_on_every_frame_of_its_job() -> None:
    whole = track(key(0, 0.0), key(12, 120.0, outside=True), key(20, 200.0), key(36, 360.0))
    for start, stop in ((0, 9), (5, 14), (10, 25), (18, 39)):
        part = slice_track(whole, start, stop)
        assert part is not None
        expected = {frame: place for frame, place in places(whole).items() if start <= frame <= stop}
        found = places(part)
        assert {frame: found[frame] for frame in expected} == pytest.approx(expected)
        assert all(start <= shape.frame <= stop for shape in part.shapes)


def test_a_track_that_is_hidden_all_along_has_no_part() -> None:
    assert slice_track(track(key(0, 0.0), key(5, 0.0, outside=True)), 6, 20) is None
    assert slice_track(track(key(30, 0.0)), 6, 20) is None


def test_a_cut_track_keeps_inherited_attributes() -> None:
    first = key(0, 0.0, attributes=[AttributeValue(spec_id=1, value="red")])
    part = slice_track(track(first, key(30, 300.0)), 10, 19)
    assert part is not None
    assert [(value.spec_id, value.value) for value in part.shapes[0].attributes] == [(1, "red")]


def test_slicing_copies() -> None:
    data = LabeledData(shapes=[box(5, 0.0)], tags=[Tag(label_id=1, frame=5)])
    part = slice_annotations(data, 5, 9)
    part.shapes[0].points[0] = -1.0
    assert data.shapes[0].points[0] == 0.0
    assert len(slice_annotations(data, 6, 9)) == 0


@pytest.mark.req("R30.22")
def test_shapes_drawn_in_both_jobs_are_one_object() -> None:
    first, second = job(1, 0, 14), job(2, 10, 24)
    merged = merge_jobs(
        [
            (first, LabeledData(shapes=[box(12, 0.0), box(3, 0.0)], tags=[Tag(label_id=1, frame=12)])),
            (
                second,
                LabeledData(
                    shapes=[box(12, 1.0), box(12, 5.0), box(12, 0.0, label=2), box(20, 0.0)],
                    tags=[Tag(label_id=1, frame=12), Tag(label_id=2, frame=12)],
                ),
            ),
        ]
    )
    assert sorted((shape.frame, shape.points[0], shape.label_id) for shape in merged.shapes) == [
        (3, 0.0, 1),
        (12, 0.0, 1),
        (12, 0.0, 2),
        (12, 5.0, 1),
        (20, 0.0, 1),
    ]
    assert sorted(tag.label_id for tag in merged.tags) == [1, 2]


@pytest.mark.req("R30.22")
def test_of_several_that_are_alike_the_nearest_is_the_double() -> None:
    """Two boxes that stand close together, drawn in both jobs."""
    first = LabeledData(shapes=[box(12, 0.0, 100.0), box(12, 9.0, 100.0)])
    second = LabeledData(shapes=[box(12, 8.0, 100.0), box(12, -9.0, 100.0)])
    merged = merge_jobs([(job(1, 0, 14), first), (job(2, 10, 24), second)])
    assert [shape.points[0] for shape in merged.shapes] == [0.0, 9.0]


@pytest.mark.req("R30.22")
def test_shapes_of_other_kinds_stay_double() -> None:
    line = Shape(type=ShapeType.POLYLINE, frame=12, label_id=1, points=[0.0, 0.0, 5.0, 5.0])
    merged = merge_jobs([(job(1, 0, 14), LabeledData(shapes=[line])), (job(2, 10, 24), LabeledData(shapes=[line]))])
    assert len(merged.shapes) == 2


@pytest.mark.req("R30.23")
def test_a_track_goes_on_in_the_next_job() -> None:
    left = track(key(0, 0.0), key(14, 140.0))
    right = track(key(10, 101.0), key(24, 241.0))
    other = track(key(10, 500.0))
    merged = merge_jobs(
        [(job(1, 0, 14), LabeledData(tracks=[left])), (job(2, 10, 24), LabeledData(tracks=[other, right]))]
    )
    assert len(merged.tracks) == 2
    assert [shape.frame for shape in merged.tracks[0].shapes] == [0, 10, 14, 24]
    assert merged.tracks[1].shapes[0].points[0] == 500.0


@pytest.mark.req("R30.23")
def test_a_track_that_nobody_continues_ends_after_the_shared_frames() -> None:
    merged = merge_jobs([(job(1, 0, 14), LabeledData(tracks=[track(key(0, 0.0))])), (job(2, 10, 24), LabeledData())])
    assert [(shape.frame, shape.outside) for shape in merged.tracks[0].shapes] == [(0, False), (15, True)]


@pytest.mark.req("R30.23")
def test_a_track_ends_with_its_job_when_the_next_one_shares_no_frame() -> None:
    merged = merge_jobs(
        [(job(1, 0, 9), LabeledData(tracks=[track(key(0, 0.0))])), (job(2, 10, 24), LabeledData(shapes=[box(10, 0.0)]))]
    )
    assert [(shape.frame, shape.outside) for shape in merged.tracks[0].shapes] == [(0, False), (10, True)]
    assert len(merged.shapes) == 1


@pytest.mark.req("R30.23")
def test_tracks_of_kinds_without_an_area_go_on_where_they_coincide() -> None:
    def points(label: int, left: float) -> Track:
        keys = [TrackedShape(type=ShapeType.POINTS, frame=frame, points=[left + frame, 5.0]) for frame in (0, 24)]
        return Track(label_id=label, frame=0, shapes=keys)

    def skeleton(left: float) -> Track:
        bones = [TrackedShape(type=ShapeType.SKELETON, frame=frame) for frame in (0, 24)]
        return Track(label_id=1, frame=0, shapes=bones, elements=[points(2, left), points(3, left + 7.0)])

    whole = LabeledData(tracks=[skeleton(0.0), skeleton(1.0), points(4, 0.0)])
    cut = [
        (job(number, first, last), slice_annotations(whole, first, last))
        for number, first, last in ((1, 0, 14), (2, 10, 24))
    ]
    merged = merge_jobs(cut)
    assert len(merged.tracks) == 3
    for joined, original in zip(merged.tracks, whole.tracks, strict=True):
        for mine, theirs in zip([joined, *joined.elements], [original, *original.elements], strict=True):
            for frame in range(25):
                assert track_at(mine, frame).points == pytest.approx(track_at(theirs, frame).points)
