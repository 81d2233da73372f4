"""Pages of lists: search, equality filters, JsonLogic, order and paging, turned into one SQL statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import duckdb

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.base import Record
from cvat_lab.model.server import Page
from cvat_lab_server.store.cursor import Cursor, to_record
from cvat_lab_server.store.ddl import TableSpec
from cvat_lab_server.store.jsonlogic import compile_filter

R = TypeVar("R", bound=Record)
T = TypeVar("T")

DEFAULT_PAGE_SIZE = 10


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
        Values that fields must have, as text.
    """

    path: str
    page: int = 1
    page_size: int | None = DEFAULT_PAGE_SIZE
    search: str = ""
    sort: str = ""
    filter: str = ""
    equal: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)

    def make_page(self, base_url: str, total: int, results: list[T]) -> Page[T]:
        """Wrap the results of one page, with absolute links to its neighbours."""
        last = max(1, -(-total // self.page_size)) if self.page_size else 1
        if self.page > last:
            raise NotFoundError("Invalid page.")
        following = self._link(base_url, self.page + 1) if self.page < last else None
        previous = self._link(base_url, self.page - 1) if self.page > 1 else None
        return Page(count=total, next=following, previous=previous, results=results)

    def _link(self, base_url: str, page: int) -> str:
        return f"{base_url}{self.path}?" + urlencode({**self.raw, "page": page})


@dataclass(frozen=True)
class Fields:
    """The fields of a list that may be searched, filtered and sorted by, each as an SQL expression.

    Attributes
    ----------
    all
        Name on the wire to expression.
    search
        Names that a plain search looks into.
    """

    all: Mapping[str, str]
    search: Sequence[str] = ()
    order: str = "-id"


def select_page(
    cursor: Cursor, select: str, source: str, fields: Fields, query: ListQuery, where: str = "true"
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
    """
    condition, parameters = _condition(fields, query)
    condition = f"({where}) AND ({condition})"
    order = _order(fields, query.sort)
    try:
        total = cursor.value(f"SELECT count(*) FROM {source} WHERE {condition}", parameters)
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        raise InvalidInputError(f"the filter does not fit its fields: {_first_line(error)}", field="filter") from error
    first = (query.page - 1) * query.page_size if query.page_size else 0
    if first > total:
        return total, []
    limit = f"LIMIT {query.page_size} OFFSET {first}" if query.page_size else ""
    rows = cursor.rows(f"SELECT {select} FROM {source} WHERE {condition} ORDER BY {order} {limit}", parameters)
    return total, rows


def find_page(
    cursor: Cursor,
    spec: TableSpec,
    kind: type[R],
    query: ListQuery,
    *,
    search: Sequence[str] = (),
    where: str = "true",
    order: str = "-id",
) -> tuple[int, list[R]]:
    """Return one page of the records of a single table; every column may be filtered and sorted by."""
    fields = Fields({name: f'"{name}"' for name in spec.column_names}, search, order)
    columns = ", ".join(f'"{name}"' for name in spec.column_names)
    total, rows = select_page(cursor, columns, spec.qualified, fields, query, where)
    return total, [to_record(spec, kind, row) for row in rows]


def _condition(fields: Fields, query: ListQuery) -> tuple[str, list[Any]]:
    parts, parameters = ["true"], []
    if query.search:
        pattern = f"%{_escape_like(query.search)}%"
        tests = [f"{fields.all[name]} ILIKE ? ESCAPE '\\'" for name in fields.search]
        parts.append("(" + (" OR ".join(tests) or "true") + ")")
        parameters += [pattern] * len(tests)
    for name, value in query.equal.items():
        if name in fields.all:
            parts.append(f"CAST({fields.all[name]} AS VARCHAR) = ?")
            parameters.append(value)
    if query.filter:
        sql, values = compile_filter(query.filter, fields.all)
        parts.append(sql)
        parameters += values
    return " AND ".join(parts), parameters


def _order(fields: Fields, sort: str) -> str:
    keys = [key.strip() for key in (sort or fields.order).split(",") if key.strip()]
    parts = []
    for key in keys:
        name = key.removeprefix("-")
        if name not in fields.all:
            raise InvalidInputError(
                f"cannot sort by {name!r}; known fields: {', '.join(sorted(fields.all))}", field="sort"
            )
        parts.append(f"{fields.all[name]} {'DESC' if key.startswith('-') else 'ASC'} NULLS LAST")
    return ", ".join([*parts, fields.all["id"]])


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


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _escape_like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
