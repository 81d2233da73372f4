"""Finding one object among many, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar

from cvat_lab.errors import InvalidInputError, NotFoundError

T = TypeVar("T")


def the_only(
    found: Iterable[T], kind: str, name: str, describe: Callable[[T], str], names: Callable[[], Iterable[str]]
) -> T:
    """Return the one object that has a name.

    Parameters
    ----------
    found
        Objects with this name.
    describe
        Says which one an object is, for the message about several.
    names
        Returns the names of all objects, for a suggestion when there is none.

    Raises
    ------
    NotFoundError
        There is none.
    InvalidInputError
        There are several.
    """
    matches = list(found)
    if len(matches) == 1:
        return matches[0]
    if matches:
        which = ", ".join(describe(match) for match in matches)
        raise InvalidInputError(f"{len(matches)} {kind}s are called {name!r}: {which}; ask by id")
    near = get_close_matches(name, names(), n=3)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise NotFoundError(f"there is no {kind} {name!r}{hint}")
