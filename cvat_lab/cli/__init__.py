"""The ``cvat-lab`` command. One file per group of commands; each adds its own parsers.

A command is a function that takes the parsed arguments and prints to standard output. Errors are one line on standard
error and status 1; wrong usage is status 2.
"""

from __future__ import annotations

import os
import sys
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
    try:
        chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads us has seen enough. What is buffered has nowhere to go, and must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CvatLabError, OSError) as error:
        if chosen.debug:
            raise
        print(f"{parser.prog}: {' '.join(str(error).split())}", file=sys.stderr)
        return FAILED
    return 0
