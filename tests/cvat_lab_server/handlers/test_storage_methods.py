"""Chunks made on request and chunks made in advance: the same frames, and a cache that may vanish."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cvat_lab_server.site import Person, Site, form, picture
from tests.media_samples import decoded, encode_video, moving

PICTURES = {f"{number}.jpg": picture(number) for number in range(7)}


def create(person: Person, files: dict[str, bytes], **parameters: Any) -> tuple[int, str]:
    """Return a new task, and the message of the request that made its frames."""
    task = person.post("/api/tasks", 201, json={"name": "made", "labels": [{"name": "car"}]}).json()["id"]
    data = {"image_quality": 70, "chunk_size": 3, **parameters}
    request = person.post(f"/api/tasks/{task}/data", 202, data=data, files=form(files)).json()["rq_id"]
    return task, person.wait(request)["message"]


def chunk(person: Person, task: int, number: int, quality: str) -> bytes:
    query = {"type": "chunk", "number": number, "quality": quality}
    return person.get(f"/api/tasks/{task}/data", params=query).content


def method(person: Person, task: int) -> str:
    return str(person.get(f"/api/tasks/{task}/data/meta").json()["storage_method"])


def made_in_advance(site: Site, person: Person, task: int) -> list[str]:
    folder = site.workspace / "data" / str(person.get(f"/api/tasks/{task}").json()["data"]) / "chunks"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def pictures(content: bytes, folder: Path) -> list[np.ndarray]:
    """Return the pictures of a chunk."""
    if content.startswith(b"PK"):
        import cv2

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), 1) for name in archive.namelist()]
    file = folder / "chunk.mp4"
    file.write_bytes(content)
    return list(decoded(file))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode_video(tmp_path_factory.mktemp("video") / "v.mp4", moving("china.jpg", 24)).read_bytes()


@pytest.mark.req("R32.1")
@pytest.mark.parametrize("kind", ["images", "video"])
def test_both_methods_give_the_same_frames(site: Site, alice: Person, video: bytes, kind: str, tmp_path: Path) -> None:
    files = PICTURES if kind == "images" else {"v.mp4": video}
    on_request, _ = create(alice, files)
    in_advance, _ = create(alice, files, storage_method="file_system")
    assert (method(alice, on_request), method(alice, in_advance)) == ("cache", "file_system")
    count = 3 if kind == "images" else 8
    assert made_in_advance(site, alice, on_request) == []
    assert made_in_advance(site, alice, in_advance) == [
        f"{quality}/{number}" for quality in ("compressed", "original") for number in range(count)
    ]
    for quality in ("compressed", "original"):
        for number in range(count):
            shown = [pictures(chunk(alice, task, number, quality), tmp_path) for task in (on_request, in_advance)]
            assert len(shown[0]) == len(shown[1]) == (1 if kind == "images" and number == 2 else 3)
            assert all(np.array_equal(one, other) for one, other in zip(*shown, strict=True))


def test_chunks_that_were_made_in_advance_are_served_as_they_are(site: Site, alice: Person) -> None:
    """Not made again; but one that somebody has removed is."""
    task, _ = create(alice, PICTURES, storage_method="file_system")
    expected = chunk(alice, task, 1, "compressed")
    file = site.workspace / "data" / str(alice.get(f"/api/tasks/{task}").json()["data"]) / "chunks" / "compressed" / "1"
    file.write_bytes(b"marked")
    assert chunk(alice, task, 1, "compressed") == b"marked"
    file.unlink()
    assert chunk(alice, task, 1, "compressed") == expected


@pytest.mark.req("R32.5")
def test_a_video_with_too_few_keyframes_is_prepared_with_a_notice(site: Site, alice: Person, tmp_path: Path) -> None:
    frames = moving("china.jpg", 115, 64, 48)
    sparse = encode_video(tmp_path / "s.mp4", frames, gop=500, bframes=0, options={"sc_threshold": "0"}).read_bytes()
    task, message = create(alice, {"s.mp4": sparse}, chunk_size=50, storage_method="cache")
    assert "up to 115 frames from one keyframe to the next" in message
    assert method(alice, task) == "file_system"
    assert made_in_advance(site, alice, task) == [
        f"{quality}/{number}" for quality in ("compressed", "original") for number in range(3)
    ]
    truth = np.array(decoded(tmp_path / "s.mp4"), int)
    last = pictures(chunk(alice, task, 2, "original"), tmp_path)
    nearest = [int(np.abs(truth - shown).mean(axis=(1, 2, 3)).argmin()) for shown in last]
    assert nearest == list(range(100, 115)), "each picture is that of its own frame"


@pytest.mark.req("R32.2", "R32.8")
def test_the_cache_may_be_deleted_while_the_server_runs(site: Site, alice: Person) -> None:
    task, _ = create(alice, PICTURES)
    cache = site.workspace / "cache"
    expected = [chunk(alice, task, number, "compressed") for number in range(3)]
    files = [path for path in cache.rglob("*") if path.is_file()]
    assert any(path.read_bytes() == expected[0] for path in files), "it was kept"
    for path in files:
        path.unlink()
    assert [chunk(alice, task, number, "compressed") for number in range(3)] == expected
    shutil.rmtree(cache)
    assert [chunk(alice, task, number, "compressed") for number in range(3)] == expected
    assert any(path.read_bytes() == expected[2] for path in cache.rglob("*") if path.is_file())
