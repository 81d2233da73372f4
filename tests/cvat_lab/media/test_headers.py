from __future__ import annotations

import io
import struct

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from cvat_lab.errors import MediaError, TooLargeError
from cvat_lab.media.headers import ImageHeader, read_header
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits
from tests.media_samples import photo, photo_file, shared


def header_of(data: bytes, limits: Limits = DEFAULT_LIMITS) -> ImageHeader:
    return read_header(lambda size, offset: data[offset : offset + size], "photo", limits)


def encoded(extension: str, *options: int, dtype: type = np.uint8) -> bytes:
    picture = photo("china.jpg").astype(dtype)
    done, data = cv2.imencode(extension, picture, options)
    assert done
    return data.tobytes()


def saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.open(photo_file("china.jpg")).resize((90, 60)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.req("R30.28")
@pytest.mark.parametrize(
    ("extension", "mime"),
    [
        (".jpg", "image/jpeg"),
        (".png", "image/png"),
        (".bmp", "image/bmp"),
        (".tif", "image/tiff"),
        (".webp", "image/webp"),
    ],
)
def test_size_and_type_of_common_formats(extension: str, mime: str) -> None:
    assert header_of(encoded(extension)) == ImageHeader(640, 427, 1, mime, 8)


@pytest.mark.parametrize(
    ("kind", "options", "mime"),
    [
        ("WEBP", {"lossless": True}, "image/webp"),
        ("WEBP", {"exif": Image.Exif()}, "image/webp"),
        ("GIF", {}, "image/gif"),
        ("JPEG", {"progressive": True}, "image/jpeg"),
        ("JPEG2000", {}, "image/jp2"),
        ("PPM", {}, "image/x-portable-pixmap"),
        ("AVIF", {}, "image/avif"),
    ],
)
def test_size_and_type_of_other_formats(kind: str, options: dict[str, object], mime: str) -> None:
    header = header_of(saved(kind, **options))
    assert (header.width, header.height, header.mime) == (90, 60, mime)


def test_deep_images_say_so() -> None:
    assert header_of(encoded(".png", dtype=np.uint16)).bits == 16
    assert header_of(encoded(".tif", dtype=np.uint16)).bits == 16


@pytest.mark.req("R30.28")
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_agrees_with_pillow(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(kind, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    header = header_of(data)
    assert (header.width, header.height) == upright.size
    assert header.orientation == orientation


@pytest.mark.parametrize(
    ("name", "size", "orientation"),
    [("exif_left.jpg", (480, 640), 6), ("exif_right.jpg", (480, 640), 8), ("exif_tif_left.tif", (100, 150), 6)],
)
def test_orientation_of_camera_files(name: str, size: tuple[int, int], orientation: int) -> None:
    header = header_of(shared(f"media/{name}").read_bytes())
    assert (header.width, header.height, header.orientation) == (*size, orientation)


def test_header_far_behind_a_large_segment() -> None:
    data = encoded(".jpg")
    comment = b"\xff\xfe" + struct.pack(">H", 60_002) + b"x" * 60_000
    assert header_of(data[:2] + comment * 3 + data[2:])[:2] == (640, 427)


def test_padding_before_a_marker() -> None:
    data = encoded(".jpg")
    assert header_of(data[:2] + b"\xff\xff" + data[2:])[:2] == (640, 427)


def test_damaged_exif_does_not_matter() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved("JPEG", exif=exif)
    at = data.index(b"Exif\0\0") + 6
    assert header_of(data[:at] + b"????" + data[at + 4 :])[:3] == (90, 60, 1)


@pytest.mark.parametrize("extension", [".jpg", ".png", ".bmp", ".webp", ".tif"])
def test_cut_off_header_is_refused(extension: str) -> None:
    with pytest.raises(MediaError, match="photo"):
        header_of(encoded(extension)[:15])


@pytest.mark.parametrize(
    "data", [b"", b"no image at all", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe0\x00\x04abNO", b"II*\0"]
)
def test_other_data_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError, match="photo"):
        header_of(data)


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(TooLargeError, match=r"photo: 640x427 are 273,280 pixels, the limit is 100,000"):
        header_of(encoded(".png"), Limits(pixels=100_000))


def test_zero_size_is_refused() -> None:
    data = bytearray(encoded(".png"))
    data[16:20] = bytes(4)
    with pytest.raises(MediaError, match="0x427"):
        header_of(bytes(data))


def test_reads_little_of_a_plain_photo() -> None:
    data = encoded(".jpg")
    asked: list[tuple[int, int]] = []

    def read(size: int, offset: int) -> bytes:
        asked.append((size, offset))
        return data[offset : offset + size]

    read_header(read, "photo")
    assert asked == [(4096, 0)]
