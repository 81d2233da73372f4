"""Annotation guides and the files in them."""

from __future__ import annotations

from typing import Any

import pytest

from cvat_lab_server.services.guides import ASSET_LIMIT, ASSETS_PER_GUIDE
from tests.cvat_lab_server.site import LABELS, Made, Person, Site, picture

PDF = b"%PDF-1.7\n%%EOF"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def make_guide(person: Person, **owner: int) -> dict[str, Any]:
    return dict(person.post("/api/guides", 201, json={**owner, "markdown": "# Draw *all* cars"}).json())


def add(person: Person, guide: int, content: bytes, name: str = "a.png", status: int = 201) -> Any:
    files = {"file": (name, content)}
    return person.post("/api/assets", status, data={"guide_id": str(guide)}, files=files).json()


def files_of(site: Site) -> set[str]:
    return {path.name for path in (site.workspace / "assets").iterdir()}


def test_the_guide_of_a_task(alice: Person, bob: Person, fresh: Made) -> None:
    made = make_guide(alice, task_id=fresh.task)
    assert (made["task_id"], made["project_id"], made["markdown"]) == (fresh.task, None, "# Draw *all* cars")
    assert alice.get(f"/api/tasks/{fresh.task}").json()["guide_id"] == made["id"]
    assert alice.get(f"/api/jobs/{fresh.job}").json()["guide_id"] == made["id"]
    path = f"/api/guides/{made['id']}"
    changed = alice.patch(path, json={"markdown": "Nothing"}).json()
    assert alice.get(path).json() == changed
    assert changed["updated_date"] > made["updated_date"]
    for call in (bob.get(path, 403), bob.patch(path, 403, json={"markdown": ""}), bob.delete(path, 403)):
        assert "the task" in call.json()["detail"]
    alice.patch(f"/api/jobs/{fresh.job}", json={"assignee": bob.id})
    assert bob.get(path).json()["markdown"] == "Nothing"
    bob.patch(path, 403, json={"markdown": ""})
    assert "has a guide already" in alice.post("/api/guides", 400, json={"task_id": fresh.task}).text
    alice.delete(path)
    alice.get(path, 404)
    assert alice.get(f"/api/tasks/{fresh.task}").json()["guide_id"] is None


def test_the_guide_of_a_project_is_that_of_its_tasks(alice: Person) -> None:
    labels = [{"name": "car"}]
    project = alice.post("/api/projects", 201, json={"name": "p", "labels": labels}).json()["id"]
    task = alice.post("/api/tasks", 201, json={"name": "t", "project_id": project}).json()["id"]
    request = alice.post(
        f"/api/tasks/{task}/data", 202, data={"image_quality": 70}, files={"client_files[0]": ("a.jpg", picture(0))}
    ).json()["rq_id"]
    alice.wait(request)
    made = make_guide(alice, project_id=project)
    assert alice.get(f"/api/projects/{project}").json()["guide_id"] == made["id"]
    [job] = alice.get("/api/jobs", params={"task_id": task}).json()["results"]
    assert job["guide_id"] == made["id"]
    assert alice.get(f"/api/tasks/{task}").json()["guide_id"] == made["id"]
    assert "project" in alice.post("/api/guides", 400, json={"task_id": task}).text
    alice.delete(f"/api/projects/{project}")
    alice.get(f"/api/guides/{made['id']}", 404)


def test_a_task_keeps_its_guide_when_it_moves_to_a_project(alice: Person, fresh: Made) -> None:
    project = alice.post("/api/projects", 201, json={"name": "p", "labels": LABELS}).json()["id"]
    make_guide(alice, project_id=project)
    own = make_guide(alice, task_id=fresh.task)["id"]
    alice.patch(f"/api/tasks/{fresh.task}", json={"project_id": project})
    assert alice.get(f"/api/tasks/{fresh.task}").json()["guide_id"] == own
    assert alice.get(f"/api/jobs/{fresh.job}").json()["guide_id"] == own


@pytest.mark.parametrize("owner", [{}, {"task_id": 1, "project_id": 1}])
def test_a_guide_is_for_one_thing(owner: dict[str, int], alice: Person) -> None:
    assert "either" in alice.post("/api/guides", 400, json=owner).text


def test_guides_of_what_is_not_there(alice: Person) -> None:
    alice.post("/api/guides", 404, json={"task_id": 10**6})
    alice.get("/api/guides/1000000", 404)
    alice.get("/api/assets/none", 404)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(0, ".png"), "image/png"),
        (picture(0), "image/jpeg"),
        (picture(0, ".webp"), "image/webp"),
        (PDF, "application/pdf"),
    ],
)
def test_a_file_comes_back_and_is_inert(
    content: bytes, kind: str, alice: Person, bob: Person, fresh: Made, site: Site
) -> None:
    guide = make_guide(alice, task_id=fresh.task)["id"]
    made = add(alice, guide, content, "../../evil.html")
    assert (made["filename"], made["guide_id"], made["owner"]["username"]) == ("evil.html", guide, "alice")
    path = f"/api/assets/{made['uuid']}"
    shown = alice.get(path)
    assert shown.content == content
    assert shown.headers["content-type"] == kind
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    how = "inline" if kind.startswith("image/") else "attachment"
    assert shown.headers["content-disposition"] == f"{how}; filename*=UTF-8''evil.html"
    bob.get(path, 403)
    bob.delete(path, 403)
    assert made["uuid"] in files_of(site)
    alice.delete(path)
    alice.get(path, 404)
    assert made["uuid"] not in files_of(site)


def test_files_that_a_guide_cannot_have(alice: Person, bob: Person, fresh: Made, site: Site) -> None:
    guide, before = make_guide(alice, task_id=fresh.task)["id"], files_of(site)
    for content in (SVG, b"<html></html>", b""):
        assert "none of: PNG" in str(add(alice, guide, content, status=400))
    large = picture(0, ".png") + bytes(ASSET_LIMIT)
    assert f"{ASSET_LIMIT:,}" in str(add(alice, guide, large, status=413))
    add(bob, guide, PDF, status=403)
    add(alice, 10**6, PDF, status=404)
    alice.post("/api/assets", 400, data={"guide_id": str(guide)})
    assert files_of(site) == before


def test_a_guide_has_so_many_files(alice: Person, fresh: Made) -> None:
    guide = make_guide(alice, task_id=fresh.task)["id"]
    for _ in range(ASSETS_PER_GUIDE):
        add(alice, guide, PDF, "a.pdf")
    assert "more it cannot have" in str(add(alice, guide, PDF, status=400))


def test_files_go_with_their_guide(alice: Person, fresh: Made, site: Site) -> None:
    guide = make_guide(alice, task_id=fresh.task)["id"]
    made = add(alice, guide, PDF)["uuid"]
    alice.delete(f"/api/guides/{guide}")
    assert made not in files_of(site)


def test_files_go_with_the_task_and_the_project(alice: Person, fresh: Made, site: Site) -> None:
    project = alice.post("/api/projects", 201, json={"name": "p"}).json()["id"]
    of_task = add(alice, make_guide(alice, task_id=fresh.task)["id"], PDF)["uuid"]
    of_project = add(alice, make_guide(alice, project_id=project)["id"], PDF)["uuid"]
    alice.delete(f"/api/tasks/{fresh.task}")
    assert {of_task, of_project} & files_of(site) == {of_project}
    alice.delete(f"/api/projects/{project}")
    assert of_project not in files_of(site)
    alice.get(f"/api/assets/{of_project}", 404)


def test_a_name_that_is_no_ascii(alice: Person, fresh: Made) -> None:
    guide = make_guide(alice, task_id=fresh.task)["id"]
    uuid = add(alice, guide, PDF, 'Anleitung "für" Ärzte.pdf')["uuid"]
    sent = alice.get(f"/api/assets/{uuid}").headers["content-disposition"]
    assert sent.startswith("attachment; filename*=UTF-8''Anleitung%20")
    assert sent.isascii()
    assert '"' not in sent
