"""What the rows of projects, tasks and jobs have in common: people, statuses, and how a row becomes a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_type_hints

import msgspec

from cvat_lab.model.base import Record
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Source

R = TypeVar("R", bound=Record)

STATUS_OF_JOB: Final = (
    "CASE WHEN stage = 'annotation' THEN 'annotation' "
    "WHEN stage = 'acceptance' AND state = 'completed' THEN 'completed' ELSE 'validation' END"
)

JOB_COUNTS: Final = f"""(
  SELECT task_id, count(*) AS jobs,
    count(*) FILTER (WHERE {STATUS_OF_JOB} = 'completed') AS completed,
    count(*) FILTER (WHERE {STATUS_OF_JOB} = 'validation') AS validation
  FROM store.jobs WHERE type = 'annotation' GROUP BY task_id
)"""

TASK_STATUS: Final = """CASE WHEN coalesce(n.jobs, 0) = 0 OR n.jobs > n.completed + n.validation THEN 'annotation'
  WHEN n.validation > 0 THEN 'validation' ELSE 'completed' END"""

MODE: Final = "CASE d.kind WHEN 'video' THEN 'interpolation' WHEN 'images' THEN 'annotation' ELSE '' END"


def people(alias: str) -> dict[str, str]:
    """Return the joins that bring in owner (``o``) and assignee (``a``) of a row, by their aliases."""
    return {
        "o": f"LEFT JOIN store.users o ON o.id = {alias}.owner_id",
        "a": f"LEFT JOIN store.users a ON a.id = {alias}.assignee_id",
    }


def person(alias: str) -> str:
    """Return a user as one value, without his password."""
    return (
        f"CASE WHEN {alias}.id IS NULL THEN NULL ELSE {{'id': {alias}.id, 'username': {alias}.username, "
        f"'first_name': {alias}.first_name, 'last_name': {alias}.last_name, 'date_joined': {alias}.date_joined}} END"
    )


def select_columns(columns: dict[str, str]) -> str:
    """Return the select list for columns given as name to expression."""
    return ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())


def first_row(
    cursor: Cursor, kind: type[R], columns: dict[str, str], source: str | Source, key: str, value: int
) -> R | None:
    """Return the row whose ``key`` has a value, or None."""
    rows = cursor.rows(f"SELECT {select_columns(columns)} FROM {source} WHERE {key} = ?", [value])
    return to_row(kind, columns, rows[0]) if rows else None


def to_row(kind: type[R], columns: dict[str, str], row: Sequence[Any]) -> R:
    """Turn a row, in the order of ``columns``, into a record."""
    values = dict(zip(columns, row, strict=True))
    _mark_utc(kind, values)
    return msgspec.convert(values, kind)


def _mark_utc(kind: type[Record], values: dict[str, Any]) -> None:
    """Mark the naive times of a record, which the store keeps in UTC, as such."""
    moments, parts = _fields_with_times(kind)
    for name in moments:
        if (moment := values.get(name)) is not None:
            values[name] = moment.replace(tzinfo=UTC)
    for name, part in parts:
        if (inner := values.get(name)) is not None:
            _mark_utc(part, inner)


@cache
def _fields_with_times(kind: type[Record]) -> tuple[tuple[str, ...], tuple[tuple[str, type[Record]], ...]]:
    """Return the names of a record's times, and its fields that are records themselves with their types."""
    options = {name: get_args(hint) or (hint,) for name, hint in get_type_hints(kind).items()}
    moments = tuple(name for name, some in options.items() if datetime in some)
    parts = tuple(
        (name, part)
        for name, some in options.items()
        for part in some
        if isinstance(part, type) and issubclass(part, Record)
    )
    return moments, parts
