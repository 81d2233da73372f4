from __future__ import annotations

import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.data import MediaKind
from cvat_lab.ops.segments import frame_range, frame_step, segments, used_overlap

IMAGES, VIDEO = MediaKind.IMAGES, MediaKind.VIDEO


@pytest.mark.req("R30.21")
@pytest.mark.parametrize(
    ("size", "segment_size", "overlap", "kind", "expected"),
    [
        (10, 0, None, IMAGES, [(0, 9)]),
        (10, 10, 3, IMAGES, [(0, 9)]),
        (10, 99, 3, VIDEO, [(0, 9)]),
        (10, 5, None, IMAGES, [(0, 4), (5, 9)]),
        (10, 4, None, IMAGES, [(0, 3), (4, 7), (8, 9)]),
        (10, 4, 1, IMAGES, [(0, 3), (3, 6), (6, 9)]),
        (25, 12, None, VIDEO, [(0, 11), (7, 18), (14, 24)]),
        (12, 4, None, VIDEO, [(0, 3), (2, 5), (4, 7), (6, 9), (8, 11)]),
        (10, 4, 0, VIDEO, [(0, 3), (4, 7), (8, 9)]),
        (3, 1, None, VIDEO, [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_segments(size: int, segment_size: int, overlap: int | None, kind: MediaKind, expected: list[tuple]) -> None:
    assert segments(size, segment_size, overlap, kind) == expected


@pytest.mark.req("R30.21")
def test_overlap_is_at_most_half_a_segment() -> None:
    assert used_overlap(100, None, VIDEO) == 5
    assert used_overlap(100, None, IMAGES) == 0
    assert used_overlap(8, 7, IMAGES) == 4


@pytest.mark.parametrize(("size", "segment_size", "overlap"), [(0, 1, 0), (10, -1, 0), (10, 5, -1)])
def test_senseless_segments_are_refused(size: int, segment_size: int, overlap: int) -> None:
    with pytest.raises(InvalidInputError):
        segments(size, segment_size, overlap, IMAGES)


@pytest.mark.req("R30.24")
def test_frame_range() -> None:
    assert frame_range(10) == range(10)
    assert list(frame_range(10, 2, 8, 3)) == [2, 5, 8]
    assert list(frame_range(10, 2, 7, 3)) == [2, 5]
    assert list(frame_range(10, 8, 99)) == [8, 9]
    assert list(frame_range(10, 4, 4)) == [4]


@pytest.mark.parametrize(
    ("start", "stop", "step", "message"),
    [
        (10, None, 1, r"start_frame is 10, but the media has frames 0\.\.9"),
        (-1, None, 1, "start_frame is -1"),
        (5, 4, 1, "stop_frame 4 comes before start_frame 5"),
        (0, None, 0, "at least 1, got 0"),
    ],
)
def test_empty_ranges_are_refused(start: int, stop: int | None, step: int, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        frame_range(10, start, stop, step)


@pytest.mark.req("R30.24")
def test_frame_filter() -> None:
    assert frame_step("") == 1
    assert frame_step("step=3") == 3
    assert frame_step(" step = 12 ") == 12
    for text in ("step=0", "step=-1", "step=1.5", "every=2", "step="):
        with pytest.raises(InvalidInputError, match="must read 'step=N'"):
            frame_step(text)
