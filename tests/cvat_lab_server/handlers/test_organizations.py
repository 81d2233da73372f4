"""Organizations, their members and invitations, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import httpx
import pytest

from cvat_lab.errors import NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.user import User
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import require_founder
from cvat_lab_server.commands import add_user
from cvat_lab_server.embedded import EmbeddedServer
from cvat_lab_server.services import members
from tests.cvat_lab_server.site import PASSWORD, Person, Site

_NUMBERS = count()
MEMBERS = ("maintainer", "maintainer2", "supervisor", "worker")


@dataclass
class Team:
    """An organization of alice's; every other member has his role as name."""

    id: int
    slug: str
    people: dict[str, Person]

    @property
    def place(self) -> dict[str, str]:
        return {"X-Organization": self.slug}


def found(person: Person) -> tuple[int, str]:
    slug = f"team-{next(_NUMBERS)}"
    return person.post("/api/organizations", 201, json={"slug": slug}).json()["id"], slug


def enlist(owner: Person, slug: str, newcomer: Person, role: str) -> int:
    """Invite and accept; return the id of the membership."""
    email = newcomer.get("/api/users/self").json()["email"]
    body = {"email": email, "role": role}
    key = owner.post("/api/invitations", 201, json=body, headers={"X-Organization": slug}).json()["key"]
    assert newcomer.post(f"/api/invitations/{key}/accept").json() == {"organization_slug": slug}
    listed = owner.get("/api/memberships", headers={"X-Organization": slug}, params={"page_size": "all"}).json()
    return next(one["id"] for one in listed["results"] if one["invitation"] == key)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with more users than the other files need."""
    workspace = tmp_path_factory.mktemp("workspace")
    for name in ("alice", "bob", *MEMBERS, "stranger"):
        add_user(workspace, name, PASSWORD, email=f"{name}@example.com")
    server = EmbeddedServer(workspace)
    yield Site(server.url, server.token, workspace, workspace)
    server.close()


@pytest.fixture(scope="module")
def crowd(site: Site) -> dict[str, Person]:
    """Users called like the roles they will have, and one who will have none."""
    return {name: site.person(name) for name in (*MEMBERS, "stranger")}


@pytest.fixture
def team(alice: Person, crowd: dict[str, Person]) -> Iterator[Team]:
    number, slug = found(alice)
    for name in MEMBERS:
        enlist(alice, slug, crowd[name], name.rstrip("2"))
    yield Team(number, slug, {"owner": alice, **crowd})
    alice.call("DELETE", f"/api/organizations/{number}", None)


def membership(team: Team, name: str) -> int:
    wanted = team.people[name].id
    listed = team.people["owner"].get("/api/memberships", headers=team.place, params={"page_size": "all"}).json()
    return int(next(one["id"] for one in listed["results"] if one["user"]["id"] == wanted))


# organizations


@pytest.mark.req("R2.13")
def test_the_founder_is_the_owner(alice: Person, bob: Person) -> None:
    body = {"slug": "cvat-lab_1", "description": "We label.", "contact": {"email": "a@b.c", "phoneNumber": "1"}}
    made = alice.post("/api/organizations", 201, json=body).json()
    assert made["name"] == "cvat-lab_1"
    assert made["owner"]["username"] == "alice"
    assert made["contact"] == body["contact"]
    [member] = alice.get("/api/memberships", params={"org": "cvat-lab_1"}).json()["results"]
    assert (member["role"], member["is_active"], member["invitation"]) == ("owner", True, None)
    assert member["joined_date"]
    assert made["id"] in [one["id"] for one in alice.get("/api/organizations?page_size=all").json()["results"]]
    assert made["id"] not in [one["id"] for one in bob.get("/api/organizations?page_size=all").json()["results"]]


@pytest.mark.req("R2.3")
@pytest.mark.parametrize("slug", ["", "a b", "ä", "x" * 17, "a/b"])
def test_slugs_are_short_and_plain(slug: str, alice: Person) -> None:
    assert "slug" in alice.post("/api/organizations", 400, json={"slug": slug}).text


@pytest.mark.req("R2.3")
def test_a_slug_is_unique_and_stays(alice: Person, bob: Person) -> None:
    number, slug = found(alice)
    assert slug in bob.post("/api/organizations", 400, json={"slug": slug}).text
    assert "cannot be changed" in alice.patch(f"/api/organizations/{number}", 400, json={"slug": "other"}).text
    changed = alice.patch(
        f"/api/organizations/{number}", json={"name": "Another", "contact": {"location": "Rome"}}
    ).json()
    assert (changed["slug"], changed["name"], changed["contact"]) == (slug, "Another", {"location": "Rome"})


@pytest.mark.req("R2.22")
@pytest.mark.parametrize(
    ("name", "may_view", "may_update"),
    [
        ("owner", True, True),
        ("maintainer", True, True),
        ("supervisor", True, False),
        ("worker", True, False),
        ("stranger", False, False),
    ],
)
def test_who_may_see_and_change_an_organization(name: str, may_view: bool, may_update: bool, team: Team) -> None:
    person, path = team.people[name], f"/api/organizations/{team.id}"
    person.get(path, 200 if may_view else 403)
    answer = person.patch(path, 200 if may_update else 403, json={"name": name})
    if not may_update:
        assert "maintainer of the organization" in answer.json()["detail"]
    if name != "owner":
        assert "owner of the organization" in person.delete(path, 403).json()["detail"]


@pytest.mark.req("R2.15")
@pytest.mark.req("R2.22")
def test_an_organization_goes_with_all_that_it_holds(alice: Person, admin: Person) -> None:
    number, slug = found(alice)
    place = {"X-Organization": slug}
    project = alice.post("/api/projects", 201, json={"name": "p", "labels": []}, headers=place).json()["id"]
    inner = alice.post("/api/tasks", 201, json={"name": "t", "project_id": project}, headers=place).json()["id"]
    outer = alice.create_task(1)
    alice.patch(f"/api/tasks/{outer.task}", json={"organization_id": number})
    alice.delete(f"/api/organizations/{number}")
    for path in (f"projects/{project}", f"tasks/{inner}", f"tasks/{outer.task}", f"organizations/{number}"):
        alice.get(f"/api/{path}", 404)
    assert alice.get("/api/memberships", 404, params={"org": slug}).json()["detail"]
    assert number not in [one["organization"] for one in admin.get("/api/memberships?page_size=all").json()["results"]]


@pytest.mark.req("R2.16")
def test_users_of_group_worker_found_nothing() -> None:
    user = User(id=1, username="w", groups=["worker"], date_joined=utc_now())
    with pytest.raises(NotPermittedError, match="group user"):
        require_founder(Caller(user))


# where things belong


@pytest.mark.req("R2.4")
def test_lists_show_the_place_of_the_call(alice: Person) -> None:
    number, slug = found(alice)
    here = alice.post("/api/tasks", 201, json={"name": "here"}, params={"org": slug}).json()
    there = alice.post("/api/tasks", 201, json={"name": "there"}, params={"org": ""}).json()
    assert (here["organization_id"], there["organization_id"]) == (number, None)

    def listed(**query: object) -> set[int]:
        answer = alice.get("/api/tasks", params={"page_size": "all", **query}).json()["results"]
        return {task["id"] for task in answer} & {here["id"], there["id"]}

    assert listed(org=slug) == listed(org_id=number) == {here["id"]}
    assert listed(org="") == {there["id"]}
    assert listed() == {here["id"], there["id"]}
    assert alice.get(f"/api/tasks/{there['id']}", headers={"X-Organization": slug}).json()["name"] == "there"


@pytest.mark.parametrize(
    ("query", "status"), [({"org": "nobody"}, 404), ({"org_id": "999999"}, 404), ({"org": "a", "org_id": "1"}, 400)]
)
def test_places_that_are_none(query: dict[str, str], status: int, alice: Person) -> None:
    alice.get("/api/tasks", status, params=query)


@pytest.mark.req("R2.10")
@pytest.mark.req("R2.11")
@pytest.mark.req("R2.12")
def test_what_members_see_of_the_work_of_others(team: Team) -> None:
    task = team.people["owner"].post("/api/tasks", 201, json={"name": "secret"}, headers=team.place).json()["id"]
    for name, sees in (("maintainer", True), ("supervisor", False), ("worker", False), ("stranger", False)):
        person = team.people[name]
        answer = person.get("/api/tasks", params={"page_size": "all"}).json()["results"]
        assert (task in [one["id"] for one in answer]) is sees
        person.get(f"/api/tasks/{task}", 200 if sees else 403)
        assert bool(person.sql(f"SELECT id FROM tasks WHERE id = {task}")) is sees
    worker = team.people["worker"]
    team.people["owner"].patch(f"/api/tasks/{task}", json={"assignee_id": worker.id})
    worker.get(f"/api/tasks/{task}")


@pytest.mark.req("R2.17")
@pytest.mark.req("R2.18")
@pytest.mark.parametrize("kind", ["projects", "tasks"])
def test_who_creates_in_an_organization(kind: str, team: Team) -> None:
    for name, may in (
        ("owner", True),
        ("maintainer", True),
        ("supervisor", True),
        ("worker", False),
        ("stranger", False),
    ):
        answer = team.people[name].post(
            f"/api/{kind}", 201 if may else 403, json={"name": name, "labels": []}, headers=team.place
        )
        if not may:
            assert "role supervisor or higher" in answer.json()["detail"]


def test_users_of_an_organization_are_its_members(team: Team) -> None:
    listed = team.people["worker"].get("/api/users", params={"org": team.slug, "page_size": "all"}).json()["results"]
    assert {user["username"] for user in listed} == {"alice", "maintainer", "maintainer2", "supervisor", "worker"}


# invitations


@pytest.mark.req("R2.6")
@pytest.mark.req("R2.7")
def test_an_invitation_from_both_sides(alice: Person, crowd: dict[str, Person]) -> None:
    number, slug = found(alice)
    guest = crowd["worker"]
    body = {"email": "WORKER@example.com", "role": "worker"}
    made = alice.post("/api/invitations", 201, json=body, params={"org": slug}).json()
    assert made["user"]["username"] == "worker"
    assert made["owner"]["username"] == "alice"
    assert made["organization_info"] == {"id": number, "slug": slug}
    assert (made["accepted"], made["expired"]) == (False, False)
    path = f"/api/invitations/{made['key']}"
    assert made in guest.get("/api/invitations?page_size=all").json()["results"]
    assert guest.get(path).json() == alice.get(path).json() == made
    guest.get(f"/api/organizations/{number}", 403)
    assert "invited already" in alice.post("/api/invitations", 400, json=body, params={"org": slug}).text
    guest.post(f"{path}/accept")
    assert guest.get(f"/api/organizations/{number}").json()["slug"] == slug
    assert guest.get(path).json()["accepted"] is True
    assert "accepted this invitation" in guest.post(f"{path}/accept", 400).text
    assert "member already" in alice.post("/api/invitations", 400, json=body, params={"org": slug}).text


@pytest.mark.req("R2.8")
def test_an_unknown_address_is_given_an_account_without_a_password(site: Site, alice: Person) -> None:
    number, slug = found(alice)
    body = {"email": "new.one+x@example.org", "role": "worker"}
    made = alice.post("/api/invitations", 201, json=body, params={"org": slug}).json()
    assert made["user"]["username"] == "new.one+x@example.org"
    login = {"username": "new.one+x@example.org", "password": ""}
    assert httpx.post(f"{site.url}/api/auth/login", json=login).status_code == 400
    [guest] = [
        one for one in alice.get("/api/memberships", params={"org": slug}).json()["results"] if not one["is_active"]
    ]
    assert (guest["role"], guest["joined_date"], guest["invitation"]) == ("worker", None, made["key"])
    assert number == guest["organization"]


@pytest.mark.req("R2.8")
def test_invitations_are_declined_and_taken_back(alice: Person, crowd: dict[str, Person]) -> None:
    _, slug = found(alice)
    guest, body = crowd["stranger"], {"email": "stranger@example.com", "role": "supervisor"}
    for act in ("decline", "delete"):
        path = f"/api/invitations/{alice.post('/api/invitations', 201, json=body, params={'org': slug}).json()['key']}"
        crowd["worker"].get(path, 403)
        assert "is for stranger" in crowd["worker"].post(f"{path}/accept", 403).json()["detail"]
        guest.post(f"{path}/decline", 204) if act == "decline" else alice.delete(path)
        alice.get(path, 404)
        assert len(alice.get("/api/memberships", params={"org": slug}).json()["results"]) == 1


@pytest.mark.req("R2.8")
def test_an_expired_invitation_is_sent_again(
    alice: Person, crowd: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, slug = found(alice)
    body = {"email": "stranger@example.com", "role": "worker"}
    path = f"/api/invitations/{alice.post('/api/invitations', 201, json=body, params={'org': slug}).json()['key']}"
    monkeypatch.setattr(members, "INVITATION_LIFE", timedelta(0))
    assert alice.get(path).json()["expired"] is True
    assert "expired" in crowd["stranger"].post(f"{path}/accept", 400).text
    monkeypatch.undo()
    before = alice.get(path).json()["created_date"]
    alice.post(f"{path}/resend", 204)
    assert alice.get(path).json()["created_date"] > before
    crowd["stranger"].post(f"{path}/accept")


def test_invitations_need_a_place_and_an_address(alice: Person) -> None:
    _, slug = found(alice)
    assert "org=SLUG" in alice.post("/api/invitations", 400, json={"email": "a@b.c", "role": "worker"}).text
    for body in ({"email": "a b", "role": "worker"}, {"email": "a@b.c", "role": "king"}, {"role": "worker"}):
        alice.post("/api/invitations", 400, json=body, params={"org": slug})
    alice.get("/api/invitations/none", 404)


# roles


@pytest.mark.req("R2.9")
@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("owner", "maintainer", 201),
        ("owner", "owner", 403),
        ("maintainer", "supervisor", 201),
        ("maintainer", "maintainer", 403),
        ("supervisor", "worker", 403),
        ("worker", "worker", 403),
        ("stranger", "worker", 403),
    ],
)
def test_who_invites_whom(name: str, role: str, status: int, team: Team) -> None:
    body = {"email": "somebody@example.com", "role": role}
    team.people[name].post("/api/invitations", status, json=body, headers=team.place)


@pytest.mark.req("R2.9")
@pytest.mark.parametrize(
    ("name", "whom", "role", "status"),
    [
        ("owner", "maintainer", "worker", 200),
        ("owner", "worker", "maintainer", 200),
        ("owner", "worker", "owner", 403),
        ("owner", "owner", "worker", 403),
        ("maintainer", "worker", "supervisor", 200),
        ("maintainer", "worker", "maintainer", 403),
        ("maintainer", "maintainer2", "worker", 403),
        ("maintainer", "owner", "worker", 403),
        ("supervisor", "worker", "supervisor", 403),
        ("worker", "worker", "supervisor", 403),
        ("stranger", "worker", "supervisor", 403),
    ],
)
def test_who_changes_roles(name: str, whom: str, role: str, status: int, team: Team) -> None:
    number = membership(team, whom)
    team.people[name].patch(f"/api/memberships/{number}", status, json={"role": role})
    kept = team.people["owner"].get(f"/api/memberships/{number}").json()["role"]
    assert kept == (role if status == 200 else whom.rstrip("2"))


@pytest.mark.req("R2.9")
@pytest.mark.req("R2.14")
@pytest.mark.parametrize(
    ("name", "whom", "status"),
    [
        ("owner", "maintainer", 204),
        ("maintainer", "worker", 204),
        ("maintainer", "maintainer2", 403),
        ("maintainer", "owner", 403),
        ("supervisor", "worker", 403),
        ("stranger", "worker", 403),
        ("worker", "worker", 204),
        ("maintainer", "maintainer", 204),
        ("owner", "owner", 403),
    ],
)
def test_who_removes_whom_and_leaves(name: str, whom: str, status: int, team: Team) -> None:
    number = membership(team, whom)
    team.people[name].delete(f"/api/memberships/{number}", status)
    team.people["owner"].get(f"/api/memberships/{number}", 404 if status == 204 else 200)
    if status == 204:
        team.people[whom].get(f"/api/organizations/{team.id}", 403)


def test_an_administrator_may_do_all(admin: Person, team: Team) -> None:
    number = membership(team, "maintainer")
    admin.patch(f"/api/memberships/{number}", json={"role": "worker"})
    admin.delete(f"/api/memberships/{number}")
    admin.delete(f"/api/organizations/{team.id}")


def test_a_read_only_token_changes_nothing(alice: Person, site: Site) -> None:
    number, slug = found(alice)
    value = alice.post("/api/auth/access_tokens", 201, json={"name": "r", "read_only": True}).json()["value"]
    reader = httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {value}"})
    assert reader.get(f"/api/organizations/{number}").status_code == 200
    body = {"email": "worker@example.com", "role": "worker"}
    for answer in (
        reader.post("/api/organizations", json={"slug": "new-one"}),
        reader.patch(f"/api/organizations/{number}", json={"name": "x"}),
        reader.delete(f"/api/organizations/{number}"),
        reader.post("/api/invitations", json=body, params={"org": slug}),
    ):
        assert answer.status_code == 403
        assert "read-only" in answer.text
    assert PASSWORD not in answer.text
