"""Organizations, their members and invitations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record
from cvat_lab.model.user import UserBasic


class Role(StrEnum):
    """What a member may do, from least to most."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    MAINTAINER = "maintainer"
    OWNER = "owner"


Slug = Annotated[str, Meta(pattern=r"^[-a-zA-Z0-9_]+$", min_length=1, max_length=16)]
"""Short name of an organization: unique, and never changed."""

Title = Annotated[str, Meta(max_length=64)]
Description = Annotated[str, Meta(max_length=2048)]


class Organization(Record, kw_only=True):
    """A team that owns projects and tasks together. Its owner is null once his account is deleted."""

    id: int
    slug: Slug
    name: str = ""
    description: str = ""
    contact: dict[str, Any] = {}
    owner_id: int | None = None
    created_date: datetime
    updated_date: datetime


class Membership(Record, kw_only=True):
    """A user in an organization."""

    id: int
    organization_id: int
    user_id: int
    role: Role
    is_active: bool = True
    joined_date: datetime | None = None


class Invitation(Record, kw_only=True):
    """An offer to become a member. Its membership is there from the beginning, and inactive until it is accepted.

    Attributes
    ----------
    key
        Names the invitation on the wire.
    created_date
        When it was made, or sent again: it expires some days later.
    """

    id: int
    key: str
    membership_id: int
    owner_id: int | None = None
    created_date: datetime


class OrganizationRead(Record, kw_only=True):
    """An organization as it is answered."""

    id: int
    slug: str
    name: str
    description: str
    contact: dict[str, Any]
    created_date: datetime
    updated_date: datetime
    owner: UserBasic | None


class OrganizationWrite(Record, kw_only=True):
    """An organization to make. Without a name it is called by its slug."""

    slug: Slug
    name: Title = ""
    description: Description = ""
    contact: dict[str, Any] = {}


class OrganizationPatch(Record, kw_only=True):
    """Changes to an organization; an unset field stays as it is. ``slug`` is here to be refused by name."""

    slug: str | UnsetType = UNSET
    name: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    contact: dict[str, Any] | UnsetType = UNSET


class OrganizationBasic(Record, kw_only=True):
    """What an invitation tells of an organization."""

    id: int
    slug: str


class MembershipRead(Record, kw_only=True):
    """A membership as it is answered. ``invitation`` is the key of the invitation that it began with."""

    id: int
    user: UserBasic
    organization: int
    is_active: bool
    joined_date: datetime | None
    role: Role
    invitation: str | None


class MembershipPatch(Record, kw_only=True):
    """Another role for a member."""

    role: Role


class InvitationRead(Record, kw_only=True):
    """An invitation as it is answered."""

    key: str
    created_date: datetime
    owner: UserBasic | None
    role: Role
    user: UserBasic
    organization: int
    organization_info: OrganizationBasic
    expired: bool
    accepted: bool


class InvitationWrite(Record, kw_only=True):
    """Somebody to invite into the organization that the call works in."""

    role: Role
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class InvitationAccepted(Record, kw_only=True):
    """Answer to an accepted invitation."""

    organization_slug: str
