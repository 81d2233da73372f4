"""Slows down whoever tries passwords. Counted in memory: a restart forgets, and that is rare enough."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from cvat_lab.errors import TooManyAttemptsError

WINDOW_SECONDS = 300.0
PER_NAME = 10
"""Wrong passwords for one name from one address within the window."""

PER_ADDRESS = 100
"""Wrong passwords from one address, for any names, within the window."""

_PRUNED_AT = 10_000
"""Keys in memory at which those of the past are forgotten."""


class LoginThrottle:
    """Counts attempts. Only one address is locked out by what it tries, so nobody can lock out somebody else.

    Parameters
    ----------
    clock
        Seconds that only grow.
    counted
        What the attempts are, for the message.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, counted: str = "wrong passwords") -> None:
        self._clock = clock
        self._counted = counted
        self._lock = threading.Lock()
        self._failures: dict[tuple[str, str], deque[float]] = {}

    def require_patience(self, name: str, address: str) -> None:
        """Refuse another attempt after too many wrong ones.

        Raises
        ------
        TooManyAttemptsError
            Says how many seconds to wait.
        """
        now = self._clock()
        with self._lock:
            for key, limit in self._keys(name, address):
                failures = self._recent(key, now)
                if len(failures) >= limit:
                    seconds = max(math.ceil(failures[-limit] + WINDOW_SECONDS - now), 1)
                    raise TooManyAttemptsError(
                        f"too many {self._counted}; wait {seconds} seconds and try again", retry_after=seconds
                    )

    def note_failure(self, name: str, address: str) -> None:
        """Count a wrong password."""
        now = self._clock()
        with self._lock:
            if len(self._failures) > _PRUNED_AT:
                self._failures = {key: times for key in list(self._failures) if (times := self._recent(key, now))}
            for key, limit in self._keys(name, address):
                self._failures.setdefault(key, deque(maxlen=limit)).append(now)

    def note_success(self, name: str, address: str) -> None:
        """Forget the wrong passwords for a name from an address."""
        with self._lock:
            self._failures.pop((name.lower(), address), None)

    def _keys(self, name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        return ((name.lower(), address), PER_NAME), (("", address), PER_ADDRESS)

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        times = self._failures.get(key, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        return times
