"""What all model types share: the record base class, time stamps and the JSON coders."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from cvat_lab.errors import InvalidInputError

T = TypeVar("T")

Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""A whole number that JavaScript, JSON and DuckDB all hold exactly."""


_NO_NUMBER = re.compile(rb"[\[,:]\s*(-?(?:NaN|Infinity))\b")
_SHOWN = 40


class Record(msgspec.Struct, kw_only=True):
    """Base of every type of the domain. Fields carry CVAT's own names, on disk, on the wire and in Python."""

    def changes(self) -> dict[str, Any]:
        """Return the fields that were set; for ``...Patch`` records, what is to be changed."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not msgspec.UNSET}


def utc_now() -> datetime:
    """Return the current time, in UTC, with microseconds."""
    return datetime.now(UTC)


def encode_json(value: Any) -> bytes:
    """Return ``value`` as UTF-8 JSON. Records, datetimes, enums and plain containers are accepted."""
    return msgspec.json.encode(value)


def decode_json(data: bytes | str, kind: type[T], *, what: str = "request body") -> T:
    """Parse and validate JSON in one step.

    Parameters
    ----------
    data
        UTF-8 JSON text.
    kind
        A record type, or any type msgspec can validate.
    what
        Named in the error message.

    Raises
    ------
    InvalidInputError
        The text is not JSON or breaks a rule of ``kind``; the message names the path of the value at fault.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"Invalid {what}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"Invalid {what}: {_explain(data, error)}") from error
    except RecursionError as error:
        raise InvalidInputError(f"Invalid {what}: it is nested too deeply") from error


def _explain(data: bytes | str, error: Exception) -> str:
    """Return why text is no JSON. Python's own ``json`` writes NaN and Infinity, which JSON does not have."""
    text = data.encode() if isinstance(data, str) else data
    found = _NO_NUMBER.search(text)
    if found is None:
        return str(error)
    place = text[max(0, found.end() - _SHOWN) : found.end()].decode("utf-8", "replace")
    return f"JSON has no {found[1].decode()}, which ends ...{place}; send finite numbers"


def convert(value: Any, kind: type[T], *, what: str = "value") -> T:
    """Turn plain containers (dicts, lists) into ``kind``, with the same checks as :func:`decode_json`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"Invalid {what}: {error}") from error
