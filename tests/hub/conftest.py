"""A Hub with people in it, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cvat_lab_server.site import Made
from tests.hub.people import HubUser
from tests.hub.process import ADMIN, ROOT, HubProcess


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    hub = HubProcess(tmp_path_factory.mktemp("hub"))
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


@pytest.fixture(scope="module")
def servers(hub: HubProcess) -> dict[str, HubUser]:
    """Two users whose JupyterLabs run."""
    show_panel(hub, "alice")
    users = {name: HubUser(hub, name) for name in ("alice", "bob")}
    for user in users.values():
        user.request_server()
    for user in users.values():
        user.wait_for_server()
    return users


@pytest.fixture(scope="module")
def alice(servers: dict[str, HubUser]) -> HubUser:
    """Owns the task."""
    return servers["alice"]


@pytest.fixture(scope="module")
def bob(servers: dict[str, HubUser]) -> HubUser:
    """Has one job of alice's task."""
    return servers["bob"]


@pytest.fixture(scope="module")
def carol(hub: HubProcess) -> HubUser:
    """Has nothing to do with the task, and no JupyterLab."""
    return HubUser(hub, "carol")


@pytest.fixture(scope="module")
def admin(hub: HubProcess) -> HubUser:
    return HubUser(hub, ADMIN)


@pytest.fixture(scope="module")
def shared(alice: HubUser, bob: HubUser) -> Made:
    """A task of alice's, made in her JupyterLab: two jobs of two frames, the first one for bob."""
    person = alice.through_server()
    made = person.create_task(4, name="crossing", segment_size=2)
    person.patch(f"/api/jobs/{made.job}", json={"assignee": bob.through_server().id})
    return made


def show_panel(hub: HubProcess, name: str) -> None:
    """Let a user's JupyterLab find the panel that was built in this source tree."""
    built = ROOT / "server_ext" / "cvat_lab_server" / "labextension"
    extensions = hub.folder / "home" / name / ".local" / "share" / "jupyter" / "labextensions"
    extensions.mkdir(parents=True)
    if (built / "package.json").exists():
        (extensions / "cvat-lab").symlink_to(built)
