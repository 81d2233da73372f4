"""Restoring over HTTP: archives of other versions, uploads side by side, and archives that cannot be restored."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cvat_lab_server.backups import Archive, annotate, back_up, restore, spec, start_restore
from tests.cvat_lab_server.site import Person, Site, picture, zip_of


@pytest.fixture(scope="module")
def archive(alice: Person) -> Archive:
    made = alice.create_task(5, name="Räume & Straßen")
    annotate(alice, made)
    return back_up(alice, made.task)


@pytest.mark.req("R19.10")
def test_segments_of_any_size_ground_truth_and_replicas(alice: Person, archive: Archive) -> None:
    """All kinds of jobs come back with their frames, and go into the next backup."""
    task = json.loads(archive["task.json"])
    common = {"status": "annotation", "stage": "annotation", "state": "new"}
    names = [f"{number:03d}.jpg" for number in range(5)]
    spans = [("annotation", 0, 0), ("replica", 0, 0), ("annotation", 1, 4)]
    task["jobs"] = [
        {"start_frame": first, "stop_frame": last, "frames": [], "type": kind, "files": names[first : last + 1]}
        | common
        for kind, first, last in spans
    ]
    truth = {"start_frame": 0, "stop_frame": 4, "frames": [0, 2, 3], "type": "ground_truth"}
    task["jobs"].append(truth | {"stage": "acceptance", "state": "completed", "status": "completed"})
    task["data"]["custom_segments"] = True
    tags = [[0], [], [1, 4], [2]]
    annotations = [
        {"version": 0, "tags": [{"label": "car", "frame": frame} for frame in frames], "shapes": [], "tracks": []}
        for frames in tags
    ]
    files = archive | {"task.json": json.dumps(task).encode(), "annotations.json": json.dumps(annotations).encode()}
    made = restore(alice, files)
    jobs = alice.get("/api/jobs", params={"task_id": made, "sort": "id"}).json()["results"]
    assert [found["type"] for found in jobs] == ["annotation", "replica", "annotation", "ground_truth"]
    assert jobs[1]["parent_job_id"] == jobs[0]["id"]
    again = back_up(alice, made)
    assert spec(again)["jobs"] == task["jobs"]
    assert spec(again)["data"] == task["data"]
    found = json.loads(again["annotations.json"])
    assert [[tag["frame"] for tag in job["tags"]] for job in found] == tags
    assert back_up(alice, restore(alice, again)) == again


def test_uploads_of_several_people_and_windows_do_not_meet(alice: Person, admin: Person, archive: Archive) -> None:
    """The address is one for all; files of one name are kept apart until each is used."""
    content = zip_of(archive)
    other = zip_of(archive | {"task.json": archive["task.json"].replace(b"R\xc3\xa4ume", b"Other")})
    encoded = base64.b64encode(b"bk.zip").decode()
    names = []
    for body in (content, other):
        alice.post("/api/tasks/backup", 202, headers={"Upload-Start": ""})
        headers = {"Upload-Length": str(len(body)), "Upload-Metadata": f"filename {encoded}"}
        made = alice.post("/api/tasks/backup", 201, headers=headers)
        alice.patch(made.headers["Location"], 204, headers={"Upload-Offset": "0"}, content=body)
        names.append(made.headers["Upload-Filename"])
    assert len(set(names)) == 2
    for name, title in zip(names, ("Räume & Straßen", "Other & Straßen"), strict=True):
        admin.post("/api/tasks/backup", 400, params={"filename": name}, headers={"Upload-Finish": ""})
        request = alice.post("/api/tasks/backup", 202, params={"filename": name}, headers={"Upload-Finish": ""})
        task = alice.wait(request.json()["rq_id"])["result_id"]
        assert alice.get(f"/api/tasks/{task}").json()["name"] == title


def changed(archive: Archive, name: str, old: bytes, new: bytes) -> Archive:
    assert old in archive[name]
    return archive | {name: archive[name].replace(old, new)}


def without(archive: Archive, *names: str) -> Archive:
    return {name: data for name, data in archive.items() if name not in names}


def broken(archive: Archive) -> Iterator[tuple[str, Archive]]:
    yield "there is no task.json", without(archive, "task.json")
    yield "there is no annotations.json", without(archive, "annotations.json")
    yield "data/002.jpg is not in the archive, but data/manifest.jsonl lists it", without(archive, "data/002.jpg")
    yield "data/ has no images", {name: archive[name] for name in ("task.json", "annotations.json")}
    yield "task.json: Input data was truncated", archive | {"task.json": b'{"name": "x", "data"'}
    yield "task.json: Object missing required field `jobs`", archive | {"task.json": b'{"name": "x", "data": {}}'}
    yield (
        "- at `$.jobs[0].start_frame`",
        changed(archive, "task.json", b'"jobs":[{"start_frame":0', b'"jobs":[{"start_frame":-1'),
    )
    yield (
        "job 0 has frame 9, but the media gives only 5",
        changed(archive, "task.json", b'"stop_frame":4,"frames"', b'"stop_frame":9,"frames"'),
    )
    yield "two labels are called 'car'", changed(archive, "task.json", b'"name":"cat"', b'"name":"car"')
    yield "annotations.json: JSON is malformed", archive | {"annotations.json": b"[{]"}
    yield "annotations.json is empty", archive | {"annotations.json": b""}
    yield "is about 0 jobs, but the task has 1", archive | {"annotations.json": b"[]"}
    yield (
        "job 0: tag 0: there is no label 'dog'",
        archive | {"annotations.json": b'[{"tags":[{"label":"dog","frame":0}],"shapes":[],"tracks":[]}]'},
    )
    yield (
        "job 0, shape 0: Object missing required field `frame`",
        archive | {"annotations.json": b'[{"shapes":[{"type":"rectangle","label":"car"}]}]'},
    )
    yield (
        "job 0: shape 0 on frame 0: a rectangle needs 4 numbers",
        archive | {"annotations.json": b'[{"shapes":[{"type":"rectangle","label":"car","frame":0,"points":[1]}]}]'},
    )
    yield (
        "has no attribute 'wheels'",
        archive
        | {"annotations.json": b'[{"tags":[{"label":"car","frame":0,"attributes":[{"name":"wheels","value":"4"}]}]}]'},
    )
    yield "data/manifest.jsonl, line 2", archive | {"data/manifest.jsonl": b'{"version":"1.1"}\n{"type":"sound"}\n'}
    yield "003.jpg", archive | {"data/003.jpg": b"no picture at all"}
    yield "leads out of the archive", archive | {"data/../../../evil.jpg": picture(0)}
    yield "leads out of the archive", archive | {"/etc/evil.jpg": picture(0)}


def test_what_cannot_be_restored_leaves_nothing(alice: Person, site: Site, archive: Archive) -> None:
    """Every refusal names file and reason."""

    def everything() -> tuple[Any, ...]:
        counts = [alice.get(f"/api/{thing}").json()["count"] for thing in ("tasks", "jobs", "projects")]
        files = [sorted(path.name for path in (site.workspace / name).glob("*")) for name in ("data", "work")]
        rows = alice.sql("SELECT count(*) AS rows FROM shapes")
        return counts, files, rows

    before = everything()
    for message, damaged in broken(archive):
        found = alice.wait(start_restore(alice, zip_of(damaged)), "failed")
        assert message in found["message"], f"{message!r} should be in {found['message']!r}"
    assert "not a readable zip" in alice.wait(start_restore(alice, b"no zip"), "failed")["message"]
    assert "backup of a task" in alice.wait(start_restore(alice, zip_of(archive), "project"), "failed")["message"]
    in_project = {f"task_0/{name}": data for name, data in archive.items()}
    half = {"project.json": b'{"name":"p","labels":[{"name":"dog"}]}', **in_project}
    found = alice.wait(start_restore(alice, zip_of(half), "project"), "failed")
    assert "task_0/annotations.json" in found["message"]
    assert everything() == before
    assert not list((site.workspace / "uploads").glob("import-*"))
    assert alice.post("/api/tasks/backup", 400, data={"a": "b"}).status_code == 400


def test_a_bomb(alice: Person, archive: Archive) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name, data in archive.items():
            bomb.writestr(name, data)
        with bomb.open("data/zero.jpg", "w", force_zip64=True) as member:
            for _ in range(70):
                member.write(bytes(2**20))
    assert "unpacks from" in alice.wait(start_restore(alice, target.getvalue()), "failed")["message"]
