from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from cvat_lab.errors import InvalidInputError, MediaError, NotFoundError, TooLargeError
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import INDEX_FILE, build_index, load_index, save_index
from cvat_lab.media.limits import Limits
from cvat_lab.media.video_index import Packets, VideoIndex
from cvat_lab.model.data import MediaKind, SortingMethod
from tests.media_samples import encode_video, moving, photo, photo_file, shared


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number in range(12):
        name = ("china.jpg", "flower.jpg")[number % 2]
        shutil.copyfile(photo_file(name), tmp_path / f"{number}.jpg")
    shutil.copyfile(photo_file("coffee.png"), tmp_path / "12.png")
    return tmp_path


def build_images(root: Path, **options: object) -> ImageIndex:
    index = build_index(root, ["."], sorting=SortingMethod.NATURAL, **options)  # type: ignore[arg-type]
    assert isinstance(index, ImageIndex)
    return index


@pytest.mark.req("R32.1")
def test_images_are_listed_with_their_sizes(photos: Path) -> None:
    index = build_images(photos)
    assert len(index) == 13
    assert index.names == [*(f"{number}.jpg" for number in range(12)), "12.png"]
    assert index.widths.tolist() == [640] * 12 + [600]
    assert index.heights.tolist() == [427] * 12 + [400]
    name, blob, header = index[12]
    assert (name, blob.file, blob.size, header.mime) == (
        "12.png",
        "12.png",
        (photos / "12.png").stat().st_size,
        "image/png",
    )
    with pytest.raises(NotFoundError, match=r"no image 13; the sources are numbered 0\.\.12"):
        index[13]


def test_an_image_index_survives_storing(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data")
    related = photos / "related_images" / "3_jpg"
    related.mkdir(parents=True)
    shutil.copyfile(photo_file("coffee.png"), related / "side.png")
    index = build_images(photos)
    save_index(index, folder)
    loaded = load_index(folder)
    assert isinstance(loaded, ImageIndex)
    assert loaded.kind is MediaKind.IMAGES
    assert [loaded[number] for number in range(13)] == [index[number] for number in range(13)]
    assert loaded.related_counts.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert [entry.name for entry in loaded.related(3)] == ["related_images/3_jpg/side.png"]
    assert loaded.related(4) == []
    assert [path.name for path in folder.iterdir()] == [INDEX_FILE]


@pytest.mark.req("R30.24")
def test_headers_are_read_only_where_frames_are(photos: Path) -> None:
    (photos / "5.jpg").write_bytes(b"damaged")
    index = build_images(photos, start=2, stop=8, step=2)
    assert np.flatnonzero(index.widths).tolist() == [2, 4, 6, 8]
    with pytest.raises(MediaError, match=r"^5\.jpg"):
        build_images(photos)
    with pytest.raises(InvalidInputError, match=r"start_frame is 20"):
        build_images(photos, start=20)


def test_progress_is_told_and_may_cancel(photos: Path) -> None:
    told: list[float] = []
    build_images(photos, progress=told.append)
    assert told == [0]

    def cancel(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_images(photos, progress=cancel)


def test_members_of_archives_are_indexed_in_place(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(photo_file("china.jpg"), "x/1.jpg")
        archive.write(photo_file("coffee.png"), "x/2.png", zipfile.ZIP_STORED)
    index = build_images(tmp_path)
    assert index.names == ["x/1.jpg", "x/2.png"]
    assert index.widths.tolist() == [640, 600]
    assert [index[number].blob.deflated for number in range(2)] == [True, False]


def test_huge_images_are_refused(photos: Path) -> None:
    with pytest.raises(TooLargeError, match=r"^0\.jpg"):
        build_images(photos, limits=Limits(pixels=1000))


@pytest.mark.req("R30.28")
def test_orientation_swaps_the_stored_size() -> None:
    left = shared("media/exif_left.jpg")
    index = build_index(left.parent, [left.name])
    assert isinstance(index, ImageIndex)
    assert (index.widths[0], index.heights[0]) == (480, 640)


def test_a_video_index_survives_storing(tmp_path: Path) -> None:
    encode_video(tmp_path / "a.mp4", moving("coffee.png", 20))
    index = build_index(tmp_path, ["a.mp4"], start=5, step=3)
    save_index(index, tmp_path)
    loaded = load_index(tmp_path)
    assert isinstance(index, VideoIndex)
    assert isinstance(loaded, VideoIndex)
    assert loaded.stream == index.stream
    assert len(loaded) == 20
    for name in Packets._fields:
        assert np.array_equal(getattr(loaded.packets, name), getattr(index.packets, name))
    with pytest.raises(InvalidInputError, match=r"frames 0\.\.19"):
        build_index(tmp_path, ["a.mp4"], start=20)


def test_a_missing_or_damaged_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=INDEX_FILE):
        load_index(tmp_path)
    (tmp_path / INDEX_FILE).write_bytes(b"not an index")
    with pytest.raises(MediaError, match=INDEX_FILE):
        load_index(tmp_path)


def test_an_index_of_many_images_loads_at_once(tmp_path: Path) -> None:
    _, data = cv2.imencode(".jpg", photo("china.jpg")[:16, :16])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(5000):
            archive.writestr(f"{number}.jpg", data.tobytes())
    save_index(build_images(tmp_path), tmp_path)
    loaded = load_index(tmp_path)
    assert isinstance(loaded, ImageIndex)
    assert loaded[4999].name == "4999.jpg"
    assert (loaded.widths == 16).all()
