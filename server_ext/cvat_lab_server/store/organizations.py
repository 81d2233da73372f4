"""Queries on organizations, members and invitations: the rows that become answers, with everything joined in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cvat_lab.model.base import Record, utc_now
from cvat_lab.model.organization import Role
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, select_page
from cvat_lab_server.store.rows import first_row, person, select_columns, to_row
from cvat_lab_server.store.tables import USERS


class OrganizationRow(Record, kw_only=True):
    """An organization with its owner; ``contact`` is JSON text."""

    id: int
    slug: str
    name: str
    description: str
    contact: str
    created_date: datetime
    updated_date: datetime
    owner: User | None


class MembershipRow(Record, kw_only=True):
    """A membership with its user and its invitation."""

    id: int
    user: User
    organization_id: int
    slug: str
    role: Role
    is_active: bool
    joined_date: datetime | None
    key: str | None
    invited_by: User | None
    invited_date: datetime | None


_ORGANIZATION_SOURCE: Final = "store.organizations g LEFT JOIN store.users o ON o.id = g.owner_id"

_ORGANIZATION_COLUMNS: Final = {
    **{name: f"g.{name}" for name in ("id", "slug", "name", "description", "contact", "created_date", "updated_date")},
    "owner": person("o"),
}

_ORGANIZATION_FIELDS: Final = Fields(
    {"id": "g.id", "slug": "g.slug", "name": "g.name", "owner": "o.username"}, search=("name", "owner", "slug")
)

_MEMBERSHIP_SOURCE: Final = """store.memberships m
  JOIN store.users u ON u.id = m.user_id
  JOIN store.organizations g ON g.id = m.organization_id
  LEFT JOIN store.invitations i ON i.membership_id = m.id
  LEFT JOIN store.users o ON o.id = i.owner_id"""

_MEMBERSHIP_COLUMNS: Final = {
    "id": "m.id",
    "user": person("u"),
    "organization_id": "m.organization_id",
    "slug": "g.slug",
    "role": "m.role",
    "is_active": "m.is_active",
    "joined_date": "m.joined_date",
    "key": "i.key",
    "invited_by": person("o"),
    "invited_date": "i.created_date",
}

_MEMBERSHIP_FIELDS: Final = Fields(
    {"id": "m.id", "user": "u.username", "role": "m.role", "organization": "m.organization_id"}, search=("user", "role")
)

_INVITATION_FIELDS: Final = Fields(
    {
        "id": "i.id",
        "owner": "o.username",
        "created_date": "i.created_date",
        "accepted": "m.is_active",
        "user_id": "m.user_id",
    },
    search=("owner",),
    order="-created_date",
)


def organizations_of(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``g`` of ``store.organizations`` is visible to a user."""
    if is_admin:
        return "true"
    mine = f"SELECT organization_id FROM store.memberships WHERE user_id = {user_id:d} AND is_active"
    return f"(g.owner_id = {user_id:d} OR g.id IN ({mine}))"


def invitations_of(user_id: int, is_admin: bool) -> str:
    """Return the condition that the invitation ``i`` to a membership ``m`` is visible: to its two sides."""
    if is_admin:
        return "true"
    led = (
        f"SELECT organization_id FROM store.memberships WHERE user_id = {user_id:d} AND is_active "
        "AND role IN ('owner', 'maintainer')"
    )
    return f"(m.user_id = {user_id:d} OR i.owner_id = {user_id:d} OR m.organization_id IN ({led}))"


def find_organizations(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[OrganizationRow]]:
    """Return the total number and one page of organizations."""
    columns = select_columns(_ORGANIZATION_COLUMNS)
    total, rows = select_page(cursor, columns, _ORGANIZATION_SOURCE, _ORGANIZATION_FIELDS, query, where)
    return total, [to_row(OrganizationRow, _ORGANIZATION_COLUMNS, row) for row in rows]


def read_organization(cursor: Cursor, organization_id: int) -> OrganizationRow | None:
    """Return one organization."""
    return first_row(cursor, OrganizationRow, _ORGANIZATION_COLUMNS, _ORGANIZATION_SOURCE, "g.id", organization_id)


def find_memberships(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[MembershipRow]]:
    """Return the total number and one page of memberships."""
    return _page(cursor, query, _MEMBERSHIP_FIELDS, where)


def find_invitations(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[MembershipRow]]:
    """Return the total number and one page of the memberships that began with an invitation."""
    return _page(cursor, query, _INVITATION_FIELDS, f"i.id IS NOT NULL AND {where}")


def read_membership(cursor: Cursor, membership_id: int) -> MembershipRow | None:
    """Return one membership."""
    return first_row(cursor, MembershipRow, _MEMBERSHIP_COLUMNS, _MEMBERSHIP_SOURCE, "m.id", membership_id)


def read_invited(cursor: Cursor, key: str) -> MembershipRow | None:
    """Return the membership that an invitation offers."""
    number = cursor.value("SELECT membership_id FROM store.invitations WHERE key = ?", [key])
    return read_membership(cursor, number) if number is not None else None


def _page(cursor: Cursor, query: ListQuery, fields: Fields, where: str) -> tuple[int, list[MembershipRow]]:
    columns = select_columns(_MEMBERSHIP_COLUMNS)
    total, rows = select_page(cursor, columns, _MEMBERSHIP_SOURCE, fields, query, where)
    return total, [to_row(MembershipRow, _MEMBERSHIP_COLUMNS, row) for row in rows]


def renew_invitation(cursor: Cursor, key: str) -> None:
    """Let the life of an invitation begin anew."""
    cursor.run("UPDATE store.invitations SET created_date = ? WHERE key = ?", [utc_now(), key])


def find_by_address(cursor: Cursor, email: str) -> list[User]:
    """Return the users who have an e-mail address, or are called like it."""
    return cursor.select(USERS, User, "lower(email) = lower(?) OR username = ?", [email, email])
