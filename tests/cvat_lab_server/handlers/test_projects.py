"""Projects over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cvat_lab_server.site import LABELS, Made, Person, Site, picture


@pytest.mark.req("R1.1", "R1.3", "R1.4")
def test_life(alice: Person) -> None:
    made = alice.post(
        "/api/projects", 201, json={"name": "cars", "labels": LABELS, "bug_tracker": "https://b/1"}
    ).json()
    assert (made["name"], made["owner"]["username"], made["status"]) == ("cars", "alice", "annotation")
    assert (made["tasks"]["count"], made["task_subsets"], made["dimension"]) == (0, [], None)
    assert {"target_storage", "source_storage", "assignee_updated_date", "organization_id"} <= made.keys()
    path = f"/api/projects/{made['id']}"
    assert alice.get(path).json() == made
    first = alice.create_task(2, project_id=made["id"], subset="Train")
    alice.create_task(1, project_id=made["id"], subset="Val")
    now = alice.get(path).json()
    assert (now["tasks"]["count"], now["task_subsets"], now["dimension"]) == (2, ["Train", "Val"], "2d")
    assert now["updated_date"] > made["updated_date"]
    listed = alice.get(now["tasks"]["url"]).json()
    assert {task["subset"] for task in listed["results"]} == {"Train", "Val"}
    assert {task["project_name"] for task in listed["results"]} == {"cars"}
    labels = alice.get("/api/labels", params={"task_id": first.task}).json()["results"]
    assert {label["project_id"] for label in labels} == {made["id"]}
    assert all("task_id" not in label for label in labels)


@pytest.mark.req("R1.5", "R1.8")
def test_changes(alice: Person, bob: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "old"}).json()
    path = f"/api/projects/{project['id']}"
    changed = alice.patch(path, json={"name": "new", "assignee_id": bob.id, "bug_tracker": "https://b/2"}).json()
    assert (changed["name"], changed["assignee"]["username"], changed["bug_tracker"]) == ("new", "bob", "https://b/2")
    assert changed["assignee_updated_date"] is not None
    assert alice.patch(path, json={"assignee_id": None}).json()["assignee"] is None
    assert alice.patch(path, json={}).json()["name"] == "new"


@pytest.mark.req("R1.7")
def test_removing_takes_everything_along(site: Site, admin: Person, alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "gone", "labels": LABELS}).json()["id"]
    task = alice.create_task(3, project_id=project)
    alice.put(f"/api/jobs/{task.job}/annotations", json=task.every_kind())
    data = alice.get(f"/api/tasks/{task.task}").json()["data"]
    assert (site.workspace / "data" / str(data)).is_dir()
    alice.delete(f"/api/projects/{project}")
    for path in (f"/api/projects/{project}", f"/api/tasks/{task.task}", f"/api/jobs/{task.job}"):
        alice.get(path, 404)
    assert not (site.workspace / "data" / str(data)).exists()
    for view in ("tasks", "jobs", "frames", "shapes", "tags", "tracks", "keyframes", "revisions", "attributes"):
        column = "id" if view == "tasks" else "task_id"
        assert admin.sql(f"SELECT * FROM {view} WHERE {column} = ?", [task.task]) == [], view
    assert admin.sql("SELECT * FROM labels WHERE project_id = ?", [project]) == []


def test_preview(alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "seen", "labels": LABELS}).json()["id"]
    alice.get(f"/api/projects/{project}/preview", 404)
    alice.create_task({"a.png": picture(1, ".png")}, project_id=project)
    shown = alice.get(f"/api/projects/{project}/preview")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content[:2] == b"\xff\xd8"
    alice.get(f"/api/projects/{project}/preview", 304, headers={"If-None-Match": shown.headers["etag"]})


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x", "assignee_id": 999}, "assignee_id"),
        ({"name": "x", "assignee_id": "bob"}, "assignee_id"),
        ({"name": "x", "assignee_id": 2**70}, "assignee_id"),
        ({"name": "x", "bug_tracker": "b" * 2001}, "bug_tracker"),
        ({"name": "x", "labels": {"name": "y"}}, "labels"),
    ],
)
def test_bad_projects_are_refused_by_name(alice: Person, body: object, named: str) -> None:
    before = alice.get("/api/projects").json()["count"]
    assert named in alice.post("/api/projects", 400, json=body).text
    assert alice.get("/api/projects").json()["count"] == before


def test_changes_that_make_no_sense(admin: Person, alice: Person) -> None:
    path = f"/api/projects/{alice.post('/api/projects', 201, json={'name': 'kept'}).json()['id']}"
    for body in ({"owner_id": 999}, {"organization_id": 999}, {"name": None}):
        assert next(iter(body)) in admin.patch(path, 400, json=body).text
    assert alice.get(path).json()["name"] == "kept"


def test_a_task_moves_into_a_project_and_takes_its_annotations_along(alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "home", "labels": LABELS}).json()["id"]
    task = alice.create_task(3)
    alice.put(f"/api/jobs/{task.job}/annotations", json=task.every_kind())
    before = alice.get(f"/api/jobs/{task.job}/annotations").json()
    moved = alice.patch(f"/api/tasks/{task.task}", json={"project_id": project}).json()
    assert moved["project_id"] == project
    after, now = alice.get(f"/api/jobs/{task.job}/annotations").json(), alice.made(task.task)
    names = {number: name for name, number in now.labels.items()}
    old_names = {number: name for name, number in task.labels.items()}
    assert set(now.labels.values()).isdisjoint(task.labels.values())
    for kind in ("tags", "shapes", "tracks"):
        assert [names[item["label_id"]] for item in after[kind]] == [
            old_names[item["label_id"]] for item in before[kind]
        ]
        assert all(value["spec_id"] in now.specs.values() for item in after[kind] for value in item["attributes"])
    assert alice.patch(f"/api/tasks/{task.task}", 400, json={"project_id": project}).json()


def test_a_task_whose_labels_the_project_lacks_stays_where_it_is(alice: Person, fresh: Made) -> None:
    project = alice.post("/api/projects", 201, json={"name": "other", "labels": [{"name": "tree"}]}).json()["id"]
    assert "car" in alice.patch(f"/api/tasks/{fresh.task}", 400, json={"project_id": project}).text
    assert alice.get(f"/api/tasks/{fresh.task}").json()["project_id"] is None
    assert alice.made(fresh.task).labels == fresh.labels


def _mapped(task: Made, label: str, name: str, *cleared: str) -> dict[str, Any]:
    """One entry of a mapping: a label of the task, its new name, and the attributes to leave behind."""
    entry = {"mutable": False, "input_type": "text", "values": [], "deleted": True}
    attributes = [{"id": task.specs[attribute], "name": attribute, **entry} for attribute in cleared]
    return {"id": task.labels[label], "name": name, "attributes": attributes}


@pytest.mark.req("R1.19")
def test_labels_are_mapped_when_a_task_moves(alice: Person) -> None:
    """Two labels become one, attributes that the project lacks are left behind, the others keep their values."""
    kind = LABELS[0]["attributes"][0]
    target = [{"name": "vehicle", "attributes": [kind]}, {"name": "nose-and-tail"}]
    project = alice.post("/api/projects", 201, json={"name": "home", "labels": target}).json()["id"]
    own = [LABELS[0], {"name": "truck"}]
    task = alice.create_task(3, labels=own)
    values = [{"spec_id": task.specs["kind"], "value": "van"}, {"spec_id": task.specs["plate"], "value": "B 1"}]
    boxes = [task.box(attributes=values), task.box(label_id=task.labels["truck"])]
    alice.put(f"/api/jobs/{task.job}/annotations", json={"shapes": boxes})
    mapping = [_mapped(task, "car", "vehicle", "speed", "parked", "plate"), _mapped(task, "truck", "vehicle")]
    alice.patch(f"/api/tasks/{task.task}", json={"project_id": project, "labels": mapping})
    shapes = alice.get(f"/api/jobs/{task.job}/annotations").json()["shapes"]
    now = alice.made(task.task)
    assert [shape["label_id"] for shape in shapes] == [now.labels["vehicle"]] * 2
    assert {"spec_id": now.specs["kind"], "value": "van"} in shapes[0]["attributes"]
    assert {value["spec_id"] for shape in shapes for value in shape["attributes"]} <= {now.specs["kind"]}


@pytest.mark.req("R1.19")
def test_a_mapping_that_does_not_fit_moves_nothing(alice: Person, fresh: Made) -> None:
    project = alice.post("/api/projects", 201, json={"name": "home", "labels": [{"name": "vehicle"}]}).json()["id"]
    path = f"/api/tasks/{fresh.task}"
    unknown = {"project_id": project, "labels": [{"id": 10**6, "name": "vehicle"}]}
    assert "no label 1000000" in alice.patch(path, 400, json=unknown).text
    lacking = {"project_id": project, "labels": [_mapped(fresh, "car", "vehicle", "kind")]}
    assert "attribute" in alice.patch(path, 400, json=lacking).text
    assert alice.get(path).json()["project_id"] is None
    assert alice.made(fresh.task).labels == fresh.labels
