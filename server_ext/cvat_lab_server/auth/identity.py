"""Logins: how each host finds out who is calling.

:class:`Identity` is what the handler needs; :class:`LocalIdentity` knows passwords, sessions and access tokens and
serves the stand-alone server. The identities of Jupyter and of the Hub add their own credentials to it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import Morsel
from typing import Protocol

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from cvat_lab.errors import NotAuthenticatedError, NotPermittedError
from cvat_lab.model.user import User

SESSION_COOKIE = "sessionid"
CSRF_COOKIE = "csrftoken"
_BASIC_CACHE_SECONDS = 60.0


@dataclass(frozen=True)
class Login:
    """A known caller.

    Attributes
    ----------
    csrf_token
        What an unsafe request must repeat in a header; None when the credential was no cookie.
    """

    user: User
    read_only: bool = False
    csrf_token: str | None = None

    @staticmethod
    def nobody() -> Login:
        """Return the login of an anonymous caller, who may read public routes only."""
        return Login(User(id=0, username="anonymous", date_joined=datetime.fromtimestamp(0, UTC)), read_only=True)


class UserDirectory(Protocol):
    """What an identity needs to know about users; the user service provides it."""

    def check(self, username: str, password: str, address: str = "") -> User:
        """Return the user, or raise NotAuthenticatedError."""

    def by_name(self, username: str) -> User | None:
        """Return the user of this name."""

    def by_session(self, key: str) -> tuple[User, str] | None:
        """Return user and CSRF token of a session."""

    def by_token(self, secret: str) -> tuple[User, bool] | None:
        """Return user and read-only flag of an access token."""

    async def ensure(self, username: str, *, is_admin: bool = False) -> User:
        """Return the user of this name, adding him when he is new."""


class Identity(Protocol):
    """Finds out who is calling."""

    async def login_of(self, handler: RequestHandler) -> Login | None:
        """Return the caller's login, or None for an anonymous one.

        Raises
        ------
        NotAuthenticatedError
            There are credentials, but they are wrong.
        """

    def check_csrf(self, handler: RequestHandler, login: Login) -> None:
        """Refuse an unsafe request that another site may have forged."""


class LocalIdentity:
    """Passwords, sessions and access tokens kept in the workspace."""

    def __init__(self, users: UserDirectory) -> None:
        self.users = users
        self._basic: dict[str, tuple[float, User]] = {}

    async def login_of(self, handler: RequestHandler) -> Login | None:
        """Try the Authorization header, then the session cookie."""
        scheme, _, value = handler.request.headers.get("Authorization", "").partition(" ")
        if scheme:
            address = client_address(handler.request)
            return await asyncio.to_thread(self._by_header, scheme.lower(), value.strip(), address)
        key = cookie(handler, SESSION_COOKIE)
        found = await asyncio.to_thread(self.users.by_session, key) if key else None
        return Login(found[0], csrf_token=found[1]) if found else None

    def check_csrf(self, handler: RequestHandler, login: Login) -> None:
        """Compare the CSRF header with the session's token."""
        if login.csrf_token is None:
            return
        given = handler.request.headers.get("X-CSRFToken", "")
        if not hmac.compare_digest(given.encode(), login.csrf_token.encode()):
            raise NotPermittedError("CSRF Failed: the header X-CSRFToken must repeat the cookie csrftoken.")

    def _by_header(self, scheme: str, value: str, address: str) -> Login:
        if scheme == "basic":
            return Login(self._by_password(value, address))
        if scheme in ("bearer", "token") and (found := self.users.by_token(value)):
            return Login(found[0], read_only=found[1])
        if scheme == "token" and (session := self.users.by_session(value)):
            return Login(session[0])
        raise NotAuthenticatedError("Invalid token.")

    def _by_password(self, value: str, address: str) -> User:
        """Check a Basic header; a right one is remembered for a minute, because the check is slow on purpose."""
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise NotAuthenticatedError("Invalid basic header.") from error
        key = hashlib.sha256(value.encode()).hexdigest()
        moment, known = self._basic.get(key, (0.0, None))
        if known is not None and time.monotonic() - moment < _BASIC_CACHE_SECONDS:
            present = self.users.by_name(known.username)
            if present and present.is_active and present.password_hash == known.password_hash:
                return present
        user = self.users.check(name, password, address)
        self._basic = {key: (time.monotonic(), user), **dict(list(self._basic.items())[:1000])}
        return user


def cookie(handler: RequestHandler, name: str) -> str:
    """Return the value of a cookie, or an empty text."""
    morsel: Morsel[str] | None = handler.request.cookies.get(name)
    return morsel.value if morsel else ""


def client_address(request: HTTPServerRequest) -> str:
    """Return the address that a request comes from, which whoever guesses passwords must not be able to choose.

    So only a proxy on this machine is believed when it names another address: the last one, which it saw itself.
    """
    try:
        peer = str(request.connection.stream.socket.getpeername()[0])  # type: ignore[union-attr]
    except (AttributeError, OSError, IndexError):  # It hung up, or came through a Unix socket.
        peer = ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named if named and _is_this_machine(peer) and _is_address(named) else peer


def _is_this_machine(peer: str) -> bool:
    return not peer or (_is_address(peer) and ipaddress.ip_address(peer.removeprefix("::ffff:")).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
