"""Accounts: registering, profiles, passwords that are given, switching off and deleting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from cvat_lab_server.auth import throttle
from cvat_lab_server.embedded import EmbeddedServer
from tests.cvat_lab_server.site import PASSWORD, Made, Person, Site

NEW_PASSWORD = "battery staple"


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server where everybody may open an account."""
    workspace = tmp_path_factory.mktemp("club")
    server = EmbeddedServer(workspace, allow_registration=True)
    yield Site(server.url, server.token, workspace, workspace)
    server.close()


def form(name: str, **fields: str) -> dict[str, str]:
    return {"username": name, "password1": PASSWORD, "password2": PASSWORD, **fields}


def account(site: Site) -> tuple[Person, int]:
    """Return somebody new, with his id."""
    name = f"person{uuid4().hex[:8]}"
    site.anonymous().post("/api/auth/register", 201, json=form(name, email=f"{name}@example.com"))
    person = site.person(name)
    return person, person.id


class TestRegistration:
    def test_it_is_off_unless_the_host_allows_it(self, site: Site, admin: Person) -> None:
        for body in (form("newcomer"), form("")):
            refused = site.anonymous().post("/api/auth/register", 403, json=body).json()["detail"]
            assert "--allow-registration" in refused
            assert "ask an administrator" in refused
        assert admin.get("/api/users", params={"username": "newcomer"}).json()["count"] == 0

    def test_whoever_registers_can_log_in_and_create(self, club: Site) -> None:
        names = {"first_name": "Ada", "last_name": "Lovelace"}
        body = form("ada.lovelace", email="ada@example.com", **names)
        answer = club.anonymous().post("/api/auth/register", 201, json=body).json()
        assert answer == {
            "username": "ada.lovelace",
            "email": "ada@example.com",
            **names,
            "email_verification_required": False,
            "key": None,
        }
        club.anonymous().post("/api/auth/login", json={"email": "ada@example.com", "password": PASSWORD})
        ada = club.person("ada.lovelace")
        own = ada.get("/api/users/self").json()
        assert (own["groups"], own["is_superuser"], own["is_staff"]) == (["user"], False, False)
        ada.post("/api/projects", 201, json={"name": "mine"})

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"username": "abcd"}, "username"),
            ({"username": "a b c d e"}, "username"),
            ({"username": "x" * 151}, "username"),
            ({"username": "FOUNDER"}, "username"),
            ({"username": "Founder@Example.com"}, "username"),
            ({"email": "FOUNDER@example.com"}, "email"),
            ({"email": "founder"}, "email"),
            ({"email": "no address"}, "email"),
            ({"email": "x" * 251 + "@y.z"}, "email"),
            ({"password1": "short", "password2": "short"}, "password1"),
            ({"password1": "x" * 257, "password2": "x" * 257}, "password1"),
            ({"password2": "another one"}, "password2"),
        ],
    )
    def test_what_is_refused(self, club: Site, fields: dict[str, str], field: str) -> None:
        """A taken name differs by more than capitals, and nobody takes the address that another is invited by."""
        founder = form("founder", email="founder@example.com")
        club.anonymous().post("/api/auth/register", None, json=founder)
        body = {**form("newcomer", email="newcomer@example.com"), **fields}
        assert list(club.anonymous().post("/api/auth/register", 400, json=body).json()) == [field]
        assert club.admin().get("/api/users", params={"username": "newcomer"}).json()["count"] == 0

    def test_rights_are_not_registered(self, club: Site) -> None:
        body = {**form("climber"), "is_superuser": True, "groups": ["admin"], "is_staff": True}
        club.anonymous().post("/api/auth/register", 201, json=body)
        own = club.person("climber").get("/api/users/self").json()
        assert (own["groups"], own["is_superuser"], own["is_staff"]) == (["user"], False, False)

    def test_one_address_does_not_open_account_after_account(self, club: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        account(club)
        monkeypatch.setattr(throttle, "PER_ADDRESS", 1)
        refused = club.anonymous().post("/api/auth/register", 429, json=form("one.too.many"))
        assert "too many new accounts" in refused.json()["detail"]
        assert 0 < int(refused.headers["retry-after"]) <= throttle.WINDOW_SECONDS
        monkeypatch.undo()
        club.anonymous().post("/api/auth/register", 201, json=form("one.too.many"))


class TestPasswords:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("reset", {"email": "alice@example.com"}),
            ("reset", {"email": "nobody@example.com"}),
            (
                "reset/confirm",
                {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD, "uid": "1", "token": "x"},
            ),
        ],
    )
    def test_there_is_no_mail_to_reset_one(self, site: Site, path: str, body: dict[str, str]) -> None:
        told = site.anonymous().post(f"/api/auth/password/{path}", 400, json=body).json()["detail"]
        assert "sends no mail" in told
        assert "cvat-lab users password" in told

    def test_an_administrator_gives_a_new_one(self, club: Site) -> None:
        person, number = account(club)
        name = person.get("/api/users/self").json()["username"]
        session = club.anonymous()
        session.post("/api/auth/login", json={"username": name, "password": PASSWORD})
        club.admin().put(f"/api/lab/users/{number}/password", 204, json={"password": NEW_PASSWORD})
        session.get("/api/users/self", 401)
        person.get("/api/users/self", 401)
        Person(club.url, auth=(name, NEW_PASSWORD)).get("/api/users/self")

    def test_nobody_else_does(self, club: Site) -> None:
        person, number = account(club)
        refused = person.put(f"/api/lab/users/{number}/password", 403, json={"password": NEW_PASSWORD})
        assert "needed: group admin" in refused.json()["detail"]
        club.admin().put(f"/api/lab/users/{number}/password", 400, json={"password": "short"})
        club.admin().put("/api/lab/users/999999/password", 404, json={"password": NEW_PASSWORD})
        person.get("/api/users/self")


class TestProfiles:
    def test_names_are_one_s_own(self, club: Site) -> None:
        person, number = account(club)
        names = {"first_name": "Grace", "last_name": "Hopper"}
        answer = person.patch(f"/api/users/{number}", json=names).json()
        assert names.items() <= answer.items()
        assert person.get("/api/users/self").json() == answer
        other, _ = account(club)
        assert "needed: group admin" in other.patch(f"/api/users/{number}", 403, json=names).json()["detail"]
        other.patch("/api/users/999999", 403, json=names)
        club.admin().patch("/api/users/999999", 404, json=names)

    @pytest.mark.parametrize(
        "body",
        [
            {"groups": ["admin"]},
            {"is_superuser": True},
            {"is_staff": True},
            {"is_active": False},
            {"username": "somebody.else"},
            {"email": "boss@example.com"},
        ],
    )
    def test_rights_and_what_others_know_one_by_are_not(self, club: Site, body: dict[str, Any]) -> None:
        person, number = account(club)
        before = person.get("/api/users/self").json()
        refused = person.patch(f"/api/users/{number}", 403, json={**body, "first_name": "X"}).json()["detail"]
        assert f"change {next(iter(body))} of his own account" in refused
        assert person.get("/api/users/self").json() == before

    @pytest.mark.req("R2.16")
    def test_administrators_set_global_groups(self, club: Site) -> None:
        person, number = account(club)
        admin, path = club.admin(), f"/api/users/{number}"
        assert admin.patch(path, json={"groups": ["worker", "worker"]}).json()["groups"] == ["worker"]
        assert "needed: group user" in person.post("/api/projects", 403, json={"name": "x"}).json()["detail"]
        assert "needed: group user" in person.post("/api/tasks", 403, json={"name": "x"}).json()["detail"]
        admin.patch(path, json={"groups": ["user"]})
        project = person.post("/api/projects", 201, json={"name": "x"}).json()["id"]
        other, other_number = account(club)
        other.get(f"/api/projects/{project}", 403)
        admin.patch(f"/api/users/{other_number}", json={"groups": ["admin"]})
        other.get(f"/api/projects/{project}")
        assert "groups" in admin.patch(path, 400, json={"groups": ["gods"]}).text

    def test_administrators_rename(self, club: Site) -> None:
        (_, number), (other, _) = account(club), account(club)
        taken = other.get("/api/users/self").json()
        admin, path = club.admin(), f"/api/users/{number}"
        for body, field in (
            ({"username": taken["username"].upper()}, "username"),
            ({"username": taken["email"]}, "username"),
            ({"username": "no spaces"}, "username"),
            ({"email": taken["email"]}, "email"),
            ({"email": "nothing"}, "email"),
        ):
            assert list(admin.patch(path, 400, json=body).json()) == [field]
        renamed = f"renamed{number}"
        assert admin.patch(path, json={"username": renamed, "email": ""}).json()["email"] == ""
        assert club.person(renamed).id == number

    def test_a_switched_off_account_is_out_at_once(self, club: Site) -> None:
        person, number = account(club)
        name = person.get("/api/users/self").json()["username"]
        token = person.post("/api/auth/access_tokens", 201, json={"name": "ci"}).json()["value"]
        bearer = Person(club.url, headers={"Authorization": f"Bearer {token}"})
        session = club.anonymous()
        session.post("/api/auth/login", json={"username": name, "password": PASSWORD})
        for way in (person, bearer, session):
            way.get("/api/users/self")
        club.admin().patch(f"/api/users/{number}", json={"is_active": False})
        for way in (person, bearer, session):
            way.get("/api/users/self", 401)
        club.anonymous().post("/api/auth/login", 400, json={"username": name, "password": PASSWORD})
        off = club.admin().get("/api/users", params={"is_active": "false", "username": name}).json()
        assert [user["id"] for user in off["results"]] == [number]
        club.admin().patch(f"/api/users/{number}", json={"is_active": True})
        for way in (person, bearer, session):
            way.get("/api/users/self")

    def test_nobody_locks_himself_or_the_server_out(self, club: Site) -> None:
        server = club.admin()
        person, number = account(club)
        server.patch(f"/api/users/{number}", json={"groups": ["admin"]})
        for body in ({"groups": ["user"]}, {"is_active": False}):
            person.patch(f"/api/users/{number}", 409, json=body)
        person.delete(f"/api/users/{number}", 409)
        own = f"/api/users/{server.id}"
        for who in (server, person):
            for body in ({"is_active": False}, {"is_superuser": False, "groups": []}):
                who.patch(own, 409, json=body)
            who.delete(own, 409)
        assert "server itself" in person.patch(own, 409, json={"username": "usurper"}).json()["detail"]
        assert server.patch(own, json={"first_name": "Root"}).json()["first_name"] == "Root"
        assert server.get("/api/users/self").json()["first_name"] == "Root"


class TestDeleting:
    def test_only_administrators_delete(self, club: Site) -> None:
        person, number = account(club)
        assert "needed: group admin" in person.delete(f"/api/users/{number}", 403).json()["detail"]
        club.admin().delete("/api/users/999999", 404)
        person.get("/api/users/self")

    def test_what_he_owned_stays(self, club: Site) -> None:
        admin = club.admin()
        (person, number), (colleague, colleague_id) = account(club), account(club)
        name = person.get("/api/users/self").json()["username"]
        project = person.post("/api/projects", 201, json={"name": "left", "labels": [{"name": "car"}]}).json()["id"]
        made: Made = person.create_task(2, project_id=project, assignee_id=number)
        person.put(f"/api/jobs/{made.job}/annotations", json={"tags": [made.tag(1)]})
        person.patch(f"/api/jobs/{made.job}", json={"assignee": number})
        person.post("/api/issues", 201, json={"job": made.job, "frame": 0, "position": [1, 2], "message": "look"})
        slug = f"team{number}"
        team = person.post("/api/organizations", 201, json={"slug": slug}).json()["id"]
        invited = colleague.get("/api/users/self").json()["email"]
        key = person.post(
            "/api/invitations", 201, params={"org": slug}, json={"role": "worker", "email": invited}
        ).json()["key"]
        colleague.post(f"/api/invitations/{key}/accept")
        token = person.post("/api/auth/access_tokens", 201, json={"name": "ci"}).json()["value"]
        admin.delete(f"/api/users/{number}")
        for way in (person, Person(club.url, headers={"Authorization": f"Bearer {token}"})):
            way.get("/api/users/self", 401)
        for path in (f"/api/projects/{project}", f"/api/tasks/{made.task}", f"/api/organizations/{team}"):
            assert admin.get(path).json()["owner"] is None, path
        for path in (f"/api/tasks/{made.task}", f"/api/jobs/{made.job}"):
            assert admin.get(path).json()["assignee"] is None, path
        assert admin.get("/api/issues", params={"job_id": made.job}).json()["results"][0]["owner"] is None
        assert len(admin.get(f"/api/jobs/{made.job}/annotations").json()["tags"]) == 1
        members = colleague.get("/api/memberships", params={"org": slug}).json()["results"]
        assert [member["user"]["id"] for member in members] == [colleague_id]
        admin.get(f"/api/users/{number}", 404)
        club.anonymous().post("/api/auth/register", 201, json=form(name))
        again = club.person(name)
        assert again.id != number
        again.get(f"/api/tasks/{made.task}", 403)
        assert again.get("/api/tasks").json()["count"] == 0
