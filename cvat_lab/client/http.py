"""Requests to the server: one session with credentials, retries, and errors that say what to do.

Knows URLs, JSON and status codes, but nothing about projects, tasks or jobs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from cvat_lab.client.answers import raise_for_answer
from cvat_lab.errors import InvalidInputError, NotAuthenticatedError, ServerUnavailableError
from cvat_lab.model.base import decode_json, encode_json
from cvat_lab.model.server import Page

T = TypeVar("T")
Query = Mapping[str, Any]

PAGE_SIZE = 500
CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
RETRIES = 3
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_BUSY = (502, 503, 504)


class TokenAuth(requests.auth.AuthBase):
    """Sends a token. As an object of its own it also keeps ``requests`` from sending what a ``.netrc`` says."""

    def __init__(self, token: str) -> None:
        scheme = "Bearer" if token.startswith("cvl_") else "token"
        self._header = f"{scheme} {token}" if token else ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header to a request."""
        if self._header:
            request.headers["Authorization"] = self._header
        return request


class Transport:
    """Carries calls to one server. May be used from several threads.

    Parameters
    ----------
    url
        Address of the server, for example ``http://127.0.0.1:8888/cvat-lab``.
    token
        What to present: a token of the Jupyter server, of JupyterHub, or an access token of cvat_lab. Empty = nothing.
    verify
        Check the server's certificate.

    Attributes
    ----------
    organization
        Short name of the organization that all calls are about; empty = the personal workspace, None = everything.
    """

    def __init__(self, url: str, token: str = "", *, verify: bool = True) -> None:
        self.url = url.rstrip("/")
        self.organization: str | None = None
        # Given with every call: as an attribute of the session, REQUESTS_CA_BUNDLE would switch the check on again.
        self._verify = None if verify else False
        self._session = requests.Session()
        self._session.auth = TokenAuth(token)
        # The token says who we are; a session cookie beside it would only ask for CSRF headers.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.trust_env = not self.is_loopback
        retry = Retry(
            RETRIES,
            status_forcelist=_BUSY,
            allowed_methods=_REPEATABLE,
            backoff_factor=0.2,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=16, max_retries=retry))

    @property
    def is_loopback(self) -> bool:
        """Whether the server listens on this machine only."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def login(self, username: str, password: str) -> None:
        """Log in by name and password; later calls carry the key of the session.

        Raises
        ------
        NotAuthenticatedError
            Name or password is wrong.
        """
        try:
            answer = self.send("POST", "api/auth/login", body={"username": username, "password": password})
        except InvalidInputError as error:
            raise NotAuthenticatedError(f"{error} User: {username!r}, server: {self.url}") from error
        self._session.auth = TokenAuth(decode_json(answer.content, dict[str, str])["key"])

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        patience: float = READ_SECONDS,
    ) -> requests.Response:
        """Send a request and return the answer; an error status is raised.

        Parameters
        ----------
        path
            Below the server's address, for example ``api/tasks/5``. Absolute URLs that the server made are taken, too.
        query
            Parameters; those that are None are left out.
        body
            A record or plain value, sent as JSON.
        data
            Sent as it is: bytes, or an iterable of bytes with a length.
        stream
            Leave the body to be read by the caller.
        patience
            Seconds to wait for each piece of the answer.

        Raises
        ------
        ServerUnavailableError
            No answer came. Requests that may be repeated were repeated.
        CvatLabError
            The error that the answer stands for.
        """
        answer = self.answer(
            method, path, query=query, body=body, data=data, headers=headers, stream=stream, patience=patience
        )
        raise_for_answer(answer)
        return answer

    def answer(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        patience: float = READ_SECONDS,
    ) -> requests.Response:
        """Send a request and return the answer, whatever its status; see :meth:`send`."""
        sent_headers = dict(headers or {})
        if self.organization is not None:
            sent_headers["X-Organization"] = self.organization
        if body is not None:
            data = encode_json(body)
            sent_headers["Content-Type"] = "application/json"
        own_path, own_query = self._own(path)
        try:
            return self._session.request(
                method,
                f"{self.url}/{own_path}",
                params={**own_query, **_texts(query or {})},
                data=data,
                headers=sent_headers,
                stream=stream,
                timeout=(CONNECT_SECONDS, patience),
                verify=self._verify,
            )
        except requests.RequestException as error:
            raise ServerUnavailableError(f"no answer from {self.url}: {_reason(error)}. Is it running?") from error

    def get(self, path: str, kind: type[T], **query: Any) -> T:
        """Return a record."""
        return decode_json(self.send("GET", path, query=query).content, kind, what="answer of the server")

    def post(self, path: str, body: Any, kind: type[T], **query: Any) -> T:
        """Send a record and return the one in the answer."""
        answer = self.send("POST", path, body=body, query=query)
        return decode_json(answer.content, kind, what="answer of the server")

    def patch(self, path: str, body: Any, kind: type[T], **query: Any) -> T:
        """Send changes and return the record in the answer."""
        answer = self.send("PATCH", path, body=body, query=query)
        return decode_json(answer.content, kind, what="answer of the server")

    def pages(self, path: str, kind: type[T], **query: Any) -> Iterator[T]:
        """Yield all items of a list, page by page."""
        number, more = 1, True
        while more:
            page = self.get(path, Page[kind], page=number, page_size=PAGE_SIZE, **query)  # type: ignore[valid-type]
            yield from page.results
            number, more = number + 1, page.next is not None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _own(self, path: str) -> tuple[str, dict[str, str]]:
        """Return path and query below our address.

        URLs that the server makes start with the host name by which a proxy knows it, which may not be the one we use.
        """
        if "://" not in path:
            return path.lstrip("/"), {}
        parts = urlsplit(path)
        start = parts.path.rfind("/api/")
        if start < 0:
            raise ServerUnavailableError(f"{path} is not a URL of a cvat_lab server: there is no /api/ in it")
        return parts.path[start + 1 :], dict(parse_qsl(parts.query))


def _texts(query: Query) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in query.items()
        if value is not None
    }


def _reason(error: requests.RequestException) -> str:
    """Return the innermost cause in words; the chain above it only repeats the address."""
    if isinstance(error, requests.Timeout):
        return "it took too long"
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
