"""Background requests: how they are shown, listed and cancelled, and by whom."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.cvat_lab_server.site import Made, Person, Site


def export(person: Person, task: int, **query: Any) -> str:
    query = {"format": "COCO 1.0", **query}
    return str(person.post(f"/api/tasks/{task}/dataset/export", 202, params=query).json()["rq_id"])


@pytest.fixture(scope="module")
def heavy(alice: Person) -> Made:
    """A task whose export takes seconds: many polygons."""
    made = alice.create_task(200)
    outline = [value for number in range(60) for value in (number % 9 + 1.5, number / 2 + 1.25)]
    polygon = {"type": "polygon", "label_id": made.labels["car"], "points": outline}
    shapes = [{**polygon, "frame": number % 200} for number in range(30_000)]
    alice.put(f"/api/jobs/{made.job}/annotations", json={"shapes": shapes})
    return made


def test_a_finished_request(alice: Person, made: Made) -> None:
    number = export(alice, made.task)
    alice.wait(number)
    request = alice.get(f"/api/requests/{number}").json()
    assert (request["status"], request["progress"], request["message"]) == ("finished", 1.0, "")
    assert request["operation"] == {
        "type": "export:annotations",
        "target": "task",
        "project_id": None,
        "task_id": made.task,
        "job_id": None,
        "format": "COCO 1.0",
        "function_id": None,
        "lightweight": None,
    }
    assert request["owner"]["username"] == "alice"
    dates = [request[f"{name}_date"] for name in ("created", "started", "finished", "expiry")]
    assert dates == sorted(dates)
    assert request["result_url"].startswith("http://")
    assert "result_id" not in request, "it must not be null"


def test_ids_arrive_percent_encoded(alice: Person, made: Made) -> None:
    number = export(alice, made.task)
    encoded = "".join(f"%{ord(letter):02X}" for letter in number)
    assert alice.get(f"/api/requests/{encoded}").json()["id"] == number
    for unknown in ("nothing", quote("a=b/c+d", safe=""), "%00", "%FF"):
        alice.get(f"/api/requests/{unknown}", 404)


def test_a_failed_request_says_why(alice: Person) -> None:
    task = alice.post("/api/tasks", 201, json={"name": "empty"}).json()["id"]
    number = alice.post(f"/api/tasks/{task}/data", 202, json={"image_quality": 70}).json()["rq_id"]
    request = alice.wait(number, "failed")
    assert "No media data found" in request["message"]
    assert "result_url" not in request


def test_lists(alice: Person, bob: Person, made: Made) -> None:
    mine = [export(alice, made.task), export(alice, made.task, format="CVAT for images 1.1")]
    for number in mine:
        alice.wait(number)
    newest = alice.get("/api/requests", params={"page_size": 2}).json()["results"]
    assert [request["id"] for request in newest] == mine[::-1]
    for query, expected in (
        ({"format": "COCO 1.0", "task_id": made.task}, mine[0]),
        ({"action": "export", "format": "CVAT for images 1.1"}, mine[1]),
        ({"subresource": "annotations", "target": "task"}, mine[1]),
        ({"status": "finished"}, mine[1]),
        ({"filter": '{"==":[{"var":"format"},"COCO 1.0"]}'}, mine[0]),
    ):
        assert alice.get("/api/requests", params=query).json()["results"][0]["id"] == expected, query
    assert alice.get("/api/requests", params={"status": "queued"}).json()["count"] == 0
    assert bob.get("/api/requests").json()["count"] == 0


def test_requests_are_their_owners_affair(alice: Person, bob: Person, made: Made) -> None:
    number = export(alice, made.task)
    url = alice.wait(number)["result_url"]
    bob.get(f"/api/requests/{number}", 403)
    bob.post(f"/api/requests/{number}/cancel", 403)
    bob.get(url, 403)
    alice.get(url)


def test_an_ended_request_cannot_be_cancelled(alice: Person, made: Made) -> None:
    number = export(alice, made.task)
    alice.wait(number)
    assert "ended already" in alice.post(f"/api/requests/{number}/cancel", 400).text
    alice.post("/api/requests/nothing/cancel", 404)


def test_a_running_export_can_be_cancelled(site: Site, alice: Person, heavy: Made) -> None:
    number = export(alice, heavy.task, save_images=True)
    request = alice.get(f"/api/requests/{number}").json()
    assert request["status"] == "started", "the example must be slow enough"
    start = time.monotonic()
    alice.post(f"/api/requests/{number}/cancel")
    ended = alice.wait(number, "failed")
    assert time.monotonic() - start < 2
    assert "Cancelled" in ended["message"]
    assert not (site.workspace / "work" / number).exists()
    assert not list((site.workspace / "exports").glob("*.part"))


def test_a_waiting_export_can_be_cancelled(alice: Person, heavy: Made) -> None:
    numbers = [export(alice, heavy.task, save_images=True, format=name) for name in ("COCO 1.0", "CVAT for images 1.1")]
    waiting = export(alice, heavy.task)
    assert alice.get(f"/api/requests/{waiting}").json()["status"] == "queued"
    for number in (waiting, *numbers):
        alice.post(f"/api/requests/{number}/cancel")
        alice.wait(number, "failed")


def test_progress_grows(alice: Person, heavy: Made) -> None:
    number = export(alice, heavy.task, save_images=True)
    seen = []
    while (request := alice.get(f"/api/requests/{number}").json())["status"] not in ("finished", "failed"):
        seen.append(request["progress"])
        time.sleep(0.05)
    assert request["status"] == "finished"
    assert all(0 <= value <= 1 for value in seen)
    assert seen == sorted(seen)
