"""``cvat-lab sql``: questions to everything on the server."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sql",
        parents=[common],
        help="answer a SELECT",
        description="Answer a SELECT over projects, tasks, jobs, frames, labels, tags, shapes, tracks, keyframes, "
        "track_shapes, attributes, issues and revisions. Prints a table to a terminal and CSV to everything else.",
    )
    parser.add_argument("query", help="one SELECT in DuckDB's SQL; - reads it from standard input")
    parser.add_argument(
        "--param",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="value for the mark $NAME; may be repeated. Numbers, true, false and null are read as such",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="read no more rows than this")
    parser.add_argument("--format", choices=("table", "csv", "json"), help="how to print")
    parser.set_defaults(run=run_query)


def run_query(options: argparse.Namespace) -> None:
    """Print the answer to a query."""
    from cvat_lab.cli.printing import print_csv, print_table
    from cvat_lab.cli.session import open_lab

    text = sys.stdin.read() if options.query == "-" else options.query
    parameters = dict(_parameter(given) for given in options.param) or None
    with open_lab(options) as lab:
        result = lab.sql(text, parameters, limit=options.limit)
    form = options.format or ("table" if sys.stdout.isatty() else "csv")
    if form == "table":
        print_table(result)
    elif form == "csv":
        print_csv([result.columns, *(list(row.values()) for row in result)])
    else:
        print(json.dumps(list(result), indent=2, ensure_ascii=False, default=str))


def _parameter(given: str) -> tuple[str, Any]:
    name, equals, text = given.partition("=")
    if not equals or not name:
        raise InvalidInputError(f"--param takes NAME=VALUE, not {given!r}")
    try:
        value = json.loads(text)
    except ValueError:
        return name, text
    return name, text if isinstance(value, str | dict) else value
