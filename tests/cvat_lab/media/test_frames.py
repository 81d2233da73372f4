from __future__ import annotations

import gc
import io
import random
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from cvat_lab.errors import MediaError, NotFoundError
from cvat_lab.media.frames import FrameSource, open_frames
from cvat_lab.media.images import decode_image
from cvat_lab.media.index import build_index
from tests.media_samples import decoded, encode_video, moving, photo, photo_file, shared


def open_all(root: Path, *files: str, **options: int) -> FrameSource:
    return open_frames(root, build_index(root, files or ["."], **options))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in ("china.jpg", "coffee.png"):
        shutil.copyfile(photo_file(name), tmp_path / name)
    cv2.imwrite(str(tmp_path / "deep.png"), photo("china.jpg").astype(np.uint16) * 100)
    cv2.imwrite(str(tmp_path / "scan.tif"), photo("china.jpg")[:, :, ::-1])
    return tmp_path


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode_video(tmp_path_factory.mktemp("video") / "a.mp4", moving("coffee.png", 60))


def test_originals_keep_their_bytes(photos: Path) -> None:
    frames = open_all(photos)
    assert frames.original(0) == ((photos / "china.jpg").read_bytes(), "image/jpeg", ".jpeg")
    assert frames.original(1) == ((photos / "coffee.png").read_bytes(), "image/png", ".png")
    assert frames.original(3)[1:] == ("image/tiff", ".tif")
    assert frames.name(1) == "coffee.png"
    assert frames.size(1) == (600, 400)


def test_arrays_are_rgb(photos: Path) -> None:
    frames = open_all(photos)
    assert np.array_equal(frames.array(1), photo("coffee.png"))
    assert np.array_equal(frames.array(3), photo("china.jpg"))
    assert frames.array(2).dtype == np.uint8


@pytest.mark.req("R30.27")
def test_quality_concerns_compressed_pictures(photos: Path) -> None:
    frames = open_all(photos)
    rough, fine = frames.compressed(1, 20), frames.compressed(1, 90)
    assert len(rough.data) < len(fine.data)
    assert rough[1:] == ("image/jpeg", ".jpeg")
    assert np.abs(decode_image(fine.data, "a").astype(int) - photo("coffee.png")).mean() < 4
    assert frames.compressed(0, 100).data == (photos / "china.jpg").read_bytes(), "nothing is lost at quality 100"


def test_compressed_pictures_can_be_smaller(photos: Path) -> None:
    frames = open_all(photos)
    for number in range(4):
        small = decode_image(frames.compressed(number, 100, max_side=150).data, "a")
        width, height = frames.size(number)
        assert small.shape[:2] == (round(height * 150 / width), 150)
        full = cv2.resize(frames.array(number), small.shape[1::-1], interpolation=cv2.INTER_AREA)
        assert np.abs(small.astype(int) - full).mean() < 8


def test_previews_are_thumbnails(photos: Path, video: Path) -> None:
    for frames in (open_all(photos), open_all(video.parent, "a.mp4")):
        preview = Image.open(io.BytesIO(frames.preview(0).data))
        assert preview.format == "JPEG"
        assert max(preview.size) <= 256


def test_display_sends_what_a_browser_can_show(photos: Path) -> None:
    frames = open_all(photos)
    assert frames.display(0).data == (photos / "china.jpg").read_bytes()
    assert frames.display(1).mime == "image/png"
    assert frames.display(2).mime == "image/jpeg", "browsers show 16 bits too dark"
    assert frames.display(3).mime == "image/jpeg", "browsers know no TIFF"


def test_display_turns_what_browsers_may_not(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("a.jpg", "b.png"):
        Image.open(photo_file("china.jpg")).save(tmp_path / name, exif=exif)
    frames = open_all(tmp_path)
    assert frames.display(0).data == (tmp_path / "a.jpg").read_bytes()
    shown = Image.open(io.BytesIO(frames.display(1).data))
    assert (shown.format, shown.size) == ("JPEG", (427, 640))


def test_display_scales_huge_images_down(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "huge.png"), cv2.resize(photo("china.jpg"), (10_000, 6_000)))
    frames = open_all(tmp_path)
    assert frames.size(0) == (10_000, 6_000)
    shown = Image.open(io.BytesIO(frames.display(0).data))
    assert (shown.format, shown.size) == ("JPEG", (8192, 4915))


@pytest.mark.req("R30.28")
@pytest.mark.parametrize("name", ["exif_left.jpg", "exif_right.jpg", "exif_tif_left.tif"])
def test_orientation_is_applied_except_to_originals(name: str) -> None:
    path = shared(f"media/{name}")
    frames = open_all(path.parent, name)
    with Image.open(path) as image:
        upright = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert np.abs(frames.array(0).astype(int) - upright).max() <= 3
    assert frames.size(0) == upright.shape[1::-1]
    for picture in (frames.compressed(0, 95), frames.compressed(0, 100)):
        shown = Image.open(io.BytesIO(picture.data))
        assert shown.getexif().get(0x0112, 1) == 1
        assert shown.size == upright.shape[1::-1]
    assert frames.original(0).data == path.read_bytes()


def test_members_of_archives_are_frames(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(photo_file("coffee.png"), "x/1.png")
    frames = open_all(tmp_path, "a.zip")
    assert frames.name(0) == "x/1.png"
    assert np.array_equal(frames.array(0), photo("coffee.png"))


@pytest.mark.req("R27.1")
def test_context_images_come_as_zip() -> None:
    path = shared("media/context_images.zip")
    frames = open_all(path.parent, path.name)
    assert len(frames) == 2
    with zipfile.ZipFile(io.BytesIO(frames.context_images(1))) as archive:
        (name,) = archive.namelist()
        assert name == "context_image_for_image_2.png"
        assert Image.open(io.BytesIO(archive.read(name))).size[0] > 0


def test_no_context_images_is_an_error(photos: Path, video: Path) -> None:
    with pytest.raises(NotFoundError, match=r"china\.jpg has no context images"):
        open_all(photos).context_images(0)
    with pytest.raises(NotFoundError, match="frame_000007 has no context images"):
        open_all(video.parent, "a.mp4").context_images(7)


def test_images_outside_the_task_are_read_when_asked_for(photos: Path) -> None:
    frames = open_all(photos, start=1, stop=1)
    assert frames.size(3) == (640, 427)
    assert frames.array(3).shape == (427, 640, 3)


def test_damaged_and_missing_images_are_named(photos: Path) -> None:
    frames = open_all(photos)
    data = (photos / "coffee.png").read_bytes()
    (photos / "coffee.png").write_bytes(data[:100] + bytes(len(data) - 100))
    with pytest.raises(MediaError, match=r"coffee\.png: .*damaged"):
        frames.array(1)
    (photos / "coffee.png").write_bytes(data[:100])
    with pytest.raises(MediaError, match=r"coffee\.png ends early"):
        frames.array(1)
    (photos / "china.jpg").unlink()
    with pytest.raises(MediaError, match=r"china\.jpg: cannot be opened"):
        frames.original(0)
    with pytest.raises(NotFoundError, match="no image 4"):
        frames.original(4)


def test_video_frames(video: Path) -> None:
    truth = decoded(video)
    with open_all(video.parent, "a.mp4") as frames:
        assert len(frames) == 60
        assert frames.name(13) == "frame_000013"
        assert frames.size(0) == (160, 120)
        assert np.array_equal(frames.array(40), truth[40])
        png = frames.original(7)
        assert png[1:] == ("image/png", ".png")
        assert np.array_equal(decode_image(png.data, "a"), truth[7])
        assert frames.display(7).mime == "image/jpeg"
        assert all(np.array_equal(*pair) for pair in zip(frames.arrays(range(0, 60, 9)), truth[::9], strict=True))
        with pytest.raises(NotFoundError, match=r"frames 0\.\.59"):
            frames.array(60)


def test_many_threads_share_few_readers(video: Path) -> None:
    truth = decoded(video)
    numbers = random.Random(2).choices(range(60), k=60)

    def walk(start: int) -> Iterator[tuple[int, np.ndarray]]:
        run = range(start, start + 15)
        return zip(run, frames.arrays(run), strict=True)

    with open_all(video.parent, "a.mp4") as frames, ThreadPoolExecutor(6) as pool:
        for number, picture in zip(numbers, pool.map(frames.array, numbers), strict=True):
            assert np.array_equal(picture, truth[number])
        for run in pool.map(lambda start: list(walk(start)), (0, 15, 30, 45)):
            assert all(np.array_equal(picture, truth[number]) for number, picture in run)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs a list of open files")
def test_readers_in_use_are_closed_when_they_come_back(video: Path) -> None:
    def open_descriptors() -> int:
        return sum(link.exists() and link.resolve() == video for link in Path("/proc/self/fd").iterdir())

    frames = open_all(video.parent, "a.mp4")
    gc.collect()
    before = open_descriptors()
    walk = frames.arrays(range(5))
    next(walk)
    frames.close()
    assert open_descriptors() > before
    assert len(list(walk)) == 4
    assert open_descriptors() == before


def test_a_missing_video_does_not_block_later_requests(video: Path, tmp_path: Path) -> None:
    shutil.copyfile(video, tmp_path / "a.mp4")
    frames = open_all(tmp_path, "a.mp4")
    (tmp_path / "a.mp4").unlink()
    for _ in range(5):
        with pytest.raises(MediaError, match=r"a\.mp4"):
            frames.array(0)
    shutil.copyfile(video, tmp_path / "a.mp4")
    assert frames.array(0).shape == (120, 160, 3)
