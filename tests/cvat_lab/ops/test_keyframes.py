"""Keyframes as columns, from records and from Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.shape import ShapeType, TrackedShape
from cvat_lab.model.track import Track
from cvat_lab.ops.interpolation import SHAPE_TYPES
from cvat_lab.ops.keyframes import KeyframeColumns, flatten_tracks


def box(frame: int, *, outside: bool = False, x: float = 0.0) -> TrackedShape:
    return TrackedShape(type=ShapeType.RECTANGLE, frame=frame, points=[x, 0, x + 1, 1], outside=outside)


def skeleton() -> Track:
    elements = [
        Track(label_id=4 + n, frame=2, shapes=[TrackedShape(type=ShapeType.POINTS, frame=2, points=[n, n])], id=31 + n)
        for n in range(2)
    ]
    body = [TrackedShape(type=ShapeType.SKELETON, frame=2)]
    return Track(label_id=3, frame=2, shapes=body, elements=elements, id=30)


TABLE = pa.table(
    {
        "track_id": [9, 4, 4, 9],
        "frame": pa.array([7, 10, 2, 3], pa.int32()),
        "type": ["polygon", "rectangle", "rectangle", "polygon"],
        "points": [[7.0] * 6, [10.0] * 4, [2.0] * 4, [3.0] * 8],
        "rotation": [0.0, 10.0, 2.0, 0.0],
        "outside": [True, False, False, False],
    }
)


def test_tracks_become_rows_in_their_order() -> None:
    columns = KeyframeColumns.from_tracks(
        [Track(label_id=1, frame=0, shapes=[box(0), box(5, outside=True)]), skeleton()]
    )
    assert columns.track_ids.tolist() == [0, 30, 31, 32]
    assert columns.track_offsets.tolist() == [0, 2, 3, 4, 5]
    assert columns.track.tolist() == [0, 0, 1, 2, 3]
    assert columns.frame.tolist() == [0, 5, 2, 2, 2]
    assert [SHAPE_TYPES[code] for code in columns.kind] == ["rectangle", "rectangle", "skeleton", "points", "points"]
    assert columns.points.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [], [0, 0], [1, 1]]
    assert columns.outside.tolist() == [False, True, False, False, False]


def test_elements_follow_their_skeleton() -> None:
    assert [track.id for track in flatten_tracks([skeleton(), Track(label_id=1, frame=0, shapes=[box(0)], id=8)])] == [
        30,
        31,
        32,
        8,
    ]


def test_arrow_rows_may_come_in_any_order() -> None:
    columns = KeyframeColumns.from_arrow(TABLE)
    assert columns.track_ids.tolist() == [4, 9]
    assert columns.track_offsets.tolist() == [0, 2, 4]
    assert columns.frame.tolist() == [2, 10, 3, 7]
    assert columns.points.tolist() == [[2] * 4, [10] * 4, [3] * 8, [7] * 6]
    assert columns.rotation.tolist() == [2, 10, 0, 0]
    assert columns.outside.tolist() == [False, False, False, True]


def test_arrow_rows_in_order_are_read_alike() -> None:
    ordered = TABLE.sort_by([("track_id", "ascending"), ("frame", "ascending")])
    both = KeyframeColumns.from_arrow(TABLE), KeyframeColumns.from_arrow(ordered)
    assert both[0].frame.tolist() == both[1].frame.tolist()
    assert both[0].points.tolist() == both[1].points.tolist()


def test_two_keyframes_on_one_frame_are_refused() -> None:
    twice = pa.concat_tables([TABLE, TABLE.slice(1, 1)])
    with pytest.raises(InvalidInputError, match="Track 4 has two keyframes on frame 10"):
        KeyframeColumns.from_arrow(twice)


def test_no_keyframes() -> None:
    for columns in (KeyframeColumns.from_arrow(TABLE.slice(0, 0)), KeyframeColumns.from_tracks([])):
        assert len(columns) == 0
        assert columns.last_at(5).tolist() == []


def test_a_keyframe_moves_to_the_next_of_its_track_and_type() -> None:
    mixed = [box(0), box(4), TrackedShape(type=ShapeType.ELLIPSE, frame=8, points=[1, 1, 2, 0])]
    columns = KeyframeColumns.from_tracks(
        [Track(label_id=1, frame=0, shapes=mixed), Track(label_id=1, frame=0, shapes=[box(0), box(3)])]
    )
    assert columns.next.tolist() == [1, 1, 2, 4, 4]


@pytest.mark.parametrize(
    ("frame", "rows"),
    [(0, [-1, 1]), (2, [0, 1]), (3, [0, 2]), (9, [0, 3]), (10, [1, 3]), (10**12, [1, 3]), (-7, [-1, 1])],
)
def test_last_keyframe_at_or_before_a_frame(frame: int, rows: list[int]) -> None:
    assert KeyframeColumns.from_arrow(TABLE).last_at(frame).tolist() == rows


def test_keyframes_on_deleted_frames_can_be_left_out() -> None:
    columns = KeyframeColumns.from_arrow(TABLE).without_frames({10, 3, 7, 99})
    assert columns.track_ids.tolist() == [4]
    assert columns.track_offsets.tolist() == [0, 1]
    assert columns.frame.tolist() == [2]
    assert columns.points.tolist() == [[2] * 4]
    assert np.array_equal(columns.rotation, [2.0])
