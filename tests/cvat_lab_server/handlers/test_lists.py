"""What every list can: search, filter, sort and page, over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cvat_lab_server.site import Person


@dataclass(frozen=True)
class Lists:
    """Projects and tasks of alice's, made once."""

    alice: Person
    project: int
    tasks: dict[str, int]

    def names(self, **query: Any) -> list[str]:
        """Return the names of the tasks that a query finds, in its order."""
        if "filter" in query:
            query["filter"] = json.dumps(query["filter"])
        found = self.alice.get("/api/tasks", params={"page_size": "all", **query}).json()
        assert found["count"] == len(found["results"])
        return [task["name"] for task in found["results"]]


@pytest.fixture(scope="module")
def lists(alice: Person, bob: Person) -> Lists:
    project = alice.post("/api/projects", 201, json={"name": "Harbour", "labels": [{"name": "boat"}]}).json()["id"]
    tasks = {}
    for name, fields in {
        "Street north": {"subset": "Train", "bug_tracker": "https://bugs.example.com/7"},
        "street SOUTH": {"subset": "Test", "assignee_id": bob.id},
        "100% of_it": {},
        "quay": {"project_id": project},
    }.items():
        tasks[name] = alice.post("/api/tasks", 201, json={"name": name, **fields}).json()["id"]
    made = alice.create_task(2, name="with media")
    alice.patch(f"/api/jobs/{made.job}", json={"stage": "acceptance", "state": "completed"})
    return Lists(alice, project, {**tasks, "with media": made.task})


@pytest.mark.req("R3.1")
@pytest.mark.req("R3.9")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("STREET", ["street SOUTH", "Street north"]),
        ("alice", ["with media", "quay", "100% of_it", "street SOUTH", "Street north"]),
        ("bob", ["street SOUTH"]),
        ("harb", ["quay"]),
        ("completed", ["with media"]),
        ("test", ["street SOUTH"]),
        ("bugs.example", ["Street north"]),
        ("north street", ["Street north"]),
        ('"north street"', []),
        ('"street north"', ["Street north"]),
        ("bob,south", ["street SOUTH"]),
        ("100% of_it", ["100% of_it"]),
        ("of%it", []),
        ("_", ["100% of_it"]),
        (" , ", ["with media", "quay", "100% of_it", "street SOUTH", "Street north"]),
        ("nothing has this", []),
    ],
)
def test_search(lists: Lists, text: str, names: list[str]) -> None:
    assert lists.names(search=text) == names


def test_a_task_with_images_is_found_by_its_mode(lists: Lists) -> None:
    assert lists.names(search="annotation media") == ["with media"]
    assert lists.names(mode="annotation") == ["with media"]


@pytest.mark.req("R3.11")
def test_every_documented_field_of_tasks_filters_and_sorts(lists: Lists) -> None:
    task = lists.alice.get(f"/api/tasks/{lists.tasks['quay']}").json()
    values = {
        "id": task["id"],
        "name": "quay",
        "owner": "alice",
        "assignee": "bob",
        "mode": "annotation",
        "dimension": "2d",
        "media_type": "image",
        "project_id": lists.project,
        "project_name": "Harbour",
        "status": "completed",
        "subset": "Test",
        "tracker_link": "https://bugs.example.com/7",
        "created_date": task["created_date"],
        "updated_date": task["updated_date"],
    }
    for name, value in values.items():
        found = lists.names(filter={"==": [{"var": name}, value]})
        assert found, name
        assert found == lists.names(**{name: str(value)}), name
        assert sorted(lists.names(sort=f"-{name}")) == sorted(lists.tasks), name
    assert lists.names(filter={"var": "validation_mode"}) == []


@pytest.mark.req("R3.11")
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/api/projects", ["assignee", "id", "name", "owner", "status", "updated_date"]),
        (
            "/api/jobs",
            [
                *("assignee", "dimension", "id", "media_type", "mode", "parent_job_id", "project_id", "project_name"),
                *("stage", "state", "task_id", "task_name", "type", "updated_date"),
            ],
        ),
        ("/api/labels", ["color", "id", "name", "parent", "parent_id", "type"]),
        ("/api/users", ["first_name", "id", "is_active", "last_name", "username"]),
        (
            "/api/requests",
            ["action", "format", "job_id", "project_id", "status", "subresource", "target", "task_id", "created_date"],
        ),
        (
            "/api/auth/access_tokens",
            ["created_date", "expiry_date", "id", "last_used_date", "name", "read_only", "updated_date"],
        ),
        ("/api/organizations", ["id", "name", "owner", "slug"]),
        ("/api/memberships", ["id", "role", "user"]),
        ("/api/invitations", ["accepted", "created_date", "id", "owner", "user_id"]),
        ("/api/issues", ["assignee", "frame_id", "id", "job_id", "owner", "resolved", "task_id"]),
        ("/api/comments", ["frame_id", "id", "issue_id", "job_id", "owner"]),
    ],
)
def test_documented_fields_of_all_lists(lists: Lists, path: str, names: list[str]) -> None:
    for name in names:
        rule = json.dumps({"or": [{"var": name}, {"!": {"!!": {"var": name}}}]})
        everything = lists.alice.get(path).json()["count"]
        found = lists.alice.get(path, params={"filter": rule, "sort": f"{name},-id", "search": ""}).json()
        assert found["count"] == everything
    for query in ({"sort": "-nope"}, {"filter": '{"var": "nope"}'}, {"filter": '{"nope": []}'}, {"filter": "nope"}):
        [parameter] = query
        refused = lists.alice.get(path, 400, params=query).json()
        assert list(refused) == [parameter]


def test_what_the_official_client_emits(lists: Lists) -> None:
    ids = lists.tasks
    var = {"var": "id"}
    chosen = [ids["quay"], ids["street SOUTH"]]
    assert lists.names(filter={"in": [var, chosen]}) == ["quay", "street SOUTH"]
    assert lists.names(filter={"in": ["TREE", {"var": "name"}]}) == ["street SOUTH", "Street north"]
    assert lists.names(filter={"<=": [ids["street SOUTH"], var, ids["quay"]]}) == ["quay", "100% of_it", "street SOUTH"]
    assert lists.names(filter={"and": [{"var": "assignee"}]}) == ["street SOUTH"]
    rest = ["with media", "quay", "100% of_it", "Street north"]
    assert lists.names(filter={"!": {"var": "assignee"}}) == rest
    assert lists.names(filter={"!": {"==": [{"var": "assignee"}, "bob"]}}) == rest
    assert lists.names(filter={"!=": [{"var": "assignee"}, "bob"]}) == rest


def test_order(lists: Lists) -> None:
    assert lists.names() == ["with media", "quay", "100% of_it", "street SOUTH", "Street north"]
    assert lists.names(sort="name") == ["100% of_it", "quay", "Street north", "street SOUTH", "with media"]
    assert lists.names(sort="-name") == ["with media", "street SOUTH", "Street north", "quay", "100% of_it"]
    assert lists.names(sort="-subset, -name") == ["Street north", "street SOUTH", "with media", "quay", "100% of_it"]
    assert lists.names(sort="assignee,id")[0] == "street SOUTH", "empty values come last"
    assert lists.names(sort="-assignee,id")[0] == "street SOUTH", "empty values come last"
    assert lists.names(sort="name,name,-name,id,-id") == lists.names(sort="name")
    assert lists.names(sort=",") == lists.names()


def test_pages_together_are_the_list(lists: Lists) -> None:
    every, path = [], "/api/tasks?page_size=2&sort=name&search=alice"
    while path:
        page = lists.alice.get(path).json()
        assert page["count"] == 5
        every += [task["name"] for task in page["results"]]
        before, path = page["previous"], page["next"]
    assert every == lists.names(sort="name")
    assert "page=2" in before
    assert "search=alice" in before


@pytest.mark.parametrize("page", ["0", "-1", "x", "4", "²", "9007199254740993", str(10**30)])
def test_a_page_that_is_not_there(lists: Lists, page: str) -> None:
    for size in ("2", "all", "5000"):
        refused = lists.alice.get("/api/tasks", 404, params={"page": page, "page_size": size})
        assert refused.json() == {"detail": "Invalid page."}


def test_an_empty_list_has_one_page(lists: Lists) -> None:
    empty = {"search": "nothing has this"}
    for size in ("2", "all", "5000"):
        answer = lists.alice.get("/api/tasks", params={**empty, "page_size": size}).json()
        assert answer == {"count": 0, "results": [], "next": None, "previous": None}
        lists.alice.get("/api/tasks", 404, params={**empty, "page_size": size, "page": 2})


@pytest.mark.parametrize("size", ["0", "-1", "x", "100001"])
def test_a_size_that_is_none(lists: Lists, size: str) -> None:
    assert "page_size" in lists.alice.get("/api/tasks", 400, params={"page_size": size}).json()


def test_large_pages_are_cut_like_small_ones(lists: Lists) -> None:
    answer = lists.alice.get("/api/tasks", params={"page_size": 5000, "sort": "name"}).json()
    assert [task["name"] for task in answer["results"]] == lists.names(sort="name")
    assert (answer["count"], answer["next"]) == (5, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"project_id": "x"}, "project_id"),
        ({"updated_date": "yesterday"}, "updated_date"),
        ({"search": " ".join(map(str, range(51)))}, "search"),
    ],
)
def test_values_of_another_kind(lists: Lists, query: dict[str, str], field: str) -> None:
    assert list(lists.alice.get("/api/tasks", 400, params=query).json()) == [field]


def test_empty_and_unknown_parameters_mean_nothing(lists: Lists) -> None:
    assert lists.names(project_id="", assignee="", colour="red") == lists.names()


INJECTIONS = [
    "' OR 1=1 --",
    "'; DROP TABLE store.tasks; --",
    "id) FROM store.users --",
    '" OR ""="',
    "\\' OR 1=1 #",
    "$1",
    "?",
    "{id}",
    "%",
    "x\x00y",
    "id; ATTACH 'evil.db'",
    "(SELECT password_hash FROM store.users LIMIT 1)",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_becomes_sql(lists: Lists, text: str) -> None:
    assert lists.names(search=f'"{text.replace(chr(34), "")}"') == (["100% of_it"] if text == "%" else [])
    assert lists.names(name=text) == []
    assert lists.names(filter={"==": [{"var": "name"}, text]}) == []
    assert lists.names(filter={"in": [{"var": "name"}, [text, text]]}) == []
    for query in (
        {"sort": text},
        {"sort": f"id {text}"},
        {"filter": json.dumps({"==": [{"var": text}, 1]})},
        {"filter": json.dumps({text: [{"var": "id"}, 1]})},
        {"filter": json.dumps({"==": [{"var": "id"}, text]})},
        {"filter": text},
        {"project_id": text},
    ):
        lists.alice.get("/api/tasks", 400, params=query)
    assert len(lists.names()) == len(lists.tasks)


def test_secrets_can_be_neither_filtered_nor_sorted_by(lists: Lists, bob: Person) -> None:
    """Whoever may compare with a secret learns it bit by bit."""
    for path, names in (
        ("/api/users", ["password_hash", "email", "last_login", "groups", "is_superuser"]),
        ("/api/auth/access_tokens", ["value_hash", "owner_id"]),
    ):
        everything = bob.get(path).json()["count"]
        for name in names:
            bob.get(path, 400, params={"sort": name})
            bob.get(path, 400, params={"filter": json.dumps({"in": ["scrypt", {"var": name}]})})
            assert bob.get(path, params={name: "x"}).json()["count"] == everything
    assert bob.get("/api/users", params={"search": "scrypt"}).json()["count"] == 0
    assert bob.get("/api/users", params={"search": "example.com"}).json()["count"] == 0


def test_nobody_finds_what_he_may_not_see(lists: Lists, bob: Person) -> None:
    everything = {"or": [{"var": "id"}, {"!": {"var": "id"}}]}
    seen = bob.get("/api/tasks", params={"filter": json.dumps(everything), "page_size": "all"}).json()["results"]
    assert [task["name"] for task in seen] == ["street SOUTH"], "the one he is assigned to"


def test_users_by_name_and_state(lists: Lists, admin: Person) -> None:
    def names(**query: str) -> list[str]:
        return [user["username"] for user in lists.alice.get("/api/users", params=query).json()["results"]]

    assert names(username="alice") == ["alice"]
    assert names(search="LIC") == ["alice"]
    assert {"alice", "bob"} <= set(names(is_active="true"))
    assert names(is_active="false") == []
    assert names(filter='{"in": [{"var": "username"}, ["bob", "alice"]]}', sort="username") == ["alice", "bob"]
    assert "is_active" in lists.alice.get("/api/users", 400, params={"is_active": "maybe"}).json()
    assert admin.get("/api/users", params={"search": "bob"}).json()["count"] == 1
