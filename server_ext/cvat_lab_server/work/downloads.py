"""Fetching files from the web into a folder, one after the other."""

from __future__ import annotations

import http.client
import mimetypes
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from cvat_lab.errors import InvalidInputError, TooLargeError
from cvat_lab_server.work.outbound import Outbound

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"User-Agent": "cvat_lab", "Accept": "*/*", "Accept-Encoding": "identity"}
_KEPT_AS_THEY_ARE = "/%:@!$&'()*+,;=~-._?"
_PIECE = 1 << 18
_LONGEST_NAME = 200
_FIELD = "remote_files"

Report = Callable[[float, str], None]
"""Is told the part that is done, 0..1, and what is going on. May raise to cancel."""


@dataclass(frozen=True)
class DownloadLimits:
    """Bounds of one set of downloads.

    Attributes
    ----------
    files
        Number of addresses.
    total_bytes
        Size of all files together.
    wait_seconds
        How long a server may leave us waiting for its next bytes.
    total_seconds
        How long everything may take.
    """

    files: int = 10_000
    total_bytes: int = 64 * 2**30
    wait_seconds: float = 30.0
    total_seconds: float = 6 * 3600.0


def file_names(urls: Sequence[str], limits: DownloadLimits) -> list[str]:
    """Return the names of the files behind addresses: the last parts of their paths.

    Raises
    ------
    InvalidInputError
        There are too many addresses, one names no file, or two name the same.
    """
    if len(urls) > limits.files:
        raise InvalidInputError(f"{len(urls)} addresses are too many; the limit is {limits.files}", field=_FIELD)
    names: dict[str, str] = {}
    for url in urls:
        name = PurePosixPath(unquote(urlsplit(url).path).replace("\\", "/")).name
        if not name or name.startswith(".") or "\0" in name or len(name.encode()) > _LONGEST_NAME:
            raise InvalidInputError(f"the path of {url!r} does not end in the name of a file", field=_FIELD)
        if name in names:
            raise InvalidInputError(f"{names[name]!r} and {url!r} are both called {name}", field=_FIELD)
        names[name] = url
    return list(names)


class Downloader:
    """Fetches one set of files; the connection to a host is kept for the next file.

    Parameters
    ----------
    outbound
        Says where it may connect to.
    """

    def __init__(self, outbound: Outbound, limits: DownloadLimits) -> None:
        self._outbound = outbound
        self._limits = limits
        self._kept: dict[tuple[str, str], http.client.HTTPConnection] = {}
        self._room = limits.total_bytes
        self._end = time.monotonic() + limits.total_seconds

    def __enter__(self) -> Downloader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for connection in self._kept.values():
            connection.close()

    def fetch(self, urls: Sequence[str], folder: Path, report: Report) -> list[str]:
        """Fetch files into ``folder`` and return their names there, in the order of the addresses.

        What an interrupted run has fetched is not fetched again.

        Raises
        ------
        InvalidInputError
            A server cannot be reached, or does not have the file; the message names the address.
        NotPermittedError
            An address, or one it redirects to, is not allowed.
        TooLargeError
            The files are too large together.
        """
        folder.mkdir(parents=True, exist_ok=True)
        there = {key: path for path in folder.iterdir() for key in (path.stem, path.name)}
        found: list[Path] = []
        for number, (url, name) in enumerate(zip(urls, file_names(urls, self._limits), strict=True)):
            message = f"Downloading {name}, {number + 1} of {len(urls)}"

            def tell(part: float, start: int = number, message: str = message) -> None:
                report((start + part) / len(urls), message)

            tell(0.0)
            path = there.get(name) or self._fetch_one(url, folder, name, tell)
            if path in found:
                raise InvalidInputError(f"{url!r} is called {path.name}, like another file", field=_FIELD)
            found.append(path)
        return [path.name for path in found]

    def _fetch_one(self, url: str, folder: Path, name: str, tell: Callable[[float], None]) -> Path:
        part = folder / f".{name}.part"
        try:
            kind = self._save(url, part, tell)
            path = folder / _with_extension(name, kind)
            if path.exists():
                raise InvalidInputError(f"{url!r} is called {path.name}, like another file", field=_FIELD)
            part.rename(path)
        except (OSError, http.client.HTTPException) as error:
            raise InvalidInputError(f"{url} cannot be fetched: {self._reason(error)}", field=_FIELD) from error
        finally:
            part.unlink(missing_ok=True)
        return path

    def _save(self, url: str, target: Path, tell: Callable[[float], None]) -> str:
        """Write what an address answers into a file and return its media type."""
        parts, connection, answer = self._get(url)
        try:
            length = answer.length
            if length is not None:
                self._check_room(url, length)
            with target.open("wb") as file:
                while piece := answer.read1(_PIECE):
                    self._check_room(url, len(piece))
                    self._room -= len(piece)
                    file.write(piece)
                    tell(file.tell() / length if length else 0.0)
            if answer.length:
                raise InvalidInputError(f"{url} ends early: {answer.length} bytes are missing", field=_FIELD)
            answer.close()  # the connection stays, and is free for the next question
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._kept[parts.scheme, parts.netloc] = connection
        return answer.headers.get_content_type()

    def _check_room(self, url: str, size: int) -> None:
        if size > self._room:
            raise TooLargeError(
                f"{url} is too large: the files of one task may have {self._limits.total_bytes:,} bytes together. "
                "Put them on the share instead"
            )
        if time.monotonic() > self._end:
            raise InvalidInputError(
                f"downloading took longer than {self._limits.total_seconds:.0f} seconds and was given up at {url}",
                field=_FIELD,
            )

    def _get(self, url: str) -> tuple[SplitResult, http.client.HTTPConnection, http.client.HTTPResponse]:
        """Ask for an address, and for those it redirects to."""
        place = url
        for _ in range(MAX_REDIRECTS + 1):
            parts = self._outbound.check(place)
            connection, answer = self._ask(parts)
            if answer.status == http.client.OK:
                return parts, connection, answer
            connection.close()
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not target:
                raise InvalidInputError(
                    f"{url} cannot be fetched: the server answered {answer.status} {answer.reason}", field=_FIELD
                )
            place = urljoin(place, target)
        raise InvalidInputError(f"{url} redirects more than {MAX_REDIRECTS} times", field=_FIELD)

    def _ask(self, parts: SplitResult) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        kept = self._kept.pop((parts.scheme, parts.netloc), None)
        if kept is not None:
            try:
                return kept, _send(kept, parts)
            except (OSError, http.client.HTTPException):
                kept.close()  # the server may drop a connection whenever it is idle
        connection = self._outbound.open(parts, self._limits.wait_seconds)
        try:
            return connection, _send(connection, parts)
        except BaseException:
            connection.close()
            raise

    def _reason(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"the server did not answer within {self._limits.wait_seconds:g} seconds"
        if isinstance(error, socket.gaierror):
            return "there is no such host"
        return str(error) or type(error).__name__


def _send(connection: http.client.HTTPConnection, parts: SplitResult) -> http.client.HTTPResponse:
    query = f"?{parts.query}" if parts.query else ""
    connection.request("GET", quote(f"{parts.path or '/'}{query}", safe=_KEPT_AS_THEY_ARE), headers=_HEADERS)
    return connection.getresponse()


def _with_extension(name: str, kind: str) -> str:
    """Return the name with the extension of a media type, unless it says already what it is."""
    if mimetypes.guess_type(name)[0]:
        return name
    return name + (mimetypes.guess_extension(kind) or "")
