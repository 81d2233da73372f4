"""The ``cvat-lab`` command. One file per group of commands; each adds its own parsers.

A command is a function that takes the parsed arguments and prints to standard output. Errors are one line on standard
error and status 1; wrong usage is status 2; Ctrl+C is status 130.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Sequence

from cvat_lab.cli.parser import make_parser
from cvat_lab.errors import CvatLabError

FAILED = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Parameters
    ----------
    arguments
        Without the program's name; None = those of this process.
    """
    parser = make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.debug:
        logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s: %(message)s")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _print_warning
            chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads us has seen enough. What is buffered has nowhere to go, and must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print(f"{parser.prog}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (CvatLabError, OSError) as error:
        if chosen.debug:
            raise
        print(f"{parser.prog}: {' '.join(str(error).split())}", file=sys.stderr)
        return FAILED
    return 0


def _print_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """Print a warning as one line; only those of this package are for users."""
    if issubclass(category, UserWarning) and not issubclass(category, DeprecationWarning):
        print(f"cvat-lab: {message}", file=sys.stderr)
