"""Tasks over HTTP. Their media is in ``test_uploading.py`` and ``test_data.py``."""

from __future__ import annotations

import pytest

from tests.cvat_lab_server.site import LABELS, Made, Person, Site


def test_a_task_without_media(alice: Person) -> None:
    """Exactly the fields, and the nulls, that CVAT's clients accept."""
    task = alice.post("/api/tasks", 201, json={"name": "empty", "labels": LABELS, "segment_size": 5}).json()
    assert (task["mode"], task["data"], task["size"], task["status"]) == ("", None, 0, "annotation")
    assert "image_quality" not in task, "it must not be null"
    assert [task[name] for name in ("data_chunk_size", "data_original_chunk_type")] == [None, None]
    assert task["jobs"] == {"count": 0, "completed": 0, "validation": 0, "url": task["jobs"]["url"]}
    assert {"target_storage", "source_storage", "guide_id", "validation_mode", "media_type"} <= task.keys()
    assert alice.get(f"/api/tasks/{task['id']}").json() == task
    alice.get(f"/api/tasks/{task['id']}/preview", 404)
    alice.get(f"/api/tasks/{task['id']}/data/meta", 404)
    assert alice.get(f"/api/tasks/{task['id']}/status").json()["state"] == "Finished"


def test_a_task_without_labels(alice: Person) -> None:
    task = alice.create_task(1, labels=[])
    assert task.labels == {}
    assert (
        "known here: none"
        in alice.put(f"/api/jobs/{task.job}/annotations", 400, json={"tags": [{"label_id": 1, "frame": 0}]}).text
    )


def test_a_task_with_media(alice: Person, made: Made) -> None:
    task = alice.get(f"/api/tasks/{made.task}").json()
    assert (task["mode"], task["size"], task["dimension"], task["image_quality"]) == ("annotation", 3, "2d", 70)
    assert (task["data_original_chunk_type"], task["data_compressed_chunk_type"]) == ("imageset", "imageset")
    assert (task["segment_size"], task["overlap"], task["jobs"]["count"]) == (3, 0, 1)
    assert task["owner"]["username"] == "alice"
    assert alice.get(task["jobs"]["url"]).json()["count"] == 1
    assert alice.get(task["labels"]["url"]).json()["count"] == 2


def test_changes(alice: Person, bob: Person, fresh: Made) -> None:
    path = f"/api/tasks/{fresh.task}"
    before = alice.get(path).json()
    body = {"name": "new", "bug_tracker": "https://b/3", "subset": "Val", "assignee_id": bob.id}
    after = alice.patch(path, json=body).json()
    assert {name: after[name] for name in ("name", "bug_tracker", "subset")} == {
        name: body[name] for name in ("name", "bug_tracker", "subset")
    }
    assert after["assignee"]["id"] == bob.id
    assert after["updated_date"] > before["updated_date"]
    assert alice.patch(path, json={"assignee_id": None}).json()["assignee"] is None


def test_saving_annotations_touches_the_task(alice: Person, fresh: Made) -> None:
    """Caches of CVAT's clients go by this date."""
    path = f"/api/tasks/{fresh.task}"
    dates = [alice.get(path).json()["updated_date"]]
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
    dates.append(alice.get(path).json()["updated_date"])
    alice.patch(f"{path}/data/meta", json={"deleted_frames": [1]})
    dates.append(alice.get(path).json()["updated_date"])
    alice.patch(f"/api/labels/{fresh.labels['car']}", json={"name": "auto"})
    dates.append(alice.get(path).json()["updated_date"])
    assert dates == sorted(set(dates))


def test_removing(site: Site, alice: Person) -> None:
    task = alice.create_task(1)
    alice.delete(f"/api/tasks/{task.task}")
    alice.get(f"/api/tasks/{task.task}", 404)
    alice.delete(f"/api/tasks/{task.task}", 404)
    alice.get(f"/api/jobs/{task.job}", 404)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"labels": []}, "name"),
        ({"name": "x", "segment_size": -1}, "segment_size"),
        ({"name": "x", "overlap": 2**70}, "overlap"),
        ({"name": "x", "subset": "s" * 65}, "subset"),
        ({"name": "x", "project_id": 999}, "project_id"),
        ({"name": "x", "assignee_id": -1}, "assignee_id"),
        ({"name": "x", "labels": [{"name": "a"}, {"name": "a"}]}, "labels"),
        ({"name": "x", "consensus_replicas": 3}, "consensus_replicas"),
    ],
)
def test_bad_tasks_are_refused_by_name(alice: Person, body: object, named: str) -> None:
    before = alice.get("/api/tasks").json()["count"]
    assert named in alice.post("/api/tasks", 400, json=body).text
    assert alice.get("/api/tasks").json()["count"] == before


@pytest.mark.req("R1.1")
def test_a_task_of_a_project_has_no_labels_of_its_own(alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "p", "labels": LABELS}).json()["id"]
    body = {"name": "x", "project_id": project, "labels": [{"name": "y"}]}
    assert "labels" in alice.post("/api/tasks", 400, json=body).json()
    task = alice.post("/api/tasks", 201, json={"name": "x", "project_id": project}).json()["id"]
    assert "project" in alice.patch(f"/api/tasks/{task}", 400, json={"labels": [{"name": "y"}]}).text
    assert "project" in alice.patch(f"/api/tasks/{task}", 400, json={"project_id": None}).text


def test_other_peoples_projects_are_out_of_reach(alice: Person, bob: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "p"}).json()["id"]
    bob.post("/api/tasks", 403, json={"name": "x", "project_id": project})


def test_only_administrators_give_away_what_they_make(admin: Person, alice: Person, bob: Person) -> None:
    for person, owner in ((admin, "bob"), (alice, "alice")):
        task = person.post("/api/tasks", 201, json={"name": "x", "owner_id": bob.id}).json()
        assert task["owner"]["username"] == owner
