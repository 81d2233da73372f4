"""Dataset files: reading a zip, a folder or a single file as one thing. :mod:`cvat_lab.formats.packing` writes them.

A source is checked before anything in it is opened: members that lead out of it, links, encrypted members and archives
that unpack to absurd sizes are refused by name.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from cvat_lab.errors import FormatError, TooLargeError

MIB = 1 << 20
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class SourceLimits:
    """Bounds against archives that are small on disk and huge in memory.

    Attributes
    ----------
    member_bytes
        Unpacked size of one member.
    total_bytes
        Unpacked size of the whole archive.
    ratio
        Unpacked by packed size of a member; annotations stay below 50, and deflate cannot exceed 1032.
    free_bytes
        Unpacked size up to which ``ratio`` is not looked at.
    members
        Number of members.
    """

    member_bytes: int = 4096 * MIB
    total_bytes: int = 1024 * 1024 * MIB
    ratio: int = 200
    free_bytes: int = 64 * MIB
    members: int = 5_000_000


class Source(ABC):
    """A dataset to read: members with relative paths, separated by ``/``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """Names the source in messages."""
        return self.path.name

    @property
    @abstractmethod
    def members(self) -> list[str]:
        """Paths of all files, sorted."""

    @abstractmethod
    def open(self, member: str) -> IO[bytes]:
        """Open a member for reading. Damage shows as :class:`FormatError` from :func:`reading`."""

    def read(self, member: str) -> bytes:
        """Return all bytes of a member."""
        with reading(self, member), self.open(member) as stream:
            return stream.read()

    def read_text(self, member: str) -> str:
        """Return a member as text; a UTF-8 byte order mark is dropped.

        Raises
        ------
        FormatError
            It is not UTF-8.
        """
        try:
            return self.read(member).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FormatError(f"{self.name}: {member} is not UTF-8 text: {error}") from error

    def find(self, pattern: str) -> list[str]:
        """Return the members whose path, or end of path after a ``/``, fits a shell pattern; case matters."""
        nested = f"*/{pattern}"
        return [
            member
            for member in self.members
            if fnmatch.fnmatchcase(member, pattern) or fnmatch.fnmatchcase(member, nested)
        ]

    def require(self, pattern: str, format_name: str) -> list[str]:
        """Return :meth:`find`'s answer, or raise because the format needs such a file."""
        found = self.find(pattern)
        if not found:
            raise FormatError(
                f"{self.name} does not look like {format_name}: there is no {pattern} in it. Choose the format "
                "that the file was written in"
            )
        return found

    @abstractmethod
    def close(self) -> None:
        """Release the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def reading(source: Source, member: str) -> Iterator[None]:
    """Turn a damaged member into an error that names it."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise FormatError(f"{source.name}: {member} is damaged: {error}") from error


class ZipSource(Source):
    """Members of a zip."""

    def __init__(self, path: Path, limits: SourceLimits) -> None:
        super().__init__(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise FormatError(f"{path.name} is not a readable zip: {error}") from error
        try:
            self._infos = dict(sorted(_check_members(path.name, self._zip, limits)))
        except Exception:
            self._zip.close()
            raise

    @property
    def members(self) -> list[str]:
        """Paths of all files, sorted."""
        return list(self._infos)

    def __contains__(self, member: str) -> bool:
        return member in self._infos

    def size(self, member: str) -> int:
        """Return the unpacked size of a member in bytes."""
        return self._infos[member].file_size

    def open(self, member: str) -> IO[bytes]:
        """Open a member for reading."""
        with reading(self, member):
            return self._zip.open(self._infos[member])

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()


class FolderSource(Source):
    """Files below a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._members = sorted(_walk(path))

    @property
    def members(self) -> list[str]:
        """Paths of all files, sorted."""
        return self._members

    def open(self, member: str) -> IO[bytes]:
        """Open a member for reading."""
        with reading(self, member):
            return (self.path / member).open("rb")

    def close(self) -> None:
        """Nothing is held open."""


class FileSource(Source):
    """One plain file; its only member is the file itself."""

    @property
    def members(self) -> list[str]:
        """Paths of all files, sorted."""
        return [self.path.name]

    def open(self, member: str) -> IO[bytes]:
        """Open a member for reading."""
        with reading(self, member):
            return self.path.open("rb")

    def close(self) -> None:
        """Nothing is held open."""


def open_source(path: Path, limits: SourceLimits | None = None) -> Source:
    """Open a zip, a folder or a single file.

    Raises
    ------
    FormatError
        There is no such file, it is a broken zip, or a member leads out of it, is a link or is encrypted.
    TooLargeError
        It would unpack to too much.
    """
    if path.is_dir():
        return FolderSource(path)
    if not path.is_file():
        raise FormatError(f"{path}: there is no such file or folder")
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == b"PK" or path.suffix.lower() == ".zip":
        return ZipSource(path, limits or SourceLimits())
    return FileSource(path)


def _check_members(name: str, archive: zipfile.ZipFile, limits: SourceLimits) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise TooLargeError(f"{name} has {len(infos):,} members, the limit is {limits.members:,}")
    total = 0
    for info in infos:
        member = safe_member(name, info.filename)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise FormatError(f"{name}: member {info.filename!r} is a link; pack the file itself")
        if info.flag_bits & _ENCRYPTED:
            raise FormatError(f"{name}: member {info.filename!r} is encrypted; pack it without a password")
        total += info.file_size
        _check_size(name, info, total, limits)
        if not info.is_dir():
            yield member, info


def _check_size(name: str, info: zipfile.ZipInfo, total: int, limits: SourceLimits) -> None:
    size = info.file_size
    too_packed = size > limits.free_bytes and size > limits.ratio * info.compress_size
    if size > limits.member_bytes or total > limits.total_bytes or too_packed:
        raise TooLargeError(
            f"{name}: member {info.filename!r} unpacks from {info.compress_size:,} to {size:,} bytes, {total:,} in "
            f"all; the limits are {limits.member_bytes:,} for one and {limits.total_bytes:,} for all, and "
            f"{limits.ratio} times the packed size"
        )


def safe_member(archive: str, member: str) -> str:
    """Return a member's path with ``/``.

    Raises
    ------
    FormatError
        The path is absolute, names a drive or has ``..`` in it.
    """
    path = member.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or (len(parts[0]) >= 2 and parts[0][1] == ":") or "\0" in path:
        raise FormatError(f"{archive}: member {member!r} leads out of the archive; pack with relative paths")
    return path.removeprefix("./")


def _walk(root: Path) -> Iterator[str]:
    """Yield the files below a folder; links must stay inside."""
    real = root.resolve()
    for folder, folders, files in os.walk(root):
        for entry in (*folders, *files):
            path = Path(folder) / entry
            if path.is_symlink() and not path.resolve().is_relative_to(real):
                raise FormatError(f"{root.name}: {path.relative_to(root)} is a link that leads out of the folder")
        yield from ((Path(folder) / file).relative_to(root).as_posix() for file in files)
