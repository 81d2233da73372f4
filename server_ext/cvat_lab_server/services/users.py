"""Users, and their logins by password and session."""

from __future__ import annotations

import getpass
import hmac
import re
from datetime import datetime, timedelta

from cvat_lab.errors import InvalidInputError, NotAuthenticatedError, NotFoundError
from cvat_lab.model.base import utc_now
from cvat_lab.model.server import Page
from cvat_lab.model.user import (
    USERNAME_PATTERN,
    Session,
    User,
    UserBasic,
    UserRead,
)
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.passwords import check_password, hash_password, hash_secret, new_secret
from cvat_lab_server.auth.throttle import LoginThrottle
from cvat_lab_server.services.tokens import TokenService
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.relations import members_of
from cvat_lab_server.store.sessions import drop_expired_sessions, end_sessions, find_session
from cvat_lab_server.store.tables import SESSIONS, USERS
from cvat_lab_server.store.users import find_users

SESSION_LIFE = timedelta(days=14)
MIN_PASSWORD, MAX_PASSWORD = 8, 256
_LONGEST_NAME = 150


def require_username(username: str) -> None:
    """Refuse names that CVAT's clients do not accept."""
    if not re.fullmatch(USERNAME_PATTERN, username) or len(username) > _LONGEST_NAME:
        raise InvalidInputError(
            f"user name {username[:40]!r} may only have letters, digits and @ . + - _, {_LONGEST_NAME} at most",
            field="username",
        )


def require_password(password: str, field: str = "password") -> None:
    """Refuse passwords that are too short to be one, or too long for CVAT's clients."""
    if len(password) < MIN_PASSWORD:
        raise InvalidInputError(f"a password needs at least {MIN_PASSWORD} characters", field=field)
    if len(password) > MAX_PASSWORD:
        raise InvalidInputError(f"a password has at most {MAX_PASSWORD} characters", field=field)


class UserService:
    """Knows every user of the workspace, and lets them in.

    Attributes
    ----------
    tokens
        Their access tokens.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._system: tuple[str, User] | None = None
        self._throttle = LoginThrottle()
        self.tokens = TokenService(database)

    # users

    def add(self, username: str, *, password: str = "", is_superuser: bool = False, email: str = "") -> User:
        """Add a user.

        Raises
        ------
        InvalidInputError
            The name is taken or has characters CVAT's clients refuse, or the password is too short.
        """
        require_username(username)
        if password:
            require_password(password)
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
        """Change a user's password and end his sessions.

        Raises
        ------
        NotFoundError
            There is no such user.
        InvalidInputError
            The password is too short or too long.
        """
        user = self.by_name(username)
        if user is None:
            raise NotFoundError(f"there is no user named {username!r}")
        self.store_password(user.id, password)

    def store_password(self, user_id: int, password: str, *, field: str = "password", kept_session: str = "") -> None:
        """Change a password, and end all sessions of the user but one.

        Parameters
        ----------
        field
            Named when the password is refused.
        kept_session
            Key of the session to keep.
        """
        require_password(password, field)
        hashed, kept = hash_password(password), hash_secret(kept_session)

        def work(cursor: Cursor) -> None:
            cursor.update(USERS, user_id, password_hash=hashed)
            end_sessions(cursor, user_id, kept)

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

    def is_system(self, user_id: int) -> bool:
        """Return whether the server itself works under this account."""
        return self._system is not None and self._system[1].id == user_id

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

    def by_token(self, secret: str) -> tuple[User, bool] | None:
        """Return the user of a valid access token and whether it may only read."""
        if self._system and hmac.compare_digest(secret.encode(), self._system[0].encode()):
            return self.by_name(self._system[1].username) or self._system[1], False
        return self.tokens.user_of(secret)


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


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment < utc_now()
