"""Uploads outlive the server that receives them: killed in the middle, they go on where the next one finds them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import cvat_lab
from cvat_lab.client import uploads
from cvat_lab_server.commands import add_user
from cvat_lab_server.services.housekeeping import UPLOAD_LIFE
from tests.cvat_lab_server.handlers.test_uploading import Tus, begin, empty_task, finish, frames
from tests.cvat_lab_server.process import ServerProcess
from tests.cvat_lab_server.site import PASSWORD, Person, form, picture, zip_of

PICTURES = {f"{number:02d}.jpg": picture(number) for number in range(60)}
ARCHIVE = zip_of(PICTURES)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    workspace = tmp_path_factory.mktemp("uploads") / "workspace"
    add_user(workspace, "alice", PASSWORD)
    process = ServerProcess(workspace).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def alice(server: ServerProcess) -> Person:
    return Person(server.url, auth=("alice", PASSWORD))


def test_a_large_file_goes_on_after_the_server_was_killed(server: ServerProcess, alice: Person) -> None:
    """Small files that came before it are still there, too."""
    task = empty_task(alice)
    path = begin(alice, task)
    alice.post(path, headers={"Upload-Multiple": ""}, data={"image_quality": "70"}, files=form({"a.jpg": picture(80)}))
    tus = Tus(alice, path, "rest.zip", len(ARCHIVE))
    half = len(ARCHIVE) // 2
    tus.send(0, ARCHIVE[:half])
    server.kill()
    server.start()
    assert tus.offset() == half
    tus.send(half, ARCHIVE[half:])
    server.kill()
    server.start()
    finish(alice, task)
    assert frames(alice, task) == [*PICTURES, "a.jpg"]
    last = alice.get(f"/api/tasks/{task}/data", params={"type": "frame", "number": 59, "quality": "original"})
    assert last.content == PICTURES["59.jpg"]


class KillAt:
    """A reporter that has the server killed once, as soon as so many bytes have arrived, and started again."""

    def __init__(self, server: ServerProcess, at: int, threads: ThreadPoolExecutor) -> None:
        self._server, self._at, self._threads = server, at, threads
        self.sent = 0
        self.restarted: Future[ServerProcess] | None = None

    def stage(self, text: str, total: float) -> None:
        """Do nothing."""

    def reach(self, done: float, text: str = "") -> None:
        """Do nothing."""

    def advance(self, amount: float) -> None:
        """Count, and kill when it is time."""
        self.sent += int(amount)
        if self.sent >= self._at and self.restarted is None:
            self._server.kill()
            self.restarted = self._threads.submit(self._server.start)


def test_the_python_client_goes_on_when_the_server_is_back(
    server: ServerProcess, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PIECE_BYTES", len(ARCHIVE) // 10)
    task = empty_task(alice)
    path = begin(alice, task)
    file = tmp_path / "pictures.zip"
    file.write_bytes(ARCHIVE)
    with ThreadPoolExecutor(1) as threads, cvat_lab.connect(server.url, username="alice", password=PASSWORD) as lab:
        killer = KillAt(server, len(ARCHIVE) // 2, threads)
        uploads.send_in_pieces(lab.transport, path.rstrip("/"), file, killer)
        assert killer.restarted is not None
        killer.restarted.result()
    assert killer.sent == len(ARCHIVE), "no piece was counted, or sent, twice"
    finish(alice, task)
    assert frames(alice, task) == list(PICTURES)


def test_uploads_that_nobody_continues_are_swept(server: ServerProcess, alice: Person) -> None:
    """One that goes on keeps the files that were complete long before it."""
    first, second = PICTURES["00.jpg"], PICTURES["01.jpg"]
    abandoned = Tus(alice, begin(alice, empty_task(alice)), "a.jpg", 100)
    path = begin(alice, task := empty_task(alice))
    done, going = Tus(alice, path, "a.jpg", len(first)), Tus(alice, path, "b.jpg", len(second))
    done.send(0, first)
    long_ago = time.time() - UPLOAD_LIFE.total_seconds() - 60
    for found in sorted((server.workspace / "uploads").rglob("*"), reverse=True):
        os.utime(found, (long_ago, long_ago))
    going.send(0, second[:100])
    server.stop()
    server.start()
    alice.call("HEAD", abandoned.url, 404)
    assert not (server.workspace / "uploads" / "tus" / abandoned.url.rpartition("/")[2]).exists()
    going.send(100, second[100:])
    finish(alice, task)
    assert frames(alice, task) == ["a.jpg", "b.jpg"]
