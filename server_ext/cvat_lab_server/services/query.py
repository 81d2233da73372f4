"""Programmatic queries over everything the caller may see."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

import pyarrow as pa

from cvat_lab.model.server import SqlQuery
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.sandbox import UserQuery

T = TypeVar("T")
Batches = Generator[pa.RecordBatch, None, None]

QUERIES = 4
"""Queries that run at the same time; others wait. They have threads of their own, so that logins and saves never do."""


class QueryService:
    """Answers SQL with Arrow streams."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(QUERIES, thread_name_prefix="cvat-lab-query")

    async def stream(self, caller: Caller, query: SqlQuery) -> AsyncGenerator[bytes, None]:
        """Run a query and return its Arrow IPC stream in pieces.

        Errors of the query are raised before the first piece is made, so that they reach the client as such.
        """
        schema, batches = await self._work(self._start, caller, query)
        return self._pieces(schema, batches)

    def close(self) -> None:
        """Wait for the queries that run."""
        self._threads.shutdown(cancel_futures=True)

    async def _work(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _pieces(self, schema: pa.Schema, batches: Batches) -> AsyncGenerator[bytes, None]:
        sink = _Collector()
        with closing(batches), pa.ipc.new_stream(sink, schema) as writer:
            while (batch := await self._work(next, batches, None)) is not None:
                writer.write_batch(batch)
                yield sink.take()
        yield sink.take()

    def _start(self, caller: Caller, query: SqlQuery) -> tuple[pa.Schema, Batches]:
        connection = self._database.connection()
        try:
            checked = UserQuery(connection, query.sql, query.params, user_id=caller.id, is_admin=caller.is_admin)
            return checked.batches(query.limit)
        except BaseException:
            connection.close()
            raise


class _Collector(io.RawIOBase):
    """A file that remembers what was written to it until somebody takes it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
