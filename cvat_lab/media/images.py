"""Decoding, turning, scaling and encoding single pictures.

OpenCV does the work, because it is fast and releases the GIL; Pillow steps in for what OpenCV cannot read.
Pictures are RGB, shape (height, width, 3), uint8.
"""

from __future__ import annotations

import io
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cvat_lab.errors import MediaError
from cvat_lab.media.headers import TIFF_STARTS, UPRIGHT

Rgb = npt.NDArray[np.uint8]

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_RAW = cv2.IMREAD_IGNORE_ORIENTATION
_REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
_EXIF_TURNS = {1: (0, False), 2: (0, True), 3: (180, False), 4: (180, True)} | {
    5: (90, True),
    6: (90, False),
    7: (270, True),
    8: (270, False),
}
"""EXIF orientation: degrees clockwise, then whether to mirror left and right."""


def decode_image(data: bytes, name: str, *, bits: int = 8, orientation: int = UPRIGHT, reduce: int = 1) -> Rgb:
    """Decode an image file.

    Parameters
    ----------
    data
        The whole file.
    name
        Named in errors.
    bits
        Bits per channel, as the header says. More than 8 are stretched so that the brightest value becomes 255, because
        sensors of 10 to 14 bits leave the upper ones empty.
    orientation
        EXIF orientation to apply.
    reduce
        1, 2, 4 or 8: decode to this fraction of the size, which is several times faster for JPEG.

    Raises
    ------
    MediaError
        The image is damaged.
    """
    if data[:4] in TIFF_STARTS:
        orientation = UPRIGHT  # both libraries turn a TIFF themselves, whatever they are told
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH if bits > 8 else _REDUCED.get(reduce, cv2.IMREAD_COLOR)
    try:
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), flags | _RAW)
    except cv2.error:
        bgr = None
    if bgr is None:
        return orient(_decode_by_pillow(data, name), orientation)
    if bgr.dtype != np.uint8:
        bgr = _stretch(bgr)
    return orient(cast(Rgb, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB, dst=bgr)), orientation)


def orient(picture: Rgb, orientation: int) -> Rgb:
    """Return a picture with its EXIF orientation applied."""
    degrees, mirrored = _EXIF_TURNS[orientation]
    picture = turn(picture, degrees)
    return cast(Rgb, cv2.flip(picture, 1)) if mirrored else picture


def turn(picture: Rgb, degrees: int) -> Rgb:
    """Return a picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return cast(Rgb, cv2.rotate(picture, _TURNS[degrees])) if degrees else picture


def fit(width: int, height: int, max_side: int | None) -> tuple[int, int]:
    """Return the size in pixels, scaled down if needed, at which the longer side is at most ``max_side``."""
    scale = 1.0 if max_side is None else max_side / max(width, height)
    if scale >= 1:
        return width, height
    return max(1, round(width * scale)), max(1, round(height * scale))


def resize(picture: Rgb, width: int, height: int) -> Rgb:
    """Return a picture scaled down to a size in pixels."""
    if picture.shape[:2] == (height, width):
        return picture
    return cast(Rgb, cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def encode_jpeg(picture: Rgb, quality: int) -> bytes:
    """Return a picture as JPEG; ``quality`` 0..100."""
    return _encode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(picture: Rgb) -> bytes:
    """Return a picture as PNG, with the quickest compression: video frames are looked at once and thrown away."""
    return _encode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])


def _encode(extension: str, picture: Rgb, options: list[int]) -> bytes:
    done, data = cv2.imencode(extension, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise MediaError(f"A picture of shape {picture.shape} cannot be stored as {extension}")
    return bytes(data)


def _stretch(deep: npt.NDArray[np.generic]) -> Rgb:
    """Map values of more than 8 bits, or floats, to 0..255 by their maximum."""
    top = float(np.max(deep)) or 1.0
    return cast(Rgb, cv2.convertScaleAbs(deep, alpha=255.0 / top))


def _decode_by_pillow(data: bytes, name: str) -> Rgb:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.mode.startswith(("I", "F")):
                gray = _stretch(np.asarray(image, np.float32))
                return cast(Rgb, cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB))
            return np.array(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"{name}: the image is damaged and cannot be decoded ({error})") from error
