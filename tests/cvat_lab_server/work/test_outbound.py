"""Where the server may connect to. No packet leaves the machine: names are looked up in a table."""

from __future__ import annotations

import http.client
import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cvat_lab.errors import InvalidInputError, NotPermittedError
from cvat_lab_server.work import outbound
from cvat_lab_server.work.outbound import HostRule, Outbound, is_public

PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
]


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    assert not HostRule.parse("*").allows("example.org", 80, ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    ("rule", "host", "port", "address", "allowed"),
    [
        ("*", "example.org", 8080, "8.8.8.8", True),
        ("data.example.org", "data.example.org", 80, "10.0.0.1", True),
        ("data.example.org", "example.org", 80, "8.8.8.8", False),
        ("*.example.org", "a.b.example.org", 443, "10.0.0.1", True),
        ("*.example.org", "badexample.org", 443, "8.8.8.8", False),
        ("data.example.org:443", "data.example.org", 443, "8.8.8.8", True),
        ("data.example.org:443", "data.example.org", 22, "8.8.8.8", False),
        ("10.1.0.0/16", "anything", 80, "10.1.2.3", True),
        ("10.1.0.0/16", "anything", 80, "10.2.2.3", False),
        ("10.1.0.0/16", "anything", 80, "::ffff:10.1.2.3", True),
        ("127.0.0.1:9000", "localhost", 9000, "127.0.0.1", True),
        ("127.0.0.1:9000", "localhost", 9001, "127.0.0.1", False),
        ("[::1]:80", "localhost", 80, "::1", True),
        ("::1", "localhost", 80, "::1", True),
        ("*:443", "example.org", 80, "8.8.8.8", False),
    ],
)
def test_rules(rule: str, host: str, port: int, address: str, allowed: bool) -> None:
    assert HostRule.parse(rule).allows(host, port, ipaddress.ip_address(address)) is allowed


@pytest.mark.parametrize("text", ["", ":80", "host:http", "host:٣"])
def test_rules_that_are_none(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no host"):
        HostRule.parse(text)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("file:///etc/passwd", "http://"),
        ("ftp://example.org/a", "http://"),
        ("gopher://127.0.0.1:25/x", "http://"),
        ("//example.org/a", "http://"),
        ("a.jpg", "http://"),
        ("http:///a.jpg", "http://"),
        ("http://user:secret@example.org/a", "user name"),
        ("http://example.org:port/a", "no address"),
        ("http://[::1/a", "no address"),
    ],
)
def test_addresses_that_are_none(url: str, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told) as caught:
        Outbound(["*"], "remote_hosts").check(url)
    assert "secret" not in str(caught.value)


def test_nothing_is_allowed() -> None:
    with pytest.raises(NotPermittedError, match="remote_hosts is empty"):
        Outbound([], "remote_hosts").check("http://example.org/a")


Names = dict[str, list[list[str]]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """What a look-up answers, one list after the other."""
    table: Names = {}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        answers = table[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int]]]:
    """Where sockets were opened to."""
    places: list[tuple[str, int]] = []
    sockets: list[socket.socket] = []

    def connect(place: tuple[str, int], seconds: float) -> socket.socket:
        places.append(place)
        if place[0] == "8.8.4.4":
            raise ConnectionRefusedError("refused")
        ours, other = socket.socketpair()
        sockets.extend((ours, other))
        return ours

    monkeypatch.setattr(outbound, "_open_socket", connect)
    yield places
    for one in sockets:
        one.close()


Open = Callable[[str], Any]


@pytest.fixture
def open_url() -> Open:
    guard = Outbound(["*"], "remote_hosts")
    return lambda url: guard.open(guard.check(url), 1.0)


def test_the_judged_address_is_the_one_connected_to(
    names: Names, opened: list[tuple[str, int]], open_url: Open
) -> None:
    """A name that is public when it is judged, and private when it is used, is looked up once only."""
    names["rebinding.example"] = [["8.8.8.8"], ["127.0.0.1"]]
    connection = open_url("http://rebinding.example/a")
    assert (opened, connection.host) == ([("8.8.8.8", 80)], "rebinding.example")
    with pytest.raises(NotPermittedError, match="80, which is not public"):
        open_url("http://rebinding.example/a")
    assert len(opened) == 1
    connection.close()
    with pytest.raises(http.client.NotConnected):
        connection.request("GET", "/")  # must not connect again on its own
    assert len(opened) == 1


def test_only_the_public_ones_of_several_addresses_are_tried(
    names: Names, opened: list[tuple[str, int]], open_url: Open
) -> None:
    names["mixed.example"] = [["10.0.0.1", "8.8.4.4", "169.254.169.254", "8.8.8.8"]]
    open_url("http://mixed.example:81/a")
    assert opened == [("8.8.4.4", 81), ("8.8.8.8", 81)]
    names["down.example"] = [["8.8.4.4"]]
    with pytest.raises(ConnectionRefusedError):
        open_url("http://down.example/a")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"])
def test_other_spellings_of_this_machine(opened: list[tuple[str, int]], open_url: Open, host: str) -> None:
    """These are looked up for real."""
    with pytest.raises((NotPermittedError, socket.gaierror)):
        open_url(f"http://{host}/a")
    assert opened == []


def test_what_is_told_does_not_tell_the_address(names: Names, opened: list[tuple[str, int]], open_url: Open) -> None:
    names["intern.example"] = [["10.11.12.13"]]
    with pytest.raises(NotPermittedError) as caught:
        open_url("http://intern.example/a")
    assert "10.11" not in str(caught.value)
    assert opened == []
