"""Users, as they are stored and as they are shown."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record

USERNAME_PATTERN = r"^[\w.@+-]+$"
Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time, with its zone."""

PersonName = Annotated[str, Meta(max_length=150)]

Username = Annotated[str, Meta(pattern=USERNAME_PATTERN, min_length=1, max_length=150)]


class UserGroup(StrEnum):
    """Global groups: who may do everything, who may create projects and tasks, who only works on what he is given."""

    ADMIN = "admin"
    USER = "user"
    WORKER = "worker"


class User(Record, kw_only=True):
    """A person who annotates. ``groups`` holds the global groups: admin, user, worker."""

    id: int
    username: Username
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    groups: list[str] = []
    is_staff: bool = False
    is_superuser: bool = False
    is_active: bool = True
    date_joined: datetime
    last_login: datetime | None = None
    password_hash: str = ""


class UserBasic(Record, kw_only=True):
    """What everybody may see of a user."""

    url: str
    id: int
    username: str
    first_name: str
    last_name: str


class UserRead(UserBasic, kw_only=True):
    """What a user sees of himself, and an administrator of everybody."""

    email: str
    groups: list[str]
    is_staff: bool
    is_superuser: bool
    is_active: bool
    last_login: datetime | None
    date_joined: datetime
    has_analytics_access: bool


class Session(Record, kw_only=True):
    """A login. ``key_hash`` is the SHA-256 of the secret; the secret itself is never stored."""

    id: int
    user_id: int
    key_hash: str
    csrf_token: str
    created_date: datetime
    expiry_date: datetime


class AccessToken(Record, kw_only=True):
    """A personal access token for scripts. ``value_hash`` is the SHA-256 of the secret."""

    id: int
    owner_id: int
    name: Annotated[str, Meta(min_length=1, max_length=50)]
    value_hash: str
    read_only: bool = False
    created_date: datetime
    updated_date: datetime
    expiry_date: datetime | None = None
    last_used_date: datetime | None = None


class Login(Record, kw_only=True):
    """Body of a login request."""

    password: Annotated[str, Meta(min_length=1)]
    username: str = ""
    email: str = ""


class PasswordChange(Record, kw_only=True):
    """Another password for the caller; the new one twice, as people type it."""

    old_password: str
    new_password1: str
    new_password2: str


class PasswordSet(Record, kw_only=True):
    """A password that an administrator gives to a user."""

    password: str


class PasswordReset(Record, kw_only=True):
    """A request for a mail that leads to a new password."""

    email: str


class PasswordResetConfirm(Record, kw_only=True):
    """A new password, with what stood in such a mail."""

    new_password1: str
    new_password2: str
    uid: str
    token: str


class Registration(Record, kw_only=True):
    """An account that somebody opens for himself; the password twice, as people type it."""

    username: str
    password1: str
    password2: str
    email: str = ""
    first_name: PersonName = ""
    last_name: PersonName = ""


class Registered(Record, kw_only=True):
    """Answer to a registration; addresses are not verified, and one logs in by oneself."""

    username: str
    email: str
    first_name: str
    last_name: str
    email_verification_required: bool = False
    key: str | None = None


class UserPatch(Record, kw_only=True):
    """Changes to an account: the names by the user himself, everything by administrators."""

    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    username: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    groups: list[UserGroup] | UnsetType = UNSET
    is_staff: bool | UnsetType = UNSET
    is_superuser: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class LoginKey(Record, kw_only=True):
    """Answer to a login: the key can be sent as ``Authorization: Token <key>``."""

    key: str


class AccessTokenWrite(Record, kw_only=True):
    """A token to make."""

    name: Annotated[str, Meta(min_length=1, max_length=50)]
    expiry_date: Moment | None = None
    read_only: bool = False


class AccessTokenPatch(Record, kw_only=True):
    """Changes to a token; an unset field stays as it is."""

    name: Annotated[str, Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    expiry_date: Moment | None | UnsetType = UNSET
    read_only: bool | UnsetType = UNSET


class AccessTokenRead(Record, kw_only=True):
    """A token on the wire. ``value`` is the secret; it is present only in the answer that made the token."""

    id: int
    name: str
    created_date: datetime
    updated_date: datetime
    expiry_date: datetime | None
    last_used_date: datetime | None
    read_only: bool
    owner: UserBasic
    value: str | UnsetType = UNSET
