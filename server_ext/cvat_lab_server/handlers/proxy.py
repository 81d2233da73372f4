"""Forwards the whole API to the server that owns the workspace: a JupyterHub service, or another server of the user."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders, ResponseStartLine
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler, stream_request_body

from cvat_lab.errors import CvatLabError, NotAuthenticatedError, ServerUnavailableError
from cvat_lab.model.base import encode_json
from cvat_lab_server.auth.jupyter import JupyterGate
from cvat_lab_server.handlers.base import LINGER, SHORT_BODY
from cvat_lab_server.handlers.bodies import connection_of
from cvat_lab_server.handlers.relay import Relay
from cvat_lab_server.handlers.routing import MIB

BODY_LIMIT = 2048 * MIB

_HOP_BY_HOP = frozenset(
    {"connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_OWN_HEADERS = _HOP_BY_HOP | {"authorization", "cookie", "host", "proxy-authorization", "x-xsrftoken"}
_OWN_ANSWER_HEADERS = _HOP_BY_HOP | {"date", "server", "set-cookie"}


class Way(Protocol):
    """Where the owner of the workspace is. It may move while we run."""

    def target(self) -> tuple[str, str]:
        """Return the owner's address, without a trailing slash, and the token it knows this user by.

        Raises
        ------
        ServerUnavailableError
            There is no owner; the message says why.
        """

    async def renew(self) -> bool:
        """Look for the owner again; return whether there is another way now."""


@stream_request_body
class ProxyHandler(RequestHandler):
    """Passes a request on with the credential of this server, piece by piece, and its answer back.

    Parameters of the URL spec: ``gate``, ``prefix``, the path that the API is mounted under, without a trailing slash,
    and ``way``.
    """

    SUPPORTED_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def initialize(self, gate: JupyterGate, prefix: str, way: Way) -> None:
        """Take what the host hands in."""
        self.gate, self.prefix, self.way = gate, prefix, way
        self.relay: Relay | None = None
        self.refusal: CvatLabError | None = None
        self.thrown_away = 0

    def check_xsrf_cookie(self) -> None:
        """Leave the check to the gate."""

    async def prepare(self) -> None:
        """Check the login, then open the connection to the owner."""
        connection_of(self.request).set_max_body_size(BODY_LIMIT)
        try:
            visitor = await self.gate.visitor_of(self)
            if visitor is None and self.request.path != f"{self.prefix}/api/server/about":
                raise NotAuthenticatedError("Authentication credentials were not provided.")
            self.relay = await self._open()
        except CvatLabError as error:
            self.refusal = error
            # Who sends much must hear of it at once. Else the answer waits for the body, which keeps the connection.
            if "Transfer-Encoding" in self.request.headers or self._announced_size() > SHORT_BODY:
                await self._answer_refusal(error)

    async def _open(self) -> Relay:
        """Connect to the owner; when it is gone and another one is there, send the client round once more."""
        try:
            url, token = self.way.target()
            relay = Relay(self._take_head, self._take_piece)
            path = (self.request.uri or "").removeprefix(self.prefix)
            await relay.open(self.request.method or "GET", url + path, self._passed_headers(url, token))
        except ServerUnavailableError as error:
            if await self.way.renew():
                raise _MovedError from error
            raise
        return relay

    def _announced_size(self) -> int:
        text = self.request.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() else 0

    async def data_received(self, chunk: bytes) -> None:
        """Pass a piece of the body on; waits while the owner is slow."""
        if self.relay is not None and await self.relay.send(chunk):
            return
        self.thrown_away += len(chunk)
        if self.thrown_away > LINGER:
            connection_of(self.request).stream.close()

    def on_connection_close(self) -> None:
        """Leave the owner alone when the client has hung up."""
        if self.relay is not None:
            self.relay.close()

    async def _serve(self) -> None:
        if self.relay is None:
            assert self.refusal is not None
            if not self._headers_written:
                await self._answer_refusal(self.refusal)
        elif not await self.relay.finish():
            if self._headers_written:
                # Half an answer must not look like a whole one.
                connection_of(self.request).stream.close()
                return
            await self._answer_refusal(ServerUnavailableError("the owner of the workspace hung up without an answer"))
        with suppress(StreamClosedError):
            await self.finish()

    get = head = post = put = patch = delete = options = _serve

    def _passed_headers(self, url: str, token: str) -> HTTPHeaders:
        given = self.request.headers
        headers = HTTPHeaders()
        for name, value in given.get_all():
            if name.lower() not in _OWN_HEADERS:
                headers.add(name, value)
        headers["Host"] = urlsplit(url).netloc
        headers["Authorization"] = f"token {token}"
        headers["X-Forwarded-Host"] = given.get("X-Forwarded-Host", self.request.host)
        headers["X-Forwarded-Proto"] = given.get("X-Forwarded-Proto", self.request.protocol)
        headers["X-Forwarded-Prefix"] = self.prefix
        return headers

    async def _take_head(self, start_line: ResponseStartLine, headers: HTTPHeaders) -> None:
        self.clear()
        self.clear_header("Content-Type")
        self.clear_header("Server")
        self.set_status(start_line.code, start_line.reason)
        for name, value in headers.get_all():
            if name.lower() not in _OWN_ANSWER_HEADERS:
                self.add_header(name, value)
        await self.flush()

    async def _take_piece(self, piece: bytes) -> None:
        self.write(piece)
        await self.flush()

    async def _answer_refusal(self, error: CvatLabError) -> None:
        text = encode_json(error.body())
        self.clear()
        self.set_status(error.http_status)
        if isinstance(error, _MovedError):
            self.set_header("Location", self.request.uri or "")
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Length", str(len(text)))
        self.write(text)
        with suppress(StreamClosedError):
            await self.flush()

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer what Tornado or the Hub refuses as JSON, like everything else."""
        self.set_header("Content-Type", "application/json")
        self.finish(encode_json({"detail": self._reason}))


class _MovedError(CvatLabError):
    """The workspace has another owner now; the same request will find it."""

    http_status: ClassVar[int] = 307

    def __init__(self) -> None:
        super().__init__("the workspace has another owner now")
