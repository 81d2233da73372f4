"""Users, their logins and access tokens."""

from __future__ import annotations

import getpass
import hmac
import re
from datetime import UTC, datetime, timedelta

from cvat_lab.errors import InvalidInputError, NotAuthenticatedError, NotFoundError, NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.server import Page
from cvat_lab.model.user import (
    USERNAME_PATTERN,
    AccessToken,
    AccessTokenPatch,
    AccessTokenRead,
    AccessTokenWrite,
    PasswordChange,
    Session,
    User,
    UserBasic,
    UserRead,
)
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.passwords import check_password, hash_password, hash_secret, new_secret
from cvat_lab_server.auth.throttle import LoginThrottle
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.relations import members_of
from cvat_lab_server.store.sessions import drop_expired_sessions, end_sessions, find_session
from cvat_lab_server.store.tables import ACCESS_TOKENS, SESSIONS, USERS
from cvat_lab_server.store.users import find_tokens, find_users

SESSION_LIFE = timedelta(days=14)
MIN_PASSWORD = 8
_LONGEST_NAME = 150
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class UserService:
    """Knows every user of the workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._system: tuple[str, User] | None = None
        self._throttle = LoginThrottle()
        self._noted: dict[int, datetime] = {}

    # users

    def add(self, username: str, *, password: str = "", is_superuser: bool = False, email: str = "") -> User:
        """Add a user.

        Raises
        ------
        InvalidInputError
            The name is taken or has characters CVAT's clients refuse, or the password is too short.
        """
        if not re.fullmatch(USERNAME_PATTERN, username):
            raise InvalidInputError(
                f"user name {username!r} may only have letters, digits and @ . + - _", field="username"
            )
        if password and len(password) < MIN_PASSWORD:
            raise InvalidInputError(f"a password needs at least {MIN_PASSWORD} characters", field="password")
        user = User(
            id=0,
            username=username,
            email=email,
            groups=["admin"] if is_superuser else ["user"],
            is_superuser=is_superuser,
            is_staff=is_superuser,
            date_joined=utc_now(),
            password_hash=hash_password(password) if password else "",
        )

        def work(cursor: Cursor) -> None:
            if cursor.find(USERS, User, username=username):
                raise InvalidInputError(f"a user named {username!r} exists already", field="username")
            cursor.insert(USERS, user)

        self._database.write(work)
        return user

    def set_password(self, username: str, password: str) -> None:
        """Change a user's password and end his sessions."""
        if len(password) < MIN_PASSWORD:
            raise InvalidInputError(f"a password needs at least {MIN_PASSWORD} characters", field="password")
        user = self.by_name(username)
        if user is None:
            raise NotFoundError(f"there is no user named {username!r}")

        def work(cursor: Cursor) -> None:
            cursor.update(USERS, user.id, password_hash=hash_password(password))
            cursor.delete(SESSIONS, user_id=user.id)

        self._database.write(work)

    def by_name(self, username: str) -> User | None:
        """Return the user with this name."""
        found = self._database.recall(
            ("user", username), (USERS,), lambda cursor: cursor.find(USERS, User, username=username)
        )
        return found[0] if found else None

    def _by_email(self, email: str) -> User | None:
        """Return the only user with this address."""
        found = self._database.read(lambda cursor: cursor.find(USERS, User, email=email)) if "@" in email else []
        return found[0] if len(found) == 1 else None

    async def by_id(self, user_id: int) -> User | None:
        """Return the user with this id."""
        return await self._database.read_async(lambda cursor: cursor.get(USERS, User, user_id))

    async def ensure(self, username: str, *, is_admin: bool = False) -> User:
        """Return the user whom the host (Jupyter, the Hub) knows by this name; add him when he is new.

        Characters that CVAT's clients refuse in names are replaced by ``_``; a piece of a hash then keeps such names
        apart from all others. Who is an administrator, the host decides, so a right it takes away is gone here, too.
        """
        name = _accepted_name(username)
        existing = await self._database.read_async(lambda cursor: cursor.find(USERS, User, username=name))
        if existing and existing[0].is_superuser == is_admin:
            return existing[0]
        return await self._database.write_async(lambda cursor: _find_or_add(cursor, name, is_admin, follow=True))

    def system_token(self) -> str:
        """Return a token that lets the account this process runs under in as administrator, while it runs."""
        if self._system is None:
            name = _accepted_name(getpass.getuser())
            user = self._database.write(lambda cursor: _find_or_add(cursor, name, True))
            self._system = new_secret(), user
        return self._system[0]

    async def list(self, caller: Caller, query: ListQuery) -> Page[UserRead | UserBasic]:
        """Return a page of users: in full for administrators, by name for everybody else.

        In an organization, they are its members.
        """
        place = caller.new_organization
        where = f"id IN {members_of(place)}" if place is not None else "true"
        total, users = await self._database.read_async(lambda cursor: find_users(cursor, query, where))
        return query.make_page(caller.base_url, total, [self.show(caller, user) for user in users])

    async def read(self, caller: Caller, user_id: int) -> UserRead | UserBasic:
        """Return one user."""
        user = await self.by_id(user_id)
        if user is None:
            raise NotFoundError(f"there is no user {user_id}")
        return self.show(caller, user)

    def show(self, caller: Caller, user: User) -> UserRead | UserBasic:
        """Return what the caller may see of a user."""
        if not (caller.is_admin or caller.id == user.id):
            basic = show_user(caller, user)
            assert basic is not None
            return basic
        return UserRead(
            url=caller.url(f"/api/users/{user.id}"),
            id=user.id,
            username=user.username,
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            groups=user.groups,
            is_staff=user.is_staff,
            is_superuser=user.is_superuser,
            is_active=user.is_active,
            last_login=user.last_login,
            date_joined=user.date_joined,
            has_analytics_access=user.is_superuser,
        )

    # logins

    def check(self, username: str, password: str, address: str = "") -> User:
        """Return the user with this name, or e-mail address, and password.

        Parameters
        ----------
        address
            Where the attempt comes from.

        Raises
        ------
        NotAuthenticatedError
            Without saying which of the two is wrong.
        TooManyAttemptsError
            After many wrong passwords from this address.
        """
        self._throttle.require_patience(username, address)
        user = self.by_name(username) or self._by_email(username)
        if not check_password(password, user.password_hash if user else "") or user is None or not user.is_active:
            self._throttle.note_failure(username, address)
            raise NotAuthenticatedError("Unable to log in with provided credentials.")
        self._throttle.note_success(username, address)
        return user

    def change_password(self, user: User, change: PasswordChange, address: str, kept_session: str) -> None:
        """Change the caller's own password, and end all his sessions but the one he is in.

        Raises
        ------
        InvalidInputError
            The old password is wrong, the new ones differ, or it is too short; names the field.
        """
        if change.new_password1 != change.new_password2:
            raise InvalidInputError("the two new passwords differ", field="new_password2")
        if len(change.new_password1) < MIN_PASSWORD:
            raise InvalidInputError(f"a password needs at least {MIN_PASSWORD} characters", field="new_password1")
        try:
            self.check(user.username, change.old_password, address)
        except NotAuthenticatedError as error:
            raise InvalidInputError("this is not the present password", field="old_password") from error
        hashed, kept = hash_password(change.new_password1), hash_secret(kept_session)

        def work(cursor: Cursor) -> None:
            cursor.update(USERS, user.id, password_hash=hashed)
            end_sessions(cursor, user.id, kept)

        self._database.write(work)

    def open_session(self, user: User) -> tuple[str, str]:
        """Start a session and return its secret key and its CSRF token."""
        key, now = new_secret(), utc_now()
        session = Session(
            id=0,
            user_id=user.id,
            key_hash=hash_secret(key),
            csrf_token=new_secret()[:32],
            created_date=now,
            expiry_date=now + SESSION_LIFE,
        )

        def work(cursor: Cursor) -> None:
            drop_expired_sessions(cursor)
            cursor.insert(SESSIONS, session)
            cursor.update(USERS, user.id, last_login=now)

        self._database.write(work)
        return key, session.csrf_token

    def by_session(self, key: str) -> tuple[User, str] | None:
        """Return the user and the CSRF token of a live session."""

        def work(cursor: Cursor) -> tuple[User, Session] | None:
            session = find_session(cursor, hash_secret(key))
            user = cursor.get(USERS, User, session.user_id) if session else None
            return (user, session) if session and user and user.is_active else None

        found = self._database.recall(("session", hash_secret(key)), (SESSIONS, USERS), work)
        return (found[0], found[1].csrf_token) if found and not _is_over(found[1].expiry_date) else None

    def close_session(self, key: str) -> None:
        """End a session."""
        self._database.write(lambda cursor: cursor.delete(SESSIONS, key_hash=hash_secret(key)))

    # access tokens

    async def create_token(self, caller: Caller, body: AccessTokenWrite) -> AccessTokenRead:
        """Make an access token; its secret is in the answer and nowhere else."""
        secret, now = "cvl_" + new_secret(), utc_now()
        token = AccessToken(
            id=0,
            owner_id=caller.id,
            name=body.name,
            value_hash=hash_secret(secret),
            read_only=body.read_only,
            created_date=now,
            updated_date=now,
            expiry_date=_in_utc(body.expiry_date) if body.expiry_date else None,
        )
        await self._database.write_async(lambda cursor: cursor.insert(ACCESS_TOKENS, token))
        shown = self._show_token(caller, token)
        shown.value = secret
        return shown

    async def list_tokens(self, caller: Caller, query: ListQuery) -> Page[AccessTokenRead]:
        """Return the caller's tokens, without their secrets."""
        total, tokens = await self._database.read_async(lambda cursor: find_tokens(cursor, query, caller.id))
        return query.make_page(caller.base_url, total, [self._show_token(caller, token) for token in tokens])

    async def read_token(self, caller: Caller, token_id: int) -> AccessTokenRead:
        """Return one of the caller's tokens."""
        return self._show_token(caller, await self._own_token(caller, token_id))

    async def token_of(self, caller: Caller, secret: str) -> AccessTokenRead | None:
        """Return the caller's token that has this secret."""
        found = await self._database.read_async(
            lambda cursor: cursor.find(ACCESS_TOKENS, AccessToken, value_hash=hash_secret(secret), owner_id=caller.id)
        )
        return self._show_token(caller, found[0]) if found else None

    async def update_token(self, caller: Caller, token_id: int, body: AccessTokenPatch) -> AccessTokenRead:
        """Rename a token, or change its expiry or scope."""
        await self._own_token(caller, token_id)
        fields = {**body.changes(), "updated_date": utc_now()}
        if isinstance(body.expiry_date, datetime):
            fields["expiry_date"] = _in_utc(body.expiry_date)
        await self._database.write_async(lambda cursor: cursor.update(ACCESS_TOKENS, token_id, **fields))
        return await self.read_token(caller, token_id)

    async def delete_token(self, caller: Caller, token_id: int) -> None:
        """Revoke a token."""
        await self._own_token(caller, token_id)
        await self._database.write_async(lambda cursor: cursor.delete(ACCESS_TOKENS, id=token_id))

    def by_token(self, secret: str) -> tuple[User, bool] | None:
        """Return the user of a valid access token and whether it may only read, and note that it was used."""
        if self._system and hmac.compare_digest(secret.encode(), self._system[0].encode()):
            return self._system[1], False

        def work(cursor: Cursor) -> tuple[User, AccessToken] | None:
            found = cursor.find(ACCESS_TOKENS, AccessToken, value_hash=hash_secret(secret))
            user = cursor.get(USERS, User, found[0].owner_id) if found else None
            return (user, found[0]) if user and user.is_active else None

        known = self._database.recall(("token", hash_secret(secret)), (ACCESS_TOKENS, USERS), work)
        if known is None or _is_over(known[1].expiry_date):
            return None
        self._note_use(known[1].id)
        return known[0], known[1].read_only

    def _note_use(self, token_id: int) -> None:
        """Write down that a token was used, once a minute at most."""
        now = utc_now()
        if now - self._noted.get(token_id, _LONG_AGO) > timedelta(minutes=1):
            self._noted[token_id] = now
            self._database.submit_write(lambda cursor: cursor.update(ACCESS_TOKENS, token_id, last_used_date=now))

    async def _own_token(self, caller: Caller, token_id: int) -> AccessToken:
        token = await self._database.read_async(lambda cursor: cursor.get(ACCESS_TOKENS, AccessToken, token_id))
        if token is None:
            raise NotFoundError(f"there is no access token {token_id}")
        if token.owner_id != caller.id:
            raise NotPermittedError(f"access token {token_id} belongs to another user")
        return token

    def _show_token(self, caller: Caller, token: AccessToken) -> AccessTokenRead:
        owner = show_user(caller, caller.user)
        assert owner is not None
        return AccessTokenRead(
            id=token.id,
            name=token.name,
            created_date=token.created_date,
            updated_date=token.updated_date,
            expiry_date=token.expiry_date,
            last_used_date=token.last_used_date,
            read_only=token.read_only,
            owner=owner,
        )


def _accepted_name(name: str) -> str:
    accepted = re.sub(r"[^\w.@+-]", "_", name)[:_LONGEST_NAME] or "user"
    return accepted if accepted == name else f"{accepted[: _LONGEST_NAME - 9]}-{hash_secret(name)[:8]}"


def _find_or_add(cursor: Cursor, name: str, is_admin: bool, *, follow: bool = False) -> User:
    groups = ["admin"] if is_admin else ["user"]
    found = cursor.find(USERS, User, username=name)
    if found:
        user = found[0]
        if follow and user.is_superuser != is_admin:
            cursor.update(USERS, user.id, is_superuser=is_admin, groups=groups)
            user.is_superuser, user.groups = is_admin, groups
        return user
    user = User(id=0, username=name, groups=groups, is_superuser=is_admin, date_joined=utc_now())
    cursor.insert(USERS, user)
    return user


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(f"{moment.isoformat()} is beyond the calendar", field="expiry_date") from error


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment < utc_now()
