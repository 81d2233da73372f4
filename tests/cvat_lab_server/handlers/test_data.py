"""Frames, chunks, previews and meta data of images and video."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cvat_lab.ops.envelope import decode_envelope
from tests.cvat_lab_server.site import HEIGHT, WIDTH, Made, Person, picture
from tests.media_samples import decoded


@pytest.fixture(scope="module")
def ten(alice: Person) -> Made:
    """Ten pictures, PNG and JPEG in turn, in chunks of 4 and jobs of 6."""
    files = {f"{n}.{ending}": picture(n, f".{ending}") for n, ending in enumerate(["png", "jpg"] * 5)}
    return alice.create_task(files, data={"chunk_size": 4}, segment_size=6)


@pytest.fixture(scope="module")
def film(alice: Person, video: Path) -> Made:
    return alice.create_task({"street.mp4": video.read_bytes()}, segment_size=40)


def pixels(data: bytes) -> Any:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found[..., ::-1]


def frame(person: Person, task: int, number: int, **query: Any) -> bytes:
    return person.get(f"/api/tasks/{task}/data", params={"type": "frame", "number": number, **query}).content


def test_frames(alice: Person, ten: Made) -> None:
    for number, kind in ((0, "image/png"), (1, "image/jpeg")):
        query = {"type": "frame", "number": number, "quality": "original"}
        answer = alice.get(f"/api/tasks/{ten.task}/data/", params=query)
        assert answer.headers["content-type"] == kind
        assert answer.content == picture(number, f".{kind[6:].replace('jpeg', 'jpg')}")
    small = alice.get(f"/api/tasks/{ten.task}/data", params={"type": "frame", "number": 0})
    assert small.headers["content-type"] == "image/jpeg", "compressed is the default"
    assert pixels(small.content).shape == (HEIGHT, WIDTH, 3)
    assert np.abs(pixels(small.content).astype(int) - pixels(picture(0, ".png"))).mean() < 8
    assert frame(alice, ten.task, 3, quality="display") == picture(3), "a browser can show the original"


def test_a_frame_is_not_sent_twice(alice: Person, ten: Made) -> None:
    for query in ({"type": "frame", "number": 1}, {"type": "chunk", "number": 0, "quality": "original"}):
        first = alice.get(f"/api/tasks/{ten.task}/data", params=query)
        again = alice.get(
            f"/api/tasks/{ten.task}/data", 304, params=query, headers={"If-None-Match": first.headers["etag"]}
        )
        assert again.content == b""
        assert "private" in first.headers["cache-control"]
        other = alice.get(f"/api/tasks/{ten.task}/data", params={**query, "number": 2})
        assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.req("R30.27")
def test_chunks(alice: Person, ten: Made) -> None:
    """One member per frame, in order, whatever the borders of the jobs."""
    for number, count in ((0, 4), (1, 4), (2, 2)):
        for quality in ("original", "compressed"):
            query = {"type": "chunk", "number": number, "quality": quality}
            answer = alice.get(f"/api/tasks/{ten.task}/data", params=query)
            assert answer.headers["content-type"] == "application/zip"
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                names = archive.namelist()
                assert [name[:6] for name in names] == [f"{place:06d}" for place in range(count)]
                members = [archive.read(name) for name in names]
            if quality == "original":
                assert members[1] == picture(4 * number + 1)
    alice.get(f"/api/tasks/{ten.task}/data", 404, params={"type": "chunk", "number": 3})


def test_chunks_of_a_job_by_their_place_in_it(alice: Person, ten: Made) -> None:
    def chunk(owner: str, **query: Any) -> bytes:
        return alice.get(f"/api/{owner}/data", params={"type": "chunk", "quality": "original", **query}).content

    job = f"jobs/{ten.jobs[1]}"
    assert chunk(job, index=0) == chunk(job, number=1) == chunk(f"tasks/{ten.task}", number=1)


def test_frames_of_a_job_are_its_own(alice: Person, ten: Made) -> None:
    path = f"/api/jobs/{ten.jobs[1]}/data"
    assert alice.get(path, params={"type": "frame", "number": 7, "quality": "original"}).content == picture(7)
    assert "6..9" in alice.get(path, 400, params={"type": "frame", "number": 5}).text


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, "type"),
        ({"type": "everything"}, "type"),
        ({"type": "frame"}, "number"),
        ({"type": "frame", "number": "first"}, "number"),
        ({"type": "frame", "number": -1}, "number"),
        ({"type": "frame", "number": 10}, "number"),
        ({"type": "frame", "number": 2**70}, "number"),
        ({"type": "frame", "number": 0, "quality": "best"}, "quality"),
        ({"type": "chunk", "number": -1}, "number"),
    ],
)
def test_bad_queries(alice: Person, ten: Made, query: dict[str, Any], named: str) -> None:
    assert named in alice.get(f"/api/tasks/{ten.task}/data", 400, params=query).json()


def test_previews(alice: Person, ten: Made) -> None:
    project = alice.get(f"/api/tasks/{ten.task}").json()["project_id"]
    assert project is None
    first, second = (alice.get(f"/api/jobs/{job}/preview").content for job in ten.jobs)
    assert alice.get(f"/api/tasks/{ten.task}/preview").content == first
    assert np.abs(pixels(second).astype(int) - pixels(picture(6, ".png"))).mean() < 8


class TestMeta:
    def test_images(self, alice: Person, ten: Made) -> None:
        meta = alice.get(f"/api/tasks/{ten.task}/data/meta").json()
        assert (meta["size"], meta["chunk_size"], meta["image_quality"]) == (10, 4, 70)
        assert (meta["start_frame"], meta["stop_frame"], meta["frame_filter"]) == (0, 9, "")
        assert (meta["deleted_frames"], meta["included_frames"], meta["storage"]) == ([], None, "local")
        assert meta["frames"][1] == {
            "name": "1.jpg",
            "width": WIDTH,
            "height": HEIGHT,
            "related_files": 0,
            "has_related_context": False,
        }
        job = alice.get(f"/api/jobs/{ten.jobs[1]}/data/meta").json()
        assert (job["size"], job["start_frame"], job["stop_frame"]) == (4, 6, 9)
        assert [one["name"] for one in job["frames"]] == ["6.png", "7.jpg", "8.png", "9.jpg"]

    def test_deleting_and_restoring_frames(self, alice: Person, ten: Made) -> None:
        task, job = f"/api/tasks/{ten.task}/data/meta", f"/api/jobs/{ten.jobs[1]}/data/meta"
        before = alice.get(f"/api/tasks/{ten.task}").json()["updated_date"]
        assert alice.patch(task, json={"deleted_frames": [2, 7]}).json()["deleted_frames"] == [2, 7]
        assert alice.get(job).json()["deleted_frames"] == [7]
        assert alice.patch(job, json={"deleted_frames": [9]}).json()["deleted_frames"] == [9]
        assert alice.get(task).json()["deleted_frames"] == [2, 9], "a job changes its own range only"
        assert len(frame(alice, ten.task, 2)) > 0, "a deleted frame can still be seen"
        assert alice.get(task).json()["size"] == 10
        assert alice.patch(task, json={"deleted_frames": []}).json()["deleted_frames"] == []
        assert alice.get(f"/api/tasks/{ten.task}").json()["updated_date"] > before

    @pytest.mark.parametrize("numbers", [[10], [-1], [2**70], [0.5], "all", None, [[0]]])
    def test_frames_that_cannot_be_deleted(self, alice: Person, ten: Made, numbers: object) -> None:
        for path in (f"/api/tasks/{ten.task}/data/meta", f"/api/jobs/{ten.jobs[0]}/data/meta"):
            assert "deleted_frames" in alice.patch(path, 400, json={"deleted_frames": numbers}).text
        alice.patch(f"/api/jobs/{ten.jobs[0]}/data/meta", 400, json={"deleted_frames": [1, 6]})
        assert alice.get(f"/api/tasks/{ten.task}/data/meta").json()["deleted_frames"] == []

    def test_only_who_may_annotate_a_job_deletes_its_frames(self, bob: Person, ten: Made) -> None:
        bob.patch(f"/api/jobs/{ten.jobs[0]}/data/meta", 403, json={"deleted_frames": [1]})
        bob.get(f"/api/jobs/{ten.jobs[0]}/data/meta", 403)
        bob.get(f"/api/tasks/{ten.task}/data", 403, params={"type": "frame", "number": 0})
        bob.get(f"/api/tasks/{ten.task}/preview", 403)


class TestVideo:
    def test_frames_are_the_decoded_ones(self, alice: Person, film: Made, video: Path) -> None:
        truth = decoded(video)
        task = alice.get(f"/api/tasks/{film.task}").json()
        assert (task["mode"], task["size"], task["overlap"]) == ("interpolation", len(truth), 5)
        for number in (0, 1, 11, 12, 35, len(truth) - 1):
            lossless = frame(alice, film.task, number, quality="original")
            assert np.array_equal(pixels(lossless), truth[number]), number
            shown = pixels(frame(alice, film.task, number))
            likeness = [np.abs(shown.astype(int) - one).mean() for one in truth]
            assert int(np.argmin(likeness)) == number

    def test_meta_has_one_record(self, alice: Person, film: Made) -> None:
        meta = alice.get(f"/api/tasks/{film.task}/data/meta").json()
        assert [(one["name"], one["width"], one["height"]) for one in meta["frames"]] == [("street.mp4", 160, 120)]
        assert meta["size"] == 60

    def test_chunks_are_video_or_pictures(self, alice: Person, film: Made, video: Path) -> None:
        query = {"type": "chunk", "number": 0, "quality": "original"}
        answer = alice.get(f"/api/tasks/{film.task}/data", params=query)
        assert answer.headers["content-type"] == "video/mp4"
        zipped = alice.create_task({"a.mp4": video.read_bytes()}, data={"use_zip_chunks": True, "chunk_size": 7})
        small = alice.get(f"/api/tasks/{zipped.task}/data", params={**query, "quality": "compressed"})
        with zipfile.ZipFile(io.BytesIO(small.content)) as archive:
            assert len(archive.namelist()) == 7

    def test_packets_for_browsers_that_decode(self, alice: Person, film: Made) -> None:
        header, sections = decode_envelope(alice.get(f"/api/lab/tasks/{film.task}/video").content)
        assert (header["width"], header["height"], header["frames"]) == (160, 120, 60)
        assert sum(group["count"] for group in header["gops"]) == 60
        packets = sections["packets"].to_pydict()
        for number, group in enumerate(header["gops"]):
            data = alice.get(f"/api/lab/tasks/{film.task}/gops/{number}")
            sizes = [size for gop, size in zip(packets["gop"], packets["size"], strict=True) if gop == number]
            assert len(data.content) == sum(sizes) == group["bytes"]
            assert "immutable" in data.headers["cache-control"]
        alice.get(f"/api/lab/tasks/{film.task}/gops/{len(header['gops'])}", 404)

    def test_images_have_no_packets(self, alice: Person, ten: Made) -> None:
        alice.get(f"/api/lab/tasks/{ten.task}/video", 404)

    def test_others_may_not_look(self, bob: Person, film: Made) -> None:
        for path in (f"/api/lab/tasks/{film.task}/video", f"/api/lab/tasks/{film.task}/gops/0"):
            bob.get(path, 403)


def test_a_picture_whose_end_is_missing_is_named(alice: Person) -> None:
    """Its header is whole, so nobody notices before the picture itself is wanted."""
    made = alice.create_task({"cut.jpg": picture(1)[:-400], "whole.jpg": picture(2)})
    for query in ({"type": "frame", "number": 0, "quality": "compressed"}, {"type": "chunk", "number": 0}):
        told = alice.get(f"/api/tasks/{made.task}/data", 400, params={"quality": "compressed", **query}).text
        assert "cut.jpg: the image is damaged" in told
    query = {"type": "frame", "number": 1, "quality": "compressed"}
    assert pixels(alice.get(f"/api/tasks/{made.task}/data", params=query).content).shape == (48, 64, 3)


def test_media_that_went_away_is_named(alice: Person, admin: Person, tmp_path: Path) -> None:
    """Media in place may be moved by its owner; that is no fault of the server."""
    source = tmp_path / "moved.jpg"
    source.write_bytes(picture(1))
    task = admin.post("/api/tasks", 201, json={"name": "in place"}).json()["id"]
    body = {"image_quality": 70, "server_files": [str(source)]}
    admin.wait(admin.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    source.unlink()
    answer = admin.get(f"/api/tasks/{task}/data", None, params={"type": "frame", "number": 0, "quality": "original"})
    assert 400 <= answer.status_code < 500, answer.text
    assert "moved.jpg" in answer.text
