"""Waiting for background requests of the server."""

from __future__ import annotations

import logging
import time

from cvat_lab.client.http import Transport
from cvat_lab.client.progress import Reporter
from cvat_lab.errors import CvatLabError
from cvat_lab.model.data import RequestId
from cvat_lab.model.request import RequestRead, RequestStatus

log = logging.getLogger("cvat_lab.client")

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
_GROWTH = 1.5


def wait_for(transport: Transport, request: RequestId, reporter: Reporter, text: str) -> RequestRead:
    """Wait until a background request has ended, and return it.

    The pauses between two looks grow, so that short work is noticed at once and long work costs little.

    Parameters
    ----------
    text
        What is going on, for the progress bar.

    Raises
    ------
    CvatLabError
        The request failed; the message is the server's.
    KeyboardInterrupt
        The user does not want to wait; the request is cancelled.
    """
    try:
        return _wait(transport, request, reporter, text)
    except KeyboardInterrupt:
        _cancel(transport, request)
        raise


def _wait(transport: Transport, request: RequestId, reporter: Reporter, text: str) -> RequestRead:
    reporter.stage(text, 1.0)
    pause = FIRST_PAUSE
    while True:
        found = transport.get(f"api/requests/{request.rq_id}", RequestRead)
        if found.status is RequestStatus.FINISHED:
            reporter.reach(1.0)
            return found
        if found.status is RequestStatus.FAILED:
            raise CvatLabError(found.message or f"{text} failed; the server gave no reason")
        reporter.reach(found.progress, found.message)
        time.sleep(pause)
        pause = min(pause * _GROWTH, LONGEST_PAUSE)


def _cancel(transport: Transport, request: RequestId) -> None:
    """Cancel a request for a user who is about to leave."""
    try:
        transport.send("POST", f"api/requests/{request.rq_id}/cancel")
    except CvatLabError as error:
        # It has just ended, or the server is gone. Either way there is nothing left to cancel.
        log.info("request %s was not cancelled: %s", request.rq_id, error)
