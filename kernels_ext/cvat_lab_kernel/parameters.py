"""The ``$name`` marks of a query, found the way DuckDB finds them: not in texts, quoted names or comments."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
      '(?:[^']|'')*'            # a text
    | "(?:[^"]|"")*"            # a quoted name
    | --[^\n]*                  # a comment to the end of the line
    | /\*.*?\*/                 # a comment
    | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$   # a text between $$ or $tag$
    | \$(?P<name>[A-Za-z_]\w*)  # a mark
    """,
    re.VERBOSE | re.DOTALL,
)


def find_parameters(query: str) -> list[str]:
    """Return the names of the marks, each once, in the order of their first use."""
    names = (match["name"] for match in _TOKEN.finditer(query))
    return list(dict.fromkeys(name for name in names if name))
