"""Progress of uploads and background requests: a bar where somebody watches, silence everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE_SECONDS: Final = 0.5
_REFRESH_SECONDS: Final = 0.2


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


class TerminalBar:
    """One bar in the terminal; a new stage takes the place of the last."""

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


class NotebookBar:
    """One line below the cell, which is gone when the work is done.

    It is plain HTML: a bar made of widgets would stay in the notebook as an error after the kernel has gone. Work that
    is over at once shows nothing.
    """

    def __init__(self) -> None:
        self._text, self._done, self._total = "", 0.0, 1.0
        self._next = time.monotonic() + _PATIENCE_SECONDS
        self._handle: Any = None

    def stage(self, text: str, total: float) -> None:
        """Start the bar anew."""
        self._text, self._done, self._total = text, 0.0, total or 1.0
        self._show()

    def advance(self, amount: float) -> None:
        """Move the bar on."""
        self._done += amount
        self._show()

    def reach(self, done: float, text: str = "") -> None:
        """Move the bar to a place, with another text."""
        self._done, self._text = done, text or self._text
        self._show()

    def close(self) -> None:
        """Take the bar away."""
        if self._handle is not None:
            self._handle.update({"text/html": "", "text/plain": ""}, raw=True)

    def _show(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        from IPython.display import DisplayHandle

        self._next = now + _REFRESH_SECONDS
        share = min(1.0, self._done / self._total)
        html = f'<progress value="{share:.3f}"></progress> {escape(self._text)}'
        bundle = {"text/html": html, "text/plain": f"{self._text} {share:.0%}"}
        if self._handle is None:
            self._handle = DisplayHandle()
            self._handle.display(bundle, raw=True)
        else:
            self._handle.update(bundle, raw=True)


@contextmanager
def report(show: bool | None = None) -> Iterator[Reporter]:
    """Yield what is to be told about progress.

    Parameters
    ----------
    show
        Draw a bar; None = where somebody watches: in a notebook, and in a terminal.
    """
    in_notebook = _is_kernel()
    is_watched = in_notebook or (sys.stderr is not None and sys.stderr.isatty())
    if not (is_watched if show is None else show):
        yield Silence()
    elif in_notebook:
        line = NotebookBar()
        try:
            yield line
        finally:
            line.close()
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            yield TerminalBar(progress)


def _is_kernel() -> bool:
    """Return whether this process is the kernel of a notebook; a mere import of IPython makes none."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
