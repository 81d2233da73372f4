"""Connections to addresses that users name: only where the server's owner allows it.

What counts is the address that is really connected to. A name is looked up once per connection, every address it has
is judged, and the socket is opened to one that passed; a name that means something else a moment later gains nothing.
"""

from __future__ import annotations

import fnmatch
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from cvat_lab.errors import InvalidInputError, NotPermittedError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

ANY_PUBLIC = "*"
"""The rule that allows every address of the public internet."""

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class HostRule:
    """One entry of an allow-list: a host's name or pattern, an address, or a network; each with a port if need be."""

    pattern: str
    network: Network | None
    port: int | None

    @classmethod
    def parse(cls, text: str) -> HostRule:
        """Read an entry such as ``data.example.org``, ``*.example.org:8080``, ``10.1.0.0/16`` or ``[::1]:80``.

        Raises
        ------
        InvalidInputError
            The port is no number, or the entry is empty.
        """
        name, colon, port = text.strip().lower().rpartition(":")
        if not colon or (":" in name and not name.endswith("]")):  # no port; a bare IPv6 address is full of colons
            name, port = text.strip().lower(), ""
        name = name.strip("[]")
        if not name or (port and not port.isascii()) or (port and not port.isdigit()):
            raise InvalidInputError(
                f"{text!r} is no host; write a name, an address or a network, with :port if need be"
            )
        try:
            network = ipaddress.ip_network(name)
        except ValueError:
            network = None
        return cls(name, network, int(port) if port else None)

    def allows(self, host: str, port: int, address: Address) -> bool:
        """Return whether this entry names the host, or the address that it has."""
        if self.port not in (None, port):
            return False
        if self.network is not None:
            return any(one in self.network for one in (address, *_inner(address)))
        if self.pattern == ANY_PUBLIC:
            return is_public(address)
        return fnmatch.fnmatchcase(host, self.pattern)


def is_public(address: Address) -> bool:
    """Return whether an address, or every IPv4 address that it stands for, belongs to the public internet."""
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _inner(address) or [address])


def _inner(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address is a way to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


class Outbound:
    """Opens connections to hosts that an allow-list names.

    Parameters
    ----------
    rules
        Entries as in :meth:`HostRule.parse`. ``*`` allows every public address; whoever is named in another way may be
        in a private network, too. An empty list allows nothing.
    setting
        What the list is called where it is configured, for messages.
    """

    def __init__(self, rules: Iterable[str], setting: str) -> None:
        self._rules = [HostRule.parse(rule) for rule in rules]
        self._setting = setting

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address, once its form is right; whether it is allowed shows when it is connected to.

        Raises
        ------
        InvalidInputError
            It is no http or https address, or has a password in it.
        NotPermittedError
            Nothing at all is allowed.
        """
        if not self._rules:
            raise NotPermittedError(f"this server fetches nothing from elsewhere: {self._setting} is empty")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise InvalidInputError(f"{url!r} is no address: {error}") from error
        if parts.scheme not in PORTS or not host:
            raise InvalidInputError(f"{url!r} is not an address that begins with http:// or https://")
        if parts.username is not None:
            raise InvalidInputError(f"the address of {host} has a user name in it; use one that needs none")
        return parts

    def open(self, parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
        """Connect to the host of an address that was checked.

        Parameters
        ----------
        seconds
            How long connecting, and any later wait for data, may take.

        Raises
        ------
        NotPermittedError
            The host has no address that is allowed.
        OSError
            The host is unknown, or does not answer.
        """
        host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS[parts.scheme]
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        plain = self._connect(host, port, seconds)
        if parts.scheme == "https":
            try:
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            except BaseException:
                plain.close()
                raise
            connection.default_port = PORTS["https"]
        connection.sock = plain
        connection.auto_open = 0  # a new connection has to be judged anew
        return connection

    def _connect(self, host: str, port: int, seconds: float) -> socket.socket:
        failure: OSError | None = None
        for address, place in _look_up(host, port):
            if not any(rule.allows(host, port, address) for rule in self._rules):
                continue
            try:
                return _open_socket(place, seconds)
            except OSError as error:
                failure = error
        if failure is not None:
            raise failure
        raise NotPermittedError(
            f"this server may not fetch from {host}:{port}, which is not public or not listed in {self._setting}"
        )


def _look_up(host: str, port: int) -> list[tuple[Address, tuple[str, int]]]:
    """Return the addresses of a host, each with what a socket is told."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise InvalidInputError(f"{host[:80]!r} is no host name: {error}") from error
    places = dict.fromkeys(str(place[0]).partition("%")[0] for _, _, _, _, place in found)
    return [(ipaddress.ip_address(text), (text, port)) for text in places]


def _open_socket(place: tuple[str, int], seconds: float) -> socket.socket:
    return socket.create_connection(place, seconds)
