"""From a patch on the wire to the columns that change."""

from __future__ import annotations

from typing import Any

from cvat_lab.model.base import Record, utc_now

_NOT_STORED = frozenset({"labels", "source_storage", "target_storage"})


def stored_changes(patch: Record) -> dict[str, Any]:
    """Return the columns that a patch sets, with the times that go with them."""
    fields = {name: value for name, value in patch.changes().items() if name not in _NOT_STORED}
    now = utc_now()
    if "assignee_id" in fields:
        fields["assignee_updated_date"] = now
    return {**fields, "updated_date": now}
