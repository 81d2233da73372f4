"""Logins, passwords, registration and access tokens."""

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
    PasswordReset,
    PasswordResetConfirm,
    Registered,
    Registration,
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


@routes.post("/api/auth/register", status=201, public=True)
async def register(call: Call, body: Registration) -> Registered:
    """Open an account, where everybody may."""
    return await asyncio.to_thread(call.services.accounts.register, body, call.address)


@routes.post("/api/auth/password/change")
async def change_password(call: Call, body: PasswordChange) -> Detail:
    """Change the caller's own password."""
    change = call.services.accounts.change_password
    await asyncio.to_thread(change, call.caller.user, body, call.address, _session_key(call))
    return Detail(detail="New password has been saved.")


@routes.post("/api/auth/password/reset", public=True)
async def reset_password(call: Call, body: PasswordReset) -> None:
    """Say how one gets a new password."""
    call.services.accounts.refuse_reset()


@routes.post("/api/auth/password/reset/confirm", public=True)
async def confirm_reset(call: Call, body: PasswordResetConfirm) -> None:
    """Say how one gets a new password."""
    call.services.accounts.refuse_reset()


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
    return await call.services.users.tokens.list(call.caller, call.list_query())


@routes.post("/api/auth/access_tokens", status=201)
async def create_token(call: Call, body: AccessTokenWrite) -> AccessTokenRead:
    """Make an access token."""
    return await call.services.users.tokens.create(call.caller, body)


@routes.get("/api/auth/access_tokens/self")
async def own_token(call: Call) -> AccessTokenRead:
    """Return the token this call was made with."""
    secret = call.headers.get("Authorization", "").partition(" ")[2].strip()
    found = await call.services.users.tokens.read_self(call.caller, secret)
    if found is None:
        raise NotFoundError("this call was not made with an access token")
    return found


@routes.get("/api/auth/access_tokens/{id:int}")
async def read_token(call: Call, id: int) -> AccessTokenRead:
    """Return one access token."""
    return await call.services.users.tokens.read(call.caller, id)


@routes.patch("/api/auth/access_tokens/{id:int}")
async def update_token(call: Call, id: int, body: AccessTokenPatch) -> AccessTokenRead:
    """Change an access token."""
    return await call.services.users.tokens.update(call.caller, id, body)


@routes.delete("/api/auth/access_tokens/{id:int}")
async def delete_token(call: Call, id: int) -> None:
    """Revoke an access token."""
    await call.services.users.tokens.delete(call.caller, id)
