"""Queries on annotation guides and their files."""

from __future__ import annotations

from collections.abc import Sequence

from cvat_lab.model.guide import Asset
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.tables import ASSETS


def find_asset(cursor: Cursor, uuid: str) -> Asset | None:
    """Return the file with this name."""
    found = cursor.find(ASSETS, Asset, uuid=uuid)
    return found[0] if found else None


def known_assets(cursor: Cursor) -> set[str]:
    """Return the names of all files of guides."""
    return set(cursor.column("SELECT uuid FROM store.assets"))


def remove_guides(cursor: Cursor, column: str, owners: Sequence[int]) -> list[str]:
    """Remove the guides of projects or tasks.

    Parameters
    ----------
    column
        ``id``, ``project_id`` or ``task_id``.
    owners
        Values of that column.

    Returns
    -------
    list of str
        Names of their files, which are still on disk.
    """
    if not owners:
        return []
    members = ", ".join(str(int(owner)) for owner in owners)
    files = f"guide_id IN (SELECT id FROM store.guides WHERE {column} IN ({members}))"
    names = cursor.column(f"SELECT uuid FROM store.assets WHERE {files}")
    cursor.run(f"DELETE FROM store.assets WHERE {files}")
    cursor.run(f"DELETE FROM store.guides WHERE {column} IN ({members})")
    return names
