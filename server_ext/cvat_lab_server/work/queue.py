"""Background requests: work that outlives the HTTP call that started it.

A request is a row, so it survives a restart: what was queued or running is run again. Its function must therefore be
repeatable, which all are because they write their result in one transaction, or to a temporary file that is renamed at
the end. Progress lives in memory and reaches the row when the state changes.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from cvat_lab.errors import CancelledError, CvatLabError
from cvat_lab.model.base import utc_now
from cvat_lab.model.request import Loss, Request, RequestStatus
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.requests import open_requests
from cvat_lab_server.store.tables import REQUESTS

log = logging.getLogger("cvat_lab.work")

WORKERS = 2

MAX_CRASHES = 2
"""How often a request may be running when the server dies before it is given up: it may well be the cause."""

LIFE = timedelta(days=7)
"""How long a finished request, and the file it made, can be fetched."""

SETTLE_SECONDS = 0.4
"""How long a call waits for small work to end, because clients poll only every few seconds."""


class ClosingError(CancelledError):
    """The server closes while a request runs."""


@dataclass
class Outcome:
    """What the function of a request returns."""

    message: str = ""
    result_path: str = ""
    result_name: str = ""
    result_id: int | None = None
    losses: list[Loss] = field(default_factory=list)


class Progress:
    """Handed to the function of a request: it reports how far it is and learns that it was cancelled."""

    def __init__(self) -> None:
        self.fraction = 0.0
        self.message = ""
        self._cancelled = threading.Event()
        self._closing = False

    def __call__(self, fraction: float, message: str = "") -> None:
        """Report progress.

        Parameters
        ----------
        fraction
            0..1.

        Raises
        ------
        CancelledError
            The owner cancelled the request.
        ClosingError
            The server is closing; the next one runs the request again, so whatever it needs for that must stay.
        """
        if self._closing:
            raise ClosingError("The server is closing.")
        if self._cancelled.is_set():
            raise CancelledError("Cancelled by its owner.")
        self.fraction = min(max(fraction, 0.0), 1.0)
        self.message = message or self.message

    def cancel(self) -> None:
        """Ask the function to stop at its next report."""
        self._cancelled.set()

    def close(self) -> None:
        """Ask the function to stop at its next report, and to leave everything to the next server."""
        self._closing = True


Work = Callable[[Request, Progress], Outcome]


class RequestQueue:
    """Runs background requests, a few at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._functions: dict[str, Work] = {}
        self._executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="cvat-lab-work")
        self._live: dict[str, tuple[Progress, Future[None]]] = {}
        self._lock = threading.Lock()

    def register(self, kind: str, function: Work) -> None:
        """Name the function that runs requests of one type, for example ``export:dataset``."""
        self._functions[kind] = function

    def recover(self) -> None:
        """Queue again what a former server left running, and give up what it never survived. Nothing runs yet."""
        for request in self._database.read(open_requests):
            if request.status is RequestStatus.STARTED:
                request.params["crashes"] = request.params.get("crashes", 0) + 1
            if request.params.get("crashes", 0) > MAX_CRASHES:
                error = CvatLabError("The server died every time it ran this request; it is not tried again.")
                self._close(request, Outcome(), error)
            else:
                self._database.write(partial(_requeue, request))

    def resume(self) -> None:
        """Run what a former server left queued."""
        for request in self._database.read(open_requests):
            log.info("running request %s again after a restart", request.id)
            self._start(request)

    async def submit(self, request: Request) -> Request:
        """Queue a new request and give small work a moment to end."""
        request.id = uuid.uuid4().hex
        await self._database.write_async(lambda cursor: cursor.insert(REQUESTS, request))
        done = self._start(request)
        await asyncio.wait([asyncio.wrap_future(done)], timeout=SETTLE_SECONDS)
        return request

    async def cancel(self, request: Request) -> None:
        """Stop a request that is queued or running; one that has ended stays as it is."""
        with self._lock:
            live = self._live.get(request.id)
        if live is None:
            return
        progress, future = live
        progress.cancel()
        if future.cancel():
            error = CancelledError("Cancelled by its owner.")
            await asyncio.to_thread(self._close, request, Outcome(), error)

    def with_progress(self, request: Request) -> Request:
        """Bring the progress of a stored request up to date."""
        with self._lock:
            live = self._live.get(request.id)
        if request.status in (RequestStatus.QUEUED, RequestStatus.STARTED):
            if live is not None:
                request.progress, request.message = live[0].fraction, live[0].message
            else:  # It has ended since its row was read.
                request.progress = 1.0
        return request

    def close(self) -> None:
        """Stop taking work and leave what is unfinished to the next start."""
        self._functions.clear()
        with self._lock:
            for progress, _ in self._live.values():
                progress.close()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self, request: Request) -> Future[None]:
        progress = Progress()
        with self._lock:
            future = self._executor.submit(self._run, request, progress)
            self._live[request.id] = progress, future
        return future

    def _run(self, request: Request, progress: Progress) -> None:
        function = self._functions.get(request.type)
        if function is None:
            return
        now = utc_now()
        self._database.write(
            lambda cursor: cursor.update(REQUESTS, request.id, status=RequestStatus.STARTED, started_date=now)
        )
        try:
            outcome = function(request, progress)
        except ClosingError:
            log.info("request %s is left to the next start", request.id)
            self._database.write(partial(_requeue, request))
        except CvatLabError as error:
            self._close(request, Outcome(), error)
        except Exception as error:
            log.exception("request %s (%s) failed", request.id, request.type)
            self._close(request, Outcome(), error)
        else:
            self._close(request, outcome, None)

    def _close(self, request: Request, outcome: Outcome, error: Exception | None) -> None:
        now = utc_now()
        fields: dict[str, Any] = {
            "status": RequestStatus.FAILED if error else RequestStatus.FINISHED,
            "message": describe(error) if error else outcome.message,
            "progress": 0.0 if error else 1.0,
            "result_path": outcome.result_path,
            "result_name": outcome.result_name,
            "result_id": outcome.result_id,
            "losses": outcome.losses,
            "finished_date": now,
            "expiry_date": now + LIFE,
        }
        self._database.write(lambda cursor: cursor.update(REQUESTS, request.id, **fields))
        with self._lock:
            self._live.pop(request.id, None)


def _requeue(request: Request, cursor: Cursor) -> None:
    cursor.update(REQUESTS, request.id, status=RequestStatus.QUEUED, params=request.params)


def describe(error: Exception) -> str:
    """Return the text that the owner of a failed request sees."""
    if isinstance(error, CvatLabError):
        return str(error)
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
