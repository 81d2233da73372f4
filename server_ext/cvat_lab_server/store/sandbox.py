"""Queries of users: one ``SELECT`` over the documented views, and nothing else.

Three walls stand one behind the other. The instance itself can touch no files, extensions or network and its settings
are locked (``database.py``). The parsed statement may only name views, its own common table expressions and harmless
table functions. And the tables lie in a schema that a query's search path does not reach.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from cvat_lab.errors import InvalidInputError, TooLargeError
from cvat_lab_server.store.views import VIEWS, view_statements

TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
FORBIDDEN_FUNCTIONS = frozenset({"nextval", "currval", "setseed", "getenv", "query", "query_table", "write_log"})
BUILT_IN = ("duckdb_", "pg_", "sqlite_", "pragma_")
"""How the names of DuckDB's own catalogue begin, which an expression of the same name elsewhere would open."""

TIMEOUT_SECONDS = 60.0
BATCH_ROWS = 10_000
"""Rows per piece of an answer: few enough that wide rows do not fill the memory."""


class UserQuery:
    """One checked query of one user, ready to run on a connection of its own.

    Raises
    ------
    InvalidInputError
        The text is not exactly one SELECT, or it names something that is not a view.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sql: str,
        parameters: list[Any] | dict[str, Any] | None,
        *,
        user_id: int,
        is_admin: bool,
    ) -> None:
        self._connection = connection
        self._sql = sql.strip().rstrip(";")
        self._parameters = parameters
        for statement in view_statements(_check(connection, self._sql), user_id, is_admin):
            connection.execute(statement)

    def batches(self, limit: int | None = None) -> tuple[pa.Schema, Generator[pa.RecordBatch, None, None]]:
        """Run the query and return its schema and its rows, at most ``limit`` of them, in batches.

        Raises
        ------
        InvalidInputError
            DuckDB refuses the query; its own message says why.
        TooLargeError
            It ran longer than the time limit.
        """
        watchdog = threading.Timer(TIMEOUT_SECONDS, self._connection.interrupt)
        watchdog.start()
        try:
            result = self._connection.sql(self._sql, params=self._parameters)
            limited = result if limit is None else result.limit(limit)
            reader = limited.to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            watchdog.cancel()
            raise _explain(error) from error
        return reader.schema, self._drain(reader, watchdog)

    def _drain(self, reader: pa.RecordBatchReader, watchdog: threading.Timer) -> Generator[pa.RecordBatch, None, None]:
        try:
            yield from reader
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise _explain(error) from error
        finally:
            watchdog.cancel()
            self._connection.close()


def _explain(error: Exception) -> InvalidInputError | TooLargeError:
    if "INTERRUPT" in str(error).upper():
        return TooLargeError(f"the query ran longer than {TIMEOUT_SECONDS:g} s and was stopped; narrow it down")
    return InvalidInputError(str(error), field="sql")


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Return the names of the views a query uses, or refuse it."""
    [(answer,)] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    tree = json.loads(answer)
    if tree["error"]:
        message = tree.get("error_message", "")
        if "SELECT" in message:
            message = "only SELECT is allowed here; change annotations through the API"
        raise InvalidInputError(message, field="sql")
    if len(tree["statements"]) != 1:
        raise InvalidInputError(f"one statement at a time, not {len(tree['statements'])}", field="sql")
    used: set[str] = set()
    own = {name.lower() for name in _cte_names(tree)}
    if hidden := sorted(name for name in own if name.startswith(BUILT_IN)):
        raise InvalidInputError(f"a common table expression cannot be called {hidden[0]!r} here", field="sql")
    for node in _nodes(tree):
        _check_node(node, own, used)
    return used


def _check_node(node: dict[str, Any], own: set[str], used: set[str]) -> None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        name = str(node.get("table_name", "")).lower()
        qualified = node.get("schema_name") or node.get("catalog_name")
        if name in VIEWS and not qualified:
            used.add(name)
        elif name not in own or qualified:
            full = ".".join(part for part in (node.get("catalog_name"), node.get("schema_name"), name) if part)
            raise InvalidInputError(f"there is no view {full!r}; views: {', '.join(sorted(VIEWS))}", field="sql")
    elif kind == "TABLE_FUNCTION":
        _require_harmless(node["function"]["function_name"], allowed=TABLE_FUNCTIONS)
    elif "function_name" in node and str(node["function_name"]).lower() in FORBIDDEN_FUNCTIONS:
        raise InvalidInputError(f"function {node['function_name']!r} is not allowed here", field="sql")
    elif kind == "SHOW_REF":
        raise InvalidInputError(
            "DESCRIBE and SHOW are not allowed here; see the documentation of the views", field="sql"
        )


def _require_harmless(name: str, allowed: frozenset[str]) -> None:
    if name.lower() not in allowed:
        raise InvalidInputError(
            f"table function {name!r} is not allowed here; allowed: {', '.join(sorted(allowed))}", field="sql"
        )


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Walk over every object of the parse tree."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _cte_names(tree: Any) -> Iterator[str]:
    for node in _nodes(tree):
        for entry in (node.get("cte_map") or {}).get("map", []):
            yield entry["key"]
