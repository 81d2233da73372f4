"""Heavy pure-Python work in a process of its own, so that the server's threads stay quick.

One process per job: it can be killed at any moment without harm to others, and it does not import the program that
started the server, which may be a user's script. A job is a folder (see ``worker.py``), so another executor whose
workers see the folder can take this one's place.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from cvat_lab.errors import CvatLabError, InvalidInputError
from cvat_lab.model.base import decode_json
from cvat_lab_server.work.queue import Progress
from cvat_lab_server.work.worker import ERROR, PROGRESS, RESULT, Failure

T = TypeVar("T")

POLL_SECONDS = 0.1


class Processes:
    """Runs jobs in processes and ends them when it is closed."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def run(self, job: Callable[..., Any], folder: Path, progress: Progress, result_type: type[T]) -> T:
        """Run ``job(folder, report)`` in a process and return its result.

        Parameters
        ----------
        job
            A function of a module.
        result_type
            What its JSON result is read as.

        Raises
        ------
        CancelledError
            ``progress`` was cancelled; the process has been killed.
        CvatLabError
            The job failed with an error meant for the user.
        """
        name = f"{job.__module__}:{job.__qualname__}"
        command = [sys.executable, "-m", "cvat_lab_server.work.worker", name, str(folder)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
        with self._lock:
            self._running.add(process)
        try:
            self._watch(process, folder, progress)
        finally:
            process.kill()
            process.wait()
            with self._lock:
                self._running.discard(process)
        return _result(folder, result_type)

    def close(self) -> None:
        """Kill what is running; its requests run again at the next start."""
        with self._lock:
            for process in self._running:
                process.kill()

    def _watch(self, process: subprocess.Popen[bytes], folder: Path, progress: Progress) -> None:
        """Pass progress on until the process has ended."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
                return
            told = 0.0
            with suppress(OSError, ValueError):
                told = float((folder / PROGRESS).read_text())
            progress(told)


def _result(folder: Path, result_type: type[T]) -> T:
    if (folder / RESULT).exists():
        return decode_json((folder / RESULT).read_bytes(), result_type, what="result of a worker")
    if not (folder / ERROR).exists():
        raise CvatLabError("the worker process died, perhaps for lack of memory; try again")
    failure = decode_json((folder / ERROR).read_bytes(), Failure, what="error of a worker")
    if failure.expected:
        raise InvalidInputError(failure.message)
    raise RuntimeError(f"{failure.message}\n{failure.trace}")
