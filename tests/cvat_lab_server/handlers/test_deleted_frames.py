"""Frames that were deleted: their annotations stay, and leave no trace in exports until the frames are restored."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cvat_lab_server.site import Made, Person

FORM = "CVAT for images 1.1"


@pytest.fixture
def annotated(alice: Person) -> Made:
    """Six frames in two jobs, with a box on each and a track over all."""
    made = alice.create_task(6, segment_size=3, data={"chunk_size": 2})
    boxes = [made.box(frame, left=float(frame)) for frame in range(6)]
    data = {"shapes": boxes, "tracks": [made.track((0, 5))], "tags": [made.tag(4)]}
    alice.put(f"/api/tasks/{made.task}/annotations", json=data)
    return made


def delete(person: Person, owner: str, frames: list[int]) -> Any:
    return person.patch(f"/api/{owner}/data/meta", json={"deleted_frames": frames}).json()


def exported(person: Person, owner: str, *, images: bool = False) -> tuple[dict[str, list[str]], list[str]]:
    """Return the objects of an export by image, and the names of its pictures."""
    query = {"format": FORM, "save_images": str(images), "location": "local"}
    number = person.post(f"/api/{owner}/dataset/export", 202, params=query).json()["rq_id"]
    with zipfile.ZipFile(io.BytesIO(person.get(person.wait(number)["result_url"]).content)) as archive:
        root = ET.fromstring(archive.read("annotations.xml"))
        pictures = [name.rpartition("/")[2] for name in archive.namelist() if name.endswith(".jpg")]
    return {image.attrib["name"]: [item.tag for item in image] for image in root.iter("image")}, pictures


@pytest.mark.req("R20.12")
def test_annotations_stay_but_are_not_exported(alice: Person, annotated: Made) -> None:
    task, first, second = f"tasks/{annotated.task}", *(f"jobs/{job}" for job in annotated.jobs)
    before = alice.get(f"/api/{task}/annotations").json()
    whole = exported(alice, task)
    assert delete(alice, task, [1, 4])["deleted_frames"] == [1, 4]
    assert alice.get(f"/api/{task}/annotations").json() == before, "nothing of the annotations is touched"
    images, pictures = exported(alice, task, images=True)
    assert sorted(images) == pictures == ["000.jpg", "002.jpg", "003.jpg", "005.jpg"]
    assert all(objects == ["box", "box"] for objects in images.values()), "the track is still seen around the holes"
    assert sorted(exported(alice, first)[0]) == ["000.jpg", "002.jpg"]
    assert sorted(exported(alice, second)[0]) == ["003.jpg", "005.jpg"]
    delete(alice, task, [])
    assert exported(alice, task) == whole


def test_a_job_restores_its_own_frames(alice: Person, annotated: Made) -> None:
    task, job = f"tasks/{annotated.task}", f"jobs/{annotated.jobs[0]}"
    delete(alice, task, [0, 5])
    answer = delete(alice, job, [])
    assert (answer["deleted_frames"], answer["size"], answer["stop_frame"]) == ([], 3, 2)
    assert alice.get(f"/api/{task}/data/meta").json()["deleted_frames"] == [5]


def test_chunks_and_frames_stay_what_they_were(alice: Person, annotated: Made) -> None:
    path = f"/api/tasks/{annotated.task}/data"
    queries = [{"type": "chunk", "number": 0, "quality": "original"}, {"type": "frame", "number": 1}]
    before = [alice.get(path, params=query).content for query in queries]
    meta = alice.get(f"{path}/meta").json()
    after = delete(alice, f"tasks/{annotated.task}", [1])
    assert [alice.get(path, params=query).content for query in queries] == before
    assert after == {**meta, "deleted_frames": [1]}


def test_deleted_frames_can_be_annotated_and_asked_for(alice: Person, annotated: Made) -> None:
    delete(alice, f"tasks/{annotated.task}", [2])
    path = f"/api/jobs/{annotated.jobs[0]}/annotations"
    alice.patch(path, params={"action": "create"}, json={"tags": [annotated.tag(2)]})
    assert [tag["frame"] for tag in alice.get(path).json()["tags"]] == [2]
    found = alice.sql(f"SELECT frame FROM frames WHERE task_id = {annotated.task} AND deleted")
    assert [row["frame"] for row in found] == [2]


def test_a_cloud_storage_cannot_be_linked(alice: Person, annotated: Made) -> None:
    path = f"/api/tasks/{annotated.task}/data/meta"
    assert "cloud" in alice.patch(path, 400, json={"cloud_storage_id": 3, "deleted_frames": [1]}).text
    assert alice.get(path).json()["deleted_frames"] == []
    assert alice.patch(path, json={"cloud_storage_id": None}).json()["cloud_storage_id"] is None
