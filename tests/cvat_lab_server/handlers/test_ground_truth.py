"""Ground-truth jobs over HTTP: made, annotated beside the others, shown, removed."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cvat_lab_server.site import Made, Person, picture


@pytest.fixture
def made(alice: Person) -> Made:
    """Ten frames, every second one of twenty, in two jobs."""
    files = {f"{number:03d}.jpg": picture(number) for number in range(22)}
    return alice.create_task(files, data={"frame_filter": "step=2", "start_frame": 2}, segment_size=5)


def create(person: Person, task: int, status: int = 201, **fields: Any) -> Any:
    body = {"type": "ground_truth", "task_id": task, **fields}
    return person.post("/api/jobs", status, json=body).json()


def manual(person: Person, task: int, frames: list[int], **fields: Any) -> Any:
    return create(person, task, frame_selection_method="manual", frames=frames, **fields)


def test_frames_of_choice(alice: Person, made: Made) -> None:
    job = manual(alice, made.task, [7, 2, 3])
    assert (job["type"], job["frame_count"], job["frame_ranges"]) == ("ground_truth", 3, [2, 3, 7, 7])
    assert (job["stage"], job["state"], job["status"]) == ("annotation", "new", "annotation")
    meta = alice.get(f"/api/jobs/{job['id']}/data/meta").json()
    assert meta["included_frames"] == [6, 8, 16], "numbers of the source"
    assert [frame["name"] for frame in meta["frames"]] == ["006.jpg", "008.jpg", "016.jpg"]
    assert (meta["size"], meta["start_frame"], meta["stop_frame"]) == (3, 6, 16)
    path, query = f"/api/jobs/{job['id']}/data", {"type": "frame", "quality": "original"}
    assert alice.get(path, params={**query, "number": 7}).content == picture(16)
    alice.get(path, 400, params={**query, "number": 4})
    assert alice.get(f"/api/jobs/{job['id']}/preview").content
    listed = alice.get("/api/jobs", params={"task_id": made.task, "type": "ground_truth"}).json()["results"]
    assert [one["id"] for one in listed] == [job["id"]]
    for other in made.jobs:
        assert alice.get(f"/api/jobs/{other}/data/meta").json()["included_frames"] is None


@pytest.mark.parametrize(
    ("numbers", "count"),
    [
        ({"frame_selection_method": "random_uniform", "frame_count": 4}, 4),
        ({"frame_selection_method": "random_uniform", "frame_share": 0.3}, 3),
        ({"frame_selection_method": "random_per_job", "frames_per_job_count": 2}, 4),
        ({"frame_selection_method": "random_per_job", "frames_per_job_share": 0.2}, 2),
    ],
)
def test_random_frames(alice: Person, made: Made, numbers: dict[str, Any], count: int) -> None:
    alice.patch(f"/api/tasks/{made.task}/data/meta", json={"deleted_frames": [0, 9]})
    ranges = []
    for _ in range(2):
        job = create(alice, made.task, random_seed=3, **numbers)
        assert job["frame_count"] == count
        ranges.append(job["frame_ranges"])
        alice.delete(f"/api/jobs/{job['id']}")
    assert ranges[0] == ranges[1]
    assert (ranges[0][0], ranges[0][-1]) != (0, 9), "deleted frames are not picked"


def test_its_annotations_are_its_own(alice: Person, made: Made) -> None:
    """The task's annotations, exports and status are those of its other jobs."""
    task = f"/api/tasks/{made.task}"
    alice.put(f"{task}/annotations", json={"shapes": [made.box(2), made.box(8)]})
    before = alice.get(f"{task}/annotations").json()
    job = manual(alice, made.task, [2, 7])["id"]
    alice.put(f"/api/jobs/{job}/annotations", json={"shapes": [made.box(2, left=5.0)], "tags": [made.tag(7)]})
    assert alice.get(f"{task}/annotations").json() == before
    assert "frame 3 is not in" in alice.put(f"/api/jobs/{job}/annotations", 400, json={"tags": [made.tag(3)]}).text
    alice.put(f"{task}/annotations", json={})
    assert len(alice.get(f"/api/jobs/{job}/annotations").json()["shapes"]) == 1, "writing to the task passes it over"
    for other in made.jobs:
        alice.patch(f"/api/jobs/{other}", json={"stage": "acceptance", "state": "completed"})
    shown = alice.get(task).json()
    assert (shown["status"], shown["jobs"]["count"], shown["validation_mode"]) == ("completed", 2, "gt")
    query = {"format": "CVAT for images 1.1", "location": "local"}
    number = alice.post(f"/api/jobs/{job}/dataset/export", 202, params=query).json()["rq_id"]
    with zipfile.ZipFile(io.BytesIO(alice.get(alice.wait(number)["result_url"]).content)) as archive:
        images = list(ET.fromstring(archive.read("annotations.xml")).iter("image"))
    assert [(image.attrib["name"], len(image)) for image in images] == [("006.jpg", 1), ("016.jpg", 1)]


def test_layouts(alice: Person, made: Made) -> None:
    path = f"/api/tasks/{made.task}/validation_layout"
    assert alice.get(path).json()["mode"] is None
    manual(alice, made.task, [1, 4, 8])
    alice.patch(f"/api/tasks/{made.task}/data/meta", json={"deleted_frames": [3, 4]})
    layout = alice.get(path).json()
    assert (layout["mode"], layout["validation_frames"], layout["disabled_frames"]) == ("gt", [1, 4, 8], [4])
    assert alice.get(f"/api/jobs/{made.job}/validation_layout").json()["honeypot_count"] == 0


def test_at_creation(alice: Person) -> None:
    params = {"mode": "gt", "frame_selection_method": "manual", "frames": ["002.jpg", "000.jpg"]}
    task = alice.post("/api/tasks", 201, json={"name": "checked"}).json()["id"]
    body = {"image_quality": 70, "server_files": ["street/"], "validation_params": params}
    refused = {**params, "mode": "gt_pool"}
    assert "gt_pool" in alice.post(f"/api/tasks/{task}/data", 400, json={**body, "validation_params": refused}).text
    params["frames"] = [f"street/{number}.jpg" for number in (4, 1)]
    alice.wait(alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    [job] = alice.get("/api/jobs", params={"task_id": task, "type": "ground_truth"}).json()["results"]
    assert job["frame_ranges"] == [1, 1, 4, 4]
    other = alice.post("/api/tasks", 201, json={"name": "checked"}).json()["id"]
    params["frames"] = ["street/nothing.jpg"]
    failed = alice.wait(alice.post(f"/api/tasks/{other}/data", 202, json=body).json()["rq_id"], "failed")
    assert "'street/nothing.jpg'" in failed["message"]
    assert alice.get(f"/api/tasks/{other}").json()["data"] is None


def test_removing(alice: Person, made: Made) -> None:
    job = manual(alice, made.task, [2, 7])["id"]
    alice.put(f"/api/jobs/{job}/annotations", json={"shapes": [made.box(2)], "tracks": [made.track((2,))]})
    alice.post("/api/issues", 201, json={"job": job, "frame": 2, "position": [1, 1, 5, 5], "message": "look"})
    alice.delete(f"/api/jobs/{job}")
    alice.get(f"/api/jobs/{job}", 404)
    alice.delete(f"/api/jobs/{job}", 404)
    assert alice.get(f"/api/tasks/{made.task}").json()["validation_mode"] is None
    for table in ("shapes", "keyframes", "issues", "revisions"):
        assert alice.sql(f"SELECT count(*) AS n FROM {table} WHERE job_id = {job}") == [{"n": 0}]
    assert manual(alice, made.task, [0])["id"] != job
    assert "only ground_truth jobs" in alice.delete(f"/api/jobs/{made.job}", 400).text
    assert alice.get(f"/api/jobs/{made.job}").json()["id"] == made.job


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"type": "annotation", "frame_selection_method": "manual", "frames": [0]}, "only ground_truth"),
        ({"type": "replica"}, "only ground_truth"),
        ({"type": "other"}, "type"),
        ({"task_id": 99999, "frame_selection_method": "manual", "frames": [0]}, "there is no task 99999"),
        ({}, "frame_selection_method"),
        ({"frame_selection_method": "manual", "frames": [10]}, "no frame 10"),
        ({"frame_selection_method": "manual", "frames": ["0"]}, "frames"),
        ({"frame_selection_method": "random_uniform", "frame_count": 0}, "frame_count"),
        ({"frame_selection_method": "random_uniform", "frame_count": 11}, "the task has 10"),
        ({"frame_selection_method": "random_uniform", "frame_share": 1.5}, "frame_share"),
        ({"frame_selection_method": "manual", "frames": [0], "assignee": 999}, "999"),
    ],
)
def test_refusals(alice: Person, made: Made, fields: dict[str, Any], told: str) -> None:
    body = {"type": "ground_truth", "task_id": made.task, **fields}
    assert told in alice.post("/api/jobs", 400, json=body).text
    assert alice.get("/api/jobs", params={"task_id": made.task}).json()["count"] == 2


def test_one_for_each_task_with_media(alice: Person, made: Made) -> None:
    manual(alice, made.task, [0])
    body = {"frame_selection_method": "manual", "frames": [1]}
    assert "has a ground-truth job already" in str(create(alice, made.task, 400, **body))
    empty = alice.post("/api/tasks", 201, json={"name": "empty"}).json()["id"]
    assert "has no frames yet" in str(create(alice, empty, 400, **body))


def test_rights(alice: Person, bob: Person, made: Made) -> None:
    body = {"frame_selection_method": "manual", "frames": [1]}
    assert "add a ground-truth job" in str(create(bob, made.task, 403, **body))
    job = manual(alice, made.task, [0, 5], assignee=bob.id)
    assert job["assignee"]["username"] == "bob"
    bob.put(f"/api/jobs/{job['id']}/annotations", json={"tags": [made.tag(5)]})
    assert "delete the job" in bob.delete(f"/api/jobs/{job['id']}", 403).text
    assert bob.get(f"/api/tasks/{made.task}/validation_layout").json()["mode"] == "gt"
    alice.delete(f"/api/jobs/{job['id']}")
    bob.get(f"/api/tasks/{made.task}/validation_layout", 403)
