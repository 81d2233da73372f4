"""Real HTTP against a real server, with an administrator and two users."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cvat_lab_server.commands import add_user
from cvat_lab_server.embedded import EmbeddedServer
from tests.cvat_lab_server.site import PASSWORD, Made, Person, Site, picture


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for the tests of one file."""
    workspace, share = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("share")
    for name in ("alice", "bob", "carol", "dave"):
        add_user(workspace, name, PASSWORD, email=f"{name}@example.com")
    (share / "street").mkdir()
    for number in range(6):
        (share / "street" / f"{number}.jpg").write_bytes(picture(number))
    server = EmbeddedServer(workspace, share_root=share)
    yield Site(server.url, server.token, workspace, share)
    server.close()


@pytest.fixture(scope="module")
def admin(site: Site) -> Person:
    return site.admin()


@pytest.fixture(scope="module")
def alice(site: Site) -> Person:
    """A plain user."""
    return site.person("alice")


@pytest.fixture(scope="module")
def bob(site: Site) -> Person:
    """Another plain user, who owns nothing."""
    return site.person("bob")


@pytest.fixture(scope="module")
def made(alice: Person) -> Made:
    """A task of alice's with three frames, shared by the tests of a file that only read it."""
    return alice.create_task(3)


@pytest.fixture
def fresh(alice: Person) -> Made:
    """A new task of alice's with three frames."""
    return alice.create_task(3)
