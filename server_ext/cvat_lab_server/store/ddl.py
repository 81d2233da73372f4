"""From a stored Struct to its DuckDB table.

A table has one column per field, in the order of the fields. Optional fields may be null, all others may not. Nested
records become ``STRUCT``, lists become arrays and free-form dictionaries JSON text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
from msgspec import inspect

from cvat_lab.model.base import Record

SCHEMA = "store"
"""DuckDB schema of all tables. It is never on the search path of a user's query."""


@dataclass(frozen=True)
class Column:
    """A column: its name, DuckDB type, and whether null is allowed."""

    name: str
    type: str
    nullable: bool = False

    def sql(self) -> str:
        """Return the column as it stands in ``CREATE TABLE``."""
        return f'"{self.name}" {self.type}{"" if self.nullable else " NOT NULL"}'


@dataclass(frozen=True)
class TableSpec:
    """A table derived from a record type.

    Attributes
    ----------
    keyed
        Whether ``id`` is a primary key. Big tables have none: an index makes bulk updates ten times slower, and the
        single writer keeps their ids unique.
    """

    name: str
    record: type[Record]
    columns: tuple[Column, ...]
    keyed: bool = True
    json_columns: frozenset[str] = field(default_factory=frozenset)

    @property
    def qualified(self) -> str:
        """Name with schema."""
        return f"{SCHEMA}.{self.name}"

    @property
    def sequence(self) -> str:
        """Qualified name of the sequence that gives out ids."""
        return f"{SCHEMA}.{self.name}_ids"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def sql(self) -> list[str]:
        """Return the statements that create the table and its sequence."""
        lines = [column.sql() for column in self.columns]
        if self.keyed:
            lines.append('PRIMARY KEY ("id")')
        statements = [f"CREATE TABLE {self.qualified} (\n  " + ",\n  ".join(lines) + "\n)"]
        if any(column.name == "id" and column.type == "BIGINT" for column in self.columns):
            statements.insert(0, f"CREATE SEQUENCE {self.sequence}")
        return statements


def table_of(
    name: str,
    record: type[Record],
    *,
    extra: Mapping[str, str] | None = None,
    omit: Iterable[str] = (),
    keyed: bool = True,
) -> TableSpec:
    """Derive a table from ``record``.

    Parameters
    ----------
    extra
        Columns that only the store knows: name to DuckDB type; a type that ends in ``?`` may be null.
    omit
        Fields that are stored elsewhere.
    """
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    hidden = set(omit)
    columns = [
        Column(item.name, *_sql_type(item.type))
        for item in info.fields
        if item.name not in hidden and item.name != "id"
    ]
    identity = [item for item in info.fields if item.name == "id"]
    columns = [Column("id", _sql_type(item.type)[0]) for item in identity] + columns
    columns += [Column(key, kind.removesuffix("?"), kind.endswith("?")) for key, kind in (extra or {}).items()]
    json_columns = frozenset(column.name for column in columns if column.type == "JSON")
    return TableSpec(name, record, tuple(columns), keyed, json_columns)


def _sql_type(kind: inspect.Type) -> tuple[str, bool]:
    """Return DuckDB's name of a type, and whether it may be null."""
    if isinstance(kind, inspect.Metadata):
        return _sql_type(kind.type)
    if isinstance(kind, inspect.UnionType):
        some = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
        if len(some) != 1:
            raise TypeError(f"a column must have one type, not {kind}")
        return _sql_type(some[0])[0], True
    if isinstance(kind, inspect.ListType):
        return _sql_type(kind.item_type)[0] + "[]", False
    if isinstance(kind, inspect.StructType):
        parts = ", ".join(f'"{item.name}" {_sql_type(item.type)[0]}' for item in kind.fields)
        return f"STRUCT({parts})", False
    for probe, name in _SCALARS:
        if isinstance(kind, probe):
            return name, False
    raise TypeError(f"no DuckDB type for {kind}")


_SCALARS: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.BoolType, "BOOLEAN"),
    (inspect.IntType, "BIGINT"),
    (inspect.FloatType, "DOUBLE"),
    (inspect.StrType, "VARCHAR"),
    (inspect.EnumType, "VARCHAR"),
    (inspect.DateTimeType, "TIMESTAMP"),
    (inspect.DictType, "JSON"),
)


def arrow_schema(spec: TableSpec) -> pa.Schema:
    """Return the Arrow schema of rows for a table, so that empty lists and nulls arrive with the right type."""
    return pa.schema([pa.field(column.name, _arrow_type(column.type)) for column in spec.columns])


def _arrow_type(sql: str) -> pa.DataType:
    if sql.endswith("[]"):
        return pa.list_(_arrow_type(sql.removesuffix("[]")))
    if sql.startswith("STRUCT("):
        parts = re.findall(r'"(\w+)" (\w+)', sql)
        return pa.struct([pa.field(name, _arrow_type(kind)) for name, kind in parts])
    return _ARROW_SCALARS[sql]


_ARROW_SCALARS = {
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "JSON": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
}
