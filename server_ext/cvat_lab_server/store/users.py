"""Queries on users and their access tokens."""

from __future__ import annotations

from typing import Final

from cvat_lab.model.user import AccessToken, User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, find_page
from cvat_lab_server.store.tables import ACCESS_TOKENS, USERS

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
