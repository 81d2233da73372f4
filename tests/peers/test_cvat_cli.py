"""cvat-cli 2.80.0, unmodified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.peers


@pytest.mark.req(
    "R30.4", "R30.5", "R30.6", "R30.8", "R30.9", "R30.11", "R30.12", "R30.13", "R30.14", "R30.15", "R30.16", "R30.24"
)
def test_commands(peer: Callable[[str], None]) -> None:
    peer("drive_cli.py")


@pytest.mark.req("R30.2", "R30.20")
def test_profiles_tokens_and_organizations(peer: Callable[[str], None]) -> None:
    peer("drive_profiles.py")
