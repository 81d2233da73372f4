"""Blobs: the bytes of one file, which lies on its own or inside an archive.

An archive is never extracted. A stored member is a range of the archive's bytes, so a plain file is simply the range
that covers everything; a deflated member is such a range too, and is inflated as far as somebody reads.
"""

from __future__ import annotations

import os
import zlib
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cvat_lab.errors import MediaError
from cvat_lab.media.headers import ReadAt

if hasattr(os, "pread"):
    pread = os.pread
else:  # Windows: moves the file position, so a descriptor must not be shared between threads

    def pread(descriptor: int, size: int, offset: int, /) -> bytes:
        """Read up to ``size`` bytes from ``offset`` on."""
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)


TO_THE_END = -1
_STEP = 4096
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class Blob(NamedTuple):
    """A range of bytes in a file.

    Attributes
    ----------
    file
        Path relative to the root of the media, with ``/``.
    offset
        First byte.
    packed
        Bytes on disk; -1 = the whole file, with offset 0.
    size
        Bytes after unpacking; -1 = not known.
    deflated
        Whether the range is a raw deflate stream.
    """

    file: str
    offset: int = 0
    packed: int = TO_THE_END
    size: int = TO_THE_END
    deflated: bool = False


def read_blob(root: Path, blob: Blob, name: str) -> bytes:
    """Return all bytes of a blob, unpacked.

    Parameters
    ----------
    root
        Folder that ``blob.file`` is relative to.
    name
        Named in errors.

    Raises
    ------
    MediaError
        The file is gone, is shorter than it was when it was indexed, or its deflate stream is damaged.
    """
    descriptor = open_file(root, blob.file)
    try:
        packed = blob.packed if blob.packed >= 0 else os.fstat(descriptor).st_size - blob.offset
        data = pread(descriptor, packed, blob.offset)
    finally:
        os.close(descriptor)
    if len(data) < packed:
        raise MediaError(f"{name}: {blob.file} ends early: {packed} bytes expected, {len(data)} found")
    return _inflate(data, blob.size, name) if blob.deflated else data


def open_file(root: Path, file: str) -> int:
    """Open a media file for reading and return its descriptor."""
    try:
        return os.open(f"{root}/{file}", _READ)
    except OSError as error:
        raise MediaError(f"{file}: cannot be opened in {root}: {error.strerror}") from error


def blob_reader(descriptor: int, blob: Blob, name: str) -> ReadAt:
    """Return random access to a blob of an open file."""
    if blob.deflated:
        return _Inflater(descriptor, blob, name).read
    base, packed = blob.offset, blob.packed
    if packed < 0 and base == 0:
        return partial(pread, descriptor)
    return lambda size, offset: pread(descriptor, max(0, min(size, packed - offset)), base + offset)


class _Inflater:
    """Reads a deflate stream forward, and remembers what came out."""

    def __init__(self, descriptor: int, blob: Blob, name: str) -> None:
        self._descriptor = descriptor
        self._next, self._left = blob.offset, blob.packed
        self._size, self._name = blob.size, name
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._out = bytearray()

    def read(self, size: int, offset: int) -> bytes:
        wanted = min(offset + size, self._size)
        while len(self._out) < wanted and self._left > 0 and not self._stream.eof:
            piece = pread(self._descriptor, min(_STEP, self._left), self._next)
            if not piece:
                break
            self._next += len(piece)
            self._left -= len(piece)
            self._grow(piece)
        return bytes(self._out[offset:wanted])

    def _grow(self, piece: bytes) -> None:
        room = self._size - len(self._out) + 1
        try:
            self._out += self._stream.decompress(piece, room)
        except zlib.error as error:
            raise MediaError(f"{self._name}: the archive is damaged here ({error})") from error
        _check_size(len(self._out), self._size, self._name)


def _inflate(data: bytes, size: int, name: str) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = stream.decompress(data, size + 1)
    except zlib.error as error:
        raise MediaError(f"{name}: the archive is damaged here ({error})") from error
    _check_size(len(out), size, name)
    if len(out) < size:
        raise MediaError(f"{name}: the archive is damaged here: {size} bytes announced, {len(out)} found")
    return out


def _check_size(found: int, size: int, name: str) -> None:
    if found > size:
        raise MediaError(f"{name}: the archive is damaged here: it unpacks to more than the {size} bytes announced")
