"""The upload of media in all its steps, and how files become frames and jobs."""

from __future__ import annotations

import base64
import io
import os
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cvat_lab_server.site import Person, Site, form, picture, zip_bomb, zip_of
from tests.media_samples import shared

FOUR = {f"{number}.jpg": picture(number) for number in range(4)}


def empty_task(person: Person, **fields: Any) -> int:
    return int(
        person.post("/api/tasks", 201, json={"name": "to fill", "labels": [{"name": "car"}], **fields}).json()["id"]
    )


def begin(person: Person, task: int) -> str:
    """Open an upload and return its path."""
    path = f"/api/tasks/{task}/data/"
    person.post(path, 202, headers={"Upload-Start": "", "Content-Type": "application/json"})
    return path


def finish(person: Person, task: int, status: str = "finished", **parameters: Any) -> dict[str, Any]:
    answer = person.post(
        f"/api/tasks/{task}/data/", 202, headers={"Upload-Finish": ""}, json={"image_quality": 70, **parameters}
    )
    return person.wait(answer.json()["rq_id"], status)


def frames(person: Person, task: int) -> list[str]:
    return [frame["name"] for frame in person.get(f"/api/tasks/{task}/data/meta").json()["frames"]]


class Tus:
    """A file on its way by the TUS protocol."""

    def __init__(self, person: Person, path: str, name: str, length: int) -> None:
        metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype {base64.b64encode(b'x').decode()}"
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": metadata}
        self.person, self.made = person, person.post(path, 201, headers=headers)
        self.url, self.name = self.made.headers["Location"], self.made.headers["Upload-Filename"]

    def send(self, offset: int, data: bytes, status: int = 204) -> httpx.Response:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.person.patch(self.url, status, headers=headers, content=data)

    def offset(self) -> int:
        return int(self.person.call("HEAD", self.url).headers["Upload-Offset"])


def test_batches_of_hundreds_of_parts_add_up(alice: Person) -> None:
    task = empty_task(alice)
    path = begin(alice, task)
    files = [{f"{number:03d}.jpg": picture(number) for number in range(first, first + 300)} for first in (0, 300)]
    for batch in files:
        alice.post(path, headers={"Upload-Multiple": ""}, data={"image_quality": "70"}, files=form(batch))
    finish(alice, task)
    assert frames(alice, task) == [f"{number:03d}.jpg" for number in range(600)]


def test_a_batch_that_is_sent_again_counts_once(alice: Person) -> None:
    """Its answer was lost. A file of the same name that is another one is kept, too."""
    task = empty_task(alice)
    path = begin(alice, task)
    for batch in (FOUR, FOUR, {"0.jpg": picture(9)}):
        alice.post(path, headers={"Upload-Multiple": ""}, data={"image_quality": "70"}, files=form(batch))
    finish(alice, task)
    assert frames(alice, task) == ["0.jpg", "0_1.jpg", "1.jpg", "2.jpg", "3.jpg"]


def test_everything_in_one_request(alice: Person) -> None:
    made = alice.create_task(FOUR, data={"chunk_size": "2", "image_quality": "33", "use_zip_chunks": "true"})
    task = alice.get(f"/api/tasks/{made.task}").json()
    assert (task["size"], task["data_chunk_size"], task["image_quality"]) == (4, 2, 33)


def test_a_client_path_is_reduced_to_its_name(site: Site, alice: Person) -> None:
    """Also a name that tries to climb out of the workspace."""
    files = {
        "/home/me/a.jpg": picture(0),
        "C:\\pictures\\b.jpg": picture(1),
        "../../../../d.jpg": picture(2),
        "d.jpg": picture(3),
    }
    made = alice.create_task(files)
    assert frames(alice, made.task) == ["a.jpg", "b.jpg", "d.jpg", "d_1.jpg"]
    assert not (site.workspace.parent / "d.jpg").exists()


class TestTus:
    def test_in_pieces(self, alice: Person) -> None:
        task = empty_task(alice)
        path = begin(alice, task)
        archive = zip_of(FOUR)
        tus = Tus(alice, path, "pictures.zip", len(archive))
        assert tus.url.startswith("http://")
        assert tus.made.headers["Tus-Resumable"] == "1.0.0"
        for start in range(0, len(archive), 1000):
            answer = tus.send(start, archive[start : start + 1000])
            assert int(answer.headers["Upload-Offset"]) == min(start + 1000, len(archive))
        finish(alice, task)
        assert frames(alice, task) == list(FOUR)

    def test_resumes_after_a_wrong_offset(self, alice: Person) -> None:
        task = empty_task(alice)
        tus = Tus(alice, begin(alice, task), "a.jpg", len(FOUR["0.jpg"]))
        tus.send(0, FOUR["0.jpg"][:100])
        for wrong in (0, 99, 101, 10**6):
            refused = tus.send(wrong, FOUR["0.jpg"][100:], 409)
            assert refused.headers["Upload-Offset"] == "100"
        assert tus.offset() == 100
        tus.send(100, FOUR["0.jpg"][100:])
        assert tus.offset() == len(FOUR["0.jpg"]), "for clients that did not get the last answer"
        tus.send(len(FOUR["0.jpg"]), b"")
        tus.send(100, FOUR["0.jpg"][100:], 409)
        finish(alice, task)
        assert frames(alice, task) == ["a.jpg"]
        alice.call("HEAD", tus.url, 404)

    def test_an_empty_file(self, alice: Person) -> None:
        task = empty_task(alice)
        tus = Tus(alice, begin(alice, task), "empty.jpg", 0)
        tus.send(0, b"")
        assert "empty.jpg" in finish(alice, task, "failed")["message"]

    def test_equal_names_do_not_overwrite_each_other(self, alice: Person) -> None:
        task = empty_task(alice)
        path = begin(alice, task)
        both = [Tus(alice, path, "same.jpg", len(FOUR[name])) for name in ("0.jpg", "1.jpg")]
        assert [tus.name for tus in both] == ["same.jpg", "same_1.jpg"]
        for tus, name in zip(both, ("0.jpg", "1.jpg"), strict=True):
            tus.send(0, FOUR[name])
        finish(alice, task)
        first = alice.get(f"/api/tasks/{task}/data", params={"type": "frame", "number": 0, "quality": "original"})
        assert first.content == FOUR["0.jpg"]

    def test_more_than_was_announced(self, alice: Person) -> None:
        tus = Tus(alice, begin(alice, empty_task(alice)), "a.jpg", 10)
        assert "announced with 10 bytes" in tus.send(0, b"x" * 11, 400).text
        assert tus.offset() == 0

    def test_uploads_of_others(self, alice: Person, bob: Person) -> None:
        tus = Tus(alice, begin(alice, empty_task(alice)), "a.jpg", 10)
        bob.call("HEAD", tus.url, 403)
        bob.patch(tus.url, 403, headers={"Upload-Offset": "0"}, content=b"x")
        bob.delete(tus.url, 403)
        assert tus.offset() == 0
        alice.delete(tus.url)
        alice.call("HEAD", tus.url, 404)

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Upload-Length": "-1"}, 400),
            ({"Upload-Length": "many"}, 400),
            ({"Upload-Length": "\u00b2"}, 400),
            ({"Upload-Length": "9" * 5000}, 400),
            ({"Upload-Length": str(2**50)}, 413),
            ({"Upload-Length": "5", "Upload-Metadata": "filename !!"}, 400),
            ({"Upload-Length": "5", "Upload-Metadata": "filename Li4="}, 400),
            ({"Upload-Length": "5", "Upload-Metadata": f"filename {base64.b64encode(b'x' * 300).decode()}"}, 400),
        ],
    )
    def test_bad_announcements(self, alice: Person, headers: dict[str, str], status: int) -> None:
        path = begin(alice, empty_task(alice))
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        alice.post(path, status, headers=encoded)

    def test_a_new_start_drops_what_was_on_its_way(self, alice: Person) -> None:
        """Otherwise the old one, when it goes on, would put its file among those of the new upload."""
        task, other = empty_task(alice), empty_task(alice)
        dropped, kept = (Tus(alice, begin(alice, number), "a.jpg", 10) for number in (task, other))
        begin(alice, task)
        alice.call("HEAD", dropped.url, 404)
        assert kept.offset() == 0

    @pytest.mark.parametrize("lost", ["content", "meta.json"])
    def test_what_a_dying_server_left_is_no_upload(self, site: Site, alice: Person, lost: str) -> None:
        tus = Tus(alice, begin(alice, empty_task(alice)), "a.jpg", 10)
        (site.workspace / "uploads" / "tus" / tus.url.rpartition("/")[2] / lost).unlink()
        alice.call("HEAD", tus.url, 404)
        tus.send(0, b"x" * 10, 404)

    def test_an_unknown_upload(self, alice: Person) -> None:
        for name in ("0" * 32, "abc", "..%2F..%2Fworkspace.duckdb"):
            alice.call("HEAD", f"/api/uploads/{name}", 404)


class TestShare:
    def test_files_stay_where_they_are(self, site: Site, alice: Person) -> None:
        task = empty_task(alice)
        body = {"image_quality": 70, "server_files": ["street/"]}
        alice.wait(alice.post(f"/api/tasks/{task}/data/", 202, json=body).json()["rq_id"])
        meta = alice.get(f"/api/tasks/{task}/data/meta").json()
        assert meta["storage"] == "share"
        assert frames(alice, task) == [f"street/{number}.jpg" for number in range(6)]
        data = alice.get(f"/api/tasks/{task}").json()["data"]
        assert not [path for path in (site.workspace / "data" / str(data)).rglob("*") if path.suffix == ".jpg"]
        alice.delete(f"/api/tasks/{task}")
        assert len(list((site.share / "street").iterdir())) == 6, "files of the share are not ours to delete"

    def test_copies(self, site: Site, alice: Person) -> None:
        task = empty_task(alice)
        body = {
            "image_quality": 70,
            "server_files": ["street/1.jpg", "street/0.jpg"],
            "copy_data": True,
            "sorting_method": "predefined",
        }
        alice.wait(alice.post(f"/api/tasks/{task}/data/", 202, json=body).json()["rq_id"])
        assert alice.get(f"/api/tasks/{task}/data/meta").json()["storage"] == "local"
        assert frames(alice, task) == ["street/1.jpg", "street/0.jpg"]
        data = alice.get(f"/api/tasks/{task}").json()["data"]
        assert (site.workspace / "data" / str(data) / "originals" / "street" / "1.jpg").is_file()

    def test_some_are_left_out(self, alice: Person) -> None:
        task = empty_task(alice)
        body = {"image_quality": 70, "server_files": ["street"], "server_files_exclude": ["street/2.jpg"]}
        alice.wait(alice.post(f"/api/tasks/{task}/data/", 202, json=body).json()["rq_id"])
        assert "street/2.jpg" not in frames(alice, task)

    @pytest.mark.parametrize(
        ("name", "status"),
        [("../workspace", 403), ("/../../etc/passwd", 403), ("nowhere.jpg", 404), ("a\0b", 400), ("x" * 5000, 400)],
    )
    def test_paths_that_lead_elsewhere(self, alice: Person, name: str, status: int) -> None:
        task = empty_task(alice)
        alice.post(f"/api/tasks/{task}/data/", status, json={"image_quality": 70, "server_files": [name]})
        assert alice.get(f"/api/tasks/{task}").json()["size"] == 0

    def test_a_link_out_of_the_share(self, site: Site, alice: Person, tmp_path: Path) -> None:
        (tmp_path / "secret.jpg").write_bytes(picture(1))
        (site.share / "link.jpg").symlink_to(tmp_path / "secret.jpg")
        try:
            body = {"image_quality": 70, "server_files": ["link.jpg"]}
            alice.post(f"/api/tasks/{empty_task(alice)}/data/", 403, json=body)
        finally:
            (site.share / "link.jpg").unlink()

    def test_local_paths_are_for_administrators(self, admin: Person, alice: Person, tmp_path: Path) -> None:
        (tmp_path / "here.jpg").write_bytes(picture(1))
        body = {"image_quality": 70, "server_files": [str(tmp_path)]}
        alice.post(f"/api/tasks/{empty_task(alice)}/data/", 403, json=body)
        task = empty_task(admin)
        admin.wait(admin.post(f"/api/tasks/{task}/data/", 202, json=body).json()["rq_id"])
        assert frames(admin, task) == ["here.jpg"]


class TestChoices:
    @pytest.mark.req("R30.24")
    def test_start_stop_and_step(self, alice: Person) -> None:
        task = alice.create_task(20, data={"start_frame": 2, "stop_frame": 15, "frame_filter": "step=3"}).task
        assert frames(alice, task) == [f"{number:03d}.jpg" for number in (2, 5, 8, 11, 14)]
        meta = alice.get(f"/api/tasks/{task}/data/meta").json()
        assert (meta["start_frame"], meta["stop_frame"], meta["frame_filter"]) == (2, 14, "step=3")

    @pytest.mark.req("R30.21")
    def test_jobs(self, alice: Person) -> None:
        made = alice.create_task(11, segment_size=5, overlap=2)
        jobs = [alice.get(f"/api/jobs/{job}").json() for job in made.jobs]
        assert [(job["start_frame"], job["stop_frame"], job["frame_count"]) for job in jobs] == [
            (0, 4, 5),
            (3, 7, 5),
            (6, 10, 5),
        ]

    @pytest.mark.req("R30.25")
    def test_order(self, alice: Person) -> None:
        files = {name: picture(number) for number, name in enumerate(("10.jpg", "9.jpg", "1.jpg"))}
        by_name = alice.create_task(files).task
        natural = alice.create_task(files, data={"sorting_method": "natural"}).task
        given = empty_task(alice)
        alice.post(begin(alice, given), headers={"Upload-Multiple": ""}, files=form(files))
        finish(alice, given, sorting_method="predefined", upload_file_order=["9.jpg", "1.jpg", "10.jpg"])
        assert frames(alice, by_name) == ["1.jpg", "10.jpg", "9.jpg"]
        assert frames(alice, natural) == ["1.jpg", "9.jpg", "10.jpg"]
        assert frames(alice, given) == ["9.jpg", "1.jpg", "10.jpg"]

    @pytest.mark.parametrize("ending", ["tar", "tar.gz"])
    def test_archives(self, alice: Person, ending: str) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w" if ending == "tar" else "w:gz") as archive:
            for name, data in FOUR.items():
                entry = tarfile.TarInfo(f"inner/{name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        made = alice.create_task({f"pictures.{ending}": packed.getvalue()})
        assert frames(alice, made.task) == [f"inner/{name}" for name in FOUR]

    def test_context_images(self, alice: Person) -> None:
        made = alice.create_task({"context.zip": shared("media/context_images.zip").read_bytes()})
        meta = alice.get(f"/api/tasks/{made.task}/data/meta").json()["frames"]
        number = next(place for place, frame in enumerate(meta) if frame["has_related_context"])
        query = {"type": "context_image", "number": number}
        answer = alice.get(f"/api/tasks/{made.task}/data", params=query)
        assert answer.headers["content-type"] == "application/zip"
        assert alice.get(f"/api/jobs/{made.job}/data", params=query).content == answer.content

    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({"image_quality": 101}, "image_quality"),
            ({"image_quality": "best"}, "image_quality"),
            ({"chunk_size": -1}, "chunk_size"),
            ({"chunk_size": 2**70}, "chunk_size"),
            ({"start_frame": -1}, "start_frame"),
            ({"start_frame": 5, "stop_frame": 2}, "stop_frame"),
            ({"frame_filter": "every third"}, "frame_filter"),
            ({"frame_filter": "step=0"}, "frame_filter"),
            ({"sorting_method": "by mood"}, "sorting_method"),
            ({"cloud_storage_id": 1}, "cloud storage"),
            ({"job_file_mapping": [["a.jpg"]]}, "job_file_mapping"),
            ({"validation_params": {"mode": "gt_pool"}}, "validation_params"),
            ({"validation_params": {"mode": "gt"}}, "frame_selection_method"),
        ],
    )
    def test_bad_parameters_are_refused_by_name(self, alice: Person, parameters: dict[str, Any], named: str) -> None:
        task = empty_task(alice)
        path = begin(alice, task)
        alice.post(path, headers={"Upload-Multiple": ""}, files=form(FOUR))
        body = {"image_quality": 70, **parameters}
        assert named in alice.post(path, 400, headers={"Upload-Finish": ""}, json=body).text
        finish(alice, task)
        assert frames(alice, task) == list(FOUR), "the files were still there for a second try"


class TestFailures:
    """What cannot be read fails in its request, by name, and leaves nothing behind."""

    @pytest.mark.parametrize(
        ("files", "told"),
        [
            ({}, "No media data found"),
            ({"notes.txt": b"hello"}, "notes.txt"),
            ({"a.jpg": picture(1), "b.jpg": b"\xff\xd8\xff\xe0 no picture"}, "b.jpg"),
            ({"a.png": picture(1, ".png")[:20]}, "a.png"),
            ({"film.mp4": b"\0\0\0\x18ftypmp42" + os.urandom(500)}, "film.mp4"),
            ({"a.jpg": picture(1), "film.mp4": b"x"}, "mixed"),
            ({"broken.zip": b"PK\x03\x04" + os.urandom(100)}, "broken.zip"),
            ({"evil.zip": zip_of({"../../evil.jpg": picture(1)})}, "leads out"),
            ({"evil.zip": zip_of({"/etc/evil.jpg": picture(1)})}, "leads out"),
        ],
        ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
    )
    def test_media(self, site: Site, admin: Person, alice: Person, files: dict[str, bytes], told: str) -> None:
        task = empty_task(alice)
        if files:
            alice.post(begin(alice, task), headers={"Upload-Multiple": ""}, files=form(files))
        request = finish(alice, task, "failed")
        assert told in request["message"]
        assert alice.get(f"/api/tasks/{task}").json()["data"] is None
        assert alice.get("/api/jobs", params={"task_id": task}).json()["count"] == 0
        known = {str(row["data"]) for row in admin.get("/api/tasks?page_size=all").json()["results"]}
        assert {path.name for path in (site.workspace / "data").iterdir()} <= known
        status = alice.get(f"/api/tasks/{task}/status").json()
        assert (status["state"], told in status["message"]) == ("Failed", True)
        alice.post(begin(alice, task), headers={"Upload-Multiple": ""}, files=form(FOUR))
        finish(alice, task)
        assert frames(alice, task) == list(FOUR), "the task itself is still good"

    def test_a_decompression_bomb(self, site: Site, alice: Person) -> None:
        """A gigabyte of zeros in five megabytes: refused from the directory of the archive, nothing is unpacked."""
        task = empty_task(alice)
        files = form({"bomb.zip": zip_bomb("bomb.jpg")})
        alice.post(begin(alice, task), headers={"Upload-Multiple": ""}, files=files)
        told = finish(alice, task, "failed")["message"]
        assert "bomb.jpg: unpacks to 1,077,936,128 bytes, the limit for one archive member is 1,073,741,824." in told
        assert alice.get("/api/jobs", params={"task_id": task}).json()["count"] == 0

    def test_a_picture_of_too_many_pixels(self, alice: Person) -> None:
        header = bytearray(picture(1, ".png"))
        header[16:24] = (100_000).to_bytes(4, "big") * 2
        task = empty_task(alice)
        alice.post(begin(alice, task), headers={"Upload-Multiple": ""}, files=form({"huge.png": bytes(header)}))
        assert "10,000,000,000 pixels" in finish(alice, task, "failed")["message"]

    def test_data_comes_only_once(self, alice: Person) -> None:
        made = alice.create_task(1)
        for headers in ({"Upload-Start": ""}, {"Upload-Length": "5"}, {"Upload-Finish": ""}, {}):
            told = alice.post(f"/api/tasks/{made.task}/data", 400, headers=headers, json={"image_quality": 70}).text
            assert "already" in told

    def test_two_finishes_at_once_make_one_set_of_frames(self, alice: Person) -> None:
        task = empty_task(alice)
        body = {"image_quality": 70, "server_files": ["street"]}
        answers = [alice.post(f"/api/tasks/{task}/data", None, json=body) for _ in range(3)]
        assert answers[0].status_code == 202
        for answer in answers:
            if answer.status_code == 202:
                alice.wait_ended(answer.json()["rq_id"])
        assert len(frames(alice, task)) == 6
        assert alice.get("/api/jobs", params={"task_id": task}).json()["count"] == 1

    def test_only_who_may_fill_the_task(self, alice: Person, bob: Person) -> None:
        task = empty_task(alice)
        for headers in ({"Upload-Start": ""}, {"Upload-Multiple": ""}, {"Upload-Finish": ""}, {}):
            bob.post(f"/api/tasks/{task}/data", 403, headers=headers, json={"image_quality": 70})
        alice.post("/api/tasks/999/data", 404, headers={"Upload-Start": ""})
