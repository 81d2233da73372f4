"""Context images over HTTP: from archives and from the share."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.cvat_lab_server.site import Person, Site, picture, zip_of

FILES = {
    "day/one.jpg": picture(0),
    "day/two.png": picture(1, ".png"),
    "day/related_images/one_jpg/left.jpg": picture(2),
    "day/related_images/one_jpg/right.png": picture(3, ".png"),
    "day/related_images/nobody_jpg/lost.jpg": picture(4),
    "night.jpg": picture(5),
    "related_images/night_jpg/wide.jpg": picture(6),
}
FRAMES = {"day/one.jpg": 2, "day/two.png": 0, "night.jpg": 1}


def check(person: Person, task: int, job: int, prefix: str = "") -> None:
    for owner in (f"tasks/{task}", f"jobs/{job}"):
        listed = person.get(f"/api/{owner}/data/meta").json()["frames"]
        counts = {frame["name"].removeprefix(prefix): frame["related_files"] for frame in listed}
        assert counts == FRAMES
        assert [frame["has_related_context"] for frame in listed] == [True, False, True]
        answer = person.get(f"/api/{owner}/data", params={"type": "context_image", "number": 0})
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == {
                "left.jpg": picture(2),
                "right.png": picture(3, ".png"),
            }
        told = person.get(f"/api/{owner}/data", 404, params={"type": "context_image", "number": 1}).text
        assert "two.png has no context images" in told
        assert "number" in person.get(f"/api/{owner}/data", 400, params={"type": "context_image", "number": 3}).json()


@pytest.mark.req("R27.1", "R27.2", "R27.6")
def test_from_an_archive(alice: Person) -> None:
    made = alice.create_task({"pictures.zip": zip_of(FILES)})
    check(alice, made.task, made.job)


@pytest.mark.req("R27.1", "R27.2")
def test_from_the_share(alice: Person, site: Site) -> None:
    for name, data in FILES.items():
        path = site.share / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    task = alice.post("/api/tasks", 201, json={"name": "shared"}).json()["id"]
    body = {"image_quality": 70, "server_files": ["context/"]}
    alice.wait(alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    check(alice, task, alice.made(task).job, "context/")


def test_others_do_not_see_them(alice: Person, bob: Person) -> None:
    made = alice.create_task({"pictures.zip": zip_of(FILES)})
    bob.get(f"/api/tasks/{made.task}/data", 403, params={"type": "context_image", "number": 0})
