from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from cvat_lab.errors import MediaError
from cvat_lab.media.images import decode_image, encode_jpeg, encode_png, fit, orient, resize, turn
from tests.media_samples import photo, photo_file


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orient_agrees_with_pillow(orientation: int) -> None:
    picture = photo("chelsea.png")[:40, :70]
    image = Image.fromarray(picture)
    image.getexif()[0x0112] = orientation
    assert np.array_equal(orient(picture, orientation), np.asarray(ImageOps.exif_transpose(image)))


@pytest.mark.req("R30.28")
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_decoding_applies_the_orientation_once(kind: str, orientation: int) -> None:
    picture = photo("chelsea.png")[:40, :70]
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, exif=exif)
    assert np.array_equal(decode_image(out.getvalue(), "a", orientation=orientation), orient(picture, orientation))


def test_decodes_what_opencv_cannot() -> None:
    out = io.BytesIO()
    Image.open(photo_file("china.jpg")).resize((64, 48)).convert("P").save(out, "TGA")
    assert decode_image(out.getvalue(), "a.tga").shape == (48, 64, 3)


def test_deep_images_are_stretched_to_their_brightest_value() -> None:
    deep = photo("china.jpg")[:, :, 0].astype(np.uint16) * 8
    _, data = cv2.imencode(".png", deep)
    flat = decode_image(data.tobytes(), "deep.png", bits=16)
    assert flat.dtype == np.uint8
    assert flat.max() == 255
    assert np.abs(flat[:, :, 0].astype(float) - deep * (255 / deep.max())).max() <= 1


def test_reduced_decoding_gives_the_same_picture_smaller() -> None:
    data = photo_file("china.jpg").read_bytes()
    small = decode_image(data, "china.jpg", reduce=4)
    expected = cv2.resize(photo("china.jpg"), (160, 107), interpolation=cv2.INTER_AREA)
    assert small.shape == (107, 160, 3)
    assert np.abs(small.astype(int) - expected).mean() < 4


def test_damaged_data_is_named() -> None:
    with pytest.raises(MediaError, match=r"broken\.png"):
        decode_image(photo_file("coffee.png").read_bytes()[:60], "broken.png")


def test_turn_is_clockwise() -> None:
    picture = photo("chelsea.png")
    assert np.array_equal(turn(picture, 90), np.rot90(picture, -1))
    assert np.array_equal(turn(picture, 270), np.rot90(picture, 1))


def test_fit_keeps_proportions_and_never_enlarges() -> None:
    assert fit(600, 400, 150) == (150, 100)
    assert fit(427, 640, 256) == (171, 256)
    assert fit(5000, 2, 100) == (100, 1)
    assert fit(600, 400, 5000) == fit(600, 400, None) == (600, 400)


def test_resize() -> None:
    picture = photo("chelsea.png")
    assert resize(picture, 45, 30).shape == (30, 45, 3)
    assert resize(picture, *picture.shape[1::-1]) is picture


def test_encoding() -> None:
    picture = photo("coffee.png")
    assert np.array_equal(decode_image(encode_png(picture), "a.png"), picture)
    assert np.abs(decode_image(encode_jpeg(picture, 95), "a.jpg").astype(int) - picture).mean() < 3
    assert len(encode_jpeg(picture, 30)) < len(encode_jpeg(picture, 80))
