"""From names to ids: what every import does, whatever its format."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvat_lab.errors import FormatError
from cvat_lab.formats.base import Format, Import
from cvat_lab.formats.items import FrameItem, ShapeItem, TagItem, TrackItem
from cvat_lab.formats.resolve import ImportOptions, import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import AttributeValue, ShapeType
from cvat_lab.ops.masks import mask_from_polygons, mask_points
from cvat_lab.testing.samples import BODY, CAR, COLOR, HAND, HEAD, NIGHT, PARKED, PERSON, SPEED, sample_dataset


class Given(Format):
    """A format that reads what a test put into it."""

    name, version = "Given", "1.0"
    can_export = False

    def __init__(self, *items, per_frame=False, rebuilds=False):
        self.items = items
        self.groups_per_frame = per_frame
        self.rebuilds_tracks = rebuilds

    def read_items(self, source, work: Import):
        yield from self.items


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file.txt").write_text("")
    return tmp_path / "file.txt"


def resolve(file: Path, *items, options=None, per_frame=False, rebuilds=False):
    plugin = Given(*items, per_frame=per_frame, rebuilds=rebuilds)
    imported = import_annotations(plugin, file, sample_dataset(data=LabeledData()), options)
    return imported.annotations.to_labeled_data(), imported


def frame(number: int, *shapes: ShapeItem, tags=()) -> FrameItem:
    return FrameItem(
        name=f"{'day' if number < 5 else 'night'}/image & {number}.jpg", shapes=list(shapes), tags=list(tags)
    )


def box(label="person & co", points=(0, 0, 5, 5), **more) -> ShapeItem:
    return ShapeItem(label, ShapeType.RECTANGLE, list(points), **more)


def test_names_become_ids_and_rows_are_ordered_by_frame(file):
    data, imported = resolve(
        file,
        frame(6, box("car", (1, 2, 3, 4)), tags=[TagItem("night")]),
        frame(0, box(z_order=4, occluded=True, rotation=-90.0, score=0.5)),
    )
    assert [(shape.frame, shape.label_id, shape.points) for shape in data.shapes] == [
        (0, PERSON, [0, 0, 5, 5]),
        (6, CAR, [1, 2, 3, 4]),
    ]
    first = data.shapes[0]
    assert (first.z_order, first.occluded, first.rotation, first.score, first.source) == (4, True, 270, 0.5, "file")
    assert [(tag.frame, tag.label_id) for tag in data.tags] == [(6, NIGHT)]
    assert imported.annotations.shapes["id"].to_pylist() == [1, 2]
    assert imported.losses == []


@pytest.mark.req("R20.14")
def test_attributes_are_looked_up_and_unknown_ones_counted(file):
    given_attributes = {"color": "blue", "parked": "True", "wheels": "4", "speed": "900"}
    data, imported = resolve(
        file, frame(0, box("car", attributes=given_attributes), box("car", attributes={"wheels": "3"}))
    )
    assert data.shapes[0].attributes == [
        AttributeValue(spec_id=COLOR, value="blue"),
        AttributeValue(spec_id=PARKED, value="true"),
    ]
    assert {(loss.kind, loss.name, loss.count) for loss in imported.losses} == {
        ("attribute", "wheels", 2),
        ("attribute", "speed", 1),
    }
    assert imported.losses[0].example == "image 'day/image & 0.jpg'"


@pytest.mark.req("R20.13")
def test_groups_of_one_are_dropped_and_the_others_renumbered(file):
    data, _ = resolve(
        file,
        frame(0, box(group=70), box(group=8)),
        frame(1, box(group=5), box(group=70), tags=[TagItem("night", group=5)]),
    )
    assert [shape.group for shape in data.shapes] == [2, 0, 1, 2]
    assert data.tags[0].group == 1


@pytest.mark.req("R20.13")
def test_group_numbers_may_hold_for_one_frame_only(file):
    items = [frame(0, box(group=1), box(group=1)), frame(1, box(group=1), box(group=1), box(group=2))]
    data, _ = resolve(file, *items, per_frame=True)
    assert [shape.group for shape in data.shapes] == [1, 1, 2, 2, 0]


@pytest.mark.req("R20.10")
def test_an_item_that_matches_no_frame_is_an_error(file):
    with pytest.raises(FormatError, match=r"image 'gone\.jpg' matches no frame of task 5"):
        resolve(file, FrameItem("gone.jpg", shapes=[box()]))
    with pytest.raises(FormatError, match="frame 11 of track 8 matches no frame"):
        resolve(file, TrackItem("person & co", [box(frame=11)], title="track 8"))


def test_an_image_without_annotations_may_match_no_frame_but_is_counted(file):
    data, imported = resolve(file, FrameItem("gone.jpg"), frame(0, box()))
    assert len(data) == 1
    assert [(loss.kind, loss.example) for loss in imported.losses] == [("image", "image 'gone.jpg'")]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (ShapeItem("car", ShapeType.RECTANGLE, [1, 2, 3]), "a rectangle needs 4 numbers"),
        (ShapeItem("car", ShapeType.POLYGON, [1, 2, 3, 4, 5]), "a polygon needs an even number"),
        (ShapeItem("car", ShapeType.RECTANGLE, [1, 2, 3, float("nan")]), "must be finite"),
        (
            ShapeItem("car", ShapeType.RECTANGLE, [1, 2, 3, 4], rotation=float("inf")),
            "rotation must be a finite number",
        ),
        (
            ShapeItem("car", ShapeType.RECTANGLE, [1, 2, 3, 4], score=1.5),
            "score lie in 0..1; got rotation 0.0 and score 1.5",
        ),
        (ShapeItem("car", ShapeType.MASK, [3, 1, 0, 0, 1, 1, 1]), "run lengths"),
        (ShapeItem("body", ShapeType.RECTANGLE, [1, 2, 3, 4]), "a rectangle cannot have the label 'body'"),
        (ShapeItem("car", ShapeType.SKELETON, []), "a skeleton cannot have the label 'car'"),
    ],
)
def test_shapes_that_break_the_rules_are_named(shape, reason, file):
    good = [box() for _ in range(3)]
    with pytest.raises(FormatError, match=rf"image 'day/image & 2\.jpg'.*{reason}"):
        resolve(file, frame(1, *good), frame(2, *good, shape), options=ImportOptions(masks_to_polygons=False))


def test_rows_keep_their_order_within_a_frame(file):
    shapes = [box(points=(0, 0, 1, n)) for n in range(1, 8)]
    skeleton = ShapeItem("body", ShapeType.SKELETON, [], elements=[ShapeItem("head", ShapeType.POINTS, [1, 2])])
    data, _ = resolve(file, frame(3, *shapes), frame(0, skeleton))
    assert [shape.points[-1] for shape in data.shapes[1:]] == list(range(1, 8))
    assert [(part.label_id, part.frame) for part in data.shapes[0].elements] == [(HEAD, 0)]


# masks


def donut() -> list[float]:
    pixels = np.ones((9, 9), dtype=bool)
    pixels[3:6, 3:6] = False
    return mask_points(pixels, left=4, top=5)


@pytest.mark.req("R20.15")
def test_masks_become_polygons_by_default(file):
    pixels = np.zeros((6, 12), dtype=bool)
    pixels[1:4, 1:5] = pixels[2:5, 8:11] = True
    mask = ShapeItem("person & co", ShapeType.MASK, mask_points(pixels))
    data, imported = resolve(file, frame(0, mask))
    assert [shape.type for shape in data.shapes] == ["polygon", "polygon"]
    assert {tuple(shape.points) for shape in data.shapes} == {(1, 1, 1, 4, 5, 4, 5, 1), (8, 2, 8, 5, 11, 5, 11, 2)}
    assert [shape.group for shape in data.shapes] == [1, 1]
    assert imported.losses == []


@pytest.mark.req("R20.15")
def test_masks_stay_masks_when_asked(file):
    mask = ShapeItem("person & co", ShapeType.MASK, donut())
    data, imported = resolve(file, frame(0, mask), options=ImportOptions(masks_to_polygons=False))
    assert data.shapes[0].points == donut()
    assert imported.losses == []


def test_a_filled_hole_is_counted(file):
    data, imported = resolve(file, frame(0, ShapeItem("person & co", ShapeType.MASK, donut())))
    assert len(data.shapes) == 1
    assert [(loss.kind, loss.name) for loss in imported.losses] == [("shape", "mask")]


@given(st.integers(0, 2**30))
@settings(max_examples=25, deadline=None)
def test_polygons_of_masks_are_valid_and_close(seed):
    random = np.random.default_rng(seed)
    pixels = np.kron(random.random((5, 5)) < 0.5, np.ones((3, 3))) * (random.random((15, 15)) < 0.97)
    pixels[7, 7] = 1
    points = mask_points(pixels)
    empty = sample_dataset(data=LabeledData())
    item = FrameItem("day/image & 0.png", shapes=[ShapeItem("car", ShapeType.MASK, points)])
    data = import_annotations(Given(item), Path(__file__), empty).annotations.to_labeled_data()
    again = mask_from_polygons([shape.points for shape in data.shapes], 15, 15)
    assert sum(again[1:-4:2]) >= 0.8 * sum(points[1:-4:2])


# tracks


def test_attributes_of_a_track_are_split_by_their_spec(file):
    positions = [
        box(frame=10, attributes={"color": "blue", "speed": "1"}),
        box(frame=13, attributes={"color": "red", "speed": "2", "size": "9"}, outside=True),
    ]
    data, imported = resolve(file, TrackItem("car", positions, title="track 0"))
    (track,) = data.tracks
    assert track.attributes == [AttributeValue(spec_id=COLOR, value="blue")]
    assert [shape.attributes for shape in track.shapes] == [
        [AttributeValue(spec_id=SPEED, value="1")],
        [AttributeValue(spec_id=SPEED, value="2")],
    ]
    assert [(shape.frame, shape.outside) for shape in track.shapes] == [(0, False), (1, True)]
    assert {(loss.name, loss.count) for loss in imported.losses} == {("size", 1), ("color", 1)}


@pytest.mark.req("R22.21")
def test_only_keyframes_count(file):
    positions = [box(frame=10), box(frame=13, keyframe=False), box(frame=16)]
    data, _ = resolve(file, TrackItem("car", positions))
    assert [shape.frame for shape in data.tracks[0].shapes] == [0, 2]
    data, imported = resolve(file, TrackItem("car", [box(frame=10, keyframe=False)]))
    assert len(data) == 0
    assert imported.losses[0].kind == "track"


def test_keyframes_may_come_in_any_order(file):
    data, _ = resolve(file, TrackItem("car", [box(frame=19), box(frame=13)]))
    assert data.tracks[0].frame == 1
    assert [shape.frame for shape in data.tracks[0].shapes] == [1, 3]


@pytest.mark.req("R23.13")
def test_a_track_cannot_be_in_two_places(file):
    with pytest.raises(FormatError, match="track 4 is twice on frame 1"):
        resolve(file, TrackItem("car", [box(frame=13), box(frame=13)], title="track 4"))


def test_a_track_cannot_change_its_kind(file):
    point = ShapeItem("car", ShapeType.POINTS, [1, 2], frame=16)
    with pytest.raises(FormatError, match="changes its kind of shape"):
        resolve(file, TrackItem("car", [box(frame=13), point]))


def test_bad_points_of_a_track_are_named(file):
    with pytest.raises(FormatError, match="track 4, frame 1: a rectangle needs 4 numbers"):
        resolve(file, TrackItem("car", [box(frame=13, points=(1, 2))], title="track 4"))


@pytest.mark.req("R22.21")
@pytest.mark.req("R5.18")
def test_a_mask_track_becomes_a_shape(file):
    options = ImportOptions(masks_to_polygons=False)
    masks = [ShapeItem("", ShapeType.MASK, donut(), frame=at, outside=at == 16) for at in (13, 16)]
    data, imported = resolve(file, TrackItem("car", masks), options=options)
    assert [(shape.type, shape.frame, shape.label_id) for shape in data.shapes] == [("mask", 1, CAR)]
    assert (data.tracks, imported.losses) == ([], [])
    masks = [ShapeItem("", ShapeType.MASK, donut(), frame=at) for at in (13, 19)]
    data, imported = resolve(file, TrackItem("car", masks), options=options)
    assert [shape.frame for shape in data.shapes] == [1, 3]
    assert [(loss.kind, loss.name) for loss in imported.losses] == [("track", "mask")]


def test_skeleton_tracks_nest(file):
    hand = [ShapeItem("", ShapeType.POINTS, [n, n], frame=at) for n, at in enumerate((10, 16))]
    skeleton = [ShapeItem("", ShapeType.SKELETON, [], frame=10)]
    data, _ = resolve(file, TrackItem("body", skeleton, elements=[TrackItem("hand", hand)]))
    (track,) = data.tracks
    assert track.label_id == BODY
    assert [(part.label_id, [shape.frame for shape in part.shapes]) for part in track.elements] == [(HAND, [0, 2])]


@pytest.mark.req("R22.8")
@pytest.mark.req("R22.9")
def test_tracks_are_rebuilt_and_closed_at_gaps(file):
    sightings = [frame(n, box(points=(n, 0, 9, 9), track_id=3, keyframe=n == 0)) for n in (0, 1, 3, 6)]
    data, _ = resolve(file, *sightings, rebuilds=True)
    (track,) = data.tracks
    assert [(shape.frame, shape.outside, shape.points[0]) for shape in track.shapes] == [
        (0, False, 0),
        (1, False, 1),
        (2, True, 1),
        (3, False, 3),
        (5, True, 3),  # 4 is deleted
        (6, False, 6),
        (7, True, 6),
    ]


@pytest.mark.req("R22.8")
def test_tracks_are_not_rebuilt_by_other_formats(file):
    data, _ = resolve(file, frame(0, box(track_id=3)), frame(1, box(track_id=3)))
    assert (len(data.shapes), len(data.tracks)) == (2, 0)


def test_a_track_id_that_is_twice_on_a_frame_makes_no_track(file):
    data, imported = resolve(file, frame(0, box(track_id=3), box(track_id=3)), rebuilds=True)
    assert (len(data.shapes), len(data.tracks)) == (2, 0)
    assert imported.losses[0].kind == "track"


# options


def test_a_subset_can_be_chosen(file):
    items = [frame(0, box()), frame(1, box()), frame(2, box())]
    items[0].subset, items[1].subset = "train", "val"
    for subset, expected in (("val", [1]), ("default", [2]), (None, [0, 1, 2])):
        data, _ = resolve(file, *items, options=ImportOptions(subset=subset))
        assert [shape.frame for shape in data.shapes] == expected


@pytest.mark.req("R20.7")
def test_labels_can_be_skipped(file):
    items = [
        frame(0, box("background"), box(), tags=[TagItem("background")]),
        TrackItem("background", [box(frame=10)]),
    ]
    with pytest.raises(FormatError, match="'background' is unknown"):
        resolve(file, *items)
    data, imported = resolve(file, *items, options=ImportOptions(skipped_labels=["background"]))
    assert len(data) == 1
    assert [(loss.kind, loss.name, loss.count) for loss in imported.losses] == [
        ("label", "background", 3),
    ]


def test_progress_is_told(file):
    told = []
    empty = sample_dataset(data=LabeledData())
    import_annotations(Given(*(frame(0) for _ in range(1001))), file, empty, progress=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1], len(told)) == (0, 1, 4)
