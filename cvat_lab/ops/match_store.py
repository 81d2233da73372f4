"""Matches of contours that are worked out once per pair of keyframes and then kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvat_lab.ops.contours import Matches
from cvat_lab.ops.ragged import Integers


class MatchStore:
    """The matches of all pairs that somebody asked for so far. Safe to use from several threads.

    Parameters
    ----------
    size
        Number of pairs.
    match
        Works out the matches of the pairs with the given numbers.
    """

    def __init__(self, size: int, match: Callable[[Integers], Matches]) -> None:
        self._match = match
        self._slots = np.full(size, -1)
        self._columns = {field.name: GrowingArray() for field in fields(Matches)}
        self._kept: Matches | None = None
        self._lock = Lock()

    def get(self, pairs: Integers) -> tuple[Matches, Integers]:
        """Return matches that include those of ``pairs``, and the row in which each of the pairs is found."""
        with self._lock:
            missing = np.unique(pairs[self._slots[pairs] < 0])
            if missing.size or self._kept is None:
                self._kept = self._append(self._match(missing))
                self._slots[missing] = np.arange(self._kept.first.size - missing.size, self._kept.first.size)
            return self._kept, self._slots[pairs]

    def _append(self, new: Matches) -> Matches:
        moved = replace(
            new,
            first=new.first + self._columns["start"].size,
            run_first=new.run_first + self._columns["run_start"].size,
        )
        return Matches(**{name: column.extend(getattr(moved, name)) for name, column in self._columns.items()})


class GrowingArray:
    """An array that doubles its memory when it is full, so that adding to it costs little."""

    def __init__(self) -> None:
        self.size = 0
        self._data: NDArray[Any] | None = None

    def extend(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Add rows and return all of them. What was returned before keeps its content."""
        if self._data is None:
            self._data = rows[:0].copy()
        need = self.size + len(rows)
        if need > len(self._data):
            grown = np.empty((max(need, 2 * self.size), *rows.shape[1:]), dtype=rows.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : need] = rows
        self.size = need
        return self._data[:need]
