"""Running statements: parameters in, rows, Arrow tables or records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import duckdb
import msgspec
import pyarrow as pa

from cvat_lab.model.base import Record
from cvat_lab_server.store.ddl import TableSpec
from cvat_lab_server.store.memory import written_table

R = TypeVar("R", bound=Record)

MARKS = frozenset({"updated_date", "last_used_date", "revision", "state"})
"""Fields that every save may set. Nothing that is remembered may depend on them (``store/memory.py``)."""


class Cursor:
    """A DuckDB cursor of one thread. Every method but :meth:`batches` reads its result to the end.

    Attributes
    ----------
    written
        Tables that were written to, other than their :data:`MARKS`.
    """

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        self.raw = raw
        self.written: set[str] = set()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement for its effect."""
        self._note(sql)
        self.raw.execute(sql, [bind(value) for value in parameters])

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""
        self._note(sql)
        found: list[tuple[Any, ...]] = self.raw.execute(sql, [bind(value) for value in parameters]).fetchall()
        return found

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        found = self.rows(sql, parameters)
        return found[0][0] if found else None

    def column(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the first column of all rows."""
        return [row[0] for row in self.rows(sql, parameters)]

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Return all rows as an Arrow table."""
        return self.raw.sql(sql, params=[bind(value) for value in parameters]).to_arrow_table()

    def batches(self, sql: str, rows: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows in batches, as they are made. Nothing else may run on this cursor until they are used up."""
        yield from self.raw.sql(sql).to_arrow_reader(rows)

    def insert_arrow(self, spec: TableSpec, table: pa.Table) -> None:
        """Append an Arrow table whose columns carry the names of the table's."""
        if table.num_rows:
            self.raw.register("incoming", table)
            try:
                self.run(f"INSERT INTO {spec.qualified} BY NAME SELECT * FROM incoming")
            finally:
                self.raw.unregister("incoming")

    def next_ids(self, spec: TableSpec, count: int) -> list[int]:
        """Take ``count`` new ids from the table's sequence, ascending."""
        return self.column(f"SELECT nextval('{spec.sequence}') FROM range({int(count)})") if count else []

    def get(self, spec: TableSpec, kind: type[R], record_id: int | str) -> R | None:
        """Return the record with this id, or None."""
        found = self.find(spec, kind, id=record_id)
        return found[0] if found else None

    def find(self, spec: TableSpec, kind: type[R], /, *, order: str = "id", **equal: Any) -> list[R]:
        """Return the records whose fields have these values."""
        where = " AND ".join(f'"{name}" = ?' for name in equal) or "true"
        return self.select(spec, kind, where, list(equal.values()), order)

    def select(
        self, spec: TableSpec, kind: type[R], where: str = "true", parameters: Sequence[Any] = (), order: str = "id"
    ) -> list[R]:
        """Return the records for which ``where`` holds."""
        columns = ", ".join(f'"{name}"' for name in spec.column_names)
        sql = f"SELECT {columns} FROM {spec.qualified} WHERE {where} ORDER BY {order}"
        return [to_record(spec, kind, row) for row in self.rows(sql, parameters)]

    def insert(self, spec: TableSpec, *records: Record) -> None:
        """Insert records; a record whose id is 0 is given the next one."""
        for record in records:
            if getattr(record, "id", None) == 0:
                record.id = self.next_ids(spec, 1)[0]  # type: ignore[attr-defined]
            marks = ", ".join("?" for _ in spec.columns)
            values = [getattr(record, name) for name in spec.column_names]
            encoded = [
                as_json(value) if name in spec.json_columns else value
                for name, value in zip(spec.column_names, values, strict=True)
            ]
            self.run(f"INSERT INTO {spec.qualified} VALUES ({marks})", encoded)

    def update(self, spec: TableSpec, record_id: int | str, **fields: Any) -> None:
        """Set some fields of one record."""
        if not fields:
            return
        assignments = ", ".join(f'"{name}" = ?' for name in fields)
        values = [as_json(value) if name in spec.json_columns else value for name, value in fields.items()]
        sql = f"UPDATE {spec.qualified} SET {assignments} WHERE id = ?"
        if not MARKS.issuperset(fields):
            self._note(sql)
        self.raw.execute(sql, [bind(value) for value in [*values, record_id]])

    def delete(self, spec: TableSpec, **equal: Any) -> None:
        """Delete the records whose fields have these values."""
        where = " AND ".join(f'"{name}" = ?' for name in equal)
        self.run(f"DELETE FROM {spec.qualified} WHERE {where}", list(equal.values()))

    def _note(self, sql: str) -> None:
        if table := written_table(sql):
            self.written.add(table)


def bind(value: Any) -> Any:
    """Turn a field's value into one DuckDB can bind: naive UTC for times, plain containers for records."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, list | tuple):
        return [bind(item) for item in value]
    if isinstance(value, Record):
        return {name: bind(item) for name, item in msgspec.structs.asdict(value).items()}
    return str(value) if isinstance(value, str) else value


def as_json(value: Any) -> str:
    """Return ``value`` as JSON text."""
    return msgspec.json.encode(value).decode()


def to_record(spec: TableSpec, kind: type[R], row: Iterable[Any]) -> R:
    """Turn a row, in the order of the table's columns, into a record."""
    values = dict(zip(spec.column_names, row, strict=True))
    for name in _time_columns(spec):
        if values[name] is not None:
            values[name] = values[name].replace(tzinfo=UTC)
    for name in spec.json_columns:
        values[name] = msgspec.json.decode(values[name])
    return msgspec.convert(values, kind)


@lru_cache
def _time_columns(spec: TableSpec) -> tuple[str, ...]:
    return tuple(column.name for column in spec.columns if column.type == "TIMESTAMP")
