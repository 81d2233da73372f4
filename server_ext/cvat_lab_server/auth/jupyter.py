"""Logins of a Jupyter server: its own users, tokens and cookies, asked through its identity provider."""

from __future__ import annotations

import getpass
import hmac
import os
import secrets
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, LegacyIdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import ensure_async
from tornado.web import HTTPError, RequestHandler

from cvat_lab.errors import NotPermittedError
from cvat_lab_server.auth.identity import SESSION_COOKIE, LocalIdentity, Login, UserDirectory, cookie

RESOURCE = "cvat_lab"
"""Name that Jupyter's authorizer is asked about."""

_STOCK_PROVIDERS = (IdentityProvider, PasswordIdentityProvider, LegacyIdentityProvider)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class JupyterGate:
    """Asks the Jupyter server whether it lets a request in, and as whom.

    A plain server has one user, and its provider invents a new name for every request that carries only a token. So
    there everybody who gets in has one and the same name, that of the account the server runs under. Where a real
    provider is configured (JupyterHub among them) its user names count.

    Parameters
    ----------
    provider, authorizer
        Of the Jupyter server.
    """

    def __init__(self, provider: IdentityProvider, authorizer: Any) -> None:
        self._provider = provider
        self._authorizer = authorizer
        self._has_names = type(provider) not in _STOCK_PROVIDERS
        self.kernel_token = secrets.token_hex(20)

    async def visitor_of(self, handler: RequestHandler) -> str | None:
        """Return the name of who is let in, or None.

        Raises
        ------
        NotPermittedError
            The request comes from a foreign site, or Jupyter's authorizer forbids what it would do.
        """
        scheme, _, token = handler.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() in ("token", "bearer") and hmac.compare_digest(token.encode(), self.kernel_token.encode()):
            return _account()
        probe = _probe(handler)
        user = await ensure_async(self._provider.get_user(probe))
        if user is None:
            return None
        probe.current_user = probe._jupyter_current_user = user
        _check_site(probe)
        verb = "read" if handler.request.method in _READING else "write"
        if not await ensure_async(self._authorizer.is_authorized(probe, user, verb, RESOURCE)):
            raise NotPermittedError(f"the Jupyter server does not allow {user.username} to {verb} {RESOURCE}")
        return user.username if self._has_names else _account()


class JupyterIdentity:
    """Lets in whom the Jupyter server lets in, as an administrator; also passwords and tokens of the workspace."""

    def __init__(self, users: UserDirectory, gate: JupyterGate) -> None:
        self._users = users
        self._gate = gate
        self._local = LocalIdentity(users)

    async def login_of(self, handler: RequestHandler) -> Login | None:
        """Try a session of the workspace, Jupyter's credentials, then passwords and tokens of the workspace."""
        header = handler.request.headers.get("Authorization", "")
        if cookie(handler, SESSION_COOKIE) and not header and (login := await self._local.login_of(handler)):
            return login
        if name := await self._gate.visitor_of(handler):
            return Login(await self._users.ensure(name, is_admin=True))
        return await self._local.login_of(handler) if header else None

    def check_csrf(self, handler: RequestHandler, login: Login) -> None:
        """Compare the token of a session of the workspace; for Jupyter's own cookies the gate has done it."""
        self._local.check_csrf(handler, login)


def _probe(handler: RequestHandler) -> JupyterHandler:
    """Return a Jupyter handler over the same request, because identity providers work on those only."""
    probe = JupyterHandler(handler.application, handler.request)
    handler.request.connection.set_close_callback(handler.on_connection_close)  # type: ignore[union-attr]
    return probe


def _check_site(probe: JupyterHandler) -> None:
    """Refuse unknown hosts, and unsafe requests by cookie that do not repeat Jupyter's ``_xsrf`` token."""
    if not probe.check_host():
        raise NotPermittedError(f"the Jupyter server does not serve the host {probe.request.host}")
    if probe.request.method in _READING:
        return
    try:
        probe.check_xsrf_cookie()
    except HTTPError as error:
        raise NotPermittedError("the header X-XSRFToken must repeat the cookie _xsrf") from error


def _account() -> str:
    """Return the name of whom the server belongs to: the user of the Hub that started it, or the account it runs under.

    In a container of the Hub, the account has the same name for everybody.
    """
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
