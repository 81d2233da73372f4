"""Backups and restores that are killed or cancelled: they end as if nothing had happened, or leave nothing."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from cvat_lab_server.commands import add_user
from tests.cvat_lab_server.backups import start_restore
from tests.cvat_lab_server.process import ServerProcess
from tests.cvat_lab_server.site import LABELS, PASSWORD, Person, picture
from tests.cvat_lab_server.test_durability import kill_with_workers, leftovers, new_person, wait_until_started

MANY = 5_000
"""Pictures of a task whose backup takes seconds, and its restore as well."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    share = tmp_path_factory.mktemp("share") / "many"
    share.mkdir()
    first = share / "00000.jpg"
    first.write_bytes(picture(1))
    for number in range(1, MANY):
        first.with_name(f"{number:05d}.jpg").hardlink_to(first)
    workspace = tmp_path_factory.mktemp("durable") / "workspace"
    add_user(workspace, "alice", PASSWORD)
    process = ServerProcess(workspace, "--share-root", str(share.parent)).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def alice(server: ServerProcess) -> Person:
    return new_person(server)


@pytest.fixture(scope="module")
def backup(server: ServerProcess, alice: Person) -> bytes:
    """The backup of a task of many pictures, made by a server that was killed while it wrote."""
    task = alice.post("/api/tasks", 201, json={"name": "many", "labels": LABELS, "segment_size": 1000}).json()["id"]
    body = {"image_quality": 70, "server_files": ["many"]}
    alice.wait(alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    made = alice.made(task)
    boxes = {"shapes": [made.box(number) for number in range(MANY)]}
    alice.put(f"/api/tasks/{task}/annotations", json=boxes)
    request = alice.post(f"/api/tasks/{task}/backup/export", 202).json()["rq_id"]
    wait_until_started(alice, request)
    kill_with_workers(server)
    server.start()
    return alice.get(alice.wait(request)["result_url"]).content


def wait_until_busy(alice: Person, request: str) -> None:
    """Wait until a request is in the middle of its work."""
    end = time.monotonic() + 30
    while not 0 < (found := alice.get(f"/api/requests/{request}").json())["progress"] < 1:
        assert found["status"] in ("queued", "started"), "the example must be slow enough"
        assert time.monotonic() < end
        time.sleep(0.005)


def tasks(alice: Person) -> dict[int, int]:
    """Return the sizes of all tasks."""
    found: list[dict[str, Any]] = alice.get("/api/tasks", params={"page_size": "all"}).json()["results"]
    return {task["id"]: task["size"] for task in found}


def test_both_are_taken_up_again(server: ServerProcess, alice: Person, backup: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == MANY + 3
    before = tasks(alice)
    request = start_restore(alice, backup)
    wait_until_busy(alice, request)
    assert kill_with_workers(server) == 1, "the restore had a process"
    server.start()
    task = alice.wait(request)["result_id"]
    assert tasks(alice) == before | {task: MANY}
    made = alice.made(task)
    assert len(made.jobs) == MANY // 1000
    assert len(alice.get(f"/api/tasks/{task}/annotations").json()["shapes"]) == MANY
    assert leftovers(server, alice) == []
    assert not list((server.workspace / "uploads").glob("import-*"))


def test_a_restore_that_was_stored_is_not_stored_twice(server: ServerProcess, alice: Person, backup: bytes) -> None:
    """Between the transaction and the end of its request, a kill leaves just this behind."""
    request = start_restore(alice, backup)
    task = alice.wait(request)["result_id"]
    before = tasks(alice)
    server.stop()
    with duckdb.connect(str(server.workspace / "workspace.duckdb")) as opened:
        opened.execute("UPDATE store.requests SET status = 'started', result_id = NULL WHERE id = ?", [request])
    server.start()
    assert alice.wait(request)["result_id"] == task
    assert tasks(alice) == before
    assert leftovers(server, alice) == []


def test_a_restore_that_is_cancelled_leaves_nothing(server: ServerProcess, alice: Person, backup: bytes) -> None:
    before = tasks(alice)
    request = start_restore(alice, backup)
    wait_until_busy(alice, request)
    alice.post(f"/api/requests/{request}/cancel")
    assert "ancelled" in alice.wait(request, "failed")["message"]
    assert tasks(alice) == before
    assert leftovers(server, alice) == []


def test_a_restore_that_the_server_does_not_survive_is_given_up(
    server: ServerProcess, alice: Person, backup: bytes
) -> None:
    before = tasks(alice)
    request = start_restore(alice, backup)
    for _ in range(3):
        wait_until_busy(alice, request)
        server.kill()
        server.start()
    assert "died every time" in alice.wait(request, "failed")["message"]
    assert tasks(alice) == before
    assert leftovers(server, alice) == []
    assert not list((server.workspace / "uploads").glob("import-*"))
