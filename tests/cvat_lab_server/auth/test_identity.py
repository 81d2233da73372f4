"""Whose address counts when passwords are guessed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from cvat_lab_server.auth.identity import client_address

LINE = RequestStartLine("GET", "/", "HTTP/1.1")


def request(peer: str, forwarded: str | None) -> HTTPServerRequest:
    socket = SimpleNamespace(getpeername=lambda: (peer, 1234) if peer else "")
    headers = HTTPHeaders({"Host": "localhost", **({"X-Forwarded-For": forwarded} if forwarded else {})})
    connection = SimpleNamespace(stream=SimpleNamespace(socket=socket))
    return HTTPServerRequest(headers=headers, connection=connection, start_line=LINE)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("10.1.2.3", "198.51.100.1", "10.1.2.3"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:203.0.113.5", "198.51.100.1", "::ffff:203.0.113.5"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("", None, ""),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(peer: str, forwarded: str | None, address: str) -> None:
    assert client_address(request(peer, forwarded)) == address


def test_a_client_that_hung_up_has_no_address() -> None:
    connection = SimpleNamespace(stream=None)
    gone = HTTPServerRequest(headers=HTTPHeaders({"Host": "localhost"}), connection=connection, start_line=LINE)
    assert client_address(gone) == ""
