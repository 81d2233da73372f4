"""One request on its way to another server, and its answer on the way back, at the pace of the slower side.

Tornado's own HTTP client reads an answer only after it has sent the whole request, cannot be stopped, and shares ten
connections and a limit of 100 MB among everything in the process.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, RequestStartLine, ResponseStartLine
from tornado.iostream import IOStream, StreamClosedError
from tornado.tcpclient import TCPClient

from cvat_lab.errors import ServerUnavailableError

CONNECT_SECONDS = 10.0

TakeHead = Callable[[ResponseStartLine, HTTPHeaders], Awaitable[None]]
TakePiece = Callable[[bytes], Awaitable[None]]


class Relay:
    """A connection to the other server, for one request.

    Parameters
    ----------
    take_head
        Given the status line and the headers of the answer.
    take_piece
        Given each piece of the answer's body; the next one is read when it is done.
    """

    def __init__(self, take_head: TakeHead, take_piece: TakePiece) -> None:
        self._answer = _Answer(take_head, take_piece)
        self._connection: HTTP1Connection | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self, method: str, url: str, headers: HTTPHeaders) -> None:
        """Connect and send the head of the request.

        Raises
        ------
        ServerUnavailableError
            Nobody listens there, so nothing has been done either.
        """
        parts = urlsplit(url)
        stream = await _connect(url)
        stream.set_nodelay(True)
        limits = HTTP1ConnectionParameters(no_keep_alive=True, max_body_size=sys.maxsize)
        self._connection = HTTP1Connection(stream, True, limits)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._connection.write_headers(RequestStartLine(method, target, "HTTP/1.1"), headers)
        self._reading = asyncio.create_task(self._read(self._connection))

    async def send(self, piece: bytes) -> bool:
        """Send a piece of the request's body; return False once the other side has answered or hung up."""
        if self._connection is None or self._answer.ended.done():
            return False
        sending = asyncio.ensure_future(self._connection.write(piece))
        either: tuple[asyncio.Future[Any], ...] = sending, self._answer.ended
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        # A connection that broke is noticed where the answer is read.
        return sending.done() and sending.exception() is None

    async def finish(self) -> bool:
        """End the request; return whether the whole answer came."""
        if self._connection is not None and not self._answer.ended.done():
            self._connection.finish()
        complete = await self._answer.ended
        self.close()
        return complete

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._answer.on_connection_close()

    async def _read(self, connection: HTTP1Connection) -> None:
        try:
            await connection.read_response(self._answer)
        except StreamClosedError:
            pass
        finally:
            self.close()


class _Answer(HTTPMessageDelegate):
    """Receives the answer from Tornado. ``ended`` tells in the end whether it was complete."""

    def __init__(self, take_head: TakeHead, take_piece: TakePiece) -> None:
        self._take_head, self._take_piece = take_head, take_piece
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        assert isinstance(start_line, ResponseStartLine)
        if start_line.code >= 200:
            await self._pass_on(self._take_head(start_line, headers))

    async def data_received(self, chunk: bytes) -> None:
        await self._pass_on(self._take_piece(chunk))

    def finish(self) -> None:
        if not self.ended.done():
            self.ended.set_result(True)

    def on_connection_close(self) -> None:
        if not self.ended.done():
            self.ended.set_result(False)

    async def _pass_on(self, passing: Awaitable[None]) -> None:
        try:
            await passing
        except StreamClosedError:
            self.on_connection_close()


async def _connect(url: str) -> IOStream:
    parts = urlsplit(url)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    try:
        return await TCPClient().connect(parts.hostname or "", port, ssl_options=secure, timeout=CONNECT_SECONDS)
    except (OSError, StreamClosedError) as error:
        reason = getattr(error, "real_error", None) or error
        raise ServerUnavailableError(f"no server answers at {parts.scheme}://{parts.netloc}: {reason}") from error
