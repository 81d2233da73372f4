"""A task whose jobs share frames: what is stored in the task is cut into its jobs, and joined again when it is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cvat_lab_server.site import Made, Person


@pytest.fixture(scope="module")
def task(alice: Person) -> Made:
    """Jobs over the frames 0..14 and 10..24."""
    return alice.create_task(25, segment_size=15, overlap=5)


def annotations(person: Person, owner: str) -> dict[str, Any]:
    return dict(person.get(f"/api/{owner}/annotations").json())


def lefts(shapes: list[dict[str, Any]]) -> list[tuple[int, float]]:
    return sorted((shape["frame"], shape["points"][0]) for shape in shapes)


@pytest.mark.req("R30.21", "R30.22", "R30.23")
def test_what_a_task_is_given_it_gives_back(alice: Person, task: Made) -> None:
    tag, line = task.tag(12), {**task.box(13), "type": "polyline", "points": [1.0, 1.0, 9.0, 9.0]}
    data = {"tags": [tag], "shapes": [task.box(3), task.box(12), task.box(20)], "tracks": [task.track((0, 24))]}
    alice.put(f"/api/tasks/{task.task}/annotations", json=data)
    first, second = (annotations(alice, f"jobs/{job}") for job in task.jobs)
    assert (lefts(first["shapes"]), lefts(second["shapes"])) == ([(3, 1.0), (12, 1.0)], [(12, 1.0), (20, 1.0)])
    assert [len(job["tags"]) for job in (first, second)] == [1, 1]
    assert [key["frame"] for key in first["tracks"][0]["shapes"]] == [0, 14]
    assert [key["frame"] for key in second["tracks"][0]["shapes"]] == [10, 24]

    whole = annotations(alice, f"tasks/{task.task}")
    assert lefts(whole["shapes"]) == [(3, 1.0), (12, 1.0), (20, 1.0)]
    assert len(whole["tags"]) == 1
    [track] = whole["tracks"]
    assert lefts(track["shapes"]) == [(0, 0.0), (10, 10.0), (14, 14.0), (24, 24.0)]

    alice.put(f"/api/tasks/{task.task}/annotations", json={"shapes": [line]})
    assert len(annotations(alice, f"tasks/{task.task}")["shapes"]) == 2, "kinds without an area stay double"


@pytest.mark.req("R30.22", "R30.23")
def test_what_two_people_drew_on_shared_frames_is_one(alice: Person, task: Made) -> None:
    first, second = task.jobs
    drawn = {"tags": [task.tag(11)], "shapes": [task.box(11)], "tracks": [task.track((5, 14))]}
    alice.put(f"/api/jobs/{first}/annotations", json=drawn)
    boxes = [task.box(11, left=2.0), task.box(11, left=25.0)]
    again = {"tags": [task.tag(11)], "shapes": boxes, "tracks": [task.track((10, 20))]}
    alice.put(f"/api/jobs/{second}/annotations", json=again)
    whole = annotations(alice, f"tasks/{task.task}")
    assert lefts(whole["shapes"]) == [(11, 1.0), (11, 25.0)]
    assert len(whole["tags"]) == 1
    assert [[key["frame"] for key in track["shapes"]] for track in whole["tracks"]] == [[5, 10, 14, 20]]

    alice.put(f"/api/jobs/{second}/annotations", json={})
    [left] = annotations(alice, f"tasks/{task.task}")["tracks"]
    assert [(key["frame"], key["outside"]) for key in left["shapes"]] == [(5, False), (14, False), (15, True)]
