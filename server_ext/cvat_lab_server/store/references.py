"""Checks that what a record refers to is there: the tables have no foreign keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.relations import members_of

_TARGETS: Final = {
    "owner_id": ("user", "users"),
    "assignee_id": ("user", "users"),
    "organization_id": ("organization", "organizations"),
}


def require_references(cursor: Cursor, fields: Mapping[str, Any]) -> None:
    """Refuse fields that name a user or an organization that does not exist.

    Raises
    ------
    InvalidInputError
        The message names the field and the id.
    """
    for name, (thing, table) in _TARGETS.items():
        target_id = fields.get(name)
        if target_id is not None and cursor.value(f"SELECT id FROM store.{table} WHERE id = ?", [target_id]) is None:
            raise InvalidInputError(f"there is no {thing} {target_id}", field=name)


def require_members(cursor: Cursor, organization_id: int | None, fields: Mapping[str, Any]) -> None:
    """Refuse owners and assignees who are no members of the organization that an object belongs to.

    They could not see it. Administrators see everything.

    Raises
    ------
    InvalidInputError
        The message names the field and the user.
    """
    if organization_id is None:
        return
    for name in ("owner_id", "assignee_id"):
        user_id = fields.get(name)
        if user_id is None:
            continue
        strangers = cursor.column(
            "SELECT username FROM store.users WHERE id = ? AND NOT is_superuser AND NOT list_contains(groups, 'admin') "
            f"AND id NOT IN {members_of(organization_id)}",
            [user_id],
        )
        if strangers:
            raise InvalidInputError(
                f"{strangers[0]} is no member of organization {organization_id}; invite him first", field=name
            )
