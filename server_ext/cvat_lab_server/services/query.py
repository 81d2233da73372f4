"""Programmatic queries over everything the caller may see."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pyarrow as pa

from cvat_lab.model.server import SqlQuery
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.sandbox import UserQuery


class QueryService:
    """Answers SQL with Arrow streams."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stream(self, caller: Caller, query: SqlQuery) -> AsyncIterator[bytes]:
        """Run a query and return its Arrow IPC stream in pieces.

        Errors of the query are raised before the first piece is made, so that they reach the client as such.
        """
        schema, batches = await asyncio.to_thread(self._start, caller, query)
        return _pieces(schema, batches)

    def _start(self, caller: Caller, query: SqlQuery) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        connection = self._database.connection()
        try:
            checked = UserQuery(connection, query.sql, query.params, user_id=caller.id, is_admin=caller.is_admin)
            return checked.batches()
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


async def _pieces(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> AsyncIterator[bytes]:
    sink = _Collector()
    with pa.ipc.new_stream(sink, schema) as writer:
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            writer.write_batch(batch)
            yield sink.take()
    yield sink.take()
