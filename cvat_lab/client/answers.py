"""From an answer with an error status to the error it stands for, with a message for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import requests

from cvat_lab.errors import CvatLabError, InvalidInputError, NotAuthenticatedError, StaleRevisionError, error_for_status

_LONGEST_TEXT = 300
_LOGIN_HINT = (
    "pass connect(url, token=...) or connect(url, username=..., password=...), or --token or --auth on the command line"
)


def raise_for_answer(answer: requests.Response) -> None:
    """Raise the error that an answer stands for; do nothing when it is none.

    Raises
    ------
    CvatLabError
        Of the kind that belongs to the status.
    """
    if answer.status_code >= 400:
        raise error_of(answer.status_code, answer.content, answer.reason or "", answer.url)


def error_of(status: int, body: bytes, reason: str, url: str) -> CvatLabError:
    """Return the error of an answer.

    Parameters
    ----------
    status
        400..599.
    body
        JSON in one of CVAT's forms: ``{"detail": text}``, ``{field: [text, ...]}``, ``[text, ...]``; or any other text.
    reason
        Of the status line; used when the body says nothing.
    url
        Where the answer came from.
    """
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return error_for_status(status, f"{url} answered {status} {_plain(body) or reason}")
    if status == 409 and isinstance(value, dict) and "missed" in value:
        return StaleRevisionError(value["detail"], revision=value["revision"], missed=value["missed"])
    message = "; ".join(_sentences(value)) or f"{url} answered {status} {reason}"
    if status == NotAuthenticatedError.http_status:
        return NotAuthenticatedError(f"{message} Server: {url.partition('/api/')[0]}; {_LOGIN_HINT}")
    if status == InvalidInputError.http_status:
        return InvalidInputError(message, field=_field(value))
    return error_for_status(status, message)


def _sentences(value: Any, field: str = "") -> Iterator[str]:
    """Yield the messages in a body, each with the field it is about unless it names it itself."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _sentences(inner, "" if name in ("detail", "non_field_errors") else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner, field)
    elif value is not None:
        text = str(value)
        yield f"{field}: {text}" if field and field not in text else text


def _field(value: Any) -> str | None:
    names = [name for name in value if name != "detail"] if isinstance(value, dict) else []
    return names[0] if len(names) == 1 else None


def _plain(body: bytes) -> str:
    """Return the text of a body, unless it is a page."""
    text = body.decode("utf-8", "replace").strip()
    return "" if text.startswith("<") else text[:_LONGEST_TEXT]
