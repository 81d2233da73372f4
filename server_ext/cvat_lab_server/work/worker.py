"""What runs in a worker process: one job, described by a folder.

Usage: ``python -m cvat_lab_server.work.worker MODULE:FUNCTION FOLDER``. The function is called with the folder and a
reporter. Its result is left as JSON in ``result.json``, a failure in ``error.json``. Standard input ends when the
server dies, however it dies, and then this process ends too.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from importlib import import_module
from pathlib import Path

from cvat_lab.errors import CvatLabError
from cvat_lab.model.base import Record, encode_json

RESULT, ERROR, PROGRESS = "result.json", "error.json", "progress"
REPORT_SECONDS = 0.1


class Failure(Record, kw_only=True):
    """Why a job failed. ``expected`` = the message is meant for the user; else it is a fault of the program."""

    message: str
    expected: bool
    trace: str = ""


class Reporter:
    """Tells the server how far a job is, through a small file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = 0.0

    def __call__(self, fraction: float) -> None:
        """Report 0..1; more often than ten times a second is passed over."""
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS or fraction >= 1.0:
            self._told = now
            write_whole(self._folder / PROGRESS, f"{fraction:.4f}".encode())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


def main(function: str, folder: Path) -> int:
    """Run one job and return the exit status."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    module, _, name = function.partition(":")
    try:
        result = getattr(import_module(module), name)(folder, Reporter(folder))
    except Exception as error:
        expected = isinstance(error, CvatLabError)
        failure = Failure(message=str(error), expected=expected, trace=traceback.format_exc())
        write_whole(folder / ERROR, encode_json(failure))
        return 1
    write_whole(folder / RESULT, encode_json(result))
    return 0


def _follow_parent() -> None:
    """Block until standard input ends, then leave at once.

    Read without Python's buffer: the interpreter could not take its lock back at the end of the job.
    """
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
