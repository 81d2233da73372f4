from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from cvat_lab.errors import MediaError, TooLargeError
from cvat_lab.media.limits import Limits
from cvat_lab.media.video_index import NO_OFFSET, VideoIndex
from cvat_lab.media.video_scan import scan_video
from tests.media_samples import encode_video, moving, remux, shared

OPEN_GOP = {"x264-params": "open-gop=1:keyint=12:min-keyint=1:bframes=3:b-adapt=0:scenecut=0"}


def shown_times(path: Path) -> list[int | None]:
    with av.open(str(path)) as container:
        return [frame.pts for frame in container.decode(video=0)]


def index_times(index: VideoIndex) -> list[int]:
    times: list[int] = index.packets.pts[index.packet_of_frame].tolist()
    return times


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.ts", "a.flv"])
def test_frames_are_numbered_as_decoding_shows_them(tmp_path: Path, name: str) -> None:
    path = encode_video(tmp_path / name, moving("coffee.png", 40), bframes=3)
    index = scan_video(tmp_path, name)
    assert index_times(index) == shown_times(path)
    assert not np.array_equal(index.packet_of_frame, np.arange(40)), "the sample must have reordered frames"
    assert (index.stream.width, index.stream.height, index.stream.rotation) == (160, 120, 0)
    assert index.stream.browser_codec.startswith("avc1.64")
    assert index.gops.start.tolist() == [0, 12, 24, 36]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.flv", "a.avi"])
def test_packets_are_found_in_the_file(tmp_path: Path, name: str) -> None:
    codec = {"a.webm": "libvpx", "a.avi": "mpeg4"}.get(name, "libx264")
    path = encode_video(tmp_path / name, moving("coffee.png", 30), codec)
    index = scan_video(tmp_path, name)
    data = path.read_bytes()
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    places = zip(index.packets.offset.tolist(), index.packets.size.tolist(), strict=True)
    assert [data[offset : offset + size] for offset, size in places] == packets


def test_packets_in_pieces_are_left_to_the_container(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mpg", moving("coffee.png", 10), "mpeg2video")
    assert (scan_video(tmp_path, "a.mpg").packets.offset == NO_OFFSET).all()


def test_variable_frame_rate(tmp_path: Path) -> None:
    times = [number * number // 10 + number for number in range(40)]
    path = encode_video(tmp_path / "a.mp4", moving("coffee.png", 40), times=times)
    index = scan_video(tmp_path, "a.mp4")
    assert len(index) == 40
    assert index_times(index) == shown_times(path)


@pytest.mark.parametrize("name", ["a.h264", "a.avi"])
def test_files_without_presentation_times_are_decoded_once(tmp_path: Path, name: str) -> None:
    encode_video(tmp_path / name, moving("coffee.png", 40), bframes=3)
    index = scan_video(tmp_path, name)
    assert len(index) == 40
    assert not np.array_equal(index.packet_of_frame, np.arange(40))


def test_frames_cut_away_by_an_edit_list_are_not_shown(tmp_path: Path) -> None:
    encode_video(tmp_path / "full.mp4", moving("coffee.png", 40))
    path = remux(tmp_path / "full.mp4", tmp_path / "cut.mp4", shift=5)
    index = scan_video(tmp_path, "cut.mp4")
    assert len(index) == len(shown_times(path)) == 35
    assert (index.packets.frame < 0).sum() == 5


def test_a_start_in_the_middle_of_a_group(tmp_path: Path) -> None:
    encode_video(tmp_path / "full.mp4", moving("coffee.png", 40))
    path = remux(tmp_path / "full.mp4", tmp_path / "cut.mkv", skip=5)
    index = scan_video(tmp_path, "cut.mkv")
    assert len(index) == len(shown_times(path)) < 35
    assert not index.is_smooth


def test_open_groups_are_recognised(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mp4", moving("coffee.png", 40), options=OPEN_GOP)
    index = scan_video(tmp_path, "a.mp4")
    assert index.gops.start.tolist() == [0, 12, 24, 36]
    assert index.gops.packet.size > index.packets.size.size, "keyframes of open groups are in two groups"


@pytest.mark.req("R31.4")
def test_sparse_keyframes_of_a_sample() -> None:
    path = shared("media/video_sparse_keyframes.mp4")
    index = scan_video(path.parent, path.name)
    assert (len(index), index.keyframes.size, index.largest_gap) == (25, 1, 25)
    assert (index.stream.width, index.stream.height) == (1920, 1080)


def test_rotation_is_clockwise_and_swaps_the_size(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mp4", moving("coffee.png", 5), rotation=-90)
    stream = scan_video(tmp_path, "a.mp4").stream
    assert (stream.rotation, stream.width, stream.height) == (90, 120, 160)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_cut_off_videos_are_refused(tmp_path: Path, name: str) -> None:
    codec = "mpeg4" if name == "a.avi" else "libx264"
    path = encode_video(tmp_path / name, moving("coffee.png", 40), codec)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(MediaError, match=name):
        scan_video(tmp_path, name)


def test_a_cut_off_video_with_its_head_in_front(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    frames = moving("coffee.png", 40)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt = 120, 160, "yuv420p"
        for picture in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    scan_video(tmp_path, "a.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(MediaError, match=r"a\.mp4: .*cut off"):
        scan_video(tmp_path, "a.mp4")


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no video" * 100)
    with pytest.raises(MediaError, match=r"a\.mp4: not a video"):
        scan_video(tmp_path, "a.mp4")
    (tmp_path / "sound.mkv").write_bytes(b"")
    with pytest.raises(MediaError, match=r"sound\.mkv"):
        scan_video(tmp_path, "sound.mkv")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as out:
        stream = out.add_stream("aac", rate=44100)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 2048), np.float32), format="fltp", layout="mono")
        sound.rate = 44100
        out.mux(stream.encode(sound))
        out.mux(stream.encode(None))
    with pytest.raises(MediaError, match=r"a\.mkv: has no video stream"):
        scan_video(tmp_path, "a.mkv")


def test_play_lists_that_point_elsewhere_are_refused(tmp_path: Path) -> None:
    encode_video(tmp_path / "secret.ts", moving("coffee.png", 10))
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "b.mp4").write_text(f"ffconcat version 1.0\nfile '{tmp_path}/secret.ts'\n")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(MediaError, match=name):
            scan_video(tmp_path, name)


def test_huge_frames_are_refused(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mp4", moving("coffee.png", 5))
    with pytest.raises(TooLargeError, match=r"a\.mp4: 160x120"):
        scan_video(tmp_path, "a.mp4", limits=Limits(pixels=10_000))


def test_progress_is_told(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mp4", moving("coffee.png", 30) * 70, options={"preset": "ultrafast"})
    told: list[float] = []
    scan_video(tmp_path, "a.mp4", progress=told.append)
    assert len(told) == 2
    assert 0 < told[0] < told[1] <= 1
