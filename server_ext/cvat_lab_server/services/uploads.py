"""Uploads in progress: batches of small files, and large files by the TUS protocol, resumable after a break.

Everything lies below ``uploads/`` of the workspace until a background request takes it over, so an upload survives a
restart of the server.
"""

from __future__ import annotations

import asyncio
import filecmp
import os
import re
import shutil
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cvat_lab.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError, TooLargeError
from cvat_lab.model.base import Record, decode_json, encode_json
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.services.workspace import Workspace

MAX_FILE = 64 * 2**30
"""Largest file that may be announced, in bytes."""

_META = "meta.json"
_CONTENT = "content"


class OffsetConflictError(ConflictError):
    """A piece of an upload does not continue where the file ends."""

    def __init__(self, offset: int, given: int) -> None:
        super().__init__(f"this upload continues at {offset}, not at {given}")
        self.offset = offset


class TusUpload(Record, kw_only=True):
    """A file on its way by TUS."""

    id: str
    owner_id: int
    place: str
    name: str
    length: int


@dataclass(frozen=True)
class Place:
    """What files are uploaded for, for example the data of task 5."""

    target: str
    target_id: int
    purpose: str

    @property
    def key(self) -> str:
        """Name of the folder that holds the files."""
        return f"{self.target}-{self.target_id}-{self.purpose}"


class UploadService:
    """Collects the files of uploads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()

    def begin(self, place: Place) -> None:
        """Start an upload; files of an earlier one that was never finished are dropped, pieces of large ones too."""
        with self._lock:
            for upload in self._unfinished(place):
                shutil.rmtree(self._tus_folder(upload.id))
            shutil.rmtree(self.folder(place), ignore_errors=True)
            self.folder(place)

    def _unfinished(self, place: Place) -> list[TusUpload]:
        """Return the TUS uploads of a place."""
        found = (self._workspace.root / "uploads" / "tus").glob(f"*/{_META}")
        uploads = [decode_json(path.read_bytes(), TusUpload) for path in found]
        return [upload for upload in uploads if upload.place == place.key]

    def folder(self, place: Place) -> Path:
        """Return the folder with the files that have arrived."""
        return self._workspace.upload(place.key)

    def add(self, place: Place, files: Sequence[tuple[str, Path]]) -> list[str]:
        """Take over received files, given as name and path; return the names they now have.

        A file that an earlier batch has brought, same name and same content, stays as it is: its client has not got the
        answer and sends the batch again. Other files of one name are told apart by a number.
        """
        known = {path.name for path in self.folder(place).iterdir()}
        return [self._take(place, name, path, known) for name, path in files]

    def _take(self, place: Place, name: str, path: Path, known: set[str]) -> str:
        folder = self.folder(place)
        if name in known and filecmp.cmp(folder / name, path, shallow=False):
            path.unlink()
            return name
        free = _free_name(folder, name)
        path.rename(folder / free)
        return free

    def announce(self, caller: Caller, place: Place, length: int, name: str) -> TusUpload:
        """Start a TUS upload.

        Raises
        ------
        TooLargeError
            The file is larger than any upload may be.
        """
        if length > MAX_FILE:
            raise TooLargeError(
                f"{name!r} has {length:,} bytes; the limit is {MAX_FILE:,}. Put it on the share instead"
            )
        upload = TusUpload(
            id=uuid.uuid4().hex,
            owner_id=caller.id,
            place=place.key,
            name=_free_name(self.folder(place), name or "upload"),
            length=length,
        )
        (self.folder(place) / upload.name).touch()  # so that no other upload takes the name
        folder = self._tus_folder(upload.id)
        (folder / _CONTENT).touch()
        part = folder / f"{_META}.part"  # whoever can read the meta data finds it whole, and the content beside it
        part.write_bytes(encode_json(upload))
        part.rename(folder / _META)
        return upload

    async def append(self, caller: Caller, upload_id: str, offset: int, piece: bytes) -> int:
        """Add a piece and return the new offset. The last piece completes the file.

        Raises
        ------
        OffsetConflictError
            ``offset`` is not where the file ends; carries the right one.
        """
        return await asyncio.to_thread(self._append, caller, upload_id, offset, piece)

    def _append(self, caller: Caller, upload_id: str, offset: int, piece: bytes) -> int:
        with self._lock:  # a client that sends a piece again may be faster than its first try
            return self._append_alone(caller, upload_id, offset, piece)

    def _append_alone(self, caller: Caller, upload_id: str, offset: int, piece: bytes) -> int:
        upload, size = self.find(caller, upload_id)
        content = self._tus_folder(upload_id) / _CONTENT
        if offset == size == upload.length and not content.exists():
            return size
        if offset != size:
            raise OffsetConflictError(size, offset)
        if size + len(piece) > upload.length:
            raise InvalidInputError(
                f"{upload.name!r} was announced with {upload.length} bytes; this piece exceeds that"
            )
        with content.open("ab") as file:
            file.write(piece)
        place = self._workspace.upload(upload.place)
        os.utime(place)  # files that are complete wait as long as one of their place goes on
        if size + len(piece) == upload.length:
            content.rename(place / upload.name)
        return size + len(piece)

    def find(self, caller: Caller, upload_id: str) -> tuple[TusUpload, int]:
        """Return a TUS upload of the caller, and the offset it has reached.

        One that is complete is known until its file is taken over: the answer to its last piece may have been lost.
        """
        if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
            raise NotFoundError(f"there is no upload {upload_id!r}")
        folder = self._workspace.root / "uploads" / "tus" / upload_id
        try:
            upload = decode_json((folder / _META).read_bytes(), TusUpload)
            reached = self._reached(upload, folder / _CONTENT)
        except FileNotFoundError as error:
            raise NotFoundError(f"there is no upload {upload_id!r}; its file may be in use already") from error
        if upload.owner_id != caller.id:
            raise NotPermittedError(f"upload {upload_id} belongs to another user")
        return upload, reached

    def _reached(self, upload: TusUpload, content: Path) -> int:
        if content.exists():
            return content.stat().st_size
        complete = self._workspace.root / "uploads" / upload.place / upload.name
        if complete.stat().st_size != upload.length:
            raise FileNotFoundError(complete)
        return upload.length

    def cancel(self, caller: Caller, upload_id: str) -> None:
        """Forget a TUS upload, and its file."""
        with self._lock:
            self._cancel_alone(caller, upload_id)

    def _cancel_alone(self, caller: Caller, upload_id: str) -> None:
        upload, _ = self.find(caller, upload_id)
        (self._workspace.upload(upload.place) / upload.name).unlink(missing_ok=True)
        shutil.rmtree(self._tus_folder(upload_id))

    def _tus_folder(self, upload_id: str) -> Path:
        return self._workspace.upload(f"tus/{upload_id}")


def take_uploaded(workspace: Workspace, place: Place, filename: str) -> Path:
    """Move an uploaded file to where no later upload touches it, and return it.

    Parameters
    ----------
    filename
        Name that the upload was given; empty = the only file there is.

    Raises
    ------
    InvalidInputError
        There is no such file; the message names those that were uploaded.
    """
    files = sorted(path for path in workspace.upload(place.key).iterdir() if path.is_file())
    chosen = [path for path in files if path.name == Path(filename).name] or (files if len(files) == 1 else [])
    if not chosen:
        names = ", ".join(path.name for path in files) or "none"
        raise InvalidInputError(f"no file {filename!r} was uploaded here; uploaded: {names}", field="filename")
    kept = workspace.fresh_upload("import") / chosen[0].name
    chosen[0].rename(kept)
    return kept


def _free_name(folder: Path, name: str) -> str:
    """Return a name that no file of the folder has, by adding a number."""
    path = Path(Path(name).name or "upload")
    free, number = path.name, 1
    while (folder / free).exists():
        free, number = f"{path.stem}_{number}{path.suffix}", number + 1
    return free
