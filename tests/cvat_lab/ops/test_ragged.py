"""Rows of different length, in and out of Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cvat_lab.ops.ragged import Ragged, interleave, spread, starts

ROWS = [[1.0, 2.0], [], [3.0], [4.0, 5.0, 6.0]]
LISTS = pa.list_(pa.float64())


def test_rows_come_back() -> None:
    rows = Ragged.from_rows(ROWS)
    assert len(rows) == 4
    assert rows.lengths.tolist() == [2, 0, 1, 3]
    assert rows[3].tolist() == [4, 5, 6]
    assert rows.tolist() == ROWS


def test_take_reorders_and_repeats() -> None:
    assert Ragged.from_rows(ROWS).take(np.array([3, 1, 0, 0])).tolist() == [[4, 5, 6], [], [1, 2], [1, 2]]


def test_no_rows() -> None:
    assert Ragged.from_rows([]).tolist() == []
    assert Ragged.from_rows(ROWS).take(np.array([], dtype=int)).tolist() == []
    assert Ragged.from_arrow(pa.array([], LISTS)).tolist() == []


@pytest.mark.parametrize("kind", [LISTS, pa.large_list(pa.float64()), pa.list_(pa.float32()), pa.list_(pa.int64())])
def test_any_list_of_numbers_is_read(kind: pa.DataType) -> None:
    column = pa.chunked_array([pa.array(ROWS[:2], kind), pa.array([[9], *ROWS[2:]], kind).slice(1)])
    rows = Ragged.from_arrow(column)
    assert rows.tolist() == ROWS
    assert rows.values.dtype == np.float64


def test_null_row_is_read_as_empty_and_written_as_null() -> None:
    rows = Ragged.from_arrow(pa.array([[1.0], None, [2.0]], LISTS))
    assert rows.tolist() == [[1], [], [2]]
    assert rows.to_arrow(np.array([False, True, False])).to_pylist() == [[1], None, [2]]
    assert rows.to_arrow().to_pylist() == [[1], [], [2]]


def test_starts_and_spread() -> None:
    assert starts(np.array([2, 0, 3])).tolist() == [0, 2, 2, 5]
    assert spread(np.array([10, 99, 20]), np.array([2, 0, 3])).tolist() == [10, 11, 20, 21, 22]


def test_interleave_puts_groups_back_in_order() -> None:
    odd, even = Ragged.from_rows([ROWS[1], ROWS[3]]), Ragged.from_rows([ROWS[0], ROWS[2]])
    assert interleave([(np.array([1, 3]), odd), (np.array([0, 2]), even)], 4).tolist() == ROWS
    assert interleave([], 0).tolist() == []
