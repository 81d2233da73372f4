"""Progress of uploads and background requests: a bar where somebody watches, silence everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Reporter(Protocol):
    """Is told how far a piece of work is."""

    def stage(self, text: str, total: float) -> None:
        """Begin a stage of ``total`` units."""

    def advance(self, amount: float) -> None:
        """Note that ``amount`` more units are done."""

    def reach(self, done: float, text: str = "") -> None:
        """Note that ``done`` units of the stage are done in all, and what is being done now."""


class Silence:
    """Tells nobody."""

    def stage(self, text: str, total: float) -> None:
        """Do nothing."""

    def advance(self, amount: float) -> None:
        """Do nothing."""

    def reach(self, done: float, text: str = "") -> None:
        """Do nothing."""


class Bar:
    """One bar in the terminal or below the cell; a new stage takes the place of the last."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, text: str, total: float) -> None:
        """Start the bar anew."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(text, total=total)

    def advance(self, amount: float) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._progress.advance(self._task, amount)

    def reach(self, done: float, text: str = "") -> None:
        """Move the bar to a place, with another text."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, description=text or None)


@contextmanager
def report(show: bool | None = None) -> Iterator[Reporter]:
    """Yield what is to be told about progress.

    Parameters
    ----------
    show
        Draw a bar; None = where somebody watches: in a notebook, and in a terminal.
    """
    if not (_is_watched() if show is None else show):
        yield Silence()
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)


def _is_watched() -> bool:
    if "ipykernel" in sys.modules:
        from IPython import get_ipython

        return get_ipython() is not None
    return sys.stderr is not None and sys.stderr.isatty()
