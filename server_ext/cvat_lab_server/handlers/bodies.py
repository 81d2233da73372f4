"""Request bodies as they arrive: JSON is collected up to a limit, uploaded files go straight to disk."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any, Protocol

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from tornado.http1connection import HTTP1Connection
from tornado.httputil import HTTPServerRequest

from cvat_lab.errors import InvalidInputError, TooLargeError

FIELD_LIMIT = 2**20
"""Largest text field of a form, in bytes."""

NAME_LIMIT = 240
"""Longest file name in bytes: what file systems take, less room for a number that tells equal names apart."""


@dataclass(frozen=True)
class UploadedFile:
    """A file of a form: the name of its field, its own base name, and where it was written."""

    field: str
    name: str
    path: Path


@dataclass
class Upload:
    """The parts of a multipart body. ``close`` deletes the files that nobody moved away."""

    folder: Path
    fields: dict[str, str] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)

    def close(self) -> None:
        """Remove what is left of the upload."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Body(Protocol):
    """Receives a body in pieces."""

    def write(self, piece: bytes) -> None:
        """Take the next piece."""

    def finish(self) -> None:
        """Take note that the body is complete."""

    def discard(self) -> None:
        """Forget everything."""


class MemoryBody:
    """A body kept in memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: bytes) -> None:
        """Take the next piece, unless it is one too many."""
        self._size += len(piece)
        if self._size > self._limit:
            raise too_large(self._size, self._limit)
        self._pieces.append(piece)

    def finish(self) -> None:
        """Do nothing: the pieces are complete."""

    def discard(self) -> None:
        """Forget the pieces."""
        self._pieces.clear()

    @property
    def value(self) -> bytes:
        """The whole body."""
        return b"".join(self._pieces)


class MultipartBody:
    """A form with files, of any number of parts."""

    def __init__(self, content_type: str, limit: int, parent: Path) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise InvalidInputError("a multipart body needs a boundary in its Content-Type")
        self._limit, self._size = limit, 0
        callbacks: dict[str, Callable[..., None]] = {
            "on_part_begin": self._begin_part,
            "on_part_data": self._add_data,
            "on_part_end": self._end_part,
            "on_header_field": self._add_header_name,
            "on_header_value": self._add_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open_part,
            "on_end": self._end,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise InvalidInputError(f"the boundary of the multipart body cannot be used: {error}") from error
        parent.mkdir(parents=True, exist_ok=True)
        self.upload = Upload(Path(tempfile.mkdtemp(prefix="incoming-", dir=parent)))
        self._complete = False
        self._headers: dict[str, str] = {}
        self._name, self._value = b"", b""
        self._field = ""
        self._text = b""
        self._file: IO[bytes] | None = None

    def write(self, piece: bytes) -> None:
        """Parse the next piece and write the files in it."""
        self._size += len(piece)
        if self._size > self._limit:
            raise too_large(self._size, self._limit)
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InvalidInputError(f"malformed multipart body: {error}") from error

    def finish(self) -> None:
        """Check that the form was complete."""
        if not self._complete:
            raise InvalidInputError("the multipart body ends too early: its last boundary is missing")

    def discard(self) -> None:
        """Close and delete all files."""
        if self._file:
            self._file.close()
        self.upload.close()

    def _end(self) -> None:
        self._complete = True

    def _begin_part(self) -> None:
        self._headers, self._text, self._file = {}, b"", None

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._name, self._value = b"", b""

    def _open_part(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            name = base_name(options[b"filename"].decode("utf-8", "replace"))
            path = self.upload.folder / f"{len(self.upload.files):06d}"
            self._file = path.open("wb")
            self.upload.files.append(UploadedFile(self._field, name, path))

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(data[start:end])
        else:
            self._text += data[start:end]
            if len(self._text) > FIELD_LIMIT:
                raise TooLargeError(f"form field {self._field!r} is larger than {FIELD_LIMIT} bytes")

    def _end_part(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
        else:
            self.upload.fields[self._field] = self._text.decode("utf-8", "replace")


def connection_of(request: HTTPServerRequest) -> HTTP1Connection:
    """Return the connection of a request, which can change its own limit."""
    connection = request.connection
    assert isinstance(connection, HTTP1Connection)
    return connection


def base_name(name: str) -> str:
    """Return the last part of a client's path, in either style, without control characters.

    Raises
    ------
    InvalidInputError
        Nothing is left of it, or it is too long.
    """
    last = PurePosixPath(PureWindowsPath(name).as_posix()).name
    cleaned = re.sub(r"[\x00-\x1f]", "", last)
    if cleaned in ("", ".", ".."):
        raise InvalidInputError(f"{name!r} is not a file name")
    if len(cleaned.encode()) > NAME_LIMIT:
        raise InvalidInputError(f"the file name {cleaned[:40]!r}... is longer than {NAME_LIMIT} bytes; shorten it")
    return cleaned


def too_large(size: int, limit: int) -> TooLargeError:
    """Return the error for a body beyond its limit."""
    return TooLargeError(f"the body has more than {size - 1:,} bytes; the limit is {limit:,}. Send it in smaller parts")


def form_values(fields: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a form in the shape of the JSON body they stand for.

    ``name[0]``, ``name[1]`` ... become a list; numbers and booleans are left as text for the type check to convert.
    """
    values: dict[str, Any] = {}
    for name, text in fields.items():
        if match := re.fullmatch(r"(\w+)\[\d*\]", name):
            values.setdefault(match[1], []).append(text)
        else:
            values[name] = text
    return values
