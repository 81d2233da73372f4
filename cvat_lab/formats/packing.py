"""Writing a zip that is whole or not there."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

from cvat_lab.errors import FormatError
from cvat_lab.formats.archive import safe_member

_PACKED_WELL = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".jp2", ".avif", ".mp4", ".zip")


class ArchiveWriter:
    """Writes a zip. It appears under its name only when everything was written; an error leaves nothing behind.

    Parameters
    ----------
    target
        Path of the zip; an older file there is replaced.
    level
        Deflate level of texts. Images are stored as they are.
    """

    def __init__(self, target: Path, *, level: int = 3) -> None:
        self._target = target
        self._part = target.with_name(target.name + ".part")
        self._level = level
        self._names: set[str] = set()

    def __enter__(self) -> ArchiveWriter:
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED, compresslevel=self._level)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._zip.close()
            if kind is None:
                self._part.replace(self._target)
        finally:
            self._part.unlink(missing_ok=True)

    def open(self, member: str) -> IO[bytes]:
        """Open a member for writing; one at a time."""
        return self._zip.open(self._claim(member), "w", force_zip64=True)

    def open_stored(self, member: str) -> IO[bytes]:
        """Open a member that is stored as it is, such as a video; one at a time."""
        info = zipfile.ZipInfo(self._claim(member))
        info.external_attr = 0o600 << 16
        return self._zip.open(info, "w", force_zip64=True)

    def write(self, member: str, data: bytes | str) -> None:
        """Add a whole member; images are stored as they are."""
        info = zipfile.ZipInfo(self._claim(member))
        info.external_attr = 0o600 << 16
        stored = member.lower().endswith(_PACKED_WELL)
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        self._zip.writestr(info, data, compress_type=method, compresslevel=self._level)

    def __contains__(self, member: str) -> bool:
        return member in self._names

    def _claim(self, member: str) -> str:
        """Check the path of a new member."""
        path = safe_member(self._target.name, member)
        if path in self._names:
            raise FormatError(f"{self._target.name}: two members would be called {path!r}; rename one image")
        self._names.add(path)
        return path
