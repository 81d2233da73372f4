"""Pages of lists: search, equality filters, JsonLogic, order and paging, turned into SQL.

Every list has one table of its fields, :class:`Fields`; everything else follows from it. A page is found in two steps:
first the ids, with only the joins that filter and order need, then the rows of these ids with all that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.base import Record
from cvat_lab.model.server import Page
from cvat_lab_server.store.columns import Column, describe_columns
from cvat_lab_server.store.cursor import Cursor, to_record
from cvat_lab_server.store.ddl import TableSpec
from cvat_lab_server.store.jsonlogic import compile_filter

R = TypeVar("R", bound=Record)
T = TypeVar("T")

DEFAULT_PAGE_SIZE = 10

MANY = 1000
"""Rows on a page from which one step is faster than two."""

MAX_WORDS = 50
"""Words of one search."""

_FARTHEST = 2**62

_ALIAS = re.compile(r"\b(\w+)\.")
_WORD = re.compile(r'"([^"]+)"|([^\s,]+)')


@dataclass(frozen=True)
class ListQuery:
    """What a client asks of a list.

    Attributes
    ----------
    path
        API path of the list, for links to other pages.
    page_size
        None = everything on one page.
    equal
        Values that fields must have, as text. Names that are no fields mean nothing, as everywhere in CVAT.
    """

    path: str
    page: int = 1
    page_size: int | None = DEFAULT_PAGE_SIZE
    search: str = ""
    sort: str = ""
    filter: str = ""
    equal: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def window(self) -> str:
        """The end of a statement that finds the rows of one page."""
        if self.page_size is None:
            return ""
        return f"LIMIT {self.page_size:d} OFFSET {min((self.page - 1) * self.page_size, _FARTHEST):d}"

    def make_page(self, base_url: str, total: int, results: list[T]) -> Page[T]:
        """Wrap the results of one page, with absolute links to its neighbours."""
        last = max(1, -(-total // self.page_size)) if self.page_size else 1
        if self.page > last:
            raise invalid_page()
        following = self._link(base_url, self.page + 1) if self.page < last else None
        previous = self._link(base_url, self.page - 1) if self.page > 1 else None
        return Page(count=total, next=following, previous=previous, results=results)

    def _link(self, base_url: str, page: int) -> str:
        return f"{base_url}{self.path}?" + urlencode({**self.raw, "page": page})


def invalid_page() -> NotFoundError:
    """Return the error for a page that is not there, in the words that CVAT's clients know."""
    return NotFoundError("Invalid page.")


@dataclass(frozen=True)
class Source:
    """The tables that a list is read from.

    Attributes
    ----------
    base
        The table whose rows are listed, with its alias, and what is always joined.
    joins
        Alias to a join that neither drops nor doubles rows, so that it can be left out. It may use those before it.
    """

    base: str
    joins: Mapping[str, str] = field(default_factory=dict)

    def part(self, *texts: str) -> str:
        """Return the source with only those joins whose alias stands in one of some pieces of SQL."""
        used = {alias for text in texts for alias in _ALIAS.findall(text)}
        kept: list[str] = []
        for alias, join in reversed(list(self.joins.items())):
            if alias in used:
                used |= set(_ALIAS.findall(join))
                kept.insert(0, join)
        return " ".join([self.base, *kept])

    def __str__(self) -> str:
        return " ".join([self.base, *self.joins.values()])


@dataclass(frozen=True)
class Fields:
    """The fields of a list that may be filtered and sorted by, each as an SQL expression.

    Attributes
    ----------
    all
        Name on the wire to expression. ``id`` is among them.
    search
        Names of the fields that a plain search looks into.
    order
        How the list is sorted when the client does not say.
    """

    all: Mapping[str, str]
    search: Sequence[str] = ()
    order: str = "-id"
    _columns: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def columns(self, cursor: Cursor, source: Source) -> dict[str, Column]:
        """Return the fields with their kinds."""
        if not self._columns:
            self._columns.update(describe_columns(cursor, str(source), self.all))
        return self._columns


def select_page(
    cursor: Cursor, select: str, source: str | Source, fields: Fields, query: ListQuery, where: str = "true"
) -> tuple[int, list[tuple[Any, ...]]]:
    """Return the total number of rows and the rows of one page.

    Parameters
    ----------
    select
        Columns of the rows.
    source
        Tables of the list, joined.
    where
        Condition on visibility.

    Raises
    ------
    InvalidInputError
        Search, filter or order make no sense; the message names the parameter.
    """
    source = source if isinstance(source, Source) else Source(source)
    columns, key = fields.columns(cursor, source), fields.all["id"]
    tests, values = _condition(columns, fields.search, query)
    condition = " AND ".join([f"({where})", *tests])
    order = _order(columns, _sort_keys(query.sort) or _sort_keys(fields.order))
    ending = f"WHERE {condition} ORDER BY {order} {query.window}"
    if not source.joins or query.page_size is None or query.page_size > MANY:
        rows = cursor.rows(f"SELECT {select} FROM {source} {ending}", values)
        known = query.page == 1 and len(rows) != query.page_size
        return len(rows) if known else _count(cursor, source, condition, values), rows
    # A filter costs more than counting what it leaves, so it runs once. Without one, counting alone is almost free.
    total = "count(*) OVER ()" if tests else "0"
    found = cursor.rows(f"SELECT {key}, {total} FROM {source.part(condition, order)} {ending}", values)
    count = found[0][1] if found and tests else _count(cursor, source, condition, values)
    return count, _rows_of(cursor, select, source, key, [row[0] for row in found])


def _count(cursor: Cursor, source: Source, condition: str, values: Sequence[Any]) -> int:
    total: int = cursor.value(f"SELECT count(*) FROM {source.part(condition)} WHERE {condition}", values)
    return total


def _rows_of(cursor: Cursor, select: str, source: Source, key: str, keys: list[Any]) -> list[tuple[Any, ...]]:
    """Return the rows with these keys, in their order; without those that were deleted meanwhile."""
    marks = ", ".join("?" for _ in keys)
    found = cursor.rows(f"SELECT {key}, {select} FROM {source} WHERE {key} IN ({marks})", keys) if keys else []
    rows = {row[0]: row[1:] for row in found}
    return [rows[value] for value in keys if value in rows]


def find_page(
    cursor: Cursor, spec: TableSpec, kind: type[R], fields: Fields, query: ListQuery, where: str = "true"
) -> tuple[int, list[R]]:
    """Return the total number and one page of the records of a single table."""
    select = ", ".join(f'"{name}"' for name in spec.column_names)
    total, rows = select_page(cursor, select, spec.qualified, fields, query, where)
    return total, [to_record(spec, kind, row) for row in rows]


def _condition(columns: Mapping[str, Column], searched: Sequence[str], query: ListQuery) -> tuple[list[str], list[Any]]:
    """Return what the query asks for as conditions that must all hold, and the values of their marks."""
    parts: list[str] = []
    values: list[Any] = []
    for word in _words(query.search):
        tests = [f"contains({columns[name].text}, lower(?))" for name in searched]
        parts.append(f"({' OR '.join(tests) or 'false'})")
        values += [word] * len(tests)
    for name, text in query.equal.items():
        if name in columns and text:
            parts.append(f"{columns[name].sql} = ?")
            values.append(columns[name].value(text, name))
    if query.filter:
        sql, parameters = compile_filter(query.filter, columns)
        parts.append(sql)
        values += parameters
    return parts, values


def _words(search: str) -> list[str]:
    """Return the words that a row must all have in some field; what stands in quotes is one word."""
    words = list(dict.fromkeys(quoted or plain for quoted, plain in _WORD.findall(search)))
    if len(words) > MAX_WORDS:
        raise InvalidInputError(f"a search has at most {MAX_WORDS} words, not {len(words)}", field="search")
    return words


def _sort_keys(sort: str) -> list[str]:
    return [key for part in sort.split(",") if (key := part.strip())]


def _order(columns: Mapping[str, Column], keys: Sequence[str]) -> str:
    """Return the order of rows; rows that are equal in all keys come in the order of their ids."""
    parts: dict[str, str] = {}
    for key in keys:
        name = key.removeprefix("-")
        if name not in columns:
            known = ", ".join(sorted(columns))
            raise InvalidInputError(f"cannot sort by {name[:40]!r}; known fields: {known}", field="sort")
        direction = "DESC" if key.startswith("-") else "ASC"
        parts.setdefault(name, f"{columns[name].order} {direction} NULLS LAST")
    parts.setdefault("id", columns["id"].sql)
    return ", ".join(parts.values())


def whole_number(name: str, text: str, *, low: int = 0, high: int = 2**53) -> int:
    """Return the number that a query or a header gives as text.

    Raises
    ------
    InvalidInputError
        It is no number, or out of range.
    """
    try:
        value = int(text)
    except ValueError as error:
        raise InvalidInputError(f"{name} must be a whole number, not {text[:40]!r}", field=name) from error
    if not low <= value <= high:
        raise InvalidInputError(f"{name} must be between {low} and {high}, not {text[:40]}", field=name)
    return value
