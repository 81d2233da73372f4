"""Users."""

from __future__ import annotations

from cvat_lab.model.server import Page
from cvat_lab.model.user import PasswordSet, UserBasic, UserPatch, UserRead
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/users/self")
async def read_self(call: Call) -> UserRead | UserBasic:
    """Return the caller."""
    return call.services.users.show(call.caller, call.caller.user)


@routes.get("/api/users")
async def list_users(call: Call) -> Page[UserRead | UserBasic]:
    """Return a page of users."""
    return await call.services.users.list(call.caller, call.list_query())


@routes.get("/api/users/{id:int}")
async def read_user(call: Call, id: int) -> UserRead | UserBasic:
    """Return a user."""
    return await call.services.users.read(call.caller, id)


@routes.patch("/api/users/{id:int}")
async def update_user(call: Call, id: int, body: UserPatch) -> UserRead | UserBasic:
    """Change an account."""
    return await call.services.accounts.update(call.caller, id, body)


@routes.delete("/api/users/{id:int}")
async def delete_user(call: Call, id: int) -> None:
    """Delete an account; what it owned stays."""
    await call.services.accounts.delete(call.caller, id)


@routes.put("/api/lab/users/{id:int}/password", status=204)
async def give_password(call: Call, id: int, body: PasswordSet) -> None:
    """Give a user a new password."""
    await call.services.accounts.give_password(call.caller, id, body.password)
