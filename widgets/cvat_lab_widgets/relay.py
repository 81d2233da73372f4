"""The kernel's end of the page's requests, for pages that cannot reach the server themselves.

The protocol is described in ``widgets/ts/client/src/commTransport.ts``: a request and its body come as custom messages
of the widget, the answer goes back in parts. Requests are made on threads, so that the kernel stays free, and several
at a time, so that a large frame does not hold up a small change.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from cvat_lab.client.http import Transport
from cvat_lab.errors import CvatLabError, InvalidInputError

log = logging.getLogger("cvat_lab")

PART_BYTES = 1_000_000
"""Largest buffer of one message: Jupyter's websockets refuse messages of 10 MiB."""

PULSE_SECONDS = 8.0
"""How often a page that waits is told that we are still at it."""

_THREADS = 6
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_OWN_HEADERS = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "transfer-encoding",
        "x-csrftoken",
        "x-xsrftoken",
    }
)
_HIDDEN_HEADERS = frozenset({"connection", "content-encoding", "content-length", "set-cookie", "transfer-encoding"})

Send = Callable[[dict[str, Any], Sequence[bytes]], None]


@dataclass
class _Request:
    """A request whose body is still arriving."""

    content: Mapping[str, Any]
    parts: list[bytes] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return len(self.parts) >= int(self.content["parts"])


class Relay:
    """Makes the page's requests with the kernel's credentials.

    Parameters
    ----------
    transport
        The way to the server. Nothing else can be reached through a relay.
    send
        Sends a message with buffers to the page. Called from several threads.
    """

    def __init__(self, transport: Transport, send: Send) -> None:
        self._transport = transport
        self._send = send
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="cvat-lab-relay")
        self._open: dict[str, _Request] = {}
        self._lock = threading.Lock()

    def receive(self, content: Any, buffers: Sequence[Any]) -> None:
        """Take a message of the page; those that are not about requests are left alone."""
        rpc = content.get("rpc") if isinstance(content, Mapping) else None
        if rpc == "request":
            with self._lock:
                request = self._open[content["id"]] = _Request(content, [bytes(part) for part in buffers])
            self._start_if_complete(request)
        elif rpc == "body":
            with self._lock:
                waiting = self._open.get(content["id"])
            if waiting is not None:
                waiting.parts.extend(bytes(part) for part in buffers)
                self._start_if_complete(waiting)
        elif rpc == "abort":
            with self._lock:
                self._open.pop(content["id"], None)

    def close(self) -> None:
        """Forget all requests and stop the threads."""
        with self._lock:
            self._open.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start_if_complete(self, request: _Request) -> None:
        if request.is_complete:
            self._pool.submit(self._run, request)

    def _run(self, request: _Request) -> None:
        number = request.content["id"]
        if not self._is_open(number):
            return
        try:
            with self._pulse(number):
                status, headers, body = self._ask(request)
        except CvatLabError as error:
            self._reply(number, {"rpc": "error", "message": str(error)})
        except Exception as error:
            log.exception("a request of the page failed")
            self._reply(number, {"rpc": "error", "message": f"{type(error).__name__}: {error}"})
        else:
            self._answer(number, status, headers, body)
        finally:
            with self._lock:
                self._open.pop(number, None)

    def _ask(self, request: _Request) -> tuple[int, dict[str, str], bytes]:
        content = request.content
        method, path = content["method"], content["path"]
        if method not in _METHODS or not _is_ours(path):
            raise InvalidInputError(f"{method} {path} is not a request to the API of cvat_lab")
        headers = {name: text for name, text in content["headers"].items() if name.lower() not in _OWN_HEADERS}
        answer = self._transport.answer(
            method, path, query=content["query"], data=b"".join(request.parts) or None, headers=headers
        )
        shown = {name.lower(): text for name, text in answer.headers.items()}
        return answer.status_code, {name: shown[name] for name in shown.keys() - _HIDDEN_HEADERS}, answer.content

    def _answer(self, number: str, status: int, headers: dict[str, str], body: bytes) -> None:
        parts = [body[start : start + PART_BYTES] for start in range(0, len(body), PART_BYTES)]
        head = {"rpc": "response", "status": status, "headers": headers, "bytes": len(body), "parts": len(parts)}
        self._reply(number, head, parts[:1])
        for position, part in enumerate(parts[1:], start=1):
            self._reply(number, {"rpc": "data", "part": position}, [part])

    def _reply(self, number: str, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        if self._is_open(number):
            self._send({**content, "id": number}, buffers)

    def _is_open(self, number: str) -> bool:
        with self._lock:
            return number in self._open

    @contextmanager
    def _pulse(self, number: str) -> Iterator[None]:
        """Tell the page from time to time that its request is being worked on."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(PULSE_SECONDS):
                self._reply(number, {"rpc": "progress"})

        threading.Thread(target=beat, name="cvat-lab-pulse", daemon=True).start()
        try:
            yield
        finally:
            done.set()


def _is_ours(path: str) -> bool:
    """Return whether a path stays below the API."""
    steps = unquote(path).replace("\\", "/").split("/")
    return steps[0] == "api" and ".." not in steps
