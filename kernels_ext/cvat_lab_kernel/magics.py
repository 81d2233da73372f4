"""The magics: ``%cvat`` for everyday steps, ``%cvat_sql`` and ``%%cvat_sql`` for questions.

Mistakes are answered in one line, without a traceback.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

import cvat_lab
from cvat_lab.client import Lab, Result
from cvat_lab.errors import CvatLabError
from cvat_lab_kernel.parameters import find_parameters

LAB_NAME = "lab"
"""Variable of the notebook that holds the connection."""

HELP = """
%cvat connect [URL]      find the running server, or connect to one; the variable `lab` is the connection
%cvat open FOLDER        start a server for a workspace folder in this kernel
%cvat status             where we are connected, as whom
%cvat tasks              the tasks, as a table
%cvat task ID            one task
%cvat job ID [FRAME]     open the editor on a job
%cvat help               this text

%%cvat_sql [--out NAME] [--limit N]
SELECT label, count(*) AS boxes FROM shapes WHERE frame < $last GROUP BY label

$last takes the value of the variable `last`. --out puts the answer into a variable, as a DataFrame.
"""


@magics_class
class CvatMagics(Magics):
    """Magics that share one connection."""

    @property
    def lab(self) -> Lab:
        """The connection: the notebook's variable ``lab`` if it is one, else that to the running server."""
        found = self.shell.user_ns.get(LAB_NAME)
        return found if isinstance(found, Lab) else self._keep(cvat_lab.connect())

    @line_magic
    def cvat(self, line: str) -> Any:
        """Run one of the everyday steps; ``%cvat help`` lists them."""
        with friendly_errors():
            words = shlex.split(line) or ["help"]
            step = self._steps.get(words[0])
            if step is None:
                raise UsageError(f"%cvat {words[0]}: there is no such step; there are: {', '.join(self._steps)}")
            try:
                return step(self, *words[1:])
            except TypeError as error:
                if step.__name__ not in str(error):
                    raise
                raise UsageError(f"%cvat {words[0]}: wrong number of words; see %cvat help") from error

    @no_var_expand
    @line_cell_magic
    def cvat_sql(self, line: str, cell: str | None = None) -> Result | None:
        """Answer a SELECT; ``$name`` marks take their values from the notebook's variables."""
        with friendly_errors():
            options, query = _split(line, cell)
            values = {name: self._value(name) for name in find_parameters(query)}
            result = self.lab.sql(query, values or None, limit=options.limit)
        if options.out is None:
            return result
        self.shell.user_ns[options.out] = result.df()
        return None

    def _connect(self, url: str | None = None) -> Lab:
        return self._keep(cvat_lab.connect(url))

    def _open(self, folder: str) -> Lab:
        return self._keep(cvat_lab.open(folder))

    def _status(self) -> Any:
        print(f"connected to {self.lab.url} as {self.lab.user.username}")

    def _tasks(self) -> Result:
        return self.lab.sql("SELECT id, name, project, mode, size, status, assignee FROM tasks ORDER BY id DESC")

    def _task(self, number: str) -> Any:
        return self.lab.task(_number(number))

    def _job(self, number: str, frame: str | None = None) -> Any:
        return self.lab.job(_number(number)).annotate(None if frame is None else _number(frame))

    def _help(self) -> None:
        print(HELP.strip())

    _steps: dict[str, Callable[..., Any]] = {
        "connect": _connect,
        "open": _open,
        "status": _status,
        "tasks": _tasks,
        "task": _task,
        "job": _job,
        "help": _help,
    }

    def _keep(self, lab: Lab) -> Lab:
        self.shell.user_ns[LAB_NAME] = lab
        return lab

    def _value(self, name: str) -> Any:
        if name not in self.shell.user_ns:
            raise UsageError(f"${name}: there is no variable {name!r} in this notebook")
        return _plain(name, self.shell.user_ns[name])


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Turn errors that explain themselves into one line."""
    try:
        yield
    except CvatLabError as error:
        raise UsageError(str(error)) from error


class _Options(argparse.ArgumentParser):
    """Raises instead of ending the kernel."""

    def error(self, message: str) -> Any:
        raise UsageError(f"%%cvat_sql: {message}")


def _split(line: str, cell: str | None) -> tuple[argparse.Namespace, str]:
    """Return options and query. In a line they stand together, in a cell the options are the first line."""
    parser = _Options(prog="%%cvat_sql", add_help=False)
    parser.add_argument("--out", metavar="NAME")
    parser.add_argument("--limit", type=int, metavar="N")
    if cell is not None:
        options = parser.parse_args(shlex.split(line))
        query = cell
    else:
        options, query = _split_line(parser, line)
    if not query.strip():
        raise UsageError("%%cvat_sql: there is no query; see %cvat help")
    if options.out is not None and not options.out.isidentifier():
        raise UsageError(f"%%cvat_sql: --out takes the name of a variable, not {options.out!r}")
    return options, query


def _split_line(parser: argparse.ArgumentParser, line: str) -> tuple[argparse.Namespace, str]:
    """Take the options off the front of a line; the query keeps its quotes as they are."""
    given: list[str] = []
    while line.lstrip().startswith("--"):
        name, value, line = [*line.split(None, 2), "", ""][:3]
        given += [name, value]
    return parser.parse_args(given), line


def _number(text: str) -> int:
    if not text.isdigit():
        raise UsageError(f"%cvat: expected a number, not {text!r}")
    return int(text)


def _plain(name: str, value: Any) -> Any:
    """Return a value that can be sent: numbers, texts, dates, and lists of them; also numpy's and pandas'."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, set | tuple | range):
        value = list(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list):
        return value
    raise UsageError(f"${name}: a {type(value).__name__} cannot be a value of a query; numbers, texts and lists can")
