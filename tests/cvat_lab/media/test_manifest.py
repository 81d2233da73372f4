from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvat_lab.errors import MediaError
from cvat_lab.media.frames import open_frames
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import build_index
from cvat_lab.media.manifest import Manifest, check_images, read_manifest, write_manifest
from tests.media_samples import decoded, encode_video, moving, photo_file


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    (root / "sub.d" / "related_images" / "b_c_png").mkdir(parents=True)
    shutil.copyfile(photo_file("china.jpg"), root / "a.jpg")
    for name in ("b.c.png", "related_images/b_c_png/side.png"):
        shutil.copyfile(photo_file("coffee.png"), root / "sub.d" / name)
    return root


def build(root: Path, **options: int) -> ImageIndex:
    index = build_index(root, ["."], **options)
    assert isinstance(index, ImageIndex)
    return index


def written(root: Path, text: str) -> Manifest:
    (root / "manifest.jsonl").write_text(text)
    return read_manifest(root / "manifest.jsonl")


@pytest.mark.req("R31.6")
@pytest.mark.req("R31.8")
@pytest.mark.req("R31.10")
def test_images(photos: Path, tmp_path: Path) -> None:
    text = write_manifest(tmp_path, build(photos)).read_text()
    assert text.splitlines() == [
        '{"version":"1.1"}',
        '{"type":"images"}',
        '{"name":"a","extension":".jpg","width":640,"height":427,"meta":{"related_images":[]}}',
        '{"name":"sub.d/b.c","extension":".png","width":600,"height":400,'
        '"meta":{"related_images":["sub.d/related_images/b_c_png/side.png"]}}',
    ]
    assert text.endswith("\n")


@pytest.mark.req("R31.9")
def test_checksums_are_those_of_the_decoded_pictures(photos: Path, tmp_path: Path) -> None:
    index = build(photos)
    with open_frames(photos, index) as frames:
        manifest = read_manifest(write_manifest(tmp_path, index, frames))
    with Image.open(photo_file("coffee.png")) as image:
        expected = hashlib.md5(image.convert("RGB").tobytes()).hexdigest()
    assert manifest.images[1].checksum == expected


@pytest.mark.req("R31.7")
def test_video(tmp_path: Path) -> None:
    path = encode_video(tmp_path / "a.mp4", moving("coffee.png", 30), rotation=-90)
    index = build_index(tmp_path, ["a.mp4"])
    with open_frames(tmp_path, index) as frames:
        lines = [json.loads(line) for line in write_manifest(tmp_path, index, frames).read_text().splitlines()]
    truth = decoded(path)
    assert lines[1:3] == [
        {"type": "video"},
        {"properties": {"name": "a.mp4", "resolution": [120, 160], "length": 30}},
    ]
    assert [line["number"] for line in lines[3:]] == [0, 12, 24]
    assert [line["pts"] for line in lines[3:]] == [0, 12 * 512, 24 * 512]
    assert lines[4]["checksum"] == hashlib.md5(np.ascontiguousarray(truth[12]).tobytes()).hexdigest()


def test_what_is_written_can_be_read(photos: Path, tmp_path: Path) -> None:
    index = build(photos, start=1)
    manifest = read_manifest(write_manifest(tmp_path, index))
    assert manifest.images[0] is None
    assert manifest.images[1].path == "sub.d/b.c.png"
    assert (manifest.images[1].width, manifest.images[1].height) == (600, 400)
    check_images(manifest, index)


def test_old_versions_are_read(tmp_path: Path) -> None:
    manifest = written(
        tmp_path,
        '{"version":"1.0"}\n{"type":"video"}\n'
        '{"properties":{"name":"v.mp4","resolution":[1920,1080],"length":250}}\n'
        '{"number":0,"pts":0,"checksum":"aa"}\n{"number":36,"pts":18432,"checksum":"bb"}\n',
    )
    assert manifest.video.resolution == (1920, 1080)
    assert [keyframe.pts for keyframe in manifest.keyframes] == [0, 18432]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begins with its version"),
        ("{\n", r"line 1: this is not JSON"),
        ('{"version":"2.0"}\n{"type":"images"}\n', "version '2.0' is not one of 1.0, 1.1"),
        ('{"version":"1.1"}\n{"type":"sound"}\n', "type 'sound'"),
        ('{"version":"1.1"}\n{"type":"images"}\n{"name":"a"}\n', r"line 3: .*extension"),
        ('{"version":"1.1"}\n{"type":"images"}\n{"name":1,"extension":""}\n', "line 3: .*str"),
        ('{"version":"1.1"}\n{"type":"video"}\n', "line 3"),
        (
            '{"version":"1.1"}\n{"type":"video"}\n{"properties":{"name":"a","resolution":[1,1],"length":9}}\n'
            '{"number":5,"pts":5}\n{"number":4,"pts":6}\n',
            "keyframe 4 does not come after keyframe 5",
        ),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        written(tmp_path, text)


@pytest.mark.req("R32.6")
def test_a_manifest_must_fit_the_images(photos: Path, tmp_path: Path) -> None:
    index = build(photos)
    manifest = read_manifest(write_manifest(tmp_path, index))
    check_images(manifest, index)
    manifest.images[0].width = 100
    with pytest.raises(MediaError, match=r"says that a\.jpg is 100x427, but it is 640x427"):
        check_images(manifest, index)
    manifest.images[0].name = "other"
    with pytest.raises(MediaError, match=r"does not list a\.jpg"):
        check_images(manifest, index)
    manifest.images[0] = manifest.images[1]
    (photos / "a.jpg").unlink()
    manifest = read_manifest(write_manifest(tmp_path, index))
    with pytest.raises(MediaError, match=r"lists a\.jpg, but there is no such image"):
        check_images(manifest, build(photos))
