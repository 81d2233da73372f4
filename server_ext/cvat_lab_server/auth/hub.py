"""Logins of a service that JupyterHub manages: the Hub's cookies in browsers, its tokens everywhere else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

from jupyterhub.services.auth import HubOAuth
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.web import HTTPError, RequestHandler

from cvat_lab.errors import NotAuthenticatedError, NotPermittedError, ServerUnavailableError
from cvat_lab_server.auth.identity import Login, UserDirectory

log = logging.getLogger("cvat_lab")

REFRESH_SECONDS = 120.0
RETRY_SECONDS = 5.0
_PAGE_SIZE = 200
_PAGINATED = "application/jupyterhub-pagination+json"


class HubIdentity:
    """Lets in whom the Hub lets in to this service; Hub administrators are administrators here.

    Tornado's own XSRF check stays off: it runs before the credential is known, so it would also hit tokens.
    """

    def __init__(self, users: UserDirectory, auth: HubOAuth) -> None:
        self._users = users
        self._auth = auth

    async def login_of(self, handler: RequestHandler) -> Login | None:
        """Ask the Hub who holds the token or cookie of a request."""
        try:
            found: dict[str, Any] | None = await self._auth.get_user(handler, sync=False)
        except HTTPError as error:
            raise _explained(error) from error
        if found is None or found.get("kind") != "user":
            return None
        self._check_site(handler)
        if not self._auth.check_scopes(self._auth.access_scopes, found):
            needed = " or ".join(sorted(self._auth.access_scopes))
            raise NotPermittedError(f"{found['name']} may not use this service; needed: scope {needed}")
        return Login(await self._users.ensure(found["name"], is_admin=bool(found.get("admin"))))

    def check_csrf(self, handler: RequestHandler, login: Login) -> None:
        """Do nothing: what a cookie may do was checked when it was looked at."""

    def _check_site(self, handler: RequestHandler) -> None:
        """Refuse cookies that come without the Hub's ``_xsrf`` token.

        The Hub asks for it on reads by scripts, too, because pages of all users' servers share one origin.
        """
        try:
            self._auth.check_xsrf_cookie(handler)
        except HTTPError as error:
            raise NotPermittedError("the header X-XSRFToken must repeat the cookie _xsrf") from error


class HubDirectory:
    """Makes the users of the Hub known here before their first visit, so that work can be assigned to them."""

    def __init__(self, users: UserDirectory, auth: HubOAuth) -> None:
        self._users = users
        self._auth = auth

    async def keep_fresh(self) -> None:
        """Read the list now and again, until cancelled."""
        while True:
            pause = REFRESH_SECONDS
            try:
                await self.refresh()
            except HTTPClientError as error:
                if error.code == 403:
                    log.warning(
                        "users appear after their first visit only: the Hub's config gives this service no role with "
                        "the scopes list:users and read:users:name"
                    )
                    return
                log.warning("the Hub does not list its users: %s", error)
            except OSError as error:
                log.warning("the Hub cannot be reached: %s", error)
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def refresh(self) -> None:
        """Add the users that are new, and follow who is an administrator."""
        async for model in self._models():
            await self._users.ensure(model["name"], is_admin=bool(model.get("admin")))

    async def _models(self) -> AsyncIterator[dict[str, Any]]:
        offset: int | None = 0
        while offset is not None:
            page = await self._get(f"{self._auth.api_url}/users?offset={offset}&limit={_PAGE_SIZE}")
            for model in page["items"]:
                yield model
            following = page["_pagination"]["next"]
            offset = following["offset"] if following else None

    async def _get(self, url: str) -> Any:
        request = HTTPRequest(
            url,
            headers={"Authorization": f"token {self._auth.api_token}", "Accept": _PAGINATED},
            client_cert=self._auth.certfile or None,
            client_key=self._auth.keyfile or None,
            ca_certs=self._auth.client_ca or None,
        )
        return json.loads((await AsyncHTTPClient().fetch(request)).body)


def _explained(error: HTTPError) -> Exception:
    """Return our error for the Hub's; a Hub that does not answer says nothing about the caller."""
    reason = error.reason or error.log_message or "the Hub refuses this login"
    if error.status_code >= 500:
        return ServerUnavailableError(f"JupyterHub cannot be asked who this is: {reason}")
    return (NotPermittedError if error.status_code == 403 else NotAuthenticatedError)(reason)
