"""Queries on users and their access tokens."""

from __future__ import annotations

from typing import Final

from cvat_lab.model.user import AccessToken, User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, find_page
from cvat_lab_server.store.tables import ACCESS_TOKENS, ALL_TABLES, INVITATIONS, MEMBERSHIPS, SESSIONS, USERS

USER_FIELDS: Final = Fields(
    {name: name for name in ("id", "username", "first_name", "last_name", "is_active")},
    search=("username", "first_name", "last_name"),
)
"""What everybody may ask: no addresses, and no secrets, which an order or a filter would give away bit by bit."""

TOKEN_FIELDS: Final = Fields(
    {
        name: name
        for name in ("id", "name", "read_only", "created_date", "updated_date", "expiry_date", "last_used_date")
    },
    search=("name",),
)


def find_users(cursor: Cursor, query: ListQuery, where: str) -> tuple[int, list[User]]:
    """Return the total number and one page of users."""
    return find_page(cursor, USERS, User, USER_FIELDS, query, where)


def find_tokens(cursor: Cursor, query: ListQuery, owner_id: int) -> tuple[int, list[AccessToken]]:
    """Return the total number and one page of a user's access tokens."""
    return find_page(cursor, ACCESS_TOKENS, AccessToken, TOKEN_FIELDS, query, f"owner_id = {owner_id:d}")


def find_namesakes(cursor: Cursor, name: str) -> list[User]:
    """Return the users whose name or e-mail address this is; capitals make no difference."""
    return cursor.select(USERS, User, "lower(username) = lower(?) OR lower(email) = lower(?)", [name, name])


def remove_user(cursor: Cursor, user_id: int) -> None:
    """Remove an account with its keys and memberships; what it owned or was assigned to has nobody then.

    Its background requests go when they expire, and history keeps the number of who made it: it is never given again.
    """
    for spec in ALL_TABLES:
        for column in spec.columns:
            if column.name in ("owner_id", "assignee_id") and column.nullable:
                cursor.run(f"UPDATE {spec.qualified} SET {column.name} = NULL WHERE {column.name} = ?", [user_id])
    cursor.run(
        f"DELETE FROM {INVITATIONS.qualified} WHERE membership_id IN "
        f"(SELECT id FROM {MEMBERSHIPS.qualified} WHERE user_id = ?)",
        [user_id],
    )
    for spec in (MEMBERSHIPS, SESSIONS):
        cursor.delete(spec, user_id=user_id)
    cursor.delete(ACCESS_TOKENS, owner_id=user_id)
    cursor.delete(USERS, id=user_id)
