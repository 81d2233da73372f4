from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cvat_lab.media.cache import Cache


class Maker:
    """Writes known bytes and counts how often it was asked."""

    def __init__(self, data: bytes = b"chunk", wait: float = 0) -> None:
        self.data, self.wait, self.calls = data, wait, 0

    def __call__(self, path: Path) -> None:
        self.calls += 1
        time.sleep(self.wait)
        path.write_bytes(self.data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.req("R32.2")
def test_a_file_is_made_once(tmp_path: Path) -> None:
    cache, make = Cache(tmp_path / "cache"), Maker()
    assert cache.read("a", make) == b"chunk"
    assert cache.read("a", make) == b"chunk"
    assert make.calls == 1
    assert cache.read("b", Maker(b"other")) == b"other"
    assert Cache(tmp_path / "cache").read("a", make) == b"chunk", "it outlives the process"
    assert make.calls == 1


def test_encoded_values(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.read_or_encode("a", lambda: b"1") == b"1"
    assert cache.read_or_encode("a", lambda: b"2") == b"1"


@pytest.mark.req("R32.3")
def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=1000)
    now = time.time()
    for number in range(9):
        cache.read(f"{number}", Maker(bytes(100)))
        for path in tmp_path.glob("*/*.cache"):
            os.utime(path, (now, path.stat().st_mtime - 10))
    cache.read("0", Maker())
    for number in (9, 10):
        cache.read(f"{number}", Maker(bytes(100)))
    kept = {number for number in range(11) if _is_kept(cache, f"{number}")}
    assert {0, 9, 10} <= kept
    assert {1, 2}.isdisjoint(kept)
    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 1000


def _is_kept(cache: Cache, key: str) -> bool:
    class MissingError(Exception):
        pass

    def refuse(_: Path) -> None:
        raise MissingError

    try:
        cache.read(key, refuse)
    except MissingError:
        return False
    return True


def test_a_file_larger_than_the_cache_is_served_all_the_same(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=10)
    assert cache.read("a", Maker(bytes(100))) == bytes(100)
    assert names(tmp_path) == []


@pytest.mark.req("R32.8")
def test_threads_that_want_the_same_file_wait_for_one(tmp_path: Path) -> None:
    cache, make = Cache(tmp_path), Maker(wait=0.1)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: cache.read("a", make), range(8))) == {b"chunk"}
    assert make.calls == 1


def test_failures_reach_all_who_wait_and_leave_nothing(tmp_path: Path) -> None:
    cache, calls, gate = Cache(tmp_path), [], threading.Barrier(3)

    def fail(path: Path) -> None:
        calls.append(1)
        path.write_bytes(b"half")
        time.sleep(0.1)
        raise ValueError("no such chunk")

    def ask(_: int) -> str:
        gate.wait()
        with pytest.raises(ValueError, match="no such chunk") as error:
            cache.read("a", fail)
        return str(error.value)

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(ask, range(3))) == {"no such chunk"}
    assert len(calls) == 1
    assert names(tmp_path) == []
    assert cache.read("a", Maker()) == b"chunk"


@pytest.mark.req("R32.8")
def test_the_folder_may_vanish_at_any_time(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cache = Cache(folder)
    cache.read("a", Maker())
    shutil.rmtree(folder)
    assert cache.read("a", Maker(b"new")) == b"new"

    attempts = []

    def vanish(path: Path) -> None:
        attempts.append(path)
        if len(attempts) < 3:
            shutil.rmtree(folder)
        path.write_bytes(b"b")

    assert cache.read("b", vanish) == b"b"
    assert len(attempts) == 3


def test_a_missing_source_is_not_taken_for_a_vanished_folder(tmp_path: Path) -> None:
    calls = []

    def make(_: Path) -> None:
        calls.append(1)
        (tmp_path / "gone.jpg").read_bytes()

    with pytest.raises(FileNotFoundError, match=r"gone\.jpg"):
        Cache(tmp_path / "cache").read("a", make)
    assert len(calls) == 1


def test_an_open_file_outlives_its_eviction(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.open("a", Maker()) as file:
        cache.clear()
        assert names(tmp_path) == []
        assert file.read() == b"chunk"


def test_leftovers_of_a_crash_are_removed(tmp_path: Path) -> None:
    part = tmp_path / "00" / "left.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    Cache(tmp_path).read("a", Maker())
    assert not part.exists()


def _hammer(folder: str, seed: int) -> int:
    cache = Cache(Path(folder), limit=20_000)
    for number in range(300):
        key = f"{(number * seed) % 40}"
        data = key.encode() * 500
        if cache.read(key, lambda path, data=data: path.write_bytes(data) and None) != data:
            return number
    return -1


@pytest.mark.req("R32.8")
def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        results = pool.starmap(_hammer, [(str(tmp_path), seed) for seed in (1, 7, 11)])
    assert results == [-1, -1, -1]
    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 20_000 + 3 * 20_000 // 16 + 1000
