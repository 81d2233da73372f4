"""Frames: stored in bulk, read as columns."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from cvat_lab.model.data import Frame
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.ddl import arrow_schema
from cvat_lab_server.store.tables import FRAMES

_COLUMNS = "number, name, width, height, related_files, deleted"


def insert_frames(cursor: Cursor, task_id: int, table: pa.Table) -> None:
    """Add the frames of a task.

    Parameters
    ----------
    table
        Columns ``source, name, width, height, related_files``; row n becomes frame number n.
    """
    count = table.num_rows
    columns = {
        "id": cursor.next_ids(FRAMES, count),
        "task_id": [task_id] * count,
        "number": range(count),
        "deleted": [False] * count,
        **{name: table[name] for name in table.column_names},
    }
    schema = arrow_schema(FRAMES)
    arrays = [_as_array(columns[field.name], field.type) for field in schema]
    cursor.insert_arrow(FRAMES, pa.table(arrays, schema=schema))


def _as_array(values: object, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    return values.cast(kind) if isinstance(values, pa.ChunkedArray) else pa.array(values, kind)


def frame_columns(cursor: Cursor, task_id: int, ranges: Sequence[int]) -> pa.Table:
    """Return the frames in some ranges as columns, see the envelope in ``docs/architecture.md``."""
    return cursor.arrow(
        f"SELECT {_COLUMNS} FROM store.frames WHERE task_id = {task_id:d} AND {_inside(ranges)} ORDER BY number"
    )


def get_frame(cursor: Cursor, task_id: int, number: int) -> Frame | None:
    """Return one frame of a task."""
    found = cursor.find(FRAMES, Frame, task_id=task_id, number=number)
    return found[0] if found else None


def sources_of(cursor: Cursor, task_id: int, first: int, last: int) -> list[int]:
    """Return the media positions of frames ``first`` to ``last``, both included."""
    return cursor.column(
        "SELECT source FROM store.frames WHERE task_id = ? AND number BETWEEN ? AND ? ORDER BY number",
        [task_id, first, last],
    )


def numbers_by_name(cursor: Cursor, task_id: int, names: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those frames of a task that have one of some names."""
    return dict(
        cursor.rows(
            "SELECT name, number FROM store.frames WHERE task_id = ? AND list_contains(?::VARCHAR[], name)",
            [task_id, list(names)],
        )
    )


def deleted_frames(cursor: Cursor, task_id: int, ranges: Sequence[int]) -> list[int]:
    """Return the numbers of deleted frames in some ranges."""
    return cursor.column(
        f"SELECT number FROM store.frames WHERE task_id = ? AND deleted AND {_inside(ranges)} ORDER BY number",
        [task_id],
    )


def set_deleted(cursor: Cursor, task_id: int, ranges: Sequence[int], numbers: Sequence[int]) -> None:
    """Make ``numbers`` the deleted frames within some ranges; all others there are restored."""
    members = ", ".join(str(int(number)) for number in numbers) or "NULL"
    cursor.run(
        f"UPDATE store.frames SET deleted = coalesce(number IN ({members}), false) "
        f"WHERE task_id = ? AND {_inside(ranges)} AND deleted <> coalesce(number IN ({members}), false)",
        [task_id],
    )


def _inside(ranges: Sequence[int]) -> str:
    pairs = zip(ranges[::2], ranges[1::2], strict=True)
    return "(" + (" OR ".join(f"number BETWEEN {first:d} AND {last:d}" for first, last in pairs) or "false") + ")"
