from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from cvat_lab.errors import MediaError, NotFoundError
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.video import VideoReader
from cvat_lab.media.video_scan import scan_video
from tests.media_samples import decoded, encode_video, moving, remux, shared

COUNT = 50
OPEN_GOP = {"x264-params": "open-gop=1:keyint=12:min-keyint=1:bframes=3:b-adapt=0:scenecut=0"}
SAMPLES: dict[str, dict[str, Any]] = {
    "bframes.mp4": {"bframes": 3},
    "bframes.mkv": {"bframes": 3},
    "bframes.ts": {"bframes": 3},
    "bframes.h264": {"bframes": 3},
    "bframes.avi": {"bframes": 3},
    "open_gop.mp4": {"options": OPEN_GOP},
    "open_gop.ts": {"options": OPEN_GOP},
    "one_gop.mp4": {"gop": 1000, "options": {"x264-params": "scenecut=0"}},
    "variable_rate.mp4": {"times": [number * number // 10 + number for number in range(COUNT)]},
    "vp8.webm": {"codec": "libvpx", "options": {"auto-alt-ref": "1", "lag-in-frames": "10", "b": "400k"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"auto-alt-ref": "1", "lag-in-frames": "10", "cpu-used": "5"}},
    "av1.mp4": {"codec": "libsvtav1", "options": {"preset": "12"}},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none:open-gop=1:bframes=3"}},
    "mpeg4.avi": {"codec": "mpeg4", "bframes": 0},
    "mpeg4_bframes.avi": {"codec": "mpeg4"},
    "mjpeg.avi": {"codec": "mjpeg"},
    "mpeg2.mpg": {"codec": "mpeg2video"},
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


def sample(folder: Path, name: str) -> Path:
    path = folder / name
    if path.exists():
        return path
    try:
        return encode_video(path, moving("coffee.png", COUNT), **SAMPLES[name])
    except av.codec.codec.UnknownCodecError:
        pytest.skip(f"this FFmpeg cannot encode {name}")


def reader(path: Path) -> VideoReader:
    return VideoReader(path.parent, scan_video(path.parent, path.name))


def orders(count: int) -> Iterator[list[int]]:
    yield list(range(count))
    yield list(range(count))[::-1]
    yield random.Random(3).choices(range(count), k=count)
    yield list(range(0, count, 7))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_frame_is_the_one_that_decoding_gives(samples: Path, name: str) -> None:
    path = sample(samples, name)
    truth = decoded(path)
    with reader(path) as video:
        assert len(video.index) == len(truth)
        for order in orders(len(truth)):
            for number in order:
                assert np.array_equal(video.frame(number), truth[number]), f"frame {number}"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_group_decodes_on_its_own(samples: Path, name: str) -> None:
    path = sample(samples, name)
    truth = decoded(path)
    index = scan_video(path.parent, path.name)
    source = PacketSource(path.parent, index)
    for group, (start, count) in enumerate(zip(index.gops.start, index.gops.count, strict=True)):
        data = source.gop(group)
        packets = index.packets_of(group)
        frames = index.gops.frame[index.gops.first[group] : index.gops.first[group + 1]]
        sizes = index.packets.size[packets].tolist()
        assert len(data) == sum(sizes)
        pictures = decode_packets(path, data, sizes)
        shown = {int(frames[place]): picture for place, picture in pictures if frames[place] >= 0}
        assert sorted(shown) == list(range(start, start + count))
        assert all(np.array_equal(picture, truth[number]) for number, picture in shown.items())
    source.close()


def decode_packets(path: Path, data: bytes, sizes: list[int]) -> list[tuple[int, Any]]:
    """Decode concatenated packets with a fresh decoder; return the packet's place with each picture."""
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        pictures, at = [], 0
        for place, size in enumerate(sizes):
            packet = av.Packet(size)
            packet.update(data[at : at + size])
            packet.pts, at = place, at + size
            pictures += context.decode(packet)
        pictures += context.decode(None)
        return [(picture.pts, picture.to_ndarray(format="rgb24")) for picture in pictures]


def test_frames_after_an_edit_list(tmp_path: Path) -> None:
    encode_video(tmp_path / "full.mp4", moving("coffee.png", COUNT))
    path = remux(tmp_path / "full.mp4", tmp_path / "cut.mp4", shift=5)
    truth = decoded(path)
    with reader(path) as video:
        for number in [30, *range(len(truth)), 0]:
            assert np.array_equal(video.frame(number), truth[number])


def test_hidden_pictures_have_no_number(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    with av.open(str(sample(samples, "vp8.webm"))) as container, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(container.streams.video[0])
        for number, packet in enumerate(container.demux(video=0)):
            if packet.size:
                if number in (5, 6, 20):
                    packet.update(bytes([bytes(packet)[0] & ~0x10]) + bytes(packet)[1:])  # clear "show_frame"
                packet.stream = stream
                out.mux(packet)
    truth = decoded(path)
    assert len(truth) == COUNT - 3
    with reader(path) as video:
        for number in [10, *range(len(truth))]:
            assert np.array_equal(video.frame(number), truth[number])


@pytest.mark.req("R30.28")
def test_rotation_is_applied(tmp_path: Path) -> None:
    path = encode_video(tmp_path / "a.mp4", moving("coffee.png", 5), rotation=-90)
    with reader(path) as video:
        assert np.array_equal(video.frame(3), np.rot90(decoded(path)[3], -1))


def test_rotation_agrees_with_opencv() -> None:
    path = shared("media/video_rotated_90.mp4")
    capture = cv2.VideoCapture(str(path))
    with reader(path) as video:
        for number in range(len(video.index)):
            found, bgr = capture.read()
            assert found
            assert np.abs(video.frame(number)[:, :, ::-1].astype(int) - bgr).max() <= 3


def test_several_threads_get_their_own_frames(samples: Path) -> None:
    path = sample(samples, "bframes.mp4")
    truth = decoded(path)
    with reader(path) as video, ThreadPoolExecutor(4) as pool:
        numbers = random.Random(5).choices(range(COUNT), k=80)
        for number, picture in zip(numbers, pool.map(video.frame, numbers), strict=True):
            assert np.array_equal(picture, truth[number])


def test_frames_out_of_range_are_refused(samples: Path) -> None:
    with reader(sample(samples, "bframes.mp4")) as video:
        for number in (-1, COUNT):
            with pytest.raises(NotFoundError, match=r"the video has frames 0\.\.49"):
                video.frame(number)


def test_a_file_that_changed_is_named(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(sample(samples, "bframes.mkv").read_bytes())
    with reader(path) as video:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        video.frame(0)
        with pytest.raises(MediaError, match=r"a\.mp4: .* the file was changed"):
            video.frame(COUNT - 1)
        video.frame(1)


def test_damage_in_one_group_spares_the_others(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(sample(samples, "bframes.mp4").read_bytes())
    truth = decoded(path)
    with reader(path) as video:
        data = bytearray(path.read_bytes())
        key = int(video.index.keyframes[1])
        offset, size = int(video.index.packets.offset[key]), int(video.index.packets.size[key])
        data[offset : offset + size] = bytes(size)
        path.write_bytes(data)
        with pytest.raises(MediaError, match="frame 12 cannot be decoded"):
            video.frame(12)
        for number in (3, 30, 11, 49):
            assert np.array_equal(video.frame(number), truth[number])
