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


def print_csv(rows: Iterable[Sequence[Any]]) -> None:
    """Print rows as CSV."""
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def print_table(result: Result) -> None:
    """Print a result with lines around it, for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*result.columns)
    for row in result:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
