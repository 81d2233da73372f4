"""Jobs over HTTP: stage, state and assignee, and what follows from them."""

from __future__ import annotations

import pytest

from tests.cvat_lab_server.site import Made, Person


def test_a_job(alice: Person, made: Made) -> None:
    job = alice.get(f"/api/jobs/{made.job}").json()
    assert (job["task_id"], job["stage"], job["state"], job["status"]) == (made.task, "annotation", "new", "annotation")
    assert (job["start_frame"], job["stop_frame"], job["frame_count"], job["type"]) == (0, 2, 3, "annotation")
    assert {"organization", "target_storage", "parent_job_id", "replicas_count", "guide_id"} <= job.keys()
    assert job["issues"]["count"] == 0
    assert alice.get(job["labels"]["url"]).json()["count"] == 2


@pytest.mark.req("R26.3", "R26.12")
def test_the_workflow(alice: Person, bob: Person, fresh: Made) -> None:
    path = f"/api/jobs/{fresh.job}"
    steps = [
        ({"assignee": bob.id}, "annotation", "new", "annotation"),
        ({"state": "completed"}, "annotation", "completed", "annotation"),
        ({"stage": "validation"}, "validation", "new", "validation"),
        ({"state": "rejected"}, "validation", "rejected", "validation"),
        ({"stage": "acceptance", "state": "completed"}, "acceptance", "completed", "completed"),
        ({"stage": "annotation"}, "annotation", "new", "annotation"),
    ]
    for body, stage, state, status in steps:
        job = alice.patch(path, json=body).json()
        assert (job["stage"], job["state"], job["status"]) == (stage, state, status)
        task = alice.get(f"/api/tasks/{fresh.task}").json()
        assert task["status"] == status
        summary = {name: task["jobs"][name] for name in ("completed", "validation")}
        assert summary == {"completed": int(status == "completed"), "validation": int(status == "validation")}
    assert job["assignee"]["username"] == "bob"
    assert job["assignee_updated_date"] is not None
    assert alice.patch(path, json={"assignee": None}).json()["assignee"] is None


@pytest.mark.req("R26.16")
def test_the_task_is_only_as_far_as_its_last_job(alice: Person) -> None:
    made = alice.create_task(4, segment_size=2)
    for job, status in zip(made.jobs, ("annotation", "completed"), strict=True):
        alice.patch(f"/api/jobs/{job}", json={"stage": "acceptance", "state": "completed"})
        assert alice.get(f"/api/tasks/{made.task}").json()["status"] == status


@pytest.mark.req("R26.3")
def test_annotating_starts_a_job(alice: Person, fresh: Made) -> None:
    alice.put(f"/api/jobs/{fresh.job}/annotations", json={"tags": [fresh.tag()]})
    assert alice.get(f"/api/jobs/{fresh.job}").json()["state"] == "in progress"


def test_what_an_assignee_may_do(alice: Person, bob: Person, fresh: Made) -> None:
    path = f"/api/jobs/{fresh.job}"
    bob.get(path, 403)
    alice.patch(path, json={"assignee": bob.id})
    assert bob.get(path).json()["assignee"]["username"] == "bob"
    bob.put(f"{path}/annotations", json={"shapes": [fresh.box()]})
    assert bob.patch(path, json={"state": "completed"}).json()["state"] == "completed"
    for body in ({"stage": "acceptance"}, {"assignee": None}, {"state": "new", "stage": "validation"}):
        assert "stage or assignee" in bob.patch(path, 403, json=body).json()["detail"]
    bob.get(f"/api/tasks/{fresh.task}")
    bob.patch(f"/api/tasks/{fresh.task}", 403, json={"name": "mine"})
    bob.put(f"/api/tasks/{fresh.task}/annotations", 403, json={})
    assert [job["id"] for job in bob.get("/api/jobs").json()["results"]] == [fresh.job]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"stage": "done"}, "stage"),
        ({"state": None}, "state"),
        ({"assignee": 999}, "999"),
        ({"assignee": -1}, "-1"),
        ({"assignee": 2**70}, "assignee"),
        ({"assignee": "bob"}, "assignee"),
    ],
)
def test_bad_changes(alice: Person, made: Made, body: object, named: str) -> None:
    before = alice.get(f"/api/jobs/{made.job}").json()
    assert named in alice.patch(f"/api/jobs/{made.job}", 400, json=body).text
    assert alice.get(f"/api/jobs/{made.job}").json() == before


def test_unknown_jobs(alice: Person) -> None:
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/data/meta"),
        ("GET", "/annotations"),
        ("GET", "/preview"),
    ):
        alice.call(method, f"/api/jobs/999{path}", 404, json={})
