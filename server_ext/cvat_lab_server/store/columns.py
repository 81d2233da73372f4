"""Columns that lists are filtered and sorted by: their SQL, their kinds, and what each can be compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cvat_lab.errors import InvalidInputError
from cvat_lab_server.store.cursor import Cursor

_LARGEST = 2**63 - 1
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class Kind(StrEnum):
    """What the values of a column are, in words for messages."""

    NUMBER = "a number"
    TEXT = "text"
    TIME = "a time such as 2026-01-31T12:00:00Z"
    FLAG = "true or false"


_KINDS = {
    "BIGINT": Kind.NUMBER,
    "INTEGER": Kind.NUMBER,
    "HUGEINT": Kind.NUMBER,
    "DOUBLE": Kind.NUMBER,
    "VARCHAR": Kind.TEXT,
    "TIMESTAMP": Kind.TIME,
    "BOOLEAN": Kind.FLAG,
}


@dataclass(frozen=True)
class Column:
    """A field of a list, by its name on the wire, with the expression that it stands for."""

    name: str
    sql: str
    kind: Kind

    @property
    def text(self) -> str:
        """The expression for what a text is searched in."""
        return f"lower({self.sql})" if self.kind is Kind.TEXT else f"lower(CAST({self.sql} AS VARCHAR))"

    @property
    def order(self) -> str:
        """The expression that rows are sorted by; capitals make no difference."""
        return self.text if self.kind is Kind.TEXT else self.sql

    @property
    def is_set(self) -> str:
        """The condition that there is a value; an empty text is none."""
        return f"coalesce({self.sql} <> '', false)" if self.kind is Kind.TEXT else f"({self.sql} IS NOT NULL)"

    def value(self, given: Any, where: str) -> Any:
        """Turn a value of a query into one that the column can be compared with.

        Parameters
        ----------
        where
            Name of the query parameter, for the message.

        Raises
        ------
        InvalidInputError
            It is of another kind.
        """
        try:
            return _READERS[self.kind](given)
        except (TypeError, ValueError, OverflowError, KeyError) as error:
            shown = repr(given)[:60]
            raise InvalidInputError(
                f"{self.name} is {self.kind}, which {shown} is not; compare it with {self.kind}", field=where
            ) from error


def describe_columns(cursor: Cursor, source: str, expressions: Mapping[str, str]) -> dict[str, Column]:
    """Return the columns for names and their expressions; DuckDB knows their kinds."""
    select = ", ".join(f'{sql} AS "{name}"' for name, sql in expressions.items())
    types = {row[0]: row[1] for row in cursor.rows(f"DESCRIBE SELECT {select} FROM {source}")}
    return {name: Column(name, sql, _KINDS[types[name]]) for name, sql in expressions.items()}


def _read_number(given: Any) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise TypeError
    number: int | float = given if not isinstance(given, str) else _parse_number(given.strip())
    if isinstance(number, int) and abs(number) > _LARGEST:
        number = float(number)
    if not math.isfinite(number):
        raise ValueError
    return number


def _parse_number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _read_text(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise TypeError
    return str(given)


def _read_time(given: Any) -> datetime:
    moment = datetime.fromisoformat(given)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_flag(given: Any) -> bool:
    return _FLAGS[str(given).lower()]


_READERS = {
    Kind.NUMBER: _read_number,
    Kind.TEXT: _read_text,
    Kind.TIME: _read_time,
    Kind.FLAG: _read_flag,
}
