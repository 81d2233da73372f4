"""Parts of the product that this package must not import: found by entry point, loaded when they are needed."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from cvat_lab.errors import UnsupportedError

SERVERS = "cvat_lab.servers"
WIDGETS = "cvat_lab.widgets"


def load_plugin(group: str, name: str) -> Any:
    """Return what an entry point names.

    Raises
    ------
    UnsupportedError
        This part of cvat_lab is not installed.
    """
    found = entry_points(group=group, name=name)
    if not found:
        raise UnsupportedError(f"the entry point {name!r} of {group} is missing; install cvat-lab again")
    return next(iter(found)).load()
