"""Logins, access tokens and users."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from cvat_lab.errors import InvalidInputError, NotAuthenticatedError, NotFoundError
from cvat_lab.model.server import Detail, Page
from cvat_lab.model.user import (
    AccessTokenPatch,
    AccessTokenRead,
    AccessTokenWrite,
    Login,
    LoginKey,
    PasswordChange,
    UserBasic,
    UserRead,
)
from cvat_lab_server.auth.identity import CSRF_COOKIE, SESSION_COOKIE
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.services.users import SESSION_LIFE

routes = Routes()


@routes.post("/api/auth/login", public=True)
async def login(call: Call, body: Login) -> Reply:
    """Start a session; answers with both cookies that CVAT's clients need."""
    users = call.services.users
    try:
        user = await asyncio.to_thread(users.check, body.username or body.email, body.password, call.address)
    except NotAuthenticatedError as error:
        raise InvalidInputError(str(error), field="non_field_errors") from error
    key, csrf = await asyncio.to_thread(users.open_session, user)
    secure = call.caller.base_url.startswith("https:")
    return Reply(
        LoginKey(key=key),
        cookies=(
            _cookie(SESSION_COOKIE, key, SESSION_LIFE, secure, hidden=True),
            _cookie(CSRF_COOKIE, csrf, SESSION_LIFE, secure, hidden=False),
        ),
    )


@routes.post("/api/auth/password/change")
async def change_password(call: Call, body: PasswordChange) -> Detail:
    """Change the caller's own password."""
    call.caller.require_write()
    change = call.services.users.change_password
    await asyncio.to_thread(change, call.caller.user, body, call.address, _session_key(call))
    return Detail(detail="New password has been saved.")


@routes.post("/api/auth/logout", public=True)
async def logout(call: Call) -> Reply:
    """End the session."""
    key = _session_key(call)
    if key:
        await asyncio.to_thread(call.services.users.close_session, key)
    gone = timedelta(0)
    cookies = tuple(_cookie(name, "", gone, False, hidden=False) for name in (SESSION_COOKIE, CSRF_COOKIE))
    return Reply(Detail(detail="Successfully logged out."), cookies=cookies)


def _session_key(call: Call) -> str:
    return call.cookies.get(SESSION_COOKIE) or call.headers.get("Authorization", "").removeprefix("Token ")


def _cookie(name: str, value: str, life: timedelta, secure: bool, *, hidden: bool) -> str:
    """Return a Set-Cookie header.

    CVAT's clients join these headers with commas, which only parses when none ends in a flag: so SameSite comes last.
    """
    flags = ("; HttpOnly" if hidden else "") + ("; Secure" if secure else "")
    return f"{name}={value}{flags}; Max-Age={int(life.total_seconds())}; Path=/; SameSite=Lax"


@routes.get("/api/auth/access_tokens")
async def list_tokens(call: Call) -> Page[AccessTokenRead]:
    """Return the caller's access tokens."""
    return await call.services.users.list_tokens(call.caller, call.list_query())


@routes.post("/api/auth/access_tokens", status=201)
async def create_token(call: Call, body: AccessTokenWrite) -> AccessTokenRead:
    """Make an access token."""
    call.caller.require_write()
    return await call.services.users.create_token(call.caller, body)


@routes.get("/api/auth/access_tokens/self")
async def own_token(call: Call) -> AccessTokenRead:
    """Return the token this call was made with."""
    secret = call.headers.get("Authorization", "").removeprefix("Bearer ")
    found = await call.services.users.token_of(call.caller, secret)
    if found is None:
        raise NotFoundError("this call was not made with an access token")
    return found


@routes.get("/api/auth/access_tokens/{id:int}")
async def read_token(call: Call, id: int) -> AccessTokenRead:
    """Return one access token."""
    return await call.services.users.read_token(call.caller, id)


@routes.patch("/api/auth/access_tokens/{id:int}")
async def update_token(call: Call, id: int, body: AccessTokenPatch) -> AccessTokenRead:
    """Change an access token."""
    call.caller.require_write()
    return await call.services.users.update_token(call.caller, id, body)


@routes.delete("/api/auth/access_tokens/{id:int}")
async def delete_token(call: Call, id: int) -> None:
    """Revoke an access token."""
    call.caller.require_write()
    await call.services.users.delete_token(call.caller, id)


@routes.get("/api/users/self")
async def self_(call: Call) -> UserRead | UserBasic:
    """Return the caller."""
    return call.services.users.show(call.caller, call.caller.user)


@routes.get("/api/users")
async def list_users(call: Call) -> Page[UserRead | UserBasic]:
    """Return users."""
    return await call.services.users.list(call.caller, call.list_query())


@routes.get("/api/users/{id:int}")
async def read_user(call: Call, id: int) -> UserRead | UserBasic:
    """Return one user."""
    return await call.services.users.read(call.caller, id)
