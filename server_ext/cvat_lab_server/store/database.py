"""One DuckDB file, one writer thread, many readers.

DuckDB answers concurrent writes to one row with an error and has no waiting, so every transaction that changes anything
runs on one thread, one after the other. Readers work beside it, each with a cursor of its own, because a second
``execute`` on a cursor silently ends the first one's result.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from cvat_lab.errors import WorkspaceBusyError, WorkspaceError
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.ddl import TableSpec
from cvat_lab_server.store.functions import register_functions
from cvat_lab_server.store.memory import MISSING, Memory
from cvat_lab_server.store.migrations import migrate

T = TypeVar("T")

READERS = 4
"""Threads that read at the same time."""


class Database:
    """The open database of a workspace.

    Parameters
    ----------
    path
        The ``.duckdb`` file; made if it does not exist.
    memory_limit
        What DuckDB may use, in its own notation, for example ``2GB``.

    Raises
    ------
    WorkspaceBusyError
        Another process holds the file.
    WorkspaceError
        The file is damaged or of a newer version.
    """

    def __init__(self, path: Path, *, memory_limit: str | None = None) -> None:
        self.path = path
        self._connection = _connect(path, memory_limit)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="cvat-lab-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="cvat-lab-reader")
        self._local = threading.local()
        self._memory = Memory()
        self.write(lambda cursor: migrate(lambda sql: cursor.rows(sql)))
        register_functions(self._connection)
        _lock_down(self._connection, path.parent)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return a new cursor of the instance, for work with a life of its own (streams, user queries)."""
        return self._connection.cursor()

    def read(self, work: Callable[[Cursor], T]) -> T:
        """Run ``work`` on a reader thread and wait for it. Not for the event loop: see :meth:`read_async`."""
        return self._readers.submit(self._with_own_cursor, work).result()

    def write(self, work: Callable[[Cursor], T]) -> T:
        """Run ``work`` as one transaction on the writer thread and wait until it is durable on disk."""
        return self.submit_write(work).result()

    async def read_async(self, work: Callable[[Cursor], T]) -> T:
        """Run ``work`` on a reader thread."""
        return await asyncio.wrap_future(self._readers.submit(self._with_own_cursor, work))

    def recall(self, key: Hashable, tables: Iterable[TableSpec], work: Callable[[Cursor], T]) -> T:
        """Return the remembered answer to ``key``, or run ``work`` on a reader thread and remember what it returns.

        Parameters
        ----------
        tables
            All tables that ``work`` reads. It must not depend on fields in ``cursor.MARKS``, and whoever is given the
            answer must not change it.
        """
        names = [spec.qualified for spec in tables]
        known: T = self._memory.recall(key, names)
        return known if known is not MISSING else self.read(self._remembering(key, names, work))

    async def recall_async(self, key: Hashable, tables: Iterable[TableSpec], work: Callable[[Cursor], T]) -> T:
        """Like :meth:`recall`, for the event loop."""
        names = [spec.qualified for spec in tables]
        known: T = self._memory.recall(key, names)
        return known if known is not MISSING else await self.read_async(self._remembering(key, names, work))

    def read_consistently(self, work: Callable[[Cursor], T]) -> T:
        """Like :meth:`read`, in one transaction, so that all statements see the same revision."""
        return self.read(_isolated(work))

    async def read_snapshot(self, work: Callable[[Cursor], T]) -> T:
        """Like :meth:`read_async`, in one transaction, so that all statements see the same revision."""
        return await self.read_async(_isolated(work))

    async def write_async(self, work: Callable[[Cursor], T]) -> T:
        """Run ``work`` as one transaction; returns once it is durable on disk.

        The transaction is not torn down when the caller is cancelled: a client that hangs up has still saved.
        """
        return await asyncio.shield(asyncio.wrap_future(self.submit_write(work)))

    def submit_write(self, work: Callable[[Cursor], T]) -> Future[T]:
        """Queue ``work`` for the writer thread."""
        return self._writer.submit(self._transaction, work)

    async def check(self) -> None:
        """Raise unless the database answers."""
        await self.read_async(lambda cursor: cursor.value("SELECT 1"))

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        self._writer.submit(lambda: self._own_cursor().run("CHECKPOINT")).result()

    def close(self) -> None:
        """Finish what is queued, then close the file."""
        self._readers.shutdown()
        self._writer.shutdown()
        self._connection.close()

    def _own_cursor(self) -> Cursor:
        cursor: Cursor | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = Cursor(self._connection.cursor())
        return cursor

    def _with_own_cursor(self, work: Callable[[Cursor], T]) -> T:
        return work(self._own_cursor())

    def _remembering(self, key: Hashable, names: list[str], work: Callable[[Cursor], T]) -> Callable[[Cursor], T]:
        def remembering(cursor: Cursor) -> T:
            versions = self._memory.versions(names)
            answer = work(cursor)
            self._memory.keep(key, versions, answer)
            return answer

        return remembering

    def _transaction(self, work: Callable[[Cursor], T]) -> T:
        cursor = self._own_cursor()
        cursor.written.clear()
        cursor.run("BEGIN")
        try:
            result = work(cursor)
            cursor.run("COMMIT")
        except BaseException:
            cursor.run("ROLLBACK")
            raise
        self._memory.move_on(cursor.written)
        return result


def _isolated(work: Callable[[Cursor], T]) -> Callable[[Cursor], T]:
    def isolated(cursor: Cursor) -> T:
        cursor.run("BEGIN")
        try:
            return work(cursor)
        finally:
            cursor.run("ROLLBACK")

    return isolated


def _connect(path: Path, memory_limit: str | None) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {"memory_limit": memory_limit} if memory_limit else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise WorkspaceBusyError(
                f"the workspace {path.parent} is open in another process; DuckDB allows one owner. Connect to that "
                "server with cvat_lab.connect(), or stop it first"
            ) from error
        raise WorkspaceError(f"the workspace {path.parent} cannot be opened: {error}") from error
    except duckdb.Error as error:
        raise WorkspaceError(f"{path} is not a readable workspace: {error}") from error


def _lock_down(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Take from the whole instance what no query of a user may do: files, extensions, network, Python variables."""
    for statement in (
        "SET TimeZone = 'UTC'",
        f"SET allowed_directories = ['{str(folder).replace(chr(39), chr(39) * 2)}']",
        "SET enable_external_access = false",
        "SET python_enable_replacements = false",
        "SET lock_configuration = true",
    ):
        connection.execute(statement)
