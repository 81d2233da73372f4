"""Labels over HTTP: patch lists, attributes, colours, skeletons."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cvat_lab_server.site import LABELS, SKELETON_SVG, Made, Person


def labels_of(person: Person, task: int) -> list[dict[str, Any]]:
    return list(person.get("/api/labels", params={"task_id": task, "page_size": "all"}).json()["results"])


def create(person: Person, *labels: dict[str, Any], status: int = 201) -> Any:
    return person.post("/api/tasks", status, json={"name": "x", "labels": list(labels)})


def spec(name: str = "a", input_type: str = "text", values: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    return {"name": name, "mutable": False, "input_type": input_type, "values": values or [], **fields}


@pytest.mark.req("R1.11")
def test_what_was_sent_is_read_back(alice: Person, made: Made) -> None:
    car, cat = labels_of(alice, made.task)
    assert (car["name"], car["color"], car["type"], car["has_parent"]) == ("car", "#2080c0", "any", False)
    assert car["task_id"] == made.task
    assert "project_id" not in car, "exactly one of the two owners is present"
    assert [attribute["name"] for attribute in car["attributes"]] == ["kind", "speed", "parked", "plate"]
    assert car["attributes"][0]["default_value"] == "suv", "the first choice, unless another one is named"
    assert car["attributes"][1]["values"] == ["0", "200", "1"]
    assert [part["name"] for part in cat["sublabels"]] == ["head", "tail"]
    assert all(part["has_parent"] and part["type"] == "points" for part in cat["sublabels"])
    assert alice.get(f"/api/labels/{car['id']}").json() == car
    assert alice.get(f"/api/labels/{made.labels['head']}").json()["parent_id"] == cat["id"]


def test_the_drawing_of_a_skeleton_names_its_new_sublabels(alice: Person, made: Made) -> None:
    svg = labels_of(alice, made.task)[1]["svg"]
    ids = [made.labels[name] for name in ("head", "tail")]
    assert [int(number) for number in re.findall(r'data-label-id="(\d+)"', svg)] == ids
    assert "data-label-name" not in svg
    broken = {"name": "s", "type": "skeleton", "svg": SKELETON_SVG, "sublabels": [{"name": "head"}]}
    assert "tail" in create(alice, broken, status=400).text


def test_a_skeleton_without_a_drawing(alice: Person) -> None:
    task = create(alice, {"name": "s", "type": "skeleton", "sublabels": [{"name": "a"}]}).json()["id"]
    [label] = labels_of(alice, task)
    assert label["svg"] == ""
    assert label["sublabels"][0]["type"] == "points"


def test_colours_are_distinct_and_stay(alice: Person) -> None:
    names = [f"label {number}" for number in range(30)]
    first, second = (create(alice, *({"name": name} for name in names)).json()["id"] for _ in range(2))
    colors = [label["color"] for label in labels_of(alice, first)]
    assert len(set(colors)) == 30
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in colors)
    assert colors == [label["color"] for label in labels_of(alice, second)]


@pytest.mark.req("R1.9")
def test_a_patch_list_changes_creates_and_deletes(alice: Person, fresh: Made) -> None:
    alice.put(f"/api/jobs/{fresh.job}/annotations", json=fresh.every_kind())
    car, cat = fresh.labels["car"], fresh.labels["cat"]
    changes = [
        {"id": car, "name": "auto", "color": "#00FF00", "attributes": [spec("doors", "number", ["2", "5", "1"])]},
        {"id": cat, "deleted": True},
        {"name": "tree"},
    ]
    alice.patch(f"/api/tasks/{fresh.task}", json={"labels": changes})
    auto, tree = labels_of(alice, fresh.task)
    assert (auto["id"], auto["name"], auto["color"], tree["name"]) == (car, "auto", "#00ff00", "tree")
    assert [attribute["name"] for attribute in auto["attributes"]] == ["kind", "speed", "parked", "plate", "doors"]
    left = alice.get(f"/api/jobs/{fresh.job}/annotations").json()
    assert {item["label_id"] for kind in ("tags", "shapes", "tracks") for item in left[kind]} == {car}
    assert alice.get(f"/api/labels/{cat}", 404)


def test_attributes_change_and_go(alice: Person, fresh: Made) -> None:
    kind, plate = fresh.specs["kind"], fresh.specs["plate"]
    attributes = [
        spec("sort", "select", ["suv", "van", "cab"], id=kind, default_value="cab"),
        spec("plate", id=plate, deleted=True),
    ]
    alice.patch(f"/api/labels/{fresh.labels['car']}", json={"attributes": attributes})
    changed = alice.get(f"/api/labels/{fresh.labels['car']}").json()["attributes"]
    assert (changed[0]["id"], changed[0]["name"], changed[0]["default_value"]) == (kind, "sort", "cab")
    assert plate not in [one["id"] for one in changed]


def test_a_removed_attribute_leaves_no_values_behind(alice: Person, fresh: Made) -> None:
    """What is read can be written again."""
    path = f"/api/jobs/{fresh.job}/annotations"
    values = [{"spec_id": fresh.specs["plate"], "value": "B-AB 1"}, {"spec_id": fresh.specs["kind"], "value": "van"}]
    alice.put(path, json={"shapes": [fresh.box(attributes=values)], "tracks": [fresh.track(attributes=values)]})
    gone = spec("plate", id=fresh.specs["plate"], deleted=True)
    alice.patch(f"/api/labels/{fresh.labels['car']}", json={"attributes": [gone]})
    read = alice.get(path).json()
    given = {value["spec_id"] for kind in ("shapes", "tracks") for item in read[kind] for value in item["attributes"]}
    assert fresh.specs["plate"] not in given
    assert {"spec_id": fresh.specs["kind"], "value": "van"} in read["shapes"][0]["attributes"]
    alice.put(path, json=read)


def test_values_in_use_cannot_be_taken_away(alice: Person, fresh: Made) -> None:
    """Otherwise nobody could move such a shape any more: saving it would be refused."""
    values = [{"spec_id": fresh.specs["kind"], "value": "van"}]
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box(attributes=values)]})
    path, kind = f"/api/labels/{fresh.labels['car']}", fresh.specs["kind"]
    narrower = {"attributes": [spec("kind", "select", ["suv", "cab"], id=kind)]}
    assert "van" in alice.patch(path, 400, json=narrower).text
    alice.delete(f"/api/jobs/{fresh.job}/annotations")
    alice.patch(path, json=narrower)


def test_labels_copied_from_elsewhere_come_with_ids_that_mean_nothing(alice: Person, made: Made) -> None:
    task = create(alice, *labels_of(alice, made.task)).json()["id"]
    copied = labels_of(alice, task)
    assert [label["name"] for label in copied] == ["car", "cat"]
    assert {label["id"] for label in copied}.isdisjoint(made.labels.values())
    assert [one["name"] for one in copied[0]["attributes"]] == ["kind", "speed", "parked", "plate"]
    nodes = re.findall(r'data-label-id="(\d+)"', copied[1]["svg"])
    assert [int(number) for number in nodes] == [part["id"] for part in copied[1]["sublabels"]]


def test_one_label(alice: Person, fresh: Made) -> None:
    path = f"/api/labels/{fresh.labels['car']}"
    assert alice.patch(path, json={"name": "auto", "color": "#010203"}).json()["name"] == "auto"
    alice.delete(path)
    alice.get(path, 404)
    alice.patch(path, 404, json={"name": "x"})
    assert [label["name"] for label in labels_of(alice, fresh.task)] == ["cat"]


def test_labels_of_a_project_change_for_all_its_tasks(alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "p", "labels": LABELS}).json()["id"]
    task = alice.create_task(1, project_id=project)
    alice.patch(f"/api/projects/{project}", json={"labels": [{"id": task.labels["car"], "name": "auto"}]})
    for place in ({"task_id": task.task}, {"project_id": project}, {"job_id": task.job}):
        names = [label["name"] for label in alice.get("/api/labels", params=place).json()["results"]]
        assert names == ["auto", "cat"]


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": "x", "color": "red"}, "red"),
        ({"name": "x", "type": "circle"}, "circle"),
        ({"name": "x", "sublabels": [{"name": "y"}]}, "skeleton"),
        ({"name": "x", "type": "skeleton", "sublabels": [{"name": "y"}, {"name": "y"}]}, "y"),
        ({"name": "x", "type": "skeleton", "sublabels": [{"name": "y", "sublabels": [{"name": "z"}]}]}, "one level"),
        ({"name": "x", "attributes": [spec(), spec()]}, "two attributes"),
        ({"name": "x", "attributes": [spec(input_type="slider")]}, "slider"),
        ({"name": "x", "attributes": [spec(input_type="select")]}, "at least one value"),
        ({"name": "x", "attributes": [spec(input_type="select", values=["a"], default_value="b")]}, "default"),
        ({"name": "x", "attributes": [spec(input_type="number", values=["1", "2"])]}, "three values"),
        ({"name": "x", "attributes": [spec(input_type="number", values=["9", "2", "1"])]}, "exceed"),
        ({"name": "x", "attributes": [spec(input_type="number", values=["nan", "2", "1"])]}, "exceed"),
        ({"name": "x", "attributes": [spec(input_type="number", values=["0", "5", "1"], default_value="7")]}, "7"),
        ({"name": "x", "attributes": [spec(input_type="checkbox", values=["maybe"])]}, "maybe"),
        ({"name": "x", "attributes": [spec(default_value="d" * 129)]}, "default_value"),
    ],
)
def test_bad_labels_are_refused_and_nothing_is_made(alice: Person, label: dict[str, Any], told: str) -> None:
    before = alice.get("/api/tasks").json()["count"]
    assert told in create(alice, {"name": "good"}, label, status=400).text
    assert alice.get("/api/tasks").json()["count"] == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": 10**6, "name": "x"}, "does not belong"),
        ({"id": 2**70}, "labels"),
        ({"id": "car", "type": "skeleton"}, "cannot change"),
        ({"id": "car", "name": "cat"}, "exists already"),
        ({"name": "car"}, "exists already"),
        ({"id": "car", "attributes": [spec("kind", "text", id="kind")]}, "cannot change; add a new attribute"),
        ({"id": "car", "attributes": [spec("new", id=10**6)]}, "1000000"),
        ({"id": "cat", "sublabels": [{"name": "paw"}]}, "keeps its sublabels"),
        ({"id": "cat", "svg": SKELETON_SVG.replace("head", "paw")}, "paw"),
    ],
)
def test_bad_changes_leave_all_labels_as_they_were(
    alice: Person, made: Made, change: dict[str, Any], told: str
) -> None:
    before = labels_of(alice, made.task)
    known = {**made.labels, **made.specs}
    filled = {key: known.get(value, value) if key == "id" else value for key, value in change.items()}
    for attribute in filled.get("attributes", ()):
        attribute["id"] = known.get(attribute["id"], attribute["id"])
    path = f"/api/tasks/{made.task}"
    assert told in alice.patch(path, 400, json={"labels": [{"name": "half written"}, filled]}).text
    assert labels_of(alice, made.task) == before


def test_labels_of_others_project(alice: Person, bob: Person, made: Made) -> None:
    other = bob.create_task(1)
    alice.patch(f"/api/tasks/{made.task}", 400, json={"labels": [{"id": other.labels["car"], "name": "stolen"}]})
    alice.patch(f"/api/labels/{other.labels['car']}", 403, json={"name": "stolen"})
    alice.delete(f"/api/labels/{other.labels['car']}", 403)
    assert bob.get(f"/api/labels/{other.labels['car']}").json()["name"] == "car"


@pytest.mark.parametrize("query", ["task_id=%C2%B2", "task_id=-1", f"task_id={10**30}", "task_id=x"])
def test_an_owner_that_is_none(alice: Person, query: str) -> None:
    alice.get(f"/api/labels?{query}", 400)


def test_all_labels_that_one_may_see(alice: Person, bob: Person, made: Made) -> None:
    foreign = set(bob.create_task(1, labels=[{"name": "bobs"}]).labels.values())
    listed = alice.get("/api/labels", params={"page_size": "all"}).json()["results"]
    assert set(made.labels.values()) <= {label["id"] for label in listed}
    assert not foreign & {label["id"] for label in listed}
    parts = alice.get("/api/labels", params={"parent": "cat", "page_size": "all"}).json()["results"]
    assert {"head", "tail"} <= {label["name"] for label in parts}
    assert all(label["has_parent"] for label in parts)


def test_lists_by_name_and_page(alice: Person, made: Made) -> None:
    listed = alice.get("/api/labels", params={"task_id": made.task, "page_size": 1}).json()
    assert (listed["count"], len(listed["results"])) == (2, 1)
    assert [label["name"] for label in alice.get(listed["next"]).json()["results"]] == ["cat"]
    found = alice.get("/api/labels", params={"task_id": made.task, "search": "CA", "name": "cat"}).json()
    assert [label["name"] for label in found["results"]] == ["cat"]
