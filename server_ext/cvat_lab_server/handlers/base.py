"""The one Tornado handler: finds the route, checks the login, parses, calls, encodes, and maps errors."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable
from contextlib import aclosing
from typing import Any
from urllib.parse import unquote

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler, stream_request_body

from cvat_lab.errors import CvatLabError, NotAuthenticatedError, NotPermittedError, TooManyAttemptsError
from cvat_lab.model.base import encode_json
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.identity import Identity, Login, client_address
from cvat_lab_server.handlers.bodies import Body, MemoryBody, MultipartBody, connection_of, too_large
from cvat_lab_server.handlers.call import Call, FileReply, Reply, StreamReply, from_text
from cvat_lab_server.handlers.routing import Route, Router
from cvat_lab_server.services.container import Services

log = logging.getLogger("cvat_lab")

FILE_PIECE = 2**20

SHORT_BODY = 2**20
"""Bytes of a body that are waited for before a refusal is answered, so that the connection can be used again."""

LINGER = 64 * 2**20
"""Bytes of a longer body that are let pass after a refusal: who is cut off while he sends does not see the answer."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@stream_request_body
class ApiHandler(RequestHandler):
    """Serves every route of the API.

    Parameters of the URL spec: ``router``, ``services``, ``identity`` and ``prefix``, the path that the API is mounted
    under, without a trailing slash.
    """

    SUPPORTED_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def initialize(self, router: Router, services: Services, identity: Identity, prefix: str) -> None:
        """Take what the host hands in."""
        self.router, self.services, self.identity, self.prefix = router, services, identity, prefix
        self.route: Route | None = None
        self.values: dict[str, Any] = {}
        self.incoming: Body | None = None
        self.login: Login | None = None
        self.refusal: Exception | None = None
        self.thrown_away = 0

    def set_default_headers(self) -> None:
        """Send nothing that tells the server's make, and never let a browser guess types."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")

    def compute_etag(self) -> None:
        """Leave tags to the routes: a hash of the whole body, as Tornado makes it, costs more than it saves."""

    def check_xsrf_cookie(self) -> None:
        """Leave the check to the identity, which knows whether a cookie was the credential."""

    async def prepare(self) -> None:
        """Refuse what can be refused before the body arrives."""
        try:
            self._find_route()
            assert self.route is not None
            self.login = await self.identity.login_of(self)
            if self.login is None and not self.route.public:
                raise NotAuthenticatedError("Authentication credentials were not provided.")
            if self.login and not self.route.public:
                self._check_login(self.login, self.route)
            self._open_body(self.route)
        except Exception as error:
            self._refuse(error)

    def _check_login(self, login: Login, route: Route) -> None:
        """Refuse accounts that are switched off, forged requests, and writing with a token that may only read."""
        if not login.user.is_active:
            raise NotPermittedError(f"the account {login.user.username} is switched off; ask an administrator")
        if self.request.method in _SAFE_METHODS:
            return
        self.identity.check_csrf(self, login)
        if not route.reads:
            Caller(login.user, read_only=login.read_only).require_write()

    def _find_route(self) -> None:
        path = self.api_path
        found = self.router.find(self.request.method or "GET", path)
        if found is None:
            methods = self.router.methods(path)
            status = 405 if methods else 404
            detail = f'Method "{self.request.method}" not allowed.' if methods else f"Nothing is at {path}."
            raise _RefusedError(status, {"detail": detail})
        self.route, self.values = found
        self.values = {name: unquote(value) if isinstance(value, str) else value for name, value in self.values.items()}

    @property
    def api_path(self) -> str:
        """Path of the request below the mount point."""
        path: str = self.request.path
        return path.removeprefix(self.prefix)

    def _open_body(self, route: Route) -> None:
        connection_of(self.request).set_max_body_size(route.body_limit)
        size = self._announced_size()
        if size > route.body_limit:
            raise too_large(size, route.body_limit)
        content_type = self.request.headers.get("Content-Type", "")
        if route.uploads and content_type.startswith("multipart/form-data"):
            self.incoming = MultipartBody(content_type, route.body_limit, self.services.workspace.root / "uploads")
        else:
            self.incoming = MemoryBody(route.body_limit)

    def _announced_size(self) -> int:
        """Return the length of the body as the client announced it; Tornado refuses what is no number."""
        text = self.request.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() else 0

    def data_received(self, chunk: bytes) -> None:
        """Pass a piece of the body on."""
        if self.refusal is not None:
            self.thrown_away += len(chunk)
            if self.thrown_away > LINGER:
                self._hang_up()
        elif self.incoming is not None:
            try:
                self.incoming.write(chunk)
            except Exception as error:
                self._refuse(error)

    def _refuse(self, error: Exception) -> None:
        """Note an error that is known before the body is complete; answer at once if the body is long."""
        self.refusal = error
        if self.incoming is not None:
            self.incoming.discard()
        connection_of(self.request).set_max_body_size(2**62)
        if "Expect" in self.request.headers:
            self._send_error(error)
        elif "Transfer-Encoding" in self.request.headers or self._announced_size() > SHORT_BODY:
            self._write_error(error)
            self.flush()

    def _hang_up(self) -> None:
        connection_of(self.request).stream.close()

    def on_connection_close(self) -> None:
        """Forget the files of an upload that broke off."""
        if self.incoming:
            self.incoming.discard()

    def on_finish(self) -> None:
        """Delete uploaded files that no service moved away."""
        if isinstance(self.incoming, MultipartBody):
            self.incoming.discard()

    async def _serve(self) -> None:
        if self._finished:
            return
        if self.refusal is not None:
            self._send_error(self.refusal)
            return
        assert self.route is not None
        assert self.incoming is not None
        try:
            self.incoming.finish()
            call = await self._call(self.incoming)
            arguments = self._arguments(call, self.route)
            answer = await self.route.function(call, **self.values, **arguments)
            await self._send(answer, self.route.status)
        except StreamClosedError:
            log.debug("client hung up: %s", self.request.path)
        except Exception as error:
            self._send_error(error)

    get = head = post = put = patch = delete = options = _serve

    async def _call(self, body: Body) -> Call:
        query = {name: values[-1].decode("utf-8", "replace") for name, values in self.request.query_arguments.items()}
        return Call(
            services=self.services,
            caller=await self._caller(query),
            path=self.api_path,
            query=query,
            headers=self.request.headers,
            body=body.value if isinstance(body, MemoryBody) else b"",
            upload=body.upload if isinstance(body, MultipartBody) else None,
            cookies={name: morsel.value for name, morsel in self.request.cookies.items()},
            address=client_address(self.request),
        )

    async def _caller(self, query: dict[str, str]) -> Caller:
        login = self.login or Login.nobody()
        header = self.request.headers.get("X-Organization")
        place = await self.services.organizations.place_of(header, query.get("org"), query.get("org_id"))
        return Caller(login.user, self.public_url, place, login.read_only)

    @property
    def public_url(self) -> str:
        """URL of the mount point as the client sees it, without a trailing slash."""
        headers = self.request.headers
        host = headers.get("X-Forwarded-Host", self.request.host).split(",")[0].strip()
        protocol = headers.get("X-Forwarded-Proto", self.request.protocol).split(",")[0].strip()
        return f"{protocol}://{host}{headers.get('X-Forwarded-Prefix', self.prefix)}"

    def _arguments(self, call: Call, route: Route) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if route.body_type is not None:
            arguments["body"] = call.parse(route.body_type)
        if route.query_type is not None:
            arguments["query"] = from_text(dict(call.query), route.query_type, "query")
        return arguments

    async def _send(self, answer: Any, status: int) -> None:
        if isinstance(answer, FileReply):
            return await self._send_file(answer)
        if isinstance(answer, StreamReply):
            return await self._send_stream(answer)
        reply = answer if isinstance(answer, Reply) else Reply(answer, status)
        self.set_status(reply.status)
        for name, value in reply.headers.items():
            self.set_header(name, value)
        for cookie in reply.cookies:
            self.add_header("Set-Cookie", cookie)
        if reply.body is None:
            self.clear_header("Content-Type")
            await _sent(self.finish())
            return None
        self.set_header("Content-Type", reply.content_type)
        raw = isinstance(reply.body, bytes | bytearray | memoryview)
        await _sent(self.finish(bytes(reply.body) if raw else encode_json(reply.body)))
        return None

    async def _send_file(self, reply: FileReply) -> None:
        stream = await asyncio.to_thread(reply.path.open, "rb")
        with stream:
            self.set_header("Content-Type", reply.content_type)
            self.set_header("Content-Length", str(reply.path.stat().st_size))
            self.set_header("Content-Disposition", f'attachment; filename="{reply.name}"')
            while piece := await asyncio.to_thread(stream.read, FILE_PIECE):
                self.write(piece)
                await self.flush()
        await _sent(self.finish())

    async def _send_stream(self, reply: StreamReply) -> None:
        self.set_header("Content-Type", reply.content_type)
        async with aclosing(reply.chunks) as chunks:
            async for piece in chunks:
                self.write(piece)
                await self.flush()
        await _sent(self.finish())

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer what Tornado itself refuses, for example an unknown method, as JSON like everything else."""
        self.set_header("Content-Type", "application/json")
        self.finish(encode_json({"detail": self._reason}))

    def _send_error(self, error: Exception) -> None:
        """Answer an error. Half an answer must not look like a whole one, so the connection then breaks off."""
        if self.refusal is not None and self._headers_written:
            self.finish()
        elif self._finished or self._headers_written:
            log.warning("broke off the answer to %s: %s", self.request.path, error)
            self._hang_up()
        else:
            self._write_error(error)
            self.finish()

    def _write_error(self, error: Exception) -> None:
        if isinstance(error, CvatLabError):
            status, body = error.http_status, error.body()
        elif isinstance(error, _RefusedError):
            status, body = error.status, error.body
        else:
            number = uuid.uuid4().hex[:8]
            log.error("error %s in %s %s", number, self.request.method, self.request.path, exc_info=error)
            status, body = 500, {"detail": f"Internal error {number}; the server's log has the details."}
        text = encode_json(body)
        self.clear()
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Length", str(len(text)))
        if isinstance(error, TooManyAttemptsError):
            self.set_header("Retry-After", str(error.retry_after))
        self.write(text)


class _RefusedError(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


async def _sent(done: Awaitable[None]) -> None:
    """Wait until an answer has left; a client that hung up before is no error."""
    try:
        await done
    except StreamClosedError:
        log.debug("client hung up before the answer was sent")
