from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cvat_lab.errors import NotFoundError
from cvat_lab.media.video_index import (
    NO_PTS,
    NOT_SHOWN,
    Packets,
    VideoIndex,
    VideoStream,
    video_from_table,
    video_table,
)

STREAM = VideoStream(
    file="a.mp4",
    stream=0,
    width=640,
    height=480,
    rotation=0,
    codec="h264",
    browser_codec="avc1.64001f",
    description="",
    time_base=(1, 25),
    rate=25.0,
)


def index_of(frames: Sequence[int], keys: Sequence[int]) -> VideoIndex:
    """Return an index whose packets show ``frames`` in decoding order; ``keys`` are packet numbers."""
    count = len(frames)
    frame = np.array(frames, np.int32)
    key = np.zeros(count, np.bool_)
    key[list(keys)] = True
    pts = np.where(frame >= 0, frame, NO_PTS).astype(np.int64)
    place = np.arange(count, dtype=np.int64)
    return VideoIndex(STREAM, Packets(pts, place, place * 10, np.full(count, 10, np.int32), key, frame))


def groups(index: VideoIndex) -> list[tuple[int, int, list[int], list[int]]]:
    gops = index.gops
    return [
        (int(start), int(count), index.packets_of(n).tolist(), gops.frame[gops.first[n] : gops.first[n + 1]].tolist())
        for n, (start, count) in enumerate(zip(gops.start, gops.count, strict=True))
    ]


def test_closed_groups_are_runs_of_packets() -> None:
    index = index_of([0, 2, 1, 3, 5, 4], keys=[0, 3])
    assert groups(index) == [(0, 3, [0, 1, 2], [0, 2, 1]), (3, 3, [3, 4, 5], [3, 5, 4])]
    assert index.decoding_start(5) == (3, 4)
    assert index.packet_of_frame.tolist() == [0, 2, 1, 3, 5, 4]


def test_frames_before_their_keyframe_go_to_the_group_before() -> None:
    index = index_of([0, 1, 4, 2, 3, 5, 8, 6, 7], keys=[0, 2, 6])
    assert groups(index) == [
        (0, 4, [0, 1, 2, 3, 4], [0, 1, NOT_SHOWN, 2, 3]),
        (4, 4, [2, 5, 6, 7, 8], [4, 5, NOT_SHOWN, 6, 7]),
        (8, 1, [6], [8]),
    ]
    assert index.gop_bytes.tolist() == [50, 50, 10]
    assert index.decoding_start(2) == (0, 1)
    assert index.decoding_start(4) == (2, 5)
    assert index.decoding_start(7) == (2, 5)
    assert index.decoding_start(8) == (6, 9)


def test_packets_that_show_nothing_stay_in_their_group() -> None:
    index = index_of([NOT_SHOWN, NOT_SHOWN, 0, 1, NOT_SHOWN, 2], keys=[0, 3])
    assert len(index) == 3
    assert groups(index) == [(0, 1, [0, 1, 2], [-1, -1, 0]), (1, 2, [3, 4, 5], [1, -1, 2])]


def test_groups_without_frames_are_left_out() -> None:
    index = index_of([NOT_SHOWN, NOT_SHOWN, 0, 1], keys=[0, 2])
    assert groups(index) == [(0, 2, [2, 3], [0, 1])]
    with pytest.raises(NotFoundError, match="the video has 1"):
        index.packets_of(1)


@pytest.mark.req("R31.4")
def test_sparse_keyframes() -> None:
    assert index_of(range(109), keys=[0]).is_smooth
    sparse = index_of(range(250), keys=[0, 100, 210])
    assert sparse.largest_gap == 110
    assert not sparse.is_smooth
    assert not index_of(range(10), keys=[5]).is_smooth


def test_an_index_survives_arrow() -> None:
    index = index_of([0, 2, 1], keys=[0])
    again = video_from_table(video_table(index))
    assert again.stream == index.stream
    assert groups(again) == groups(index)
