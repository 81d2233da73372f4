"""Requests of a page that come through the kernel, answered by a real server."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.client.http import Transport
from cvat_lab.model.changes import ChangeSet, LabeledData
from cvat_lab.model.shape import Shape, ShapeType
from cvat_lab_widgets import relay
from cvat_lab_widgets.relay import PART_BYTES, Relay


class Page:
    """The page's end: sends requests, collects what comes back."""

    def __init__(self, transport: Transport) -> None:
        self.messages: list[tuple[dict[str, Any], list[bytes]]] = []
        self.arrived = threading.Condition()
        self.relay = Relay(transport, self._take)

    def _take(self, content: dict[str, Any], buffers: Sequence[bytes]) -> None:
        with self.arrived:
            self.messages.append((content, list(buffers)))
            self.arrived.notify_all()

    def send(self, method: str, path: str, body: bytes = b"", **fields: Any) -> str:
        number = str(uuid.uuid4())
        parts = [body[start : start + PART_BYTES] for start in range(0, len(body), PART_BYTES)]
        head = {"rpc": "request", "id": number, "method": method, "path": path, "query": {}, "headers": {}}
        self.relay.receive({**head, **fields, "bytes": len(body), "parts": len(parts)}, parts[:1])
        for position, part in enumerate(parts[1:], start=1):
            self.relay.receive({"rpc": "body", "id": number, "part": position}, [memoryview(part)])
        return number

    def answer(self, number: str, timeout: float = 20) -> tuple[dict[str, Any], bytes]:
        """Wait for the whole answer to a request."""

        def mine() -> list[tuple[dict[str, Any], list[bytes]]]:
            return [entry for entry in self.messages if entry[0]["id"] == number and entry[0]["rpc"] != "progress"]

        def is_complete() -> bool:
            found = mine()
            return bool(found) and (found[0][0]["rpc"] == "error" or len(found) >= max(1, found[0][0]["parts"]))

        with self.arrived:
            assert self.arrived.wait_for(is_complete, timeout), "no answer"
            found = mine()
        assert [content.get("part", 0) for content, _ in found] == list(range(len(found)))
        return found[0][0], b"".join(part for _, buffers in found for part in buffers)


@pytest.fixture
def page(lab: Lab) -> Iterator[Page]:
    opened = Page(lab.transport)
    yield opened
    opened.relay.close()


def test_a_read_goes_through(page: Page, photo_task: Task) -> None:
    head, body = page.answer(page.send("GET", f"api/tasks/{photo_task.id}"))
    assert (head["rpc"], head["status"], head["bytes"]) == ("response", 200, len(body))
    assert head["headers"]["content-type"].startswith("application/json")
    assert msgspec.json.decode(body)["name"] == "photos"


def test_queries_and_large_answers_come_in_parts(page: Page, photo_task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PART_BYTES", 50_000)
    query = {"type": "frame", "number": "0", "quality": "original"}
    head, body = page.answer(page.send("GET", f"api/tasks/{photo_task.id}/data", query=query))
    assert head["parts"] > 10
    assert all(len(part) <= 50_000 for _, buffers in page.messages for part in buffers)
    assert body == photo_task.frame_file(0).data


def test_changes_with_large_bodies_are_saved(page: Page, photo_task: Task) -> None:
    job, label = photo_task.jobs()[0], photo_task.labels["car"].id
    points = [float(number % 500) for number in range(400)]
    polygons = [Shape(type=ShapeType.POLYGON, label_id=label, frame=n % 3, points=points) for n in range(1200)]
    body = msgspec.json.encode(ChangeSet(base_revision=0, created=LabeledData(shapes=polygons)))
    assert len(body) > 2 * PART_BYTES
    headers = {"Content-Type": "application/json", "Authorization": "token forged", "X-XSRFToken": "x"}
    head, answer = page.answer(page.send("PATCH", f"api/lab/jobs/{job.id}/annotations", body, headers=headers))
    assert head["status"] == 200
    assert len(msgspec.json.decode(answer)["created"]["shapes"]) == 1200
    assert len(job.annotations().shapes) == 1200


def test_refusals_are_answers(page: Page) -> None:
    head, body = page.answer(page.send("GET", "api/tasks/99999"))
    assert (head["rpc"], head["status"]) == ("response", 404)
    assert b"99999" in body


@pytest.mark.parametrize("path", ["http://elsewhere/api/x", "api/../secret", "api/%2e%2e/secret", "static/x", ""])
def test_only_the_api_is_reached(page: Page, path: str) -> None:
    head, _ = page.answer(page.send("GET", path))
    assert head["rpc"] == "error"
    assert "not a request to the API" in head["message"]


def test_an_unreachable_server_is_an_error() -> None:
    page = Page(Transport("http://127.0.0.1:9"))
    head, _ = page.answer(page.send("GET", "api/server/about"))
    assert head["rpc"] == "error"
    assert "127.0.0.1:9" in head["message"]
    page.relay.close()


def test_after_an_abort_nothing_is_answered(page: Page, photo_task: Task) -> None:
    gone = page.send("GET", f"api/tasks/{photo_task.id}/data", query={"type": "frame", "number": "0"})
    page.relay.receive({"rpc": "abort", "id": gone}, [])
    page.answer(page.send("GET", "api/server/about"))
    time.sleep(0.3)
    assert all(content["id"] != gone for content, _ in page.messages)


def test_a_slow_server_is_felt(page: Page, photo_task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "PULSE_SECONDS", 0.05)
    query = b'{"sql": "SELECT count(*) FROM range(30000) a, range(30000) b WHERE (a.range * b.range) % 7 = 3"}'
    number = page.send("POST", "api/lab/sql", query, headers={"Content-Type": "application/json"})
    head, _ = page.answer(number, timeout=60)
    assert head["rpc"] == "response"
    assert any(content["rpc"] == "progress" and content["id"] == number for content, _ in page.messages)


def test_requests_do_not_wait_for_each_other(page: Page) -> None:
    query = b'{"sql": "SELECT count(*) FROM range(30000) a, range(30000) b WHERE (a.range * b.range) % 7 = 3"}'
    slow = page.send("POST", "api/lab/sql", query, headers={"Content-Type": "application/json"})
    page.answer(page.send("GET", "api/server/about"))
    assert not any(content["id"] == slow for content, _ in page.messages)
    page.answer(slow, timeout=60)


def test_other_messages_are_left_alone(page: Page) -> None:
    for content in ({"event": "click"}, "text", None, {"rpc": "body", "id": "unknown", "part": 1}):
        page.relay.receive(content, [])
    assert page.messages == []
