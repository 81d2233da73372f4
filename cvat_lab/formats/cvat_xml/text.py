"""Text in XML: what must be written differently, and what XML cannot hold at all."""

from __future__ import annotations

import re
from typing import Final

_IN_TEXT: Final = re.compile("[&<>\r]")
_IN_ATTRIBUTE: Final = re.compile('[&<>"\r\n\t]')
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}


def escape_text(text: str) -> str:
    """Return text as it stands between tags; see :func:`is_representable` for what is lost."""
    return _escape(text, _IN_TEXT)


def escape_attribute(text: str) -> str:
    """Return text as it stands in the quotes of an attribute, where a line break must be an entity to survive."""
    return _escape(text, _IN_ATTRIBUTE)


def is_representable(text: str) -> bool:
    """Return whether XML can hold all characters of a text; others are written as U+FFFD."""
    return text.isalnum() or _FORBIDDEN.search(text) is None


def _escape(text: str, special: re.Pattern[str]) -> str:
    if text.isalnum():
        return text
    if not is_representable(text):
        text = _FORBIDDEN.sub("\ufffd", text)
    return special.sub(lambda found: _ENTITIES[found[0]], text)
