"""Rows of different length in two arrays: all numbers one after the other, and where each row begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True)
class Ragged:
    """The points of many shapes.

    Attributes
    ----------
    values
        All rows one after the other, float64.
    offsets
        Row ``i`` is ``values[offsets[i] : offsets[i + 1]]``; int64, one more than there are rows, starting at 0.
    """

    values: Floats
    offsets: Integers

    def __len__(self) -> int:
        return self.offsets.size - 1

    def __getitem__(self, row: int) -> Floats:
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    @property
    def lengths(self) -> Integers:
        """Number of values in each row."""
        return self.offsets[1:] - self.offsets[:-1]

    def take(self, rows: Integers) -> Ragged:
        """Return some rows, in the order of ``rows``."""
        lengths = self.lengths[rows]
        return Ragged(self.values[spread(self.offsets[rows], lengths)], starts(lengths))

    def tolist(self) -> list[list[float]]:
        """Return the rows as lists."""
        return [self[row].tolist() for row in range(len(self))]

    def to_arrow(self, nulls: NDArray[np.bool_] | None = None) -> pa.ListArray:
        """Return the rows as Arrow ``list<double>``; where ``nulls`` is true the row is null."""
        mask = None if nulls is None else pa.array(nulls)
        return pa.ListArray.from_arrays(pa.array(self.offsets.astype(np.int32)), pa.array(self.values), mask=mask)

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[float]]) -> Ragged:
        """Copy the rows out of lists."""
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        values = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=int(lengths.sum()))
        return cls(values, starts(lengths))

    @classmethod
    def from_arrow(cls, column: Any) -> Ragged:
        """Read an Arrow array or chunked array of lists of numbers. A null row becomes an empty one."""
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        lengths = array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        values = array.flatten().to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
        return cls(values, starts(lengths))


def starts(lengths: Integers) -> Integers:
    """Return the offsets of rows of these lengths."""
    offsets = np.zeros(lengths.size + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def spread(first: Integers, lengths: Integers) -> Integers:
    """Return ``first[i], first[i] + 1, ...`` for ``lengths[i]`` numbers each, one row after the other."""
    offsets = starts(lengths)
    return np.arange(offsets[-1]) + np.repeat(first - offsets[:-1], lengths)


def repeat_rows(rows: NDArray[Scalar], repeats: Integers, total: int) -> NDArray[Scalar]:
    """Return each row of an array ``repeats[i]`` times, ``total`` in all; costs nothing when it is once each."""
    return rows if total == len(rows) and np.all(repeats == 1) else np.repeat(rows, repeats, axis=0)


def interleave(parts: Iterable[tuple[Integers, Ragged]], count: int) -> Ragged:
    """Put rows that were worked out in groups back into one order.

    Parameters
    ----------
    parts
        The row numbers of each group, and its rows. Together they name every row from 0 to ``count`` once.
    count
        Number of rows.
    """
    groups = list(parts)
    if len(groups) == 1:
        return groups[0][1]
    lengths = np.zeros(count, dtype=np.int64)
    for rows, part in groups:
        lengths[rows] = part.lengths
    offsets = starts(lengths)
    values = np.empty(offsets[-1], dtype=np.float64)
    for rows, part in groups:
        values[spread(offsets[rows], part.lengths)] = part.values
    return Ragged(values, offsets)
