"""Logins in every form the contract knows, access tokens, and who is told what about users."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import httpx
import pytest

from cvat_lab_server.auth.throttle import PER_NAME, WINDOW_SECONDS
from tests.cvat_lab_server.site import PASSWORD, Made, Person, Site


def logged_in(site: Site, name: str = "alice", **options: object) -> tuple[Person, httpx.Response]:
    person = site.anonymous()
    answer = person.post("/api/auth/login", json={"username": name, "password": PASSWORD}, **options)
    return person, answer


def test_login_sets_both_cookies_so_that_cvats_clients_can_read_them(site: Site) -> None:
    """They join the headers with commas and read the whole as one cookie text: no header may end in a flag."""
    for headers in ({}, {"X-Forwarded-Proto": "https"}):
        _, answer = logged_in(site, headers=headers)
        sent = answer.headers.get_list("set-cookie")
        jar = SimpleCookie(", ".join(sent))
        assert set(jar) == {"sessionid", "csrftoken"}
        assert all("=" in header.rsplit(";", 1)[1] for header in sent)
        assert all(("Secure" in header) is bool(headers) for header in sent)
        assert "HttpOnly" in sent[0]
        assert "HttpOnly" not in sent[1], "scripts of the page must be able to read the CSRF token"
        assert 0 < len(answer.json()["key"]) <= 40


def test_login_by_email(site: Site) -> None:
    site.anonymous().post("/api/auth/login", json={"email": "alice@example.com", "password": PASSWORD})


@pytest.mark.parametrize(
    "body",
    [
        {"username": "alice", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "", "password": PASSWORD},
        {"email": "nobody@example.com", "password": PASSWORD},
    ],
)
def test_a_wrong_login_does_not_say_what_was_wrong(site: Site, body: dict[str, str]) -> None:
    answer = site.anonymous().post("/api/auth/login", 400, json=body)
    assert answer.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}
    assert "set-cookie" not in answer.headers


def test_a_session_writes_only_with_its_csrf_token(site: Site) -> None:
    person, _ = logged_in(site)
    person.get("/api/users/self")
    refused = person.post("/api/projects", 403, json={"name": "forged"})
    assert "CSRF" in refused.json()["detail"]
    person.post("/api/projects", 403, json={"name": "forged"}, headers={"X-CSRFToken": "guess"})
    token = person.http.cookies["csrftoken"]
    person.post("/api/projects", 201, json={"name": "mine"}, headers={"X-CSRFToken": token})


def test_logout_ends_the_session(site: Site) -> None:
    person, answer = logged_in(site)
    key = answer.json()["key"]
    gone = person.post("/api/auth/logout")
    assert gone.json()["detail"]
    assert all("Max-Age=0" in header for header in gone.headers.get_list("set-cookie"))
    person.get("/api/users/self", 401, headers={"Cookie": f"sessionid={key}"})
    person.get("/api/users/self", 401, headers={"Authorization": f"Token {key}"})


def test_the_key_of_a_login_is_a_credential_of_its_own(site: Site) -> None:
    _, answer = logged_in(site)
    other = Person(site.url, headers={"Authorization": f"Token {answer.json()['key']}"})
    assert other.get("/api/users/self").json()["username"] == "alice"
    other.post("/api/projects", 201, json={"name": "no CSRF token without cookies"})


def test_basic(site: Site, alice: Person) -> None:
    assert alice.get("/api/users/self").json()["username"] == "alice"
    Person(site.url, auth=("alice", "wrong")).get("/api/users/self", 401)
    Person(site.url, headers={"Authorization": "Basic %%%"}).get("/api/users/self", 401)


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Digest"])
def test_unknown_tokens(site: Site, scheme: str) -> None:
    person = Person(site.url, headers={"Authorization": f"{scheme} {'0' * 40}"})
    assert person.get("/api/tasks", 401).json() == {"detail": "Invalid token."}


def test_nobody_gets_401_and_a_stranger_403(site: Site, made: Made, bob: Person) -> None:
    for path in (f"/api/tasks/{made.task}", "/api/tasks", "/api/users/self", "/api/server/share"):
        detail = site.anonymous().get(path, 401).json()["detail"]
        assert detail == "Authentication credentials were not provided."
    assert "needed" in bob.get(f"/api/tasks/{made.task}", 403).json()["detail"]
    for path in ("/api/server/about", "/api/server/health"):
        site.anonymous().get(path)


class TestAccessTokens:
    def test_life(self, site: Site, alice: Person) -> None:
        made = alice.post("/api/auth/access_tokens", 201, json={"name": "ci"}).json()
        assert (made["name"], made["read_only"], made["owner"]["username"]) == ("ci", False, "alice")
        bearer = Person(site.url, headers={"Authorization": f"Bearer {made['value']}"})
        own = bearer.get("/api/auth/access_tokens/self").json()
        assert own["id"] == made["id"]
        assert "value" not in own
        listed = alice.get("/api/auth/access_tokens").json()
        assert [token["id"] for token in listed["results"]] == [made["id"]]
        path = f"/api/auth/access_tokens/{made['id']}"
        assert alice.patch(path, json={"name": "renamed"}).json()["name"] == "renamed"
        assert alice.get(path).json()["last_used_date"] is not None
        alice.delete(path)
        bearer.get("/api/users/self", 401)
        alice.get(path, 404)

    def test_read_only(self, site: Site, alice: Person, made: Made) -> None:
        token = alice.post("/api/auth/access_tokens", 201, json={"name": "look", "read_only": True}).json()
        looking = Person(site.url, headers={"Authorization": f"Bearer {token['value']}"})
        looking.get(f"/api/tasks/{made.task}")
        looking.get(f"/api/jobs/{made.job}/annotations/")
        looking.post("/api/lab/sql", json={"sql": "SELECT count(*) FROM shapes"})
        writes = [
            ("POST", "/api/tasks", {"name": "x"}),
            ("POST", "/api/projects", {"name": "x"}),
            ("PATCH", f"/api/tasks/{made.task}", {"name": "x"}),
            ("DELETE", f"/api/tasks/{made.task}", None),
            ("PATCH", f"/api/jobs/{made.job}", {"state": "completed"}),
            ("PUT", f"/api/jobs/{made.job}/annotations", {}),
            ("PATCH", f"/api/lab/jobs/{made.job}/annotations", {}),
            ("PATCH", f"/api/tasks/{made.task}/data/meta", {"deleted_frames": [0]}),
            ("PATCH", f"/api/labels/{made.labels['car']}", {"name": "x"}),
            ("POST", "/api/auth/access_tokens", {"name": "a way out"}),
            ("DELETE", f"/api/auth/access_tokens/{token['id']}", None),
        ]
        for method, path, body in writes:
            assert "read-only" in looking.call(method, path, 403, json=body).json()["detail"], path

    def test_expiry(self, site: Site, alice: Person) -> None:
        now = datetime.now(UTC)
        for moment, status in ((now + timedelta(hours=1), 200), (now - timedelta(seconds=1), 401)):
            body = {"name": "short", "expiry_date": moment.isoformat()}
            value = alice.post("/api/auth/access_tokens", 201, json=body).json()["value"]
            Person(site.url, headers={"Authorization": f"Bearer {value}"}).get("/api/users/self", status)

    @pytest.mark.parametrize(
        "moment",
        ["2030-01-01", "2030-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 5],
    )
    def test_an_expiry_without_a_zone_or_beyond_the_calendar(self, alice: Person, moment: object) -> None:
        answer = alice.post("/api/auth/access_tokens", 400, json={"name": "x", "expiry_date": moment})
        assert "expiry_date" in answer.text

    def test_tokens_of_others(self, alice: Person, bob: Person) -> None:
        token = alice.post("/api/auth/access_tokens", 201, json={"name": "mine"}).json()["id"]
        assert bob.get("/api/auth/access_tokens").json()["count"] == 0
        for method in ("GET", "PATCH", "DELETE"):
            bob.call(method, f"/api/auth/access_tokens/{token}", 403, json={})

    def test_a_call_without_a_token_has_none(self, alice: Person) -> None:
        alice.get("/api/auth/access_tokens/self", 404)

    def test_secrets_are_not_stored(self, site: Site, alice: Person) -> None:
        value = alice.post("/api/auth/access_tokens", 201, json={"name": "hashed"}).json()["value"]
        stored = b"".join(path.read_bytes() for path in site.workspace.glob("workspace.duckdb*"))
        assert b"hashed" in stored
        assert value.encode() not in stored
        assert PASSWORD.encode() not in stored


class TestUsers:
    def test_everybody_sees_names_and_only_his_own_details(self, admin: Person, alice: Person, bob: Person) -> None:
        own = alice.get("/api/users/self").json()
        assert own["groups"] == ["user"]
        assert own["email"] == "alice@example.com"
        assert own["url"].endswith(f"/api/users/{own['id']}")
        assert "email" not in bob.get(f"/api/users/{own['id']}").json()
        assert admin.get(f"/api/users/{own['id']}").json()["email"] == "alice@example.com"
        seen = bob.get("/api/users", params={"search": "ali"}).json()["results"]
        assert [(user["username"], "email" in user) for user in seen] == [("alice", False)]

    def test_an_unknown_user(self, alice: Person) -> None:
        assert "999" in alice.get("/api/users/999", 404).json()["detail"]

    def test_the_system_account_is_an_administrator(self, admin: Person) -> None:
        own = admin.get("/api/users/self").json()
        assert own["is_superuser"]
        assert own["groups"] == ["admin"]


def test_changing_the_password_ends_all_other_sessions(site: Site) -> None:
    (here, _), (there, _) = logged_in(site, "carol"), logged_in(site, "carol")
    basic = Person(site.url, auth=("carol", PASSWORD))
    basic.get("/api/users/self")
    guard = {"X-CSRFToken": here.http.cookies["csrftoken"]}
    body = {"old_password": PASSWORD, "new_password1": "battery staple", "new_password2": "battery staple"}
    here.post("/api/auth/password/change", headers=guard, json=body)
    here.get("/api/users/self")
    there.get("/api/users/self", 401)
    basic.get("/api/users/self", 401)
    site.anonymous().post("/api/auth/login", 400, json={"username": "carol", "password": PASSWORD})
    site.anonymous().post("/api/auth/login", json={"username": "carol", "password": "battery staple"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"old_password": "wrong"}, "old_password"),
        ({"new_password2": "something else"}, "new_password2"),
        ({"new_password1": "short", "new_password2": "short"}, "new_password1"),
    ],
)
def test_passwords_that_are_not_changed(change: dict[str, str], field: str, alice: Person) -> None:
    body = {"old_password": PASSWORD, "new_password1": "battery staple", "new_password2": "battery staple", **change}
    assert field in alice.post("/api/auth/password/change", 400, json=body).json()
    alice.get("/api/users/self")


def test_wrong_passwords_are_slowed_down(site: Site) -> None:
    def attempt(password: str, status: int, name: str = "dave") -> httpx.Response:
        return site.anonymous().post("/api/auth/login", status, json={"username": name, "password": password})

    for number in range(PER_NAME):
        attempt(f"guess {number}", 400)
    refused = attempt(PASSWORD, 429)
    assert 0 < int(refused.headers["retry-after"]) <= WINDOW_SECONDS
    assert "wait" in refused.json()["detail"]
    Person(site.url, auth=("dave", PASSWORD)).get("/api/users/self", 429)
    attempt(PASSWORD, 200, name="alice")


def test_whoever_guesses_cannot_choose_the_address_that_is_counted(site: Site) -> None:
    """Behind a proxy on this machine it is the last one named; the others, and other headers, anybody can write."""

    def guess(status: int, forwarded: str) -> None:
        body = {"username": "erin", "password": "guess"}
        headers = {"X-Forwarded-For": forwarded, "X-Real-Ip": forwarded.partition(",")[0]}
        site.anonymous().post("/api/auth/login", status, json=body, headers=headers)

    for number in range(PER_NAME):
        guess(400, f"10.0.0.{number}, 192.0.2.7")
    guess(429, "10.0.1.1, 192.0.2.7")
    guess(400, "192.0.2.7, 192.0.2.8")
    guess(400, "no address")


def test_who_has_no_password_cannot_change_it(admin: Person) -> None:
    body = {"old_password": "", "new_password1": "battery staple", "new_password2": "battery staple"}
    assert "has no password on this server" in admin.post("/api/auth/password/change", 400, json=body).json()["detail"]
