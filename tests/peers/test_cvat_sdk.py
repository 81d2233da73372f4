"""cvat-sdk 2.80.0, unmodified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.peers


SCRIPTS = ("sdk", "datasets", "organizations", "review", "uploads", "auto_annotation", "rights")


@pytest.mark.parametrize("script", [f"drive_{name}.py" for name in SCRIPTS])
def test_library(peer: Callable[[str], None], script: str) -> None:
    peer(script)


def test_lists(peer: Callable[[str], None]) -> None:
    """Those of 150 tasks, by a client that has an access token only."""
    peer("drive_lists.py")


@pytest.mark.req("R19.12", "R30.17")
def test_backups(peer: Callable[[str], None]) -> None:
    """Those of the library, and of the command line."""
    peer("drive_backups.py")
