"""Frames and tracks as exporters see them."""

import pytest

import cvat_lab.formats.frame_items as frame_items_module
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset, SegmentInfo
from cvat_lab.formats.frame_items import bare_frame_items, frame_items
from cvat_lab.formats.track_items import track_items
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType
from cvat_lab.model.track import Track
from cvat_lab.ops.tracks import track_at
from cvat_lab.testing.samples import COLOR, DELETED, NOTE, PERSON, SPEED, keyframe, sample_dataset, sample_tracks

CAR_DEFAULTS = {"color": "red", "parked": "false", "speed": "0", "note": ""}


def test_bare_frames_are_the_same_frames_without_content():
    dataset = sample_dataset()
    for bare, full in zip(bare_frame_items(dataset), frame_items(dataset), strict=True):
        full.tags, full.shapes = [], []
        assert bare == full


@pytest.mark.req("R20.12")
def test_deleted_frames_are_left_out():
    assert DELETED not in [item.frame for item in frame_items(sample_dataset())]


@pytest.mark.req("R22.7")
@pytest.mark.req("R23.11")
def test_shapes_come_in_drawing_order():
    shapes = next(frame_items(sample_dataset())).shapes
    assert [shape.z_order for shape in shapes] == [0, 0, 3]


@pytest.mark.req("R22.7")
def test_missing_attributes_take_the_default():
    shape = Shape(
        type=ShapeType.RECTANGLE,
        frame=0,
        label_id=1,
        points=[0, 0, 1, 1],
        attributes=[AttributeValue(spec_id=COLOR, value="blue")],
    )
    item = next(frame_items(sample_dataset(data=LabeledData(shapes=[shape]))))
    assert item.shapes[0].attributes == {**CAR_DEFAULTS, "color": "blue"}


@pytest.mark.req("R22.6")
@pytest.mark.req("R5.19")
def test_tracks_are_on_every_visible_frame_where_the_one_interpolation_puts_them():
    track = sample_tracks()[0]
    items = {item.frame: item for item in frame_items(sample_dataset(data=LabeledData(tracks=[track])))}
    for frame, item in items.items():
        expected = track_at(track, frame)
        if expected is None or expected.outside:
            assert item.shapes == []
            continue
        (shape,) = item.shapes
        assert (shape.points, shape.rotation, shape.occluded) == (
            expected.points,
            expected.rotation,
            expected.occluded,
        )
        assert shape.track_id == 1
    assert [frame for frame, item in items.items() if item.shapes] == [1, 2, 3, 6, 7]
    assert [items[frame].shapes[0].keyframe for frame in (1, 2, 3, 6, 7)] == [True, False, True, True, False]


@pytest.mark.req("R5.11")
def test_mutable_attributes_keep_their_value_until_the_next_one():
    track = sample_tracks()[0]
    track.shapes[1].attributes = [AttributeValue(spec_id=NOTE, value="hidden soon")]
    items = {item.frame: item.shapes for item in frame_items(sample_dataset(data=LabeledData(tracks=[track])))}
    assert items[2][0].attributes == {**CAR_DEFAULTS, "color": "blue", "speed": "10"}
    assert items[3][0].attributes == {**CAR_DEFAULTS, "color": "blue", "speed": "10", "note": "hidden soon"}
    assert items[7][0].attributes == {**CAR_DEFAULTS, "color": "blue", "speed": "20", "note": "hidden soon"}
    assert SPEED != NOTE


def test_skeletons_have_their_points_inside():
    items = {item.frame: item for item in frame_items(sample_dataset())}
    (single,) = [shape for shape in items[3].shapes if shape.type is ShapeType.SKELETON]
    assert [(point.label, point.outside, point.points) for point in single.elements] == [
        ("head", False, [30, 10]),
        ("hand", True, [40, 30]),
    ]
    (tracked,) = [shape for shape in items[6].shapes if shape.type is ShapeType.SKELETON]
    assert [(point.label, point.points) for point in tracked.elements] == [("head", [10, 10]), ("hand", [22, 21])]


def test_windows_do_not_show(monkeypatch):
    whole = list(frame_items(sample_dataset()))
    monkeypatch.setattr(frame_items_module, "WINDOW", 1)
    assert list(frame_items(sample_dataset())) == whole


def test_coordinates_can_be_rounded():
    items = {item.frame: item.shapes for item in frame_items(sample_dataset(), decimals=0)}
    assert items[0][-1].points == [1, 2, 21, 30]


@pytest.mark.req("R23.14")
def test_tracks_have_every_visible_frame_and_all_keyframes():
    first, second, skeleton = track_items(sample_dataset())
    assert [(shape.frame, shape.keyframe, shape.outside) for shape in first.positions] == [
        (13, True, False),
        (16, False, False),
        (19, True, False),
        (25, True, True),
        (28, True, False),
        (31, False, False),
    ]
    assert second.label == "person & co"
    assert [len(shape.elements) for shape in skeleton.positions] == [2, 2, 2]
    assert [[point.keyframe for point in shape.elements] for shape in skeleton.positions] == [
        [True, True],
        [False, False],
        [False, True],
    ]


@pytest.mark.req("R20.12")
def test_frames_beside_a_keyframe_on_a_deleted_frame_become_keyframes():
    track = list(track_items(sample_dataset()))[1]
    assert [(shape.frame, shape.keyframe) for shape in track.positions] == [
        (10, True),
        (13, False),
        (16, False),
        (19, True),  # before the deleted frame, absolute number 22
        (25, True),
        (28, True),
    ]


def test_a_track_that_ends_on_a_deleted_frame_ends_on_the_next_one():
    shapes = [keyframe(2, [0, 0, 5, 5]), keyframe(DELETED, [4, 4, 9, 9], outside=True)]
    data = LabeledData(tracks=[Track(label_id=PERSON, frame=2, shapes=shapes)])
    (track,) = track_items(sample_dataset(data=data))
    assert [(shape.frame, shape.keyframe, shape.outside) for shape in track.positions] == [
        (16, True, False),
        (19, True, False),
        (25, True, True),
    ]


@pytest.mark.req("R5.8")
def test_a_track_ends_with_its_job():
    dataset = sample_dataset(
        data=LabeledData(tracks=[Track(label_id=PERSON, frame=1, shapes=[keyframe(1, [0, 0, 5, 5])])])
    )
    dataset.info.tasks[0].segments = [SegmentInfo(id=1, start=0, stop=2), SegmentInfo(id=2, start=3, stop=7)]
    notes = dataset.annotations
    tracks = notes.tracks.drop_columns(["job_id"]).append_column("job_id", [[1]])
    cut = Dataset(dataset.info, dataset.frames, Annotations(notes.tags, notes.shapes, tracks, notes.keyframes))
    assert [item.frame for item in frame_items(cut) if item.shapes] == [1, 2]
    assert [item.frame for item in frame_items(dataset) if item.shapes] == [1, 2, 3, 5, 6, 7]


@pytest.mark.req("R20.10")
def test_a_job_has_its_own_frames_only():
    dataset = sample_dataset()
    job = Dataset(dataset.info, dataset.frames.slice(2, 4), dataset.annotations)
    assert [item.frame for item in frame_items(job)] == [2, 3, 5]
    first = next(iter(track_items(job)))
    assert [(shape.frame, shape.keyframe) for shape in first.positions] == [(16, True), (19, True), (25, True)]
