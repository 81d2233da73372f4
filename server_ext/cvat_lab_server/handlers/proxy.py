"""Forwards the whole API to the server that owns the workspace: a JupyterHub service, or another server of the user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders, parse_response_start_line
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler, stream_request_body

from cvat_lab.errors import CvatLabError, NotAuthenticatedError, ServerUnavailableError
from cvat_lab.model.base import encode_json
from cvat_lab_server.auth.jupyter import JupyterGate
from cvat_lab_server.handlers.bodies import connection_of
from cvat_lab_server.handlers.routing import MIB

BODY_LIMIT = 2048 * MIB
TIMEOUT_SECONDS = 600.0
_WAITING_PIECES = 16

_OWN_HEADERS = frozenset(
    {
        "host",
        "authorization",
        "cookie",
        "connection",
        "content-length",
        "transfer-encoding",
        "x-xsrftoken",
        "keep-alive",
    }
)
_OWN_ANSWER_HEADERS = frozenset({"connection", "transfer-encoding", "content-length", "server", "date", "keep-alive"})


@stream_request_body
class ProxyHandler(RequestHandler):
    """Passes a request on with the credential of this server, piece by piece, and its answer back.

    Parameters of the URL spec: ``gate``, ``prefix``, ``remote_url`` without a trailing slash, and ``token``, which
    gives the token the owner knows this user by.
    """

    SUPPORTED_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def initialize(self, gate: JupyterGate, prefix: str, remote_url: str, token: Callable[[], str]) -> None:
        """Take what the host hands in."""
        self.gate, self.prefix, self.remote_url, self.token = gate, prefix, remote_url, token
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_WAITING_PIECES)
        self.answer: asyncio.Task[HTTPResponse] | None = None

    def check_xsrf_cookie(self) -> None:
        """Leave the check to the gate."""

    async def prepare(self) -> None:
        """Check the login, then open the connection to the owner."""
        try:
            visitor = await self.gate.visitor_of(self)
            if visitor is None and not self.request.path.endswith("/api/server/about"):
                raise NotAuthenticatedError("Authentication credentials were not provided.")
        except CvatLabError as error:
            self._fail(error)
            return
        connection_of(self.request).set_max_body_size(BODY_LIMIT)
        self.answer = asyncio.create_task(self._fetch())

    async def data_received(self, chunk: bytes) -> None:
        """Pass a piece of the body on; waits while the owner is slow."""
        if self.answer and not self.answer.done():
            await self.pieces.put(chunk)

    async def _serve(self) -> None:
        if self.answer is None or self._finished:
            return
        await self.pieces.put(None)
        try:
            await self.answer
            await self.finish()
        except StreamClosedError:
            return
        except (HTTPClientError, OSError) as error:
            self._fail(ServerUnavailableError(f"the server that owns the workspace does not answer: {error}"))

    get = head = post = put = patch = delete = options = _serve

    async def _fetch(self) -> HTTPResponse:
        has_body = self.request.method in ("POST", "PUT", "PATCH")
        request = HTTPRequest(
            self.remote_url + self.request.uri.removeprefix(self.prefix),
            method=self.request.method or "GET",
            headers=self._passed_headers(),
            body_producer=self._produce if has_body else None,  # type: ignore[arg-type]
            header_callback=self._take_header,
            streaming_callback=self._take_piece,
            request_timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            decompress_response=False,
            allow_nonstandard_methods=True,
        )
        return await AsyncHTTPClient(max_body_size=BODY_LIMIT).fetch(request, raise_error=False)

    def _passed_headers(self) -> HTTPHeaders:
        headers = HTTPHeaders()
        for name, value in self.request.headers.get_all():
            if name.lower() not in _OWN_HEADERS:
                headers.add(name, value)
        if "Content-Length" in self.request.headers and self.request.method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = self.request.headers["Content-Length"]
        given = self.request.headers
        headers["Authorization"] = f"token {self.token()}"
        headers["X-Forwarded-Host"] = given.get("X-Forwarded-Host", self.request.host)
        headers["X-Forwarded-Proto"] = given.get("X-Forwarded-Proto", self.request.protocol)
        headers["X-Forwarded-Prefix"] = self.prefix
        return headers

    async def _produce(self, write: Callable[[bytes], object]) -> None:
        while (piece := await self.pieces.get()) is not None:
            await write(piece)  # type: ignore[misc]

    def _take_header(self, line: str) -> None:
        if line.startswith("HTTP/"):
            self.set_status(parse_response_start_line(line.strip()).code)
        elif ":" in line:
            name, _, value = line.partition(":")
            if name.lower() not in _OWN_ANSWER_HEADERS:
                self.add_header(name, value.strip()) if name.lower() == "set-cookie" else self.set_header(
                    name, value.strip()
                )

    def _take_piece(self, piece: bytes) -> None:
        self.write(piece)
        self.flush()

    def _fail(self, error: CvatLabError) -> None:
        if self._finished or self._headers_written:
            return
        self.clear()
        self.set_status(error.http_status)
        self.set_header("Content-Type", "application/json")
        self.finish(encode_json(error.body()))
