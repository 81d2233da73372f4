"""Answers that are asked for with every request and seldom change: logins, rights, labels.

Only exact answers are given. Every answer names the tables it was read from, every committed transaction moves on the
versions of the tables that it wrote, and an answer of an older version is read again. A write is acknowledged after its
versions have moved, so whoever was told of a change never meets the state before it.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Any

_WRITE = re.compile(r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+\.\w+)", re.IGNORECASE)

MISSING = object()
"""Stands for an answer that is not there, because None is one."""

LIMIT = 20_000
"""Answers that are kept; the one not asked for longest goes first."""


def written_table(sql: str) -> str | None:
    """Return the table that a statement writes to, with its schema; None for one that does not write."""
    found = _WRITE.match(sql)
    return found[1].lower() if found else None


class Memory:
    """Remembered answers. Safe to use from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}
        self._answers: OrderedDict[Hashable, tuple[tuple[int, ...], Any]] = OrderedDict()

    def versions(self, tables: Iterable[str]) -> tuple[int, ...]:
        """Return the versions of some tables; take them before reading."""
        with self._lock:
            return self._versions_of(tables)

    def recall(self, key: Hashable, tables: Iterable[str]) -> Any:
        """Return the answer to ``key``, or :data:`MISSING` if there is none or one of its tables was written."""
        with self._lock:
            known = self._answers.get(key)
            if known is None or known[0] != self._versions_of(tables):
                return MISSING
            self._answers.move_to_end(key)
            return known[1]

    def keep(self, key: Hashable, versions: tuple[int, ...], answer: Any) -> None:
        """Remember what was read after ``versions`` were taken."""
        with self._lock:
            self._answers[key] = versions, answer
            self._answers.move_to_end(key)
            if len(self._answers) > LIMIT:
                self._answers.popitem(last=False)

    def move_on(self, tables: Iterable[str]) -> None:
        """Note that a transaction that wrote to these tables has been committed."""
        with self._lock:
            for table in tables:
                self._versions[table] = self._versions.get(table, 0) + 1

    def _versions_of(self, tables: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._versions.get(table, 0) for table in tables)
