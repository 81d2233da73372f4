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
"""``read(size, offset)``, as in ``os.pread``: up to ``size`` bytes from ``offset`` on; fewer only at the end."""

UPRIGHT = 1
TIFF_STARTS = {b"II*\0": "<", b"MM\0*": ">"}
"""First bytes of a TIFF structure, and the byte order they announce, in the terms of ``struct``."""
SIDEWAYS = frozenset((5, 6, 7, 8))
"""EXIF orientations that swap width and height."""

_ORIENTATION, _WIDTH, _HEIGHT, _BITS = 0x0112, 0x0100, 0x0101, 0x0102
_READ_ALL_STEP = 4 << 20
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
    head = read(HEAD_BYTES, 0)
    if not head:
        raise MediaError(f"{name}: the file is empty")
    try:
        header = _jpeg(head, read) if head.startswith(b"\xff\xd8\xff") else _parse(head, _windowed(read, head))
    except (struct.error, IndexError) as error:
        raise MediaError(f"{name}: the image is cut off inside its header") from error
    except CvatLabError as error:
        raise type(error)(f"{name}: {error}") from error
    if not 0 < header.width * header.height <= limits.pixels:
        _refuse_size(name, header, limits)
    if header.orientation != UPRIGHT:
        return _oriented(header)
    return header


def _refuse_size(name: str, header: ImageHeader, limits: Limits) -> None:
    limits.check_pixels(name, header.width, header.height)
    raise MediaError(f"{name}: the header says {header.width}x{header.height} pixels; the image is damaged")


def _oriented(header: ImageHeader) -> ImageHeader:
    """Swap the sides of an image that lies on its side; ignore orientations that do not exist."""
    width, height, orientation, mime, bits = header
    if orientation in SIDEWAYS:
        return ImageHeader(height, width, orientation, mime, bits)
    return header if 1 <= orientation <= 8 else ImageHeader(width, height, UPRIGHT, mime, bits)


def _parse(head: bytes, read: ReadAt) -> ImageHeader:
    """Parse any type but JPEG. Sizes are as stored, before orientation."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head, read)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head, read)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack_from("<HH", head, 6)
        return ImageHeader(width, height, UPRIGHT, "image/gif", 8)
    if head.startswith(b"BM"):
        return _bmp(head)
    if head[:4] in TIFF_STARTS:
        return _tiff(read)
    return _by_pillow(read)


def _windowed(read: ReadAt, window: bytes, start: int = 0) -> ReadAt:
    """Return ``read`` with a memory of the last bytes read, because headers are walked in small steps."""

    def read_on(size: int, offset: int) -> bytes:
        nonlocal window, start
        at = offset - start
        if at < 0 or at + size > len(window):
            window, start, at = read(max(size, HEAD_BYTES), offset), offset, 0
        return window[at : at + size]

    return read_on


def _jpeg(window: bytes, read: ReadAt) -> ImageHeader:
    """Walk from segment to segment until the start of frame; EXIF comes before it."""
    start, position, orientation = 0, 2, UPRIGHT
    while True:
        at = position - start
        if at + 10 > len(window):  # 10 bytes reach from a marker to the end of the size in a start of frame
            window, start, at = read(HEAD_BYTES, position), position, 0
        if window[at] != 0xFF:
            raise MediaError(f"no JPEG marker at byte {position}; the image is damaged")
        marker = window[at + 1]
        if marker in _SOF:
            height, width = _JPEG_SIZE(window, at + 5)
            return ImageHeader(width, height, orientation, "image/jpeg", window[at + 4])
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker in _ALONE:
            position += 2
            continue
        if marker in (0xD9, 0xDA):
            raise MediaError("the JPEG has no frame header; the image is damaged")
        if marker == 0xE1 and window[at + 4 : at + 10] == _EXIF:
            orientation = _exif_orientation(_windowed(read, window, start), position + 10)
        position += 2 + (window[at + 2] << 8 | window[at + 3])


def _png(head: bytes, read: ReadAt) -> ImageHeader:
    """IHDR comes first; EXIF, when present, somewhere before the pixels."""
    width, height, bits = struct.unpack_from(">IIB", head, 16)
    position, orientation = 33, UPRIGHT
    while len(chunk := read(8, position)) == 8 and (kind := chunk[4:]) not in (b"IDAT", b"IEND"):
        if kind == b"eXIf":
            orientation = _exif_orientation(read, position + 8)
            break
        position += 12 + int.from_bytes(chunk[:4], "big")
    return ImageHeader(width, height, orientation, "image/png", bits)


def _webp(head: bytes, read: ReadAt) -> ImageHeader:
    """Parse one of the three layouts: lossy, lossless and extended; only the last one can carry EXIF."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return ImageHeader(width & 0x3FFF, height & 0x3FFF, UPRIGHT, "image/webp", 8)
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", head, 21)
        return ImageHeader((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, UPRIGHT, "image/webp", 8)
    if kind != b"VP8X":
        raise MediaError(f"unknown WebP layout {kind!r}; the image is damaged")
    width = int.from_bytes(head[24:27], "little") + 1
    height = int.from_bytes(head[27:30], "little") + 1
    orientation = _webp_orientation(read) if head[20] & 0x08 else UPRIGHT
    return ImageHeader(width, height, orientation, "image/webp", 8)


def _webp_orientation(read: ReadAt) -> int:
    position = 12
    while len(chunk := read(8, position)) == 8:
        size = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"EXIF":
            # some writers keep the prefix that belongs to JPEG only
            skip = 6 if read(6, position + 8) == _EXIF else 0
            return _exif_orientation(read, position + 8 + skip)
        position += 8 + size + (size & 1)
    return UPRIGHT


def _bmp(head: bytes) -> ImageHeader:
    (header_size,) = struct.unpack_from("<I", head, 14)
    width, height = struct.unpack_from("<HH" if header_size == 12 else "<ii", head, 18)
    return ImageHeader(width, abs(height), UPRIGHT, "image/bmp", 8)  # a negative height means rows from top to bottom


def _tiff(read: ReadAt) -> ImageHeader:
    tags = _first_directory(read, 0, _ORIENTATION)
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise MediaError("the TIFF does not say its size; the image is damaged")
    return ImageHeader(tags[_WIDTH], tags[_HEIGHT], tags.get(_ORIENTATION, UPRIGHT), "image/tiff", tags.get(_BITS, 8))


def _exif_orientation(read: ReadAt, start: int) -> int:
    """Return the orientation of the EXIF block at ``start``. Damaged EXIF is no reason to refuse an image."""
    try:
        return _first_directory(read, start, _ORIENTATION).get(_ORIENTATION, UPRIGHT)
    except (struct.error, IndexError, MediaError):
        return UPRIGHT


def _first_directory(read: ReadAt, start: int, last: int) -> dict[int, int]:
    """Return the integer tags, up to tag ``last``, of the first directory of the TIFF structure at ``start``."""
    head = read(8, start)
    order = TIFF_STARTS.get(head[:4])
    if order is None:
        raise MediaError("not a TIFF structure")
    directory = start + struct.unpack_from(order + "I", head, 4)[0]
    (count,) = struct.unpack(order + "H", read(2, directory))
    entries = read(12 * count, directory + 2)
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
            (tags[tag],) = struct.unpack(order + "H", read(2, start + value))
    return tags


def _read_all(read: ReadAt) -> bytes:
    parts: list[bytes] = []
    while part := read(_READ_ALL_STEP, sum(map(len, parts))):
        parts.append(part)
    return b"".join(parts)


def _by_pillow(read: ReadAt) -> ImageHeader:
    """Ask Pillow about the less common types. It wants a file, so the whole image is read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(_read_all(read))) as image:
            bits = 16 if image.mode.startswith(("I", "F")) else 8
            orientation = image.getexif().get(_ORIENTATION, UPRIGHT)
            return ImageHeader(image.width, image.height, orientation, image.get_format_mimetype() or "image/*", bits)
    except UnidentifiedImageError as error:
        raise MediaError("this is not an image of a known type") from error
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"the image has far too many pixels: {error}") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise MediaError(f"the image cannot be read: {error}") from error
