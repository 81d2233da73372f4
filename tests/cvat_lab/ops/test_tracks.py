"""Tracks on many frames against single shapes, and the rules a track must obey."""

from __future__ import annotations

import numpy as np
import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import AttributeValue, ShapeType, TrackedShape
from cvat_lab.model.track import Track
from cvat_lab.ops import tracks as module
from cvat_lab.ops.interpolation import SHAPE_TYPES
from cvat_lab.ops.keyframes import KeyframeColumns
from cvat_lab.ops.tracks import (
    ShapeColumns,
    attributes_at,
    interpolate_at,
    interpolate_frames,
    normalize_track,
    track_at,
)

FRAMES = 60


def keyframe(kind: ShapeType, frame: int, rng: np.random.Generator) -> TrackedShape:
    count = {ShapeType.POLYGON: int(rng.integers(3, 12)), ShapeType.POLYLINE: int(rng.integers(2, 9))}.get(kind, 2)
    count = int(rng.integers(1, 3)) if kind is ShapeType.POINTS else 8 if kind is ShapeType.CUBOID else count
    turns = kind in (ShapeType.RECTANGLE, ShapeType.ELLIPSE)
    return TrackedShape(
        type=kind,
        frame=frame,
        points=[] if kind is ShapeType.SKELETON else rng.uniform(0, 500, 2 * count).tolist(),
        rotation=float(rng.uniform(0, 360)) if turns else 0.0,
        outside=bool(rng.random() < 0.25),
        id=frame,
    )


def random_tracks(seed: int, kinds: list[ShapeType], count: int = 25) -> list[Track]:
    rng = np.random.default_rng(seed)
    result = []
    for number in range(count):
        kind = kinds[rng.integers(len(kinds))]
        frames = np.sort(rng.choice(FRAMES + 20, int(rng.integers(1, 9)), replace=False)).tolist()
        shapes = [keyframe(kind, frame, rng) for frame in frames]
        result.append(Track(label_id=1, frame=frames[0], shapes=shapes, id=100 + number))
    return result


def listed(blocks: list[ShapeColumns]) -> list[tuple[int, int, str, bool, bool, list[float], float]]:
    return [
        (track, frame, SHAPE_TYPES[kind].value, outside, exact, points, rotation)
        for block in blocks
        for track, frame, kind, outside, exact, points, rotation in zip(
            block.source.track_ids[block.track].tolist(),
            block.frame.tolist(),
            block.kind.tolist(),
            block.outside.tolist(),
            block.is_keyframe.tolist(),
            block.points.tolist(),
            block.rotation.tolist(),
            strict=True,
        )
    ]


def one_by_one(
    tracks: list[Track], frames: list[int], *, outside: bool
) -> list[tuple[int, int, str, bool, bool, list[float], float]]:
    rows = []
    for track in tracks:
        for frame in frames:
            shape = track_at(track, frame)
            if shape is not None and (outside or not shape.outside):
                exact = shape.id is not None
                rows.append(
                    (track.id or 0, frame, shape.type.value, shape.outside, exact, shape.points, shape.rotation)
                )
    return rows


ALL_KINDS = [kind for kind in ShapeType if kind is not ShapeType.MASK]


@pytest.mark.req("R5.8", "R5.9", "R5.19")
@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("kinds", [ALL_KINDS, [ShapeType.POLYGON], [ShapeType.RECTANGLE]], ids=["all", "poly", "box"])
@pytest.mark.parametrize(
    "frames", [range(FRAMES), [0, 7, 8, 31, 59, 500], [33], []], ids=["all", "some", "one", "none"]
)
def test_columns_equal_single_shapes(kinds: list[ShapeType], frames: list[int], outside: bool) -> None:
    tracks = random_tracks(len(kinds), kinds)
    blocks = list(interpolate_frames(KeyframeColumns.from_tracks(tracks), frames, outside=outside))
    assert listed(blocks) == one_by_one(tracks, list(frames), outside=outside)


def test_blocks_are_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    tracks = random_tracks(3, ALL_KINDS)
    columns = KeyframeColumns.from_tracks(tracks)
    (whole,) = interpolate_frames(columns, range(FRAMES))
    for size in (1, 50, 333):
        monkeypatch.setattr(module, "_BLOCK_NUMBERS", size)
        blocks = list(interpolate_frames(columns, range(FRAMES)))
        assert len(blocks) > 1
        assert listed(blocks) == listed([whole])


@pytest.mark.req("R5.8", "R5.9")
@pytest.mark.parametrize("frame", [0, 13, 40, 79, 1000])
def test_one_frame(frame: int) -> None:
    tracks = random_tracks(4, ALL_KINDS)
    columns = KeyframeColumns.from_tracks(tracks)
    for outside in (False, True):
        assert listed([interpolate_at(columns, frame, outside=outside)]) == one_by_one(tracks, [frame], outside=outside)


def test_by_frame_sorts_rows_with_their_points() -> None:
    columns = KeyframeColumns.from_tracks(random_tracks(5, ALL_KINDS))
    (whole,) = interpolate_frames(columns, range(FRAMES))
    assert listed([whole.by_frame()]) == sorted(listed([whole]), key=lambda row: (row[1], row[0]))


def test_unsorted_frames_are_refused() -> None:
    columns = KeyframeColumns.from_tracks(random_tracks(6, ALL_KINDS))
    with pytest.raises(InvalidInputError, match="ascending"):
        list(interpolate_frames(columns, [3, 2]))


def test_no_tracks_no_shapes() -> None:
    nothing = KeyframeColumns.from_tracks([])
    assert list(interpolate_frames(nothing, range(5))) == []
    assert len(interpolate_at(nothing, 5)) == 0


def test_arrow_carries_everything() -> None:
    tracks = random_tracks(7, ALL_KINDS)
    shapes = interpolate_at(KeyframeColumns.from_tracks(tracks), 30, outside=True)
    rows = [tuple(row.values()) for row in shapes.to_arrow().to_pylist()]
    expected = [
        (track, frame, kind, points, rotation, outside, exact)
        for track, frame, kind, outside, exact, points, rotation in listed([shapes])
    ]
    assert rows == expected


# A single track


def value(spec_id: int, text: str) -> AttributeValue:
    return AttributeValue(spec_id=spec_id, value=text)


def box(frame: int, **changes: object) -> TrackedShape:
    return TrackedShape(type=ShapeType.RECTANGLE, frame=frame, points=[frame, 0, frame + 9, 9], **changes)  # type: ignore[arg-type]


@pytest.mark.req("R5.10", "R5.11")
def test_what_is_not_interpolated_holds_the_last_keyframe() -> None:
    first = box(0, occluded=True, z_order=5, attributes=[value(1, "a"), value(2, "b")], id=11)
    track = Track(label_id=1, frame=0, shapes=[first, box(4, attributes=[value(2, "c")], id=12), box(8, z_order=1)])
    between = track_at(track, 3)
    assert between == TrackedShape(
        type=ShapeType.RECTANGLE,
        frame=3,
        points=[3, 0, 12, 9],
        occluded=True,
        z_order=5,
        attributes=[value(1, "a"), value(2, "b")],
    )
    exact = track_at(track, 4)
    assert exact is not None
    assert (exact.id, exact.occluded, exact.z_order) == (12, False, 0)
    assert exact.attributes == [value(1, "a"), value(2, "c")]


@pytest.mark.req("R5.11")
def test_attributes_fall_back_to_the_track_and_to_defaults() -> None:
    shapes = [box(2, attributes=[value(2, "b")]), box(6, attributes=[value(2, "c")])]
    track = Track(label_id=1, frame=2, shapes=shapes, attributes=[value(1, "fixed")])
    defaults = [value(1, "?"), value(2, "none"), value(3, "left")]
    assert attributes_at(track, 1, defaults) == [value(1, "fixed"), value(2, "none"), value(3, "left")]
    assert attributes_at(track, 5, defaults) == [value(1, "fixed"), value(2, "b"), value(3, "left")]
    assert attributes_at(track, 6) == [value(1, "fixed"), value(2, "c")]


@pytest.mark.parametrize("frame", [0, 5])
def test_shapes_share_no_points_with_the_track(frame: int) -> None:
    track = Track(label_id=1, frame=0, shapes=[box(0)])
    shape = track_at(track, frame)
    assert shape is not None
    shape.points[0] = -1
    assert track.shapes[0].points[0] == 0


# Order


@pytest.mark.req("R5.5")
def test_keyframes_are_put_in_order() -> None:
    track = Track(label_id=1, frame=2, shapes=[box(9), box(2), box(5)])
    assert [shape.frame for shape in normalize_track(track).shapes] == [2, 5, 9]
    assert [shape.frame for shape in track.shapes] == [9, 2, 5]


def test_a_late_first_keyframe_gets_a_hidden_copy() -> None:
    track = normalize_track(Track(label_id=1, frame=3, shapes=[box(7, id=5, z_order=2), box(9)]))
    assert track.frame == 3
    assert [(shape.frame, shape.outside, shape.id) for shape in track.shapes] == [
        (3, True, None),
        (7, False, 5),
        (9, False, None),
    ]
    assert (track.shapes[0].points, track.shapes[0].z_order) == ([7, 0, 16, 9], 2)


def test_an_early_first_keyframe_moves_the_track() -> None:
    track = normalize_track(Track(label_id=1, frame=8, shapes=[box(9), box(7)]))
    assert track.frame == 7
    assert len(track.shapes) == 2


def test_elements_are_put_in_order_too() -> None:
    element = Track(label_id=2, frame=0, shapes=[box(4), box(1)])
    track = normalize_track(Track(label_id=1, frame=0, shapes=[box(0)], elements=[element]))
    assert [shape.frame for shape in track.elements[0].shapes] == [0, 1, 4]
    assert normalize_track(track) == track


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([], "track 4: a track needs at least one keyframe"),
        ([box(3), box(1), box(3)], "track 4: two keyframes on frame 3"),
        (
            [box(3), TrackedShape(type=ShapeType.ELLIPSE, frame=5, points=[1, 1, 2, 0])],
            "track 4: the type is rectangle on frame 3 and ellipse on frame 5",
        ),
    ],
)
def test_impossible_tracks_are_refused(shapes: list[TrackedShape], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        normalize_track(Track(label_id=1, frame=0, shapes=shapes), where="track 4")
