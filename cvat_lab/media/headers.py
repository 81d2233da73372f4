"""Image headers: size, orientation and type of an image from its first bytes, without decoding it.

JPEG, PNG, GIF, BMP, WebP and TIFF are parsed here, usually from one read of 4 kB; Pillow is asked about the rest.

References: ITU-T T.81 annex B (JPEG), CIPA DC-008 (Exif), W3C PNG, RFC 9649 (WebP), TIFF 6.0.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import NamedTuple

from cvat_lab.errors import CvatLabError, MediaError, TooLargeError
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits

HEAD_BYTES = 4096
"""Bytes that are read at once: a memory page. Most headers end within it."""

ReadAt = Callable[[int, int], bytes]
"""``read(offset, size)``: up to ``size`` bytes of the image from ``offset`` on; fewer only at its end."""

UPRIGHT = 1
TIFF_STARTS = {b"II*\0": "<", b"MM\0*": ">"}
"""First bytes of a TIFF structure, and the byte order they announce, in the terms of ``struct``."""
SIDEWAYS = frozenset((5, 6, 7, 8))
"""EXIF orientations that swap width and height."""

_ORIENTATION, _WIDTH, _HEIGHT, _BITS = 0x0112, 0x0100, 0x0101, 0x0102
_SHORT, _LONG = 3, 4
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
_JPEG_SIZE = struct.Struct(">HH").unpack_from
_EXIF = b"Exif\0\0"


class ImageHeader(NamedTuple):
    """What the first bytes of an image tell.

    Attributes
    ----------
    width, height
        Pixels, after the EXIF orientation was applied.
    orientation
        EXIF orientation 1..8; 1 = upright.
    mime
        Type of the data, whatever the file is called.
    bits
        Bits per channel.
    """

    width: int
    height: int
    orientation: int
    mime: str
    bits: int


class _Raw(NamedTuple):
    """A header as stored: before orientation."""

    width: int
    height: int
    mime: str
    bits: int = 8
    orientation: int = UPRIGHT


def read_header(read: ReadAt, name: str, limits: Limits = DEFAULT_LIMITS) -> ImageHeader:
    """Read the header of one image.

    Parameters
    ----------
    read
        Random access to the image's bytes.
    name
        Named in errors.

    Raises
    ------
    MediaError
        The data is not an image, or ends inside the header.
    TooLargeError
        The image has more pixels than ``limits`` allow.
    """
    head = read(0, HEAD_BYTES)
    if not head:
        raise MediaError(f"{name}: the file is empty")
    try:
        raw = _parse(head, _windowed(read, head))
    except (struct.error, IndexError) as error:
        raise MediaError(f"{name}: the image is cut off inside its header") from error
    except CvatLabError as error:
        raise type(error)(f"{name}: {error}") from error
    width, height, mime, bits, orientation = raw
    if width <= 0 or height <= 0:
        raise MediaError(f"{name}: the header says {width}x{height} pixels; the image is damaged")
    limits.check_pixels(name, width, height)
    if orientation in SIDEWAYS:
        return ImageHeader(height, width, orientation, mime, bits)
    return ImageHeader(width, height, orientation if 1 <= orientation <= 8 else UPRIGHT, mime, bits)


def _parse(head: bytes, read: ReadAt) -> _Raw:
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(read)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head, read)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head, read)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack_from("<HH", head, 6)
        return _Raw(width, height, "image/gif")
    if head.startswith(b"BM"):
        return _bmp(head)
    if head[:4] in TIFF_STARTS:
        return _tiff(read)
    return _by_pillow(read)


def _windowed(read: ReadAt, window: bytes) -> ReadAt:
    """Return ``read`` with a memory of the last bytes read, because headers are walked in small steps."""
    start = 0

    def read_on(offset: int, size: int) -> bytes:
        nonlocal window, start
        at = offset - start
        if at < 0 or at + size > len(window):
            window, start, at = read(offset, max(size, HEAD_BYTES)), offset, 0
        return window[at : at + size]

    return read_on


def _jpeg(read: ReadAt) -> _Raw:
    """Walk from segment to segment until the start of frame; EXIF comes before it."""
    position, orientation = 2, UPRIGHT
    while True:
        segment = read(position, 10)  # reaches from a marker to the end of the size in a start of frame
        if segment[0] != 0xFF:
            raise MediaError(f"no JPEG marker at byte {position}; the image is damaged")
        marker = segment[1]
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker in _ALONE:
            position += 2
            continue
        if marker in _SOF:
            height, width = _JPEG_SIZE(segment, 5)
            return _Raw(width, height, "image/jpeg", segment[4], orientation)
        if marker in (0xD9, 0xDA):
            raise MediaError("the JPEG has no frame header; the image is damaged")
        if marker == 0xE1 and segment[4:] == _EXIF:
            orientation = _exif_orientation(read, position + 10)
        position += 2 + (segment[2] << 8 | segment[3])


def _png(head: bytes, read: ReadAt) -> _Raw:
    """IHDR comes first; EXIF, when present, somewhere before the pixels."""
    width, height, bits = struct.unpack_from(">IIB", head, 16)
    position, orientation = 33, UPRIGHT
    while len(chunk := read(position, 8)) == 8 and (kind := chunk[4:]) not in (b"IDAT", b"IEND"):
        if kind == b"eXIf":
            orientation = _exif_orientation(read, position + 8)
            break
        position += 12 + int.from_bytes(chunk[:4], "big")
    return _Raw(width, height, "image/png", bits, orientation)


def _webp(head: bytes, read: ReadAt) -> _Raw:
    """Parse one of the three layouts: lossy, lossless and extended; only the last one can carry EXIF."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return _Raw(width & 0x3FFF, height & 0x3FFF, "image/webp")
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", head, 21)
        return _Raw((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, "image/webp")
    if kind != b"VP8X":
        raise MediaError(f"unknown WebP layout {kind!r}; the image is damaged")
    width = int.from_bytes(head[24:27], "little") + 1
    height = int.from_bytes(head[27:30], "little") + 1
    orientation = _webp_orientation(read) if head[20] & 0x08 else UPRIGHT
    return _Raw(width, height, "image/webp", 8, orientation)


def _webp_orientation(read: ReadAt) -> int:
    position = 12
    while len(chunk := read(position, 8)) == 8:
        size = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"EXIF":
            # some writers keep the prefix that belongs to JPEG only
            skip = 6 if read(position + 8, 6) == _EXIF else 0
            return _exif_orientation(read, position + 8 + skip)
        position += 8 + size + (size & 1)
    return UPRIGHT


def _bmp(head: bytes) -> _Raw:
    (header_size,) = struct.unpack_from("<I", head, 14)
    width, height = struct.unpack_from("<HH" if header_size == 12 else "<ii", head, 18)
    return _Raw(width, abs(height), "image/bmp")  # a negative height means rows from top to bottom


def _tiff(read: ReadAt) -> _Raw:
    tags = _first_directory(read, 0, _ORIENTATION)
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise MediaError("the TIFF does not say its size; the image is damaged")
    return _Raw(tags[_WIDTH], tags[_HEIGHT], "image/tiff", tags.get(_BITS, 8), tags.get(_ORIENTATION, UPRIGHT))


def _exif_orientation(read: ReadAt, start: int) -> int:
    """Return the orientation of the EXIF block at ``start``. Damaged EXIF is no reason to refuse an image."""
    try:
        return _first_directory(read, start, _ORIENTATION).get(_ORIENTATION, UPRIGHT)
    except (struct.error, IndexError, MediaError):
        return UPRIGHT


def _first_directory(read: ReadAt, start: int, last: int) -> dict[int, int]:
    """Return the integer tags, up to tag ``last``, of the first directory of the TIFF structure at ``start``."""
    head = read(start, 8)
    order = TIFF_STARTS.get(head[:4])
    if order is None:
        raise MediaError("not a TIFF structure")
    directory = start + struct.unpack_from(order + "I", head, 4)[0]
    (count,) = struct.unpack(order + "H", read(directory, 2))
    entries = read(directory + 2, 12 * count)
    tags: dict[int, int] = {}
    for offset in range(0, 12 * count, 12):
        tag, kind, values, value = struct.unpack_from(order + "HHII", entries, offset)
        if tag > last:  # they are sorted
            break
        if kind == _LONG:
            tags[tag] = value
        elif kind == _SHORT and values <= 2:
            (tags[tag],) = struct.unpack_from(order + "H", entries, offset + 8)
        elif kind == _SHORT:  # one value per channel; the first one is at the place that ``value`` says
            (tags[tag],) = struct.unpack(order + "H", read(start + value, 2))
    return tags


def _by_pillow(read: ReadAt) -> _Raw:
    """Ask Pillow about the less common types. It wants a file, so the whole image is read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(read(0, 1 << 40))) as image:
            bits = 16 if image.mode.startswith(("I", "F")) else 8
            orientation = image.getexif().get(_ORIENTATION, UPRIGHT)
            return _Raw(image.width, image.height, image.get_format_mimetype() or "image/*", bits, orientation)
    except UnidentifiedImageError as error:
        raise MediaError("this is not an image of a known type") from error
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"the image has far too many pixels: {error}") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise MediaError(f"the image cannot be read: {error}") from error
