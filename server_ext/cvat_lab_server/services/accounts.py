"""Accounts: opening one, its password and its profile, and what becomes of work when one is deleted.

There is no mail server, so addresses are not verified and no password is reset by mail: administrators give new ones.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from cvat_lab.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    UnsupportedError,
)
from cvat_lab.model.base import utc_now
from cvat_lab.model.user import (
    PasswordChange,
    Registered,
    Registration,
    User,
    UserBasic,
    UserPatch,
    UserRead,
)
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.passwords import hash_password
from cvat_lab_server.auth.throttle import LoginThrottle
from cvat_lab_server.services.users import UserService, require_password, require_username
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import USERS
from cvat_lab_server.store.users import find_namesakes, remove_user

SHORTEST_NAME = 5
"""Of a name that somebody gives himself."""

_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_OWN = frozenset({"first_name", "last_name"})
"""What users may change of their own accounts. By name and address they are known to others, and invited."""


class AccountService:
    """Opens, changes and deletes accounts.

    Parameters
    ----------
    allow_registration
        Whether everybody who reaches the server may open an account.
    """

    def __init__(self, database: Database, users: UserService, *, allow_registration: bool) -> None:
        self._database = database
        self._users = users
        self._allow_registration = allow_registration
        self._registrations = LoginThrottle(counted="new accounts")

    def register(self, body: Registration, address: str) -> Registered:
        """Open an account for somebody who has none.

        Parameters
        ----------
        address
            Where the request comes from.

        Raises
        ------
        NotPermittedError
            Registration is off.
        InvalidInputError
            A name or address is taken, or the password is no good; names the field.
        TooManyAttemptsError
            One address opens account after account.
        """
        if not self._allow_registration:
            raise NotPermittedError(
                "registration is off on this server; ask an administrator for an account (cvat-lab users add), or let "
                "him start the server with --allow-registration"
            )
        _require_registration(body)
        self._registrations.require_patience(body.username, address)
        user = User(
            id=0,
            username=body.username,
            email=body.email,
            first_name=body.first_name,
            last_name=body.last_name,
            groups=["user"],
            date_joined=utc_now(),
        )
        self._database.read(lambda cursor: _require_free(cursor, user))
        self._registrations.note_failure(body.username, address)
        user.password_hash = hash_password(body.password1)

        def work(cursor: Cursor) -> None:
            _require_free(cursor, user)
            cursor.insert(USERS, user)

        self._database.write(work)
        return Registered(
            username=user.username, email=user.email, first_name=user.first_name, last_name=user.last_name
        )

    def change_password(self, user: User, change: PasswordChange, address: str, kept_session: str) -> None:
        """Change the caller's own password, and end all his sessions but the one he is in.

        Raises
        ------
        InvalidInputError
            The old password is wrong, the new ones differ, or they are too short; names the field.
        UnsupportedError
            The user has no password here, because the host of the server lets him in.
        """
        if not user.password_hash:
            raise UnsupportedError(
                f"{user.username} has no password on this server; Jupyter or JupyterHub lets him in. An administrator "
                "can give him one for use without them: PUT /api/lab/users/{id}/password"
            )
        if change.new_password1 != change.new_password2:
            raise InvalidInputError("the two new passwords differ", field="new_password2")
        require_password(change.new_password1, "new_password1")
        try:
            self._users.check(user.username, change.old_password, address)
        except NotAuthenticatedError as error:
            raise InvalidInputError("this is not the present password", field="old_password") from error
        self._users.store_password(user.id, change.new_password1, kept_session=kept_session)

    def refuse_reset(self) -> None:
        """Say how one gets a new password here, whoever asks and for whatever address."""
        raise UnsupportedError(
            "this server sends no mail; ask an administrator for a new password. He sets it with PUT "
            "/api/lab/users/{id}/password, or with: cvat-lab users password NAME"
        )

    async def give_password(self, caller: Caller, user_id: int, password: str) -> None:
        """Give a user a new password, and end his sessions."""
        _require_admin(caller, f"set the password of user {user_id}")
        require_password(password)
        await self._find(user_id)
        await asyncio.to_thread(self._users.store_password, user_id, password)

    async def update(self, caller: Caller, user_id: int, body: UserPatch) -> UserRead | UserBasic:
        """Change an account: one's own names, or, for administrators, everything of everybody.

        Raises
        ------
        NotPermittedError
            The message names what only administrators may change.
        ConflictError
            Nobody may lock himself, or the server, out.
        """
        fields = body.changes()
        if caller.id != user_id:
            _require_admin(caller, f"change user {user_id}")
        elif beyond := sorted(fields.keys() - _OWN):
            _require_admin(caller, f"change {', '.join(beyond)} of his own account")
        user = await self._find(user_id)
        self._require_access_stays(caller, user, fields)
        changed = _changed(user, fields)

        def work(cursor: Cursor) -> None:
            if {"username", "email"} & fields.keys():
                _require_free(cursor, changed)
            cursor.update(USERS, user_id, **fields)

        await self._database.write_async(work)
        return await self._users.read(caller, user_id)

    async def delete(self, caller: Caller, user_id: int) -> None:
        """Delete an account. What the user owned or was assigned to stays, without him."""
        _require_admin(caller, f"delete user {user_id}")
        user = await self._find(user_id)
        self._require_access_stays(caller, user, {"is_active": False})
        await self._database.write_async(lambda cursor: remove_user(cursor, user_id))

    async def _find(self, user_id: int) -> User:
        user = await self._users.by_id(user_id)
        if user is None:
            raise NotFoundError(f"there is no user {user_id}")
        return user

    def _require_access_stays(self, caller: Caller, user: User, fields: dict[str, Any]) -> None:
        """Refuse changes after which the caller, or the server itself, could not undo them."""
        after = _changed(user, fields)
        kept = after.is_active and (after.is_superuser or "admin" in after.groups)
        if not kept and caller.id == user.id and caller.is_admin:
            raise ConflictError(
                "you would take your own rights as an administrator away; another administrator can do that"
            )
        if self._users.is_system(user.id) and (not kept or after.username != user.username):
            raise ConflictError(f"the server itself works as {user.username}, who stays an administrator of this name")


def _changed(user: User, fields: dict[str, Any]) -> User:
    """Return a user after some changes, once they are sound."""
    if "username" in fields:
        require_username(fields["username"])
    if fields.get("email"):
        _require_email(fields["email"])
    if "groups" in fields:
        fields["groups"] = sorted({str(group) for group in fields["groups"]})
    return User(**{name: fields.get(name, getattr(user, name)) for name in User.__struct_fields__})


def _require_admin(caller: Caller, what: str) -> None:
    if not caller.is_admin:
        raise NotPermittedError(f"{caller.user.username} may not {what}; needed: group admin")


def _require_registration(body: Registration) -> None:
    """Check what can be checked without looking at other accounts."""
    require_username(body.username)
    if len(body.username) < SHORTEST_NAME:
        raise InvalidInputError(f"a user name needs at least {SHORTEST_NAME} characters", field="username")
    if body.password1 != body.password2:
        raise InvalidInputError("the two passwords differ", field="password2")
    require_password(body.password1, "password1")
    if body.email:
        _require_email(body.email)


def _require_email(email: str) -> None:
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST_EMAIL:
        raise InvalidInputError(f"{email[:40]!r} is no e-mail address", field="email")


def _require_free(cursor: Cursor, user: User) -> None:
    """Refuse a name or address that others know somebody else by: people are invited, and log in, by either."""
    for field in ("username", "email"):
        value = getattr(user, field)
        if value and any(other.id != user.id for other in find_namesakes(cursor, value)):
            raise InvalidInputError(
                f"{value!r} belongs to another account; choose another, or ask an administrator", field=field
            )
