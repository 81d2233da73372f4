"""Logins of a service that JupyterHub manages: the Hub's cookies in browsers, its tokens everywhere else."""

from __future__ import annotations

from typing import Any

from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError, RequestHandler

from cvat_lab.errors import NotAuthenticatedError, NotPermittedError
from cvat_lab_server.auth.identity import Login, UserDirectory


class HubIdentity:
    """Lets in whom the Hub lets in to this service; Hub administrators are administrators here.

    The Hub itself demands its ``_xsrf`` token for cookies, so Tornado's own check stays off: it would also hit tokens.
    """

    def __init__(self, users: UserDirectory, auth: HubOAuth | None = None) -> None:
        self._users = users
        self._auth = auth or HubOAuth()

    async def login_of(self, handler: RequestHandler) -> Login | None:
        """Ask the Hub who holds the token or cookie of a request."""
        try:
            found: dict[str, Any] | None = await self._auth.get_user(handler, sync=False)
        except HTTPError as error:
            reason = error.reason or error.log_message or "the Hub refuses this login"
            raise (NotPermittedError if error.status_code == 403 else NotAuthenticatedError)(reason) from error
        if found is None or found.get("kind") != "user":
            return None
        if not self._auth.check_scopes(self._auth.access_scopes, found):
            needed = " or ".join(sorted(self._auth.access_scopes))
            raise NotPermittedError(f"{found['name']} may not use this service; needed: scope {needed}")
        return Login(await self._users.ensure(found["name"], is_admin=bool(found.get("admin"))))

    def check_csrf(self, handler: RequestHandler, login: Login) -> None:
        """Do nothing: the Hub has checked it while it looked at the cookie."""
