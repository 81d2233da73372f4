"""Annotations in CVAT's form: GET, PUT, PATCH and DELETE on jobs and tasks, for every kind of object."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cvat_lab_server.site import POINTS, Made, Person

KINDS = ("tags", "shapes", "tracks")


def read(person: Person, owner: str) -> dict[str, Any]:
    return dict(person.get(f"/api/{owner}/annotations/").json())


def bare(item: Any) -> Any:
    """Return an object without what the server adds: ids, and defaults of fields that were not sent."""
    if isinstance(item, dict):
        return {key: bare(value) for key, value in item.items() if key != "id"}
    return [bare(value) for value in item] if isinstance(item, list) else item


def assert_holds(stored: Any, sent: Any) -> None:
    """Everything that was sent must be there; more may be there, too."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert_holds(stored[key], value)
    elif isinstance(sent, list):
        assert len(stored) == len(sent)
        for one, other in zip(stored, sent, strict=True):
            assert_holds(one, other)
    else:
        assert stored == sent


def by_type(data: dict[str, Any]) -> dict[str, Any]:
    return {shape["type"]: shape for shape in data["shapes"]}


@pytest.mark.parametrize("level", ["jobs", "tasks"])
class TestEveryKind:
    def test_put_and_get(self, alice: Person, fresh: Made, level: str) -> None:
        owner = f"{level}/{fresh.job if level == 'jobs' else fresh.task}"
        sent = fresh.every_kind()
        answered = alice.put(f"/api/{owner}/annotations/", json=sent).json()
        stored = read(alice, owner)
        assert answered == stored
        assert (stored["version"], stored["intervals"]) == (0, [])
        assert set(by_type(stored)) == {*POINTS, "skeleton"}
        for kind, points in POINTS.items():
            assert by_type(stored)[kind]["points"] == points
        for one in sent["shapes"]:
            assert_holds(by_type(stored)[one["type"]], one)
        assert_holds(stored["tags"], sent["tags"])
        order = [track["shapes"][0]["type"] for track in stored["tracks"]]
        assert_holds(stored["tracks"], sorted(sent["tracks"], key=lambda t: order.index(t["shapes"][0]["type"])))
        again = alice.put(f"/api/{owner}/annotations/", json=stored).json()
        assert bare(again) == bare(stored), "what is read can be written"

    def test_create_update_delete(self, alice: Person, fresh: Made, level: str) -> None:
        owner = f"{level}/{fresh.job if level == 'jobs' else fresh.task}"
        path = f"/api/{owner}/annotations"
        created = alice.patch(path, params={"action": "create"}, json=fresh.every_kind()).json()
        assert all(item["id"] for kind in KINDS for item in created[kind])
        alice.patch(path, params={"action": "create"}, json={"tags": [fresh.tag(2)]})
        stored = read(alice, owner)
        assert [len(stored[kind]) for kind in KINDS] == [2, 8, 7]

        moved = {**by_type(stored)["polygon"], "points": [0.0, 0.0, 9.0, 0.0, 9.0, 9.0, 0.0, 9.0]}
        bones = by_type(stored)["skeleton"]
        bones["elements"][1]["occluded"] = True
        alice.patch(path, params={"action": "update"}, json={"shapes": [moved, bones]})
        now = by_type(read(alice, owner))
        assert now["polygon"]["points"] == moved["points"]
        assert [element["occluded"] for element in now["skeleton"]["elements"]] == [False, True]
        assert len(now) == 8

        stored = read(alice, owner)
        gone = {
            "shapes": [stored["shapes"][0]],
            "tracks": stored["tracks"][:2],
            "tags": [{**stored["tags"][0], "id": 10**9}],
        }
        alice.patch(path, params={"action": "delete"}, json=gone)
        left = read(alice, owner)
        assert [len(left[kind]) for kind in KINDS] == [2, 7, 5], "unknown ids are ignored"
        alice.delete(path)
        assert [read(alice, owner)[kind] for kind in KINDS] == [[], [], []]

    def test_absent_lists_are_empty(self, alice: Person, fresh: Made, level: str) -> None:
        path = f"/api/{level}/{fresh.job if level == 'jobs' else fresh.task}/annotations"
        alice.put(path, json={"tags": [fresh.tag()]})
        assert alice.put(path, json={}).json()["tags"] == []
        alice.patch(path, params={"action": "update"}, content=b"")

    def test_unknown_actions(self, alice: Person, fresh: Made, level: str) -> None:
        path = f"/api/{level}/{fresh.job if level == 'jobs' else fresh.task}/annotations"
        for action in ("", "destroy", "CREATE"):
            assert "action" in alice.patch(path, 400, params={"action": action}, json={}).json()


def test_defaults(alice: Person, fresh: Made) -> None:
    """Every field is answered, because CVAT's clients read them as attributes."""
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box(group=None)], "tracks": [fresh.track()]})
    stored = read(alice, f"jobs/{fresh.job}")
    [shape], [track] = stored["shapes"], stored["tracks"]
    values = {value["spec_id"]: value["value"] for value in shape.pop("attributes")}
    assert shape == {
        **fresh.box(),
        "id": shape["id"],
        "group": 0,
        "source": "manual",
        "rotation": 0,
        "occluded": False,
        "outside": False,
        "z_order": 0,
        "score": 1,
        "elements": [],
    }
    assert values == {
        fresh.specs["kind"]: "suv",
        fresh.specs["speed"]: "0",
        fresh.specs["parked"]: "false",
        fresh.specs["plate"]: "",
    }
    fixed = {fresh.specs["kind"], fresh.specs["plate"]}
    assert {value["spec_id"] for value in track["attributes"]} == fixed
    assert {value["spec_id"] for value in track["shapes"][0]["attributes"]} == set(fresh.specs.values()) - fixed
    assert track["shapes"][1]["attributes"] == [], "a mutable attribute lasts until it changes"


def test_every_field_survives(alice: Person, fresh: Made) -> None:
    box = fresh.box(
        rotation=33.5,
        occluded=True,
        outside=True,
        z_order=-4,
        group=7,
        source="auto",
        score=0.25,
        attributes=[{"spec_id": fresh.specs["speed"], "value": "120"}],
    )
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [box]})
    [stored] = read(alice, f"jobs/{fresh.job}")["shapes"]
    assert {"spec_id": fresh.specs["speed"], "value": "120"} in stored["attributes"]
    assert_holds(stored, {key: value for key, value in box.items() if key != "attributes"})


def test_text_of_all_languages(alice: Person, fresh: Made) -> None:
    plate = 'ÄÖ 京 🚗 "quoted" \\ \u0000 \u2028 </script>'
    box = fresh.box(attributes=[{"spec_id": fresh.specs["plate"], "value": plate}])
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [box]})
    [stored] = read(alice, f"jobs/{fresh.job}")["shapes"]
    assert {"spec_id": fresh.specs["plate"], "value": plate} in stored["attributes"]


@pytest.mark.req("R5.1")
def test_tracks_are_put_in_order(alice: Person, fresh: Made) -> None:
    late = fresh.track((2, 1))
    late["frame"] = 0
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"tracks": [late]})
    [track] = read(alice, f"jobs/{fresh.job}")["tracks"]
    assert [(shape["frame"], shape["outside"]) for shape in track["shapes"]] == [(0, True), (1, False), (2, False)]


class TestTaskOfManyJobs:
    @pytest.fixture
    def cut(self, alice: Person) -> Made:
        return alice.create_task(10, segment_size=6, overlap=2)

    def test_writing_goes_to_every_job_with_the_frame(self, alice: Person, cut: Made) -> None:
        shapes = [cut.box(frame, left=5.0 * frame) for frame in (0, 5, 9)]
        alice.put(f"/api/tasks/{cut.task}/annotations", json={"shapes": shapes, "tracks": [cut.track((0, 9))]})
        first, second = (read(alice, f"jobs/{job}") for job in cut.jobs)
        assert [shape["frame"] for shape in first["shapes"]] == [0, 5]
        assert [shape["frame"] for shape in second["shapes"]] == [5, 9]
        whole = read(alice, f"tasks/{cut.task}")
        assert [shape["frame"] for shape in whole["shapes"]] == [0, 5, 9], "and what is double is read once"
        assert len(whole["tracks"]) == 1

    def test_reading_and_writing_again_changes_nothing(self, alice: Person, cut: Made) -> None:
        sent = {"shapes": [cut.box(5), cut.skeleton(0)], "tracks": [cut.track((1, 8)), cut.skeleton_track((1, 8))]}
        path = f"/api/tasks/{cut.task}/annotations"
        once = alice.put(path, json=sent).json()
        twice = alice.put(path, json=once).json()
        assert [len(twice[kind]) for kind in KINDS] == [len(once[kind]) for kind in KINDS] == [0, 2, 2]

    def test_changes_reach_both_copies(self, alice: Person, cut: Made) -> None:
        path = f"/api/tasks/{cut.task}/annotations"
        alice.put(path, json={"shapes": [cut.box(5)]})
        [shape] = read(alice, f"tasks/{cut.task}")["shapes"]
        alice.patch(path, params={"action": "delete"}, json={"shapes": [shape]})
        left = [len(read(alice, f"jobs/{job}")["shapes"]) for job in cut.jobs]
        assert sum(left) <= 1, "ids belong to one job; the other copy is an object of its own"

    def test_a_job_takes_only_its_own_frames(self, alice: Person, cut: Made) -> None:
        told = alice.put(f"/api/jobs/{cut.jobs[1]}/annotations", 400, json={"shapes": [cut.box(3)]}).text
        assert "frame 3 is not in job" in told
        assert "4..9" in told


BAD: list[tuple[str, Any, str]] = [
    ("label_id", 10**6, "unknown label_id 1000000"),
    ("label_id", "cat", "skeleton"),
    ("label_id", "head", "unknown label_id"),
    ("label_id", -1, "label_id"),
    ("label_id", 2**70, "label_id"),
    ("frame", 3, "frame 3 is not in"),
    ("frame", -1, "frame"),
    ("frame", 0.5, "frame"),
    ("frame", 2**70, "frame"),
    ("type", "circle", "circle"),
    ("points", [1, 2, 3], "4 numbers"),
    ("points", [1, 2, 3, None], "points"),
    ("points", ["1", "2", "3", "4"], "points"),
    ("points", "1,2,3,4", "points"),
    ("rotation", 361, "rotation"),
    ("rotation", -1, "rotation"),
    ("score", 1.5, "score"),
    ("group", -1, "group"),
    ("group", 2**70, "group"),
    ("z_order", 2**70, "z_order"),
    ("z_order", 1.5, "z_order"),
    ("source", "", "source"),
    ("source", None, "source"),
    ("occluded", 1, "occluded"),
    ("occluded", "yes", "occluded"),
    ("attributes", [{"spec_id": 10**6, "value": "x"}], "unknown spec_id 1000000"),
    ("attributes", [{"spec_id": "kind", "value": "boat"}], "boat"),
    ("attributes", [{"spec_id": "speed", "value": "fast"}], "fast"),
    ("attributes", [{"spec_id": "speed", "value": "201"}], "between 0 and 200"),
    ("attributes", [{"spec_id": "speed", "value": "nan"}], "nan"),
    ("attributes", [{"spec_id": "parked", "value": "maybe"}], "maybe"),
    ("attributes", [{"spec_id": "plate", "value": 5}], "value"),
    ("attributes", [{"spec_id": "plate", "value": "x" * 4097}], "value"),
    ("attributes", [{"spec_id": "plate", "value": "a"}, {"spec_id": "plate", "value": "b"}], "twice"),
    ("elements", [{"type": "points", "label_id": 1, "frame": 0, "points": [1, 2]}], "only skeletons"),
]


@pytest.mark.parametrize(("field", "value", "told"), BAD, ids=lambda value: str(value)[:30])
def test_bad_shapes_are_refused_by_name_and_nothing_is_stored(
    alice: Person, made: Made, field: str, value: Any, told: str
) -> None:
    known = {**made.labels, **made.specs}
    if field == "label_id":
        value = known.get(value, value)
    if field == "attributes":
        value = [{**item, "spec_id": known.get(item["spec_id"], item["spec_id"])} for item in value]
    body = {"tags": [made.tag()], "shapes": [made.box(), made.box(**{field: value})]}
    before = read(alice, f"jobs/{made.job}")
    for path, params in (
        (f"/api/jobs/{made.job}/annotations", {"action": "create"}),
        (f"/api/jobs/{made.job}/annotations", {"action": "update"}),
        (f"/api/tasks/{made.task}/annotations", {"action": "create"}),
    ):
        assert told in alice.patch(path, 400, params=params, json=body).text
    assert told in alice.put(f"/api/tasks/{made.task}/annotations", 400, json=body).text
    assert read(alice, f"jobs/{made.job}") == before


@pytest.mark.parametrize(
    ("kind", "points", "told"),
    [
        ("ellipse", [1, 2, 3], "4 numbers"),
        ("polygon", [1, 2, 3, 4], "3 points"),
        ("polygon", [1, 2, 3, 4, 5, 6, 7], "even"),
        ("polyline", [1, 2], "2 points"),
        ("points", [], "1 point"),
        ("cuboid", [1] * 15, "16 numbers"),
        ("mask", [1, 2, 3, 4], "run lengths"),
        ("mask", [0, 5, 3, 4, 4, 5], "add up to 5"),
        ("mask", [4, 3, 4, 4, 5], "empty"),
        ("mask", [0.5, 3.5, 3, 4, 4, 5], "whole numbers"),
        ("mask", [0, 4, 4, 5, 3, 4], "add up"),
        ("skeleton", [1, 2], "skeleton"),
    ],
)
def test_points_that_make_no_shape(alice: Person, made: Made, kind: str, points: list[float], told: str) -> None:
    label = made.labels["cat" if kind == "skeleton" else "car"]
    body = {"shapes": [{"type": kind, "label_id": label, "frame": 0, "points": points}]}
    assert told in alice.put(f"/api/jobs/{made.job}/annotations", 400, json=body).text


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("NaN", 'points\\": [1.5, NaN; send finite numbers'),
        ("Infinity", "JSON has no Infinity"),
        ("-Infinity", "JSON has no -Infinity"),
        ("1e999", "out of range - at `$.shapes[1].points[1]`"),
        ("-1e999", "out of range - at `$.shapes[1].points[1]`"),
    ],
)
def test_numbers_that_are_none(alice: Person, made: Made, number: str, told: str) -> None:
    """They are refused by name and place, and what came with them is not stored either."""
    good = json.dumps(made.box())
    bad = f'{{"type": "rectangle", "label_id": 1, "group": 0, "frame": 0, "points": [1.5, {number}, 2, 3]}}'
    before = read(alice, f"jobs/{made.job}")
    for path in (f"/api/jobs/{made.job}/annotations", f"/api/tasks/{made.task}/annotations"):
        assert told in alice.put(path, 400, content=f'{{"shapes": [{good}, {bad}]}}').text
    assert read(alice, f"jobs/{made.job}") == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"shapes": []}, "at least one keyframe"),
        ({"shapes": [{"type": "rectangle", "frame": 0, "points": [1, 2, 3, 4]}] * 2}, "two keyframes on frame 0"),
        ({"shapes": [{"type": "mask", "frame": 0, "points": POINTS["mask"]}]}, "masks"),
        ({"shapes": [{"type": "rectangle", "frame": 7, "points": [1, 2, 3, 4]}]}, "frame 7"),
        ({"shapes": [{"type": "rectangle", "frame": 0, "points": [1]}]}, "keyframe 0"),
        ({"attributes": [{"spec_id": "speed", "value": "5"}]}, "on keyframes"),
        ({"elements": [{"label_id": 1, "frame": 0, "shapes": []}]}, "keyframe"),
        ({"shapes": None}, "shapes"),
    ],
)
def test_bad_tracks(alice: Person, made: Made, change: dict[str, Any], told: str) -> None:
    for value in change.get("attributes", ()):
        value["spec_id"] = made.specs[value["spec_id"]]
    body = {"tracks": [{**made.track(), **change}]}
    assert told in alice.put(f"/api/jobs/{made.job}/annotations", 400, json=body).text
    assert read(alice, f"jobs/{made.job}")["tracks"] == []


def test_skeletons_are_made_of_their_own_sublabels(alice: Person, made: Made) -> None:
    path = f"/api/jobs/{made.job}/annotations"
    wrong, deep, elsewhere, track = made.skeleton(), made.skeleton(), made.skeleton(), made.skeleton_track()
    wrong["elements"][0]["label_id"] = made.labels["car"]
    deep["elements"][0]["elements"] = [made.box()]
    elsewhere["elements"][0]["frame"] = 1
    track["elements"][0]["elements"] = [made.track()]
    for body, told in (
        ({"shapes": [wrong]}, "unknown label_id"),
        ({"shapes": [deep]}, "one level deep"),
        ({"shapes": [elsewhere]}, "not its skeleton's"),
        ({"tracks": [track]}, "one level deep"),
        ({"tracks": [{**made.track(), "elements": made.skeleton_track()["elements"]}]}, "only skeletons"),
        ({"tags": [made.tag(attributes=[{"spec_id": made.specs["kind"], "value": "boat"}])]}, "boat"),
    ):
        assert told in alice.put(path, 400, json=body).text


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b"5", b'"text"', b"\xff\xfe", b'{"shapes": {}}', b'{"shapes": [null]}']
)
def test_bodies_that_are_no_annotations(alice: Person, made: Made, body: bytes) -> None:
    answer = alice.put(f"/api/jobs/{made.job}/annotations", 400, content=body)
    assert answer.headers["content-type"] == "application/json"
    assert "request body" in answer.json()[0]


@pytest.mark.parametrize("part", ["elements", "a field that nobody knows"])
@pytest.mark.parametrize("depth", [2000, 50_000])
def test_nesting_without_end(alice: Person, made: Made, part: str, depth: int) -> None:
    opening = f'{{"type": "skeleton", "label_id": {made.labels["cat"]}, "frame": 0, "{part}": ['
    text = '{"shapes": [' + opening * depth + "]}" * depth + "]}"
    refused = alice.put(f"/api/jobs/{made.job}/annotations", 400, content=text)
    assert "nested too deeply" in refused.text
    assert read(alice, f"jobs/{made.job}")["shapes"] == []


def test_skeletons_in_skeletons(alice: Person, made: Made) -> None:
    inner = {"type": "skeleton", "label_id": made.labels["cat"], "frame": 0}
    outer = {**inner, "elements": [{**inner, "elements": [inner]}]}
    alice.put(f"/api/jobs/{made.job}/annotations", 400, json={"shapes": [outer]})
    assert read(alice, f"jobs/{made.job}")["shapes"] == []


def test_annotations_of_others(bob: Person, made: Made) -> None:
    for owner in (f"jobs/{made.job}", f"tasks/{made.task}"):
        path = f"/api/{owner}/annotations"
        for method in ("GET", "PUT", "DELETE"):
            bob.call(method, path, 403, json={})
        bob.patch(path, 403, params={"action": "create"}, json={})


def test_a_task_without_frames_has_no_annotations_yet(alice: Person) -> None:
    task = alice.post("/api/tasks", 201, json={"name": "empty"}).json()["id"]
    for method in ("GET", "PUT"):
        assert "no frames yet" in alice.call(method, f"/api/tasks/{task}/annotations", 400, json={}).text
