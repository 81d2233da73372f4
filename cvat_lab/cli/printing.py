"""How commands print lists and tables."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cvat_lab.model.base import Record, encode_json

if TYPE_CHECKING:
    from cvat_lab.client.query import Result


def print_records(records: Sequence[Record], columns: Sequence[str], *, as_json: bool) -> None:
    """Print some columns as CSV, or whole records as a JSON list."""
    if as_json:
        print(json.dumps(json.loads(encode_json(records)), indent=2, ensure_ascii=False))
        return
    print_csv([getattr(record, name) for name in columns] for record in records)


def print_listing(records: Sequence[Record], columns: Sequence[str], *, as_json: bool) -> None:
    """Print a table to people, the ids to programs, or whole records as a JSON list to both."""
    if as_json or not sys.stdout.isatty():
        print_records(records, columns[:1], as_json=as_json)
    else:
        print_rows(columns, ([getattr(record, name) for name in columns] for record in records))


def print_csv(rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as CSV."""
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def print_table(result: Result) -> None:
    """Print a result with lines around it, for people."""
    print_rows(result.columns, (list(row.values()) for row in result))


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows with lines around them, for people."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row))
    Console().print(table)
