"""Heavy pure-Python work in a process of its own, so that the server's threads stay quick.

A job is a folder: the worker reads its input there, reports progress in a small file and looks for another one that asks
it to stop. So the same works on any ``concurrent.futures`` executor whose workers see the folder.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any

from cvat_lab.errors import CancelledError
from cvat_lab_server.work.queue import Progress

WORKERS = 1
POLL_SECONDS = 0.1
_PROGRESS, _STOP = "progress", "stop"

Job = Callable[[Path, "Reporter"], Any]


class Reporter:
    """The worker's end: tells progress, and raises when it is asked to stop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = 0.0

    def __call__(self, fraction: float) -> None:
        """Report 0..1; at most ten times a second.

        Raises
        ------
        CancelledError
            The owner of the request cancelled it.
        """
        now = time.monotonic()
        if now - self._told < POLL_SECONDS and fraction < 1.0:
            return
        self._told = now
        part = self._folder / f"{_PROGRESS}.part"
        part.write_text(f"{fraction:.4f}")
        part.replace(self._folder / _PROGRESS)
        if (self._folder / _STOP).exists():
            raise CancelledError("Cancelled by its owner.")


class Processes:
    """A small pool of worker processes, started when first needed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def run(self, job: Job, folder: Path, progress: Progress) -> Any:
        """Run ``job(folder, reporter)`` in a worker and return its result.

        Parameters
        ----------
        job
            A function of a module; it is sent by name.

        Raises
        ------
        CancelledError
            ``progress`` was cancelled; the worker has stopped.
        """
        try:
            future = self._submit(job, folder)
            return self._watch(future, folder, progress)
        except BrokenProcessPool:
            with self._lock:
                self._pool = None
            raise RuntimeError("the worker process died, perhaps for lack of memory; try again") from None

    def close(self) -> None:
        """Stop the workers."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _submit(self, job: Job, folder: Path) -> Future[Any]:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(WORKERS, context, initializer=_follow_parent, initargs=(os.getpid(),))
            return self._pool.submit(_call, job, folder)

    def _watch(self, future: Future[Any], folder: Path, progress: Progress) -> Any:
        while not wait([future], timeout=POLL_SECONDS).done:
            with suppress(OSError, ValueError):
                told = float((folder / _PROGRESS).read_text())
                try:
                    progress(told)
                except CancelledError:
                    (folder / _STOP).touch()
                    future.cancel()
                    raise
        return future.result()


def _call(job: Job, folder: Path) -> Any:
    return job(folder, Reporter(folder))


def _follow_parent(parent: int) -> None:
    """End this process soon after the server has died, however it died."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
