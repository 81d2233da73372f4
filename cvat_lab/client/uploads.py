"""Sending files: small ones packed into batches, large ones in pieces by the TUS protocol, resumed after a break.

Nothing is read into memory as a whole.
"""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from cvat_lab.client.http import Transport
from cvat_lab.client.progress import Reporter
from cvat_lab.errors import ConflictError, CvatLabError, InvalidInputError, NotFoundError, ServerUnavailableError
from cvat_lab.model.base import decode_json
from cvat_lab.model.data import RequestId

MIB: Final = 2**20
BATCH_BYTES: Final = 32 * MIB
BATCH_FILES: Final = 500
PIECE_BYTES: Final = 8 * MIB
READ_BYTES: Final = MIB
ATTEMPTS: Final = 8
"""Tries in a row that bring a large file no further before the upload is given up; a server restarts meanwhile."""

_TUS: Final = {"Tus-Resumable": "1.0.0"}
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 8.0


def upload_files(transport: Transport, path: str, files: Sequence[Path], finish: Any, reporter: Reporter) -> RequestId:
    """Send files to an upload endpoint and start what is to be done with them.

    Parameters
    ----------
    path
        The endpoint, for example ``api/tasks/5/data``.
    files
        Files that exist.
    finish
        Body of the last step.

    Returns
    -------
    RequestId
        The background request that was started.
    """
    sizes = {file: file.stat().st_size for file in files}
    reporter.stage("Uploading", sum(sizes.values()))
    transport.send("POST", path, headers={"Upload-Start": ""})
    for batch in batches([file for file in files if sizes[file] <= BATCH_BYTES], sizes):
        body = MultipartBody(batch, sizes, reporter)
        headers = {"Upload-Multiple": "", "Content-Type": body.content_type}
        transport.send("POST", path, data=body, headers=headers)
    for file in files:
        if sizes[file] > BATCH_BYTES:
            send_in_pieces(transport, path, file, reporter)
    answer = transport.send("POST", path, body=finish, headers={"Upload-Finish": ""})
    return decode_json(answer.content, RequestId, what="answer of the server")


def upload_file(transport: Transport, path: str, file: Path, query: dict[str, Any], reporter: Reporter) -> RequestId:
    """Send one annotation file or dataset and start its import.

    Parameters
    ----------
    query
        Options of the import; they go with the last step.
    """
    reporter.stage("Uploading", file.stat().st_size)
    transport.send("POST", path, query=query, headers={"Upload-Start": ""})
    name = send_in_pieces(transport, path, file, reporter)
    answer = transport.send("POST", path, query={**query, "filename": name}, headers={"Upload-Finish": ""})
    return decode_json(answer.content, RequestId, what="answer of the server")


def batches(files: Sequence[Path], sizes: dict[Path, int]) -> Iterator[list[Path]]:
    """Pack files, in their order, into groups that are small enough for one request."""
    batch: list[Path] = []
    size = 0
    for file in files:
        if batch and (size + sizes[file] > BATCH_BYTES or len(batch) == BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += sizes[file]
    if batch:
        yield batch


class MultipartBody:
    """A ``multipart/form-data`` body that is read from the files while it is sent."""

    def __init__(self, files: Sequence[Path], sizes: dict[Path, int], reporter: Reporter) -> None:
        self._boundary = uuid.uuid4().hex
        self._files = files
        self._sizes = sizes
        self._reporter = reporter
        self._end = f"--{self._boundary}--\r\n".encode()

    @property
    def content_type(self) -> str:
        """Value of the ``Content-Type`` header."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        parts = sum(len(self._head(number)) + self._sizes[file] + 2 for number, file in enumerate(self._files))
        return parts + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        for number, file in enumerate(self._files):
            yield self._head(number)
            yield from self._content(file)
            yield b"\r\n"
        yield self._end

    def _head(self, number: int) -> bytes:
        name = self._files[number].name.replace("\\", "\\\\").replace('"', '\\"')
        return (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="client_files[{number}]"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()

    def _content(self, file: Path) -> Iterator[bytes]:
        left = self._sizes[file]
        with file.open("rb") as content:
            while left and (piece := content.read(min(READ_BYTES, left))):
                left -= len(piece)
                self._reporter.advance(len(piece))
                yield piece
        if left:
            raise InvalidInputError(f"{file} became shorter while it was uploaded; upload it again")


def send_in_pieces(transport: Transport, path: str, file: Path, reporter: Reporter) -> str:
    """Send one file by TUS and return the name the server gave it.

    Raises
    ------
    ServerUnavailableError
        The connection broke again and again.
    """
    size = file.stat().st_size
    name = base64.b64encode(file.name.encode()).decode()
    headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    announced = transport.send("POST", f"{path}/", headers=headers)
    location = announced.headers["Location"]
    offset, failures = 0, 0
    with file.open("rb") as content:
        while offset < size or size == 0:
            content.seek(offset)
            try:
                reached = _send_piece(transport, location, offset, content.read(PIECE_BYTES))
            except (ServerUnavailableError, ConflictError) as error:
                failures += 1
                if failures == ATTEMPTS:
                    raise
                time.sleep(min(_FIRST_PAUSE * 2 ** (failures - 1), _LONGEST_PAUSE))
                reached = _continue_at(transport, location, size, error)
            if reached > offset:
                failures = 0
            reporter.advance(reached - offset)
            offset = reached
            if size == 0:
                break
    return announced.headers.get("Upload-Filename", file.name)


def _send_piece(transport: Transport, location: str, offset: int, piece: bytes) -> int:
    headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return int(transport.send("PATCH", location, data=piece, headers=headers).headers["Upload-Offset"])


def _continue_at(transport: Transport, location: str, size: int, error: CvatLabError) -> int:
    """Return where the server wants to go on after a piece was lost."""
    try:
        return int(transport.send("HEAD", location, headers=_TUS).headers["Upload-Offset"])
    except NotFoundError:
        # The last piece arrived and only its answer was lost: the server forgets complete uploads.
        return size
    except ServerUnavailableError:
        raise error from None
