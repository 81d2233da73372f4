"""Issues that reviewers open on jobs, and their comments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cvat_lab_server.site import Made, Person

PLACE = [10.0, 20.5, 30.0, 40.0]


def open_issue(person: Person, made: Made, **fields: Any) -> dict[str, Any]:
    body = {"job": made.job, "frame": 1, "position": PLACE, "message": "Too wide", **fields}
    return dict(person.post("/api/issues", 201, json=body).json())


def ids(person: Person, path: str, **query: Any) -> list[int]:
    answer = person.get(path, params={"page_size": "all", "sort": "id", **query}).json()["results"]
    return [one["id"] for one in answer]


def test_the_life_of_an_issue(alice: Person, fresh: Made) -> None:
    issue = open_issue(alice, fresh)
    assert (issue["frame"], issue["position"], issue["job"], issue["resolved"]) == (1, PLACE, fresh.job, False)
    assert issue["owner"]["username"] == "alice"
    assert issue["comments"]["count"] == 1
    assert alice.get(f"/api/jobs/{fresh.job}").json()["issues"]["count"] == 1
    [first] = alice.get("/api/comments", params={"issue_id": issue["id"]}).json()["results"]
    assert (first["message"], first["owner"]["username"]) == ("Too wide", "alice")
    path = f"/api/issues/{issue['id']}"
    changed = alice.patch(path, json={"resolved": True, "position": [1, 2], "assignee": alice.id}).json()
    assert (changed["resolved"], changed["position"], changed["assignee"]["id"]) == (True, [1.0, 2.0], alice.id)
    assert changed["updated_date"] > issue["updated_date"]
    assert alice.patch(path, json={"assignee": None}).json()["assignee"] is None
    assert alice.get(path).json()["resolved"] is True
    alice.delete(path)
    alice.get(path, 404)
    alice.get(f"/api/comments/{first['id']}", 404)
    assert alice.get(f"/api/jobs/{fresh.job}").json()["issues"]["count"] == 0


def test_comments(alice: Person, fresh: Made) -> None:
    issue = open_issue(alice, fresh)["id"]
    made = alice.post("/api/comments", 201, json={"issue": issue, "message": "Mended"}).json()
    assert (made["issue"], made["message"]) == (issue, "Mended")
    path = f"/api/comments/{made['id']}"
    assert alice.patch(path, json={"message": "Really"}).json()["message"] == "Really"
    assert alice.get(path).json()["message"] == "Really"
    assert alice.get(f"/api/issues/{issue}").json()["comments"]["count"] == 2
    alice.delete(path)
    alice.get(path, 404)
    assert len(ids(alice, "/api/comments", issue_id=issue)) == 1


def test_lists(alice: Person) -> None:
    one, two = alice.create_task(3), alice.create_task(3)
    first, second = open_issue(alice, one)["id"], open_issue(alice, one, frame=2)["id"]
    other = open_issue(alice, two, resolved=True)["id"]
    assert ids(alice, "/api/issues", job_id=one.job) == ids(alice, "/api/issues", task_id=one.task) == [first, second]
    assert ids(alice, "/api/issues", task_id=one.task, frame_id=2) == [second]
    assert ids(alice, "/api/issues", task_id=two.task, resolved="True") == [other]
    assert ids(alice, "/api/issues", task_id=two.task, resolved="false") == []
    logic = f'{{"and":[{{"==":[{{"var":"resolved"}},true]}},{{"==":[{{"var":"task_id"}},{two.task}]}}]}}'
    assert ids(alice, "/api/issues", filter=logic) == [other]
    for path, wrong in (("issues", "resolved"), ("issues", "frame_id"), ("comments", "issue_id")):
        assert wrong in alice.get(f"/api/{path}", 400, params={wrong: "perhaps"}).text
    assert {first, second, other} <= set(ids(alice, "/api/issues", owner="alice"))
    assert ids(alice, "/api/issues", owner="bob") == []
    assert len(ids(alice, "/api/comments", job_id=one.job)) == 2
    assert alice.sql(f"SELECT count(*) AS n FROM issues WHERE job_id = {one.job}") == [{"n": 2}]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"position": []}, "position"),
        ({"position": [1.0, 2.0, 3.0]}, "position"),
        ({"position": ["x", "y"]}, "position"),
        ({"frame": 3}, "frame"),
        ({"frame": -1}, "frame"),
        ({"message": ""}, "message"),
        ({"message": " \n"}, "message"),
        ({"assignee": 10**6}, "assignee"),
    ],
)
def test_bad_issues_are_refused(fields: dict[str, Any], field: str, alice: Person, made: Made) -> None:
    before = ids(alice, "/api/comments", job_id=made.job)
    body = {"job": made.job, "frame": 1, "position": PLACE, "message": "m", **fields}
    assert field in alice.post("/api/issues", 400, json=body).text
    assert ids(alice, "/api/issues", job_id=made.job) == []
    assert ids(alice, "/api/comments", job_id=made.job) == before


def test_issues_of_what_is_not_there(alice: Person) -> None:
    body = {"job": 10**6, "frame": 0, "position": PLACE, "message": "m"}
    alice.post("/api/issues", 404, json=body)
    alice.post("/api/comments", 404, json={"issue": 10**6, "message": "m"})
    for path in ("/api/issues/1000000", "/api/comments/1000000"):
        for call in (alice.get, alice.delete):
            call(path, 404)


@pytest.mark.req("R2.20")
def test_who_may_review(alice: Person, bob: Person, admin: Person, fresh: Made) -> None:
    issue = open_issue(alice, fresh)["id"]
    body = {"job": fresh.job, "frame": 0, "position": PLACE, "message": "Mine"}
    for answer in (
        bob.get(f"/api/issues/{issue}", 403),
        bob.post("/api/issues", 403, json=body),
        bob.post("/api/comments", 403, json={"issue": issue, "message": "m"}),
        bob.patch(f"/api/issues/{issue}", 403, json={"resolved": True}),
    ):
        assert "assignee of the job" in answer.json()["detail"]
    assert ids(bob, "/api/issues") == ids(bob, "/api/comments") == []

    alice.patch(f"/api/jobs/{fresh.job}", json={"assignee": bob.id})
    assert ids(bob, "/api/issues") == [issue]
    bob.patch(f"/api/issues/{issue}", json={"resolved": True})
    own = bob.post("/api/issues", 201, json=body).json()["id"]
    answer = bob.post("/api/comments", 201, json={"issue": issue, "message": "Done"}).json()["id"]
    bob.patch(f"/api/comments/{answer}", json={"message": "Well done"})
    assert "needed: " in bob.delete(f"/api/issues/{issue}", 403).json()["detail"]
    bob.delete(f"/api/comments/{answer}")
    bob.delete(f"/api/issues/{own}")
    admin.delete(f"/api/issues/{issue}")


@pytest.mark.req("R2.20")
def test_an_issue_stays_with_its_people(alice: Person, bob: Person, fresh: Made) -> None:
    """Who opened it, or shall look at it, keeps it when the job is given to somebody else; the rest of the job not."""
    alice.patch(f"/api/jobs/{fresh.job}", json={"assignee": bob.id})
    own, others = open_issue(bob, fresh)["id"], open_issue(alice, fresh)["id"]
    alice.patch(f"/api/jobs/{fresh.job}", json={"assignee": None})
    bob.get(f"/api/jobs/{fresh.job}", 403)
    for path in ("/api/issues", "/api/comments"):
        assert len(ids(bob, path)) == 1
    assert bob.sql("SELECT id, message FROM issues") == [{"id": own, "message": "Too wide"}]
    bob.get(f"/api/issues/{others}", 403)
    [foreign] = ids(alice, "/api/comments", issue_id=others)
    bob.get(f"/api/comments/{foreign}", 403)
    alice.patch(f"/api/issues/{others}", json={"assignee": bob.id})
    bob.patch(f"/api/issues/{others}", json={"resolved": True})
    said = bob.post("/api/comments", 201, json={"issue": others, "message": "Done"}).json()["id"]
    bob.delete(f"/api/issues/{others}", 403)
    alice.patch(f"/api/issues/{others}", json={"assignee": None})
    bob.get(f"/api/issues/{others}", 403)
    assert [row["id"] for row in bob.sql(f"SELECT id FROM comments WHERE issue_id = {others}")] == [said]
    bob.delete(f"/api/comments/{said}")
    bob.delete(f"/api/issues/{own}")
    assert ids(bob, "/api/comments") == []


def test_issues_go_with_their_task(alice: Person, fresh: Made) -> None:
    issue = open_issue(alice, fresh)["id"]
    alice.delete(f"/api/tasks/{fresh.task}")
    alice.get(f"/api/issues/{issue}", 404)
    assert ids(alice, "/api/comments", issue_id=issue) == []
