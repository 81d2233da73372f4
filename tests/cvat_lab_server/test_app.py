"""The extension in real Jupyter servers: who gets in, who owns the workspace, and how the others reach it."""

from __future__ import annotations

import getpass
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from cvat_lab_server.commands import add_user, list_users
from tests.cvat_lab_server.jupyter import TOKEN, JupyterProcess
from tests.cvat_lab_server.process import ServerProcess
from tests.cvat_lab_server.site import PASSWORD, Person
from tests.processes import bearer

MIB = 2**20
ACCOUNT = getpass.getuser()
FOREIGN = {"Origin": "https://elsewhere.example"}


@pytest.fixture(scope="module")
def started() -> Iterator[Callable[..., JupyterProcess]]:
    """Start Jupyter servers that are stopped in the end."""
    servers: list[JupyterProcess] = []

    def start(folder: Path, workspace: Path, *options: str, **environment: str) -> JupyterProcess:
        servers.append(JupyterProcess(folder, workspace, *options, **environment))
        return servers[-1].start()

    try:
        yield start
    finally:
        for server in servers:
            server.stop()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def owner(started: Callable[..., JupyterProcess], place: Path) -> JupyterProcess:
    """A plain Jupyter server, the first one on its workspace."""
    return started(place / "first", place / "workspace")


@pytest.fixture(scope="module")
def second(started: Callable[..., JupyterProcess], owner: JupyterProcess, place: Path) -> JupyterProcess:
    """Another server of the same account on the same workspace."""
    return started(place / "second", owner.workspace)


# who gets in


@pytest.mark.req("R2.23")
def test_a_plain_server_has_one_user_who_is_administrator(owner: JupyterProcess) -> None:
    """Jupyter itself makes up a new name for every request that carries only a token."""
    ways = [
        owner.script(),
        owner.script(Authorization=f"token {TOKEN}"),
        owner.browser(),
        Person(owner.url, params={"token": TOKEN}),
    ]
    users = [person.get("/api/users/self").json() for person in ways for _ in range(2)]
    assert {(user["username"], user["id"], tuple(user["groups"])) for user in users} == {(ACCOUNT, 1, ("admin",))}
    assert users[0]["url"] == f"{owner.url}/api/users/1"


def test_tokens_need_no_xsrf_token_whatever_the_origin(owner: JupyterProcess) -> None:
    for person in (owner.script(**FOREIGN), Person(owner.url, params={"token": TOKEN}, headers=FOREIGN)):
        project = person.post("/api/projects", 201, json={"name": "by token"}).json()
        person.delete(f"/api/projects/{project['id']}")


def test_cookies_need_the_xsrf_token_and_the_same_origin(owner: JupyterProcess) -> None:
    browser = owner.browser()
    right = {"X-XSRFToken": str(browser.http.cookies["_xsrf"])}
    for headers in ({}, {"X-XSRFToken": "guessed"}, {**right, **FOREIGN}):
        answer = browser.post("/api/projects", 403, json={"name": "forged"}, headers=headers)
        assert "X-XSRFToken" in answer.json()["detail"]
    project = browser.post("/api/projects", 201, json={"name": "by cookie"}, headers=right).json()
    browser.delete(f"/api/projects/{project['id']}", headers=right)


def test_a_foreign_name_of_the_host_is_refused(owner: JupyterProcess) -> None:
    """As it comes from a page whose name was made to lead to this machine."""
    answer = owner.script().get("/api/users/self", 403, headers={"Host": "elsewhere.example"})
    assert "elsewhere.example" in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{}, bearer("wrong"), {"Authorization": "Basic eA=="}])
def test_strangers_get_an_error_and_no_login_page(owner: JupyterProcess, headers: dict[str, str]) -> None:
    stranger = Person(owner.url, headers=headers)
    stranger.get("/api/users/self", 401)
    stranger.post("/api/projects", 401, json={"name": "mine"})


def test_anybody_may_ask_what_this_is(owner: JupyterProcess) -> None:
    assert Person(owner.url).get("/api/server/about").json()["name"] == "cvat_lab"


def test_kernels_find_the_server_and_are_its_user(owner: JupyterProcess) -> None:
    code = (
        "import os, cvat_lab; lab = cvat_lab.connect(); print(lab.user.username, lab.url, os.environ['CVAT_LAB_PATH'])"
    )
    name, url, path = owner.run(code).split()
    assert (name, path) == (ACCOUNT, f"{owner.base}cvat-lab")
    assert url == f"http://localhost:{owner.port}{owner.base}cvat-lab"
    token = owner.run("import os; print(os.environ['CVAT_LAB_TOKEN'])").strip()
    assert token != TOKEN
    assert Person(owner.url, headers=bearer(token)).get("/api/users/self").json()["username"] == ACCOUNT
    assert httpx.get(f"{owner.server}/api/sessions", headers=bearer(token)).status_code == 403, "it opens Jupyter, too"


# two servers on one workspace


def test_the_first_server_says_where_it_is(owner: JupyterProcess) -> None:
    note = owner.note()
    assert note is not None
    assert owner.process is not None
    assert (note["url"], note["pid"]) == (f"http://localhost:{owner.port}{owner.base}cvat-lab", owner.process.pid)
    assert (owner.workspace / "server.json").stat().st_mode & 0o077 == 0


def test_a_second_server_shows_the_same_workspace_at_its_own_address(
    owner: JupyterProcess, second: JupyterProcess
) -> None:
    made = second.script().create_task(2, name="through the second")
    assert owner.script().get(f"/api/tasks/{made.task}").json()["name"] == "through the second"
    task = second.script().get(f"/api/tasks/{made.task}").json()
    assert task["url"] == f"{second.url}/api/tasks/{made.task}"
    assert task["owner"]["username"] == ACCOUNT
    assert second.script().sql("SELECT count(*) AS tasks FROM tasks") == owner.script().sql(
        "SELECT count(*) AS tasks FROM tasks"
    )
    assert second.note() == owner.note()


def test_a_second_server_checks_its_own_visitors(second: JupyterProcess) -> None:
    Person(second.url).get("/api/users/self", 401)
    Person(second.url).post("/api/projects", 401, json={"name": "mine"})
    assert Person(second.url).get("/api/server/about").json()["name"] == "cvat_lab"
    browser = second.browser()
    assert browser.get("/api/users/self").json()["username"] == ACCOUNT
    browser.post("/api/projects", 403, json={"name": "forged"})


def test_a_kernel_of_a_second_server_works_too(second: JupyterProcess) -> None:
    code = "import cvat_lab; lab = cvat_lab.connect(); print(lab.user.username, lab.url)"
    assert second.run(code).split() == [ACCOUNT, f"http://localhost:{second.port}{second.base}cvat-lab"]


def test_answers_that_come_before_the_body_is_sent_pass_through(second: JupyterProcess) -> None:
    """The connection stays usable: one client sends all of these."""
    person = second.script()
    for size in (0, 10, 5 * MIB, 40 * MIB):
        person.post("/api/nothing", 404, content=bytes(size))
        person.patch("/api/uploads/" + 32 * "0", 404, content=bytes(size), headers={"Upload-Offset": "0"})
    person.post("/api/nothing", 404, content=iter([bytes(MIB)] * 5))
    head = person.call("HEAD", "/api/uploads/" + 32 * "0", 404)
    assert head.content == b""


@pytest.fixture(scope="module")
def large(second: JupyterProcess) -> Any:
    """A job with a picture of 60 MB, uploaded through the second server, and how its memory grew by that."""
    pixels = np.random.default_rng(1).integers(0, 255, (4000, 5000, 3), np.uint8)
    done, data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 0])
    assert done
    picture, person = data.tobytes(), second.script()
    task = person.post("/api/tasks", 201, json={"name": "large", "labels": [{"name": "car"}]}).json()["id"]
    path = f"/api/tasks/{task}/data"
    with watched(second) as growth:
        announced = {"Upload-Length": str(len(picture)), "Upload-Metadata": "filename bGFyZ2UucG5n"}
        location = person.post(path, 201, headers=announced).headers["Location"]
        person.patch(location, 204, content=picture, headers={"Upload-Offset": "0"})
    person.wait(person.post(path, 202, headers={"Upload-Finish": "true"}, json={"image_quality": 70}).json()["rq_id"])
    return person.made(task).job, picture, growth


class watched:  # noqa: N801 used as a context
    """Measures by how many bytes the memory of a server grows meanwhile, at most."""

    def __init__(self, server: JupyterProcess) -> None:
        self._server, self._over = server, threading.Event()
        self.most = 0

    def __enter__(self) -> watched:
        self._before = self._server.memory()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, self._server.memory() - self._before)


def test_large_bodies_pass_piece_by_piece(second: JupyterProcess, large: Any) -> None:
    """The second server never holds them, even when the client reads slowly."""
    job, picture, upload = large
    assert upload.most < 16 * MIB
    query = {"type": "frame", "number": 0, "quality": "original"}
    received = bytearray()
    with watched(second) as download, second.script().http.stream("GET", f"/api/jobs/{job}/data", params=query) as it:
        assert int(it.headers["Content-Length"]) == len(picture)
        for piece in it.iter_bytes(2 * MIB):
            received += piece
            time.sleep(0.02)
    assert received == picture
    assert download.most < 16 * MIB


def test_who_hangs_up_stops_the_transfer(owner: JupyterProcess, second: JupyterProcess, large: Any) -> None:
    with socket.socket() as client:
        # Small, for else the system's buffers would take in everything.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
        client.connect(("127.0.0.1", second.port))
        path = f"{second.base}cvat-lab/api/jobs/{large[0]}/data?type=frame&number=0&quality=original"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {TOKEN}\r\n\r\n".encode())
        assert client.recv(2**16).startswith(b"HTTP/1.1 200")
        assert second.connections_to(owner) == 1
    end = time.monotonic() + 5
    while second.connections_to(owner):
        assert time.monotonic() < end
        time.sleep(0.02)


# owners come and go


def test_the_workspace_passes_from_server_to_server(started: Callable[..., JupyterProcess], tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    one = started(tmp_path / "one", workspace)
    task = one.script().create_task(1, name="kept").task
    two = started(tmp_path / "two", workspace)

    one.kill()
    assert pid_in_note(one) is not None, "who is killed leaves his note"
    assert two.script().get(f"/api/tasks/{task}").json()["name"] == "kept"
    assert two.script().post("/api/projects", 201, json={"name": "by the heir"}).json()["owner"]["username"] == ACCOUNT
    assert two.process is not None
    assert pid_in_note(two) == two.process.pid

    one.start()
    assert one.script().get(f"/api/tasks/{task}").json()["url"].startswith(one.url), "now it is the guest"
    two.stop()
    assert pid_in_note(two) is None, "who ends in order takes his note away"
    assert one.script().get(f"/api/tasks/{task}").json()["name"] == "kept"
    one.kill()

    assert pid_in_note(one) is not None
    one.start()
    assert one.process is not None
    assert pid_in_note(one) == one.process.pid, "a note of the dead is no obstacle"
    assert one.script().get(f"/api/tasks/{task}").json()["name"] == "kept"
    one.stop()
    assert pid_in_note(one) is None
    assert ACCOUNT in {user.username for user in list_users(workspace)}, "it was closed: anybody can open it"


def pid_in_note(server: JupyterProcess) -> int | None:
    note = server.note()
    return int(note["pid"]) if note else None


# a server elsewhere


def test_forwarding_to_a_service(started: Callable[..., JupyterProcess], tmp_path: Path) -> None:
    """The service knows the visitor by the token of his server, as below JupyterHub."""
    add_user(tmp_path / "team", "ann", PASSWORD)
    service = ServerProcess(tmp_path / "team", base_path="/services/cvat-lab").start()
    try:
        ann = Person(service.url, auth=("ann", PASSWORD))
        token = ann.post("/api/auth/access_tokens", 201, json={"name": "server"}).json()["value"]
        unused, flag = tmp_path / "unused", f"--CvatLabApp.remote_url={service.url}/"
        server = started(tmp_path / "forward", unused, flag, JUPYTERHUB_API_TOKEN=token)
        assert server.script().get("/api/users/self").json()["username"] == "ann"
        made = server.script().create_task(1, name="from here")
        task = ann.get(f"/api/tasks/{made.task}").json()
        assert (task["name"], task["owner"]["username"]) == ("from here", "ann")
        assert server.run("import cvat_lab; print(cvat_lab.connect().user.username)").strip() == "ann"
        assert not unused.exists()

        service.kill()
        message = server.script().get("/api/users/self", 503).json()["detail"]
        assert str(service.port) in message
        service.start()
        assert server.script().get("/api/users/self").json()["username"] == "ann"
    finally:
        service.stop()
