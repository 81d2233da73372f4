"""A bounded cache of files on disk: chunks, previews and scaled frames.

Everything in it can be made again, so the folder may be deleted at any time, also while it is in use. Several processes
may share a folder: a file appears by renaming, complete or not at all, and an open file stays readable when it is
evicted.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cvat_lab.media.limits import MIB

Make = Callable[[Path], None]
"""Writes the file at the given path."""

DEFAULT_LIMIT = 4096 * MIB
_SUFFIX = ".cache"
_PART_SUFFIX = ".part"
_ABANDONED_SECONDS = 3600
_ATTEMPTS = 5


class Cache:
    """Files by key, the least recently used ones evicted first.

    Parameters
    ----------
    folder
        Created when needed.
    limit
        Bytes that all files together may take. After each new file, the oldest ones go until nine tenths are left. With
        several processes the limit may be exceeded by a sixteenth for each of them.
    """

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self._lock = threading.Lock()
        self._running: dict[str, Future[None]] = {}
        self._used: int | None = None
        self._written = 0

    def open(self, key: str, make: Make) -> BinaryIO:
        """Return the file of ``key`` open for reading; make it if it is not there.

        While one thread makes a file, others that want the same one wait for it.

        Parameters
        ----------
        key
            Any text; must name everything that the content depends on.
        make
            Called with a path to write to. What it raises is raised to all who wait, and nothing is stored.
        """
        path = self._path(key)
        for _ in range(_ATTEMPTS):
            try:
                return self._touch(path)
            except FileNotFoundError:
                made = self._make_once(key, path, make)
            if made is not None:
                return made
        raise FileNotFoundError(f"{path}: the cache folder is deleted again and again while files are made")

    def read(self, key: str, make: Make) -> bytes:
        """Return the content of the file of ``key``, see :meth:`open`."""
        with self.open(key, make) as file:
            return file.read()

    def read_or_encode(self, key: str, encode: Callable[[], bytes]) -> bytes:
        """Return the content of ``key``; if it is not there, ``encode`` gives it."""

        def make(path: Path) -> None:
            path.write_bytes(encode())

        return self.read(key, make)

    def clear(self) -> None:
        """Remove all files."""
        for path, _, _ in self._files():
            path.unlink(missing_ok=True)
        with self._lock:
            self._used = 0

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / (name[2:] + _SUFFIX)

    def _touch(self, path: Path) -> BinaryIO:
        """Open a file and note that it was used."""
        file = path.open("rb")
        with suppress(FileNotFoundError):  # evicted just now; what is open can still be read
            os.utime(path)
        return file

    def _make_once(self, key: str, path: Path, make: Make) -> BinaryIO | None:
        """Make a file, or wait until another thread has made it. ``None`` = look again."""
        with self._lock:
            running = self._running.get(key)
            mine: Future[None] = self._running.setdefault(key, Future())
        if running is not None:
            running.result()
            return None
        try:
            file = self._make(path, make)
            mine.set_result(None)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._running[key]
        return file

    def _make(self, path: Path, make: Make) -> BinaryIO | None:
        """Make a file beside its place and move it there. ``None`` = the folder vanished meanwhile."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{uuid.uuid4().hex}{_PART_SUFFIX}")
        try:
            make(part)
            file = part.open("rb")  # opened before it has its name, so that nobody can evict it in between
            part.replace(path)
        except FileNotFoundError:
            if path.parent.is_dir():
                raise
            return None
        finally:
            part.unlink(missing_ok=True)
        self._account(os.fstat(file.fileno()).st_size)
        return file

    def _account(self, size: int) -> None:
        """Count a new file, and look at the folder when it may be too full."""
        with self._lock:
            self._written += size
            due = self._used is None or self._used + self._written > self.limit or self._written > self.limit // 16
            if due:
                self._used, self._written = 0, 0  # other threads go on counting while this one looks
        if due:
            used = self._evict()
            with self._lock:
                self._used = used

    def _evict(self) -> int:
        """Remove the files that were not used for longest, if there are too many; return the bytes that are left."""
        files = self._files()
        used = sum(size for _, size, _ in files)
        if used <= self.limit:
            return used
        for path, size, _ in sorted(files, key=lambda file: file[2]):
            path.unlink(missing_ok=True)
            used -= size
            if used <= self.limit * 9 // 10:
                break
        return used

    def _files(self) -> list[tuple[Path, int, float]]:
        """Return path, size and time of last use of all files; remove what crashed processes left."""
        found: list[tuple[Path, int, float]] = []
        abandoned = time.time() - _ABANDONED_SECONDS
        for path in self.folder.glob("*/*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            if path.suffix == _SUFFIX:
                found.append((path, status.st_size, status.st_mtime))
            elif path.suffix == _PART_SUFFIX and status.st_mtime < abandoned:
                path.unlink(missing_ok=True)
        return found
