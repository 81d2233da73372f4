"""Checks that what a record refers to is there: the tables have no foreign keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.store.cursor import Cursor

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
