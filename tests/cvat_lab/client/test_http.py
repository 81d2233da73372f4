"""Requests: errors in words, lost connections, uploads that break off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from cvat_lab.client import uploads
from cvat_lab.client.answers import error_of
from cvat_lab.client.http import Transport
from cvat_lab.client.progress import Silence
from cvat_lab.client.uploads import send_in_pieces
from cvat_lab.errors import ConflictError, CvatLabError, InvalidInputError, NotFoundError, ServerUnavailableError

URL = "http://host/api/tasks/5"


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (404, b'{"detail": "Not found."}', NotFoundError, "Not found."),
        (400, b'{"name": ["too long", "too odd"]}', InvalidInputError, "name: too long; name: too odd"),
        (400, b'["plain", "list"]', InvalidInputError, "plain; list"),
        (400, b'{"labels": [{"color": ["must read #rrggbb"]}]}', InvalidInputError, "color: must read #rrggbb"),
        (409, b'{"detail": "busy"}', ConflictError, "busy"),
        (502, b"<html>Bad gateway</html>", CvatLabError, f"{URL} answered 502 reason"),
        (400, b"plain text", InvalidInputError, f"{URL} answered 400 plain text"),
    ],
)
def test_error_bodies_become_sentences(status: int, body: bytes, kind: type, message: str) -> None:
    error = error_of(status, body, "reason", URL)
    assert type(error) is kind
    assert str(error) == message


def test_the_field_at_fault_is_kept() -> None:
    error = error_of(400, b'{"name": ["too long"]}', "", URL)
    assert isinstance(error, InvalidInputError)
    assert error.field == "name"


class Flaky(BaseHTTPRequestHandler):
    """A server whose connections break: it takes half of every second piece, and closes."""

    stored = bytearray()
    patches = 0
    gets = 0
    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        Flaky.gets += 1
        self.seen.append(self.headers.get("Authorization", ""))
        if Flaky.gets < 3:
            self.close_connection = True
            return
        self._answer(200, b'{"ok": true}')

    def do_POST(self) -> None:
        self._answer(201, b"", {"Location": "http://behind.a.proxy/x/api/uploads/1", "Upload-Filename": "got.bin"})

    def do_HEAD(self) -> None:
        self._answer(200, b"", {"Upload-Offset": str(len(self.stored))})

    def do_PATCH(self) -> None:
        piece = self.rfile.read(int(self.headers["Content-Length"]))
        assert int(self.headers["Upload-Offset"]) == len(self.stored)
        Flaky.patches += 1
        if Flaky.patches % 2:
            self.stored.extend(piece[: len(piece) // 2])
            self.close_connection = True
            return
        self.stored.extend(piece)
        self._answer(204, b"", {"Upload-Offset": str(len(self.stored))})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def flaky() -> Iterator[Transport]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
    Flaky.stored.clear()
    Flaky.seen.clear()
    Flaky.patches = Flaky.gets = 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Transport(f"http://127.0.0.1:{server.server_port}/x", "secret")
    server.shutdown()
    server.server_close()


def test_reads_are_repeated(flaky: Transport) -> None:
    assert flaky.get("api/x", dict[str, bool]) == {"ok": True}
    assert Flaky.gets == 3


def test_tokens_are_sent_and_netrc_is_not(flaky: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login nobody password wrong\n")
    monkeypatch.setenv("NETRC", str(netrc))
    flaky.get("api/x", dict[str, bool])
    assert set(Flaky.seen) == {"token secret"}


def test_broken_uploads_go_on_where_they_were(
    flaky: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PIECE_BYTES", 1000)
    monkeypatch.setattr(uploads, "_FIRST_PAUSE", 0.01)
    content = bytes(range(256)) * 20
    file = tmp_path / "large.bin"
    file.write_bytes(content)
    assert send_in_pieces(flaky, "api/tasks/1/data", file, Silence()) == "got.bin"
    assert bytes(Flaky.stored) == content


def test_foreign_addresses_are_refused(flaky: Transport) -> None:
    with pytest.raises(ServerUnavailableError, match="no /api/"):
        flaky.get("http://elsewhere/secret", dict[str, bool])
