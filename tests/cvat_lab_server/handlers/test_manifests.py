"""Manifests that are uploaded together with the media."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cvat_lab_server.site import Person, Site, form, picture, zip_of
from tests.media_samples import encode_video, moving

NAMES = ("b.jpg", "c.jpg", "a.jpg")
PICTURES = {name: picture(number) for number, name in enumerate(NAMES)}


def manifest(*images: str, width: int = 64) -> bytes:
    lines: list[Any] = [{"version": "1.1"}, {"type": "images"}]
    lines += [{"name": name[:-4], "extension": ".jpg", "width": width, "height": 48} for name in images]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def create(person: Person, files: dict[str, bytes], **parameters: Any) -> tuple[int, str, list[str]]:
    """Return a new task, the message of its request, and the names of its frames."""
    task = person.post("/api/tasks", 201, json={"name": "made", "labels": [{"name": "car"}]}).json()["id"]
    data = {"image_quality": 70, **parameters}
    request = person.post(f"/api/tasks/{task}/data", 202, data=data, files=form(files)).json()["rq_id"]
    message = person.wait(request)["message"]
    names = [frame["name"] for frame in person.get(f"/api/tasks/{task}/data/meta").json()["frames"]]
    return task, message, names


def kept(site: Site, person: Person, task: int) -> bytes:
    """Return the manifest in the data of a task."""
    data = person.get(f"/api/tasks/{task}").json()["data"]
    return (site.workspace / "data" / str(data) / "originals" / "manifest.jsonl").read_bytes()


@pytest.mark.req("R32.6")
def test_it_tells_the_order(alice: Person, site: Site) -> None:
    files = {**PICTURES, "manifest.jsonl": manifest(*NAMES)}
    task, message, names = create(alice, files, sorting_method="predefined")
    assert (message, names) == ("", list(NAMES))
    assert kept(site, alice, task) == files["manifest.jsonl"]
    assert create(alice, files)[2] == sorted(NAMES), "any other order is what it says"
    packed = {"all.zip": zip_of(PICTURES), "manifest.jsonl": manifest("c.jpg", "a.jpg", "b.jpg")}
    assert create(alice, packed, sorting_method="predefined")[2] == ["c.jpg", "a.jpg", "b.jpg"]


@pytest.mark.req("R32.6")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (b"no manifest", "this is not JSON"),
        (manifest(*NAMES, width=65), "says that a.jpg is 65x48, but it is 64x48"),
        (manifest("a.jpg", "b.jpg"), "does not list c.jpg"),
        (manifest(*NAMES, "d.jpg"), "lists d.jpg, but there is no such image"),
        (b'{"version":"1.1"}\n{"type":"video"}\n{}\n', "line 3"),
    ],
)
def test_one_that_does_not_fit_is_replaced(alice: Person, site: Site, given: bytes, message: str) -> None:
    task, told, names = create(alice, {**PICTURES, "manifest.jsonl": given})
    assert "manifest that came along is not used" in told
    assert message in told
    assert names == sorted(NAMES)
    lines = [json.loads(line) for line in kept(site, alice, task).splitlines()]
    assert [line["name"] for line in lines[2:]] == ["a", "b", "c"]


@pytest.mark.req("R32.6")
def test_a_video(alice: Person, tmp_path: Path) -> None:
    content = encode_video(tmp_path / "v.mp4", moving("china.jpg", 24)).read_bytes()

    def lines(length: int) -> bytes:
        properties = {"name": "v.mp4", "resolution": [160, 120], "length": length}
        values: list[Any] = [{"version": "1.0"}, {"type": "video"}, {"properties": properties}, {"number": 0, "pts": 0}]
        return b"".join(json.dumps(value).encode() + b"\n" for value in values)

    assert create(alice, {"v.mp4": content, "manifest.jsonl": lines(24)})[1] == ""
    told = create(alice, {"v.mp4": content, "manifest.jsonl": lines(25)})[1]
    assert "says that the length of the video is 25, but it is 24" in told
    assert "describes images" in create(alice, {"v.mp4": content, "manifest.jsonl": manifest("a.jpg")})[1]
