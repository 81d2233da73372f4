from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from cvat_lab.errors import MediaError, NotFoundError
from cvat_lab.media.chunks import chunk_of, default_chunk_size, write_image_chunk, write_video_chunk
from cvat_lab.media.frames import FrameSource, open_frames
from cvat_lab.media.index import build_index
from cvat_lab.model.data import ChunkType
from tests.media_samples import decoded, encode_video, moving, photo_file


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> FrameSource:
    path = encode_video(tmp_path_factory.mktemp("video") / "a.mp4", moving("coffee.png", 60))
    return open_frames(path.parent, build_index(path.parent, ["a.mp4"]))


@pytest.fixture
def photos(tmp_path: Path) -> FrameSource:
    for name in ("china.jpg", "flower.jpg", "coffee.png"):
        shutil.copyfile(photo_file(name), tmp_path / name)
    return open_frames(tmp_path, build_index(tmp_path, ["."]))


@pytest.mark.req("R30.26")
@pytest.mark.parametrize(
    ("width", "height", "size"), [(1920, 1080, 36), (640, 480, 72), (3840, 2160, 9), (20_000, 20_000, 2), (0, 0, 72)]
)
def test_default_chunk_size(width: int, height: int, size: int) -> None:
    assert default_chunk_size(ChunkType.IMAGESET, width, height) == size
    assert default_chunk_size(ChunkType.VIDEO, width, height) == 36


def test_chunks_divide_the_frames() -> None:
    frames = range(5, 55, 5)
    assert [list(chunk_of(frames, 4, number)) for number in range(3)] == [[5, 10, 15, 20], [25, 30, 35, 40], [45, 50]]
    with pytest.raises(NotFoundError, match=r"no chunk 3; with 4 frames each, chunks are numbered 0\.\.2"):
        chunk_of(frames, 4, 3)


def test_original_chunks_keep_the_files(photos: FrameSource, tmp_path: Path) -> None:
    write_image_chunk(photos, [2, 1], tmp_path / "chunk", None)
    with zipfile.ZipFile(tmp_path / "chunk") as archive:
        assert archive.namelist() == ["000000.jpeg", "000001.png"]
        assert archive.read("000001.png") == photo_file("coffee.png").read_bytes()


@pytest.mark.req("R30.27")
def test_compressed_chunks_are_jpeg(photos: FrameSource, tmp_path: Path) -> None:
    for quality in (30, 90):
        write_image_chunk(photos, range(3), tmp_path / f"{quality}", quality)
    with zipfile.ZipFile(tmp_path / "30") as archive:
        assert archive.namelist() == ["000000.jpeg", "000001.jpeg", "000002.jpeg"]
        assert all(Image.open(io.BytesIO(archive.read(name))).format == "JPEG" for name in archive.namelist())
    assert (tmp_path / "30").stat().st_size < (tmp_path / "90").stat().st_size / 2


@pytest.mark.req("R32.4")
def test_equal_chunks_are_equal_files(photos: FrameSource, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_image_chunk(photos, range(3), tmp_path / name, 70)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_zip_chunks_of_video_are_lossless_originals(video: FrameSource, tmp_path: Path) -> None:
    write_image_chunk(video, range(10, 14), tmp_path / "chunk", None)
    with zipfile.ZipFile(tmp_path / "chunk") as archive:
        assert archive.namelist() == [f"00000{place}.png" for place in range(4)]
        for place, name in enumerate(archive.namelist()):
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read(name)))), video.array(10 + place))


@pytest.mark.parametrize(("first", "last"), [(0, 11), (12, 35), (48, 59)])
def test_whole_groups_are_copied(video: FrameSource, tmp_path: Path, first: int, last: int) -> None:
    chunk = tmp_path / "chunk.mp4"
    numbers = range(first, last + 1)
    write_video_chunk(video, numbers, chunk, 70)
    pictures = decoded(chunk)
    assert len(pictures) == len(numbers)
    assert all(np.array_equal(picture, video.array(number)) for picture, number in zip(pictures, numbers, strict=True))


@pytest.mark.parametrize("numbers", [range(5, 20), range(0, 60, 5), range(59, 60), [3, 9, 4]])
def test_other_frames_are_encoded(video: FrameSource, tmp_path: Path, numbers: range) -> None:
    chunk = tmp_path / "chunk.mp4"
    write_video_chunk(video, numbers, chunk, None)
    pictures = decoded(chunk)
    assert len(pictures) == len(numbers)
    for picture, number in zip(pictures, numbers, strict=True):
        errors = [np.abs(picture.astype(int) - video.array(other)).mean() for other in (number, (number + 3) % 60)]
        assert errors[0] < 5 < errors[1]
    with av.open(str(chunk)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"


def test_quality_makes_smaller_video(video: FrameSource, tmp_path: Path) -> None:
    sizes = []
    for quality in (20, 60, 95):
        write_video_chunk(video, range(1, 30), tmp_path / "chunk", quality)
        sizes.append((tmp_path / "chunk").stat().st_size)
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2] / 3


def test_odd_sizes_grow_by_a_pixel(tmp_path: Path) -> None:
    for number, picture in enumerate(moving("coffee.png", 3, 161, 121)):
        Image.fromarray(picture).save(tmp_path / f"{number}.png")
    frames = open_frames(tmp_path, build_index(tmp_path, ["."]))
    write_video_chunk(frames, range(3), tmp_path / "chunk.mp4", 100)
    pictures = decoded(tmp_path / "chunk.mp4")
    assert pictures[0].shape == (122, 162, 3)
    assert np.abs(pictures[1][:121, :161].astype(int) - frames.array(1)).mean() < 4


def test_video_of_different_sizes_is_refused(photos: FrameSource, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="frame 1 is 600x400, the first is 640x427"):
        write_video_chunk(photos, range(3), tmp_path / "chunk.mp4", 70)


def test_open_groups_are_copied_without_strangers(tmp_path: Path) -> None:
    options = {"x264-params": "open-gop=1:keyint=12:min-keyint=1:bframes=3:b-adapt=0:scenecut=0"}
    path = encode_video(tmp_path / "a.mp4", moving("coffee.png", 60), options=options)
    frames = open_frames(tmp_path, build_index(tmp_path, ["a.mp4"]))
    truth = decoded(path)
    for numbers in (range(12), range(12, 36), range(48, 60)):
        write_video_chunk(frames, numbers, tmp_path / "chunk.mp4", None)
        pictures = decoded(tmp_path / "chunk.mp4")
        assert len(pictures) == len(numbers)
        for picture, number in zip(pictures, numbers, strict=True):
            assert np.abs(picture.astype(int) - truth[number]).mean() < 5


def test_the_same_pictures_always_give_the_same_video_chunk(tmp_path: Path) -> None:
    """Whatever lies in memory: an encoder that reads what it has not written gives other files from time to time."""
    path = encode_video(tmp_path / "a.mp4", moving("china.jpg", 24))
    random = np.random.default_rng(1)
    with open_frames(path.parent, build_index(path.parent, ["a.mp4"])) as source:
        made = set()
        for _ in range(40):
            disorder = [random.integers(0, 255, random.integers(1000, 400_000), np.uint8) for _ in range(6)]
            write_video_chunk(source, range(18, 21), tmp_path / "chunk.mp4", 70)
            made.add((tmp_path / "chunk.mp4").read_bytes())
            del disorder
    assert len(made) == 1
