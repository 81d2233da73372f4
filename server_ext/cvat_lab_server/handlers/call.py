"""What a route function is given, and the answers it can give besides records."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from tornado.httputil import HTTPHeaders

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import decode_json
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.handlers.bodies import Upload, form_values
from cvat_lab_server.store.listing import DEFAULT_PAGE_SIZE, ListQuery, invalid_page, whole_number

if TYPE_CHECKING:
    from cvat_lab_server.services.container import Services

T = TypeVar("T")

MAX_PAGE_SIZE = 100_000
_LIST_WORDS = frozenset({"page", "page_size", "search", "sort", "filter", "org", "org_id"})


@dataclass
class Call:
    """One request, parsed.

    Attributes
    ----------
    query
        Query parameters; of repeated ones the last.
    body
        The raw body, unless files were uploaded.
    upload
        Files and fields of a multipart body.
    address
        Network address of the client.
    """

    services: Services
    caller: Caller
    path: str
    query: Mapping[str, str]
    headers: HTTPHeaders
    body: bytes = b""
    upload: Upload | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""

    def list_query(self) -> ListQuery:
        """Return the query of a list."""
        size = self.query.get("page_size", "") or str(DEFAULT_PAGE_SIZE)
        return ListQuery(
            path=self.path,
            page=_page_number(self.query.get("page", "")),
            page_size=None if size == "all" else self.number("page_size", DEFAULT_PAGE_SIZE, low=1, high=MAX_PAGE_SIZE),
            search=self.query.get("search", ""),
            sort=self.query.get("sort", ""),
            filter=self.query.get("filter", ""),
            equal={name: value for name, value in self.query.items() if name not in _LIST_WORDS},
            raw=self.query,
        )

    def number(self, name: str, default: int | None = None, *, low: int = 0, high: int = 2**53) -> int:
        """Return a whole number of the query.

        Raises
        ------
        InvalidInputError
            It is missing without a default, no number, or out of range.
        """
        text = self.query.get(name)
        if text is None or text == "":
            if default is None:
                raise InvalidInputError(f"the query needs {name}=NUMBER", field=name)
            return default
        return whole_number(name, text, low=low, high=high)

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no of the query, in any of the usual spellings."""
        text = self.query.get(name, "").lower()
        if text in ("true", "1", "yes", "on"):
            return True
        if text in ("false", "0", "no", "off"):
            return False
        if text:
            raise InvalidInputError(f"{name} must be true or false, not {text!r}", field=name)
        return default

    def parse(self, kind: type[T]) -> T:
        """Return the body, JSON or form, as a record.

        Raises
        ------
        InvalidInputError
            The body breaks a rule of ``kind``.
        """
        if self.upload is not None:
            return from_text(form_values(self.upload.fields), kind, "form")
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return from_text(dict(parse_qsl(self.body.decode("utf-8", "replace"))), kind, "form")
        return decode_json(self.body or b"{}", kind)

    def has_header(self, name: str) -> bool:
        """Return whether a header is present, even if empty."""
        return name in self.headers


def _page_number(text: str) -> int:
    """Return the number of a page, counted from 1; whatever is none is no page either."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 2**53):
        raise invalid_page()
    return int(text)


def from_text(values: dict[str, Any], kind: type[T], what: str) -> T:
    """Turn texts of a form or query into a record, converting numbers and booleans."""
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"Invalid {what}: {error}") from error
    except RecursionError as error:
        raise InvalidInputError(f"Invalid {what}: it is nested too deeply") from error


@dataclass(frozen=True)
class Reply:
    """A body with its own status or headers. ``body`` is a record, bytes, or None."""

    body: Any = None
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileReply:
    """A file to download, under the name the user shall see."""

    path: Path
    name: str
    content_type: str = "application/zip"


@dataclass(frozen=True)
class StreamReply:
    """A body that is made while it is sent."""

    chunks: AsyncGenerator[bytes, None]
    content_type: str
