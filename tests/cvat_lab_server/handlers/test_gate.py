"""What every route asks of a login, whoever wrote it: the CSRF token of a session, the scope of an access token."""

from __future__ import annotations

import re

import pytest

from cvat_lab_server.handlers import make_router
from cvat_lab_server.handlers.routing import Route
from tests.cvat_lab_server.site import PASSWORD, Person, Site

UNSAFE = [route for route in make_router().routes if route.method not in ("GET", "HEAD") and not route.public]


def path_of(route: Route) -> str:
    """Return a path of a route; what it names need not exist, because nobody gets that far."""
    return re.sub(r"\{\w+(:int)?\}", "999", route.path)


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def session(site: Site) -> Person:
    person = site.anonymous()
    person.post("/api/auth/login", json={"username": "alice", "password": PASSWORD})
    return person


@pytest.fixture(scope="module")
def reader(site: Site, alice: Person) -> Person:
    token = alice.post("/api/auth/access_tokens", 201, json={"name": "look", "read_only": True}).json()["value"]
    return Person(site.url, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("route", UNSAFE, ids=name_of)
def test_a_cookie_alone_changes_nothing(session: Person, route: Route) -> None:
    """A foreign page can make the browser send the cookie, but cannot read the token that belongs to it."""
    for headers in ({}, {"X-CSRFToken": ""}, {"X-CSRFToken": "guess"}):
        refused = session.call(route.method, path_of(route), 403, headers=headers, json={})
        assert refused.json()["detail"].startswith("CSRF Failed")
    guard = {"X-CSRFToken": session.http.cookies["csrftoken"]}
    answer = session.call(route.method, path_of(route), None, headers=guard, json={})
    assert "CSRF" not in answer.text


@pytest.mark.parametrize("route", [route for route in UNSAFE if not route.reads], ids=name_of)
def test_a_token_that_may_only_read_writes_nothing(reader: Person, route: Route) -> None:
    refused = reader.call(route.method, path_of(route), 403, json={})
    assert refused.json() == {"detail": "this access token is read-only; use one that may write"}


def test_what_a_token_that_may_only_read_may_call() -> None:
    assert {name_of(route) for route in UNSAFE if route.reads} <= {
        "POST /api/lab/sql",
        "POST /api/jobs/{id:int}/dataset/export",
        "POST /api/tasks/{id:int}/dataset/export",
        "POST /api/projects/{id:int}/dataset/export",
        "POST /api/tasks/{id:int}/backup/export",
        "POST /api/projects/{id:int}/backup/export",
        "POST /api/events",
        "POST /api/events/export",
    }, "a route with reads=True must not change what is kept; if it does not, list it here"


def test_reading_needs_no_csrf_token(session: Person) -> None:
    session.get("/api/tasks")
    session.call("HEAD", "/api/tasks", 405)


def test_nobody_passes_without_a_login(site: Site) -> None:
    stranger = site.anonymous()
    for route in UNSAFE:
        stranger.call(route.method, path_of(route), 401, json={})
