"""Answers to SQL queries: an Arrow table that shows itself, and turns into what other libraries want."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cvat_lab.client.http import Transport
from cvat_lab.errors import CvatLabError
from cvat_lab.model.server import SqlQuery

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PATIENCE = 300.0
SHOWN_ROWS = 20


class Result:
    """The rows that a query found.

    It can be given to everything that reads Arrow (pandas, Polars, DuckDB) as it is.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table, without a copy."""
        return self._table

    def df(self) -> pd.DataFrame:
        """Return the rows as a DataFrame."""
        frame: pd.DataFrame = self._table.to_pandas()
        return frame

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._table.column_names)

    def scalar(self) -> Any:
        """Return the first value of the first row; None when there is no row."""
        return self._table.column(0)[0].as_py() if len(self) and self.columns else None

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._table.to_batches():
            yield from batch.to_pylist()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Result: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        more = f", the first {SHOWN_ROWS} of them shown" if len(self) > SHOWN_ROWS else ""
        shown = self._table.slice(0, SHOWN_ROWS).to_pandas()
        return f"{shown.to_html(index=False, notebook=True, max_cols=None)}<p>{count}{more}</p>"


def run_query(transport: Transport, sql: str, params: Any, limit: int | None) -> Result:
    """Run a query on the server and read its answer.

    Raises
    ------
    InvalidInputError
        The query is no SELECT over the views, or DuckDB refuses it.
    CvatLabError
        The query failed while its answer was on the way.
    """
    import pyarrow as pa

    query = SqlQuery(sql=sql, params=params, limit=limit)
    with transport.send("POST", "api/lab/sql", body=query, stream=True, patience=PATIENCE) as answer:
        try:
            # The body is read while the server makes it.
            answer.raw.decode_content = True
            table = _read(pa.ipc.open_stream(answer.raw), limit)
        except (pa.ArrowException, OSError) as error:
            raise CvatLabError(f"the answer to the query broke off: {error}. Narrow it down, or add a LIMIT") from error
    return Result(table)


def _read(stream: pa.RecordBatchReader, limit: int | None) -> pa.Table:
    """Read a stream, and no further than ``limit`` rows."""
    import pyarrow as pa

    batches, rows = [], 0
    for batch in stream:
        batches.append(batch)
        rows += batch.num_rows
        if limit is not None and rows >= limit:
            break
    return pa.Table.from_batches(batches, stream.schema).slice(0, limit)
