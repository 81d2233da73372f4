"""Exports and imports over HTTP. What the formats hold is tested with the formats."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any

import pytest

from tests.cvat_lab_server.site import LABELS, Made, Person, Site, zip_bomb, zip_of

FORMATS = ["COCO 1.0", "CVAT for images 1.1"]


@pytest.fixture(scope="module")
def filled(alice: Person) -> Made:
    made = alice.create_task(3)
    alice.put(f"/api/jobs/{made.job}/annotations", json=made.every_kind())
    return made


def export(person: Person, owner: str, form: str = "COCO 1.0", **query: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:
    """Export a project, task or job and return the request with the archive."""
    path = f"/api/{owner}/dataset/export"
    number = person.post(path, 202, params={"format": form, "location": "local", **query}).json()["rq_id"]
    request = person.wait(number)
    answer = person.get(request["result_url"])
    name = re.fullmatch(r'attachment; filename="([A-Za-z0-9_\-. ]+)"', answer.headers["content-disposition"])
    assert name
    assert not name[1].startswith(".")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "content-encoding" not in answer.headers
    return request, zipfile.ZipFile(io.BytesIO(answer.content))


def send(person: Person, owner: str, name: str, data: bytes, **query: Any) -> dict[str, Any]:
    """Import a file the way CVAT's clients do: start, TUS, finish."""
    path = f"/api/{owner}/annotations/"
    person.post(path, 202, params={"filename": name, **query}, headers={"Upload-Start": ""})
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": metadata}
    made = person.post(path, 201, headers=headers)
    person.patch(made.headers["Location"], 204, headers={"Upload-Offset": "0"}, content=data)
    finish = {"filename": made.headers["Upload-Filename"], **query}
    number = person.post(path, 202, params=finish, headers={"Upload-Finish": ""}).json()["rq_id"]
    return person.wait_ended(number)


def kinds(person: Person, job: int) -> list[tuple[str, int]]:
    shapes = person.get(f"/api/jobs/{job}/annotations").json()["shapes"]
    return sorted((shape["type"], shape["frame"]) for shape in shapes)


@pytest.mark.parametrize("form", FORMATS)
def test_export_of_everything(alice: Person, form: str) -> None:
    project = alice.post("/api/projects", 201, json={"name": "Mine / Ünïcode", "labels": LABELS}).json()["id"]
    made = [alice.create_task(2, project_id=project, subset=name) for name in ("Train", "Val")]
    for task in made:
        alice.put(f"/api/jobs/{task.job}/annotations", json={"shapes": [task.box()], "tracks": [task.track((0, 1))]})
    for owner, pictures in ((f"projects/{project}", 4), (f"tasks/{made[0].task}", 2), (f"jobs/{made[1].job}", 2)):
        _, plain = export(alice, owner, form)
        assert not [name for name in plain.namelist() if name.endswith(".jpg")]
        _, full = export(alice, owner, form, save_images="True")
        assert len([name for name in full.namelist() if name.endswith(".jpg")]) == pictures
        assert full.testzip() is None


def test_a_job_exports_its_own_frames(alice: Person) -> None:
    made = alice.create_task(6, segment_size=3)
    boxes = [made.box(frame, left=float(frame)) for frame in range(6)]
    alice.put(f"/api/tasks/{made.task}/annotations", json={"shapes": boxes})
    _, archive = export(alice, f"jobs/{made.jobs[1]}")
    [name] = [name for name in archive.namelist() if name.endswith(".json")]
    found = json.loads(archive.read(name))
    assert [image["file_name"] for image in found["images"]] == ["003.jpg", "004.jpg", "005.jpg"]
    assert len(found["annotations"]) == 3


def test_losses_are_named(alice: Person, filled: Made) -> None:
    """COCO knows no cuboids, ellipses, lines or tags; whoever exports is told."""
    request, _ = export(alice, f"tasks/{filled.task}")
    lost = {(loss["kind"], loss["name"]): loss for loss in request["losses"]}
    assert lost
    assert all(loss["count"] > 0 and loss["reason"] for loss in lost.values())
    assert any("cuboid" in name for _, name in lost)
    again, _ = export(alice, f"tasks/{filled.task}")
    assert again["losses"] == request["losses"], "also when the archive was made before"


def test_an_archive_is_made_again_only_after_changes(site: Site, alice: Person) -> None:
    made = alice.create_task(1)
    alice.put(f"/api/jobs/{made.job}/annotations", json={"shapes": [made.box()]})
    first, second = (export(alice, f"tasks/{made.task}")[1].fp.read() for _ in range(2))  # type: ignore[union-attr]
    before = len(list((site.workspace / "exports").glob("*.zip")))
    assert first == second
    alice.patch(f"/api/jobs/{made.job}/annotations", params={"action": "create"}, json={"shapes": [made.box(left=9.0)]})
    _, third = export(alice, f"tasks/{made.task}")
    [name] = [name for name in third.namelist() if name.endswith(".json")]
    assert len(json.loads(third.read(name))["annotations"]) == 2
    assert len(list((site.workspace / "exports").glob("*.zip"))) == before + 1


def test_the_name_of_the_file(alice: Person, filled: Made) -> None:
    query = {"format": "COCO 1.0", "filename": '../..\\ö "evil"\r\n.zip'}
    number = alice.post(f"/api/tasks/{filled.task}/dataset/export", 202, params=query).json()["rq_id"]
    answer = alice.get(alice.wait(number)["result_url"])
    name = re.fullmatch(r'attachment; filename="([A-Za-z0-9_\-. ]+)"', answer.headers["content-disposition"])
    assert name
    assert not name[1].startswith(".")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, "format"),
        ({"format": "JPEG 3000"}, "format"),
        ({"format": "COCO 1.0", "save_images": "some"}, "save_images"),
    ],
)
def test_bad_exports(alice: Person, filled: Made, query: dict[str, str], named: str) -> None:
    assert named in alice.post(f"/api/tasks/{filled.task}/dataset/export", 400, params=query).json()


def test_nothing_to_export(alice: Person) -> None:
    for kind in ("tasks", "projects"):
        number = alice.post(f"/api/{kind}", 201, json={"name": "empty"}).json()["id"]
        path = f"/api/{kind}/{number}/dataset/export"
        assert "no frames" in alice.post(path, 400, params={"format": "COCO 1.0"}).text


def test_downloads_belong_together(alice: Person, filled: Made) -> None:
    request, _ = export(alice, f"tasks/{filled.task}")
    other = alice.create_task(1)
    alice.get(f"/api/tasks/{other.task}/dataset/download", 404, params={"rq_id": request["id"]})
    alice.get(f"/api/jobs/{filled.job}/dataset/download", 404, params={"rq_id": request["id"]})
    alice.get(f"/api/tasks/{filled.task}/dataset/download", 404)


class TestImports:
    @pytest.mark.parametrize("form", FORMATS)
    def test_out_and_in_again(self, alice: Person, form: str) -> None:
        made = alice.create_task(3)
        polygon = {"type": "polygon", "label_id": made.labels["car"], "frame": 2, "points": [1, 1, 30, 2, 20, 30.5]}
        alice.put(f"/api/jobs/{made.job}/annotations", json={"shapes": [made.box(), polygon]})
        before = kinds(alice, made.job)
        _, archive = export(alice, f"tasks/{made.task}", form)
        data = archive.fp.getvalue()  # type: ignore[union-attr]
        alice.delete(f"/api/jobs/{made.job}/annotations")
        for owner in (f"tasks/{made.task}", f"jobs/{made.job}"):
            request = send(alice, owner, "again.zip", data, format=form.replace("CVAT for images", "CVAT"))
            assert request["status"] == "finished", request["message"]
            assert "2 shapes" in request["message"]
            assert request["operation"]["type"] == "import:annotations"
            assert kinds(alice, made.job) == before, "the default is to replace"
        query = {"format": form.replace("CVAT for images", "CVAT"), "import_mode": "append"}
        send(alice, f"tasks/{made.task}", "again.zip", data, **query)
        assert len(kinds(alice, made.job)) == 4

    def test_the_old_way_in_one_request(self, alice: Person, fresh: Made) -> None:
        alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
        _, archive = export(alice, f"tasks/{fresh.task}")
        alice.delete(f"/api/jobs/{fresh.job}/annotations")
        data = archive.fp.getvalue()  # type: ignore[union-attr]
        answer = alice.post(
            f"/api/tasks/{fresh.task}/annotations",
            202,
            params={"format": "COCO 1.0"},
            files={"annotation_file": ("a.zip", data)},
        )
        alice.wait(answer.json()["rq_id"])
        assert kinds(alice, fresh.job) == [("rectangle", 0)]

    def test_the_format_is_found_out(self, alice: Person, fresh: Made) -> None:
        alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
        _, archive = export(alice, f"tasks/{fresh.task}", "CVAT for images 1.1")
        request = send(alice, f"tasks/{fresh.task}", "a.zip", archive.fp.getvalue())  # type: ignore[union-attr]
        assert (request["status"], request["operation"]["format"]) == ("finished", "CVAT 1.1")

    @pytest.mark.parametrize(
        ("name", "data", "told"),
        [
            ("a.json", b"{", "a.json"),
            ("a.json", b'{"images": [], "annotations": [{"image_id": 5}], "categories": []}', "a.json"),
            ("a.zip", b"PK\x03\x04 broken", "a.zip"),
            ("a.zip", zip_of({"../../annotations/instances_default.json": b"{}"}), "leads out of the archive"),
            ("a.json", json.dumps({"images": [{"id": 1, "file_name": "else.jpg", "width": 1, "height": 1}],
                                   "annotations": [], "categories": []}).encode(), ""),
        ],
    )  # fmt: skip
    def test_a_bad_file_changes_nothing(
        self, site: Site, alice: Person, fresh: Made, name: str, data: bytes, told: str
    ) -> None:
        alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
        request = send(alice, f"tasks/{fresh.task}", name, data, format="COCO 1.0")
        if told:
            assert request["status"] == "failed"
            assert told in request["message"]
            assert kinds(alice, fresh.job) == [("rectangle", 0)]
        assert not [path for path in (site.workspace / "uploads").iterdir() if path.name.startswith("import-")]

    def test_a_decompression_bomb_changes_nothing(self, alice: Person, fresh: Made) -> None:
        bomb = zip_bomb("annotations/instances_default.json")
        alice.put(f"/api/jobs/{fresh.job}/annotations", json={"shapes": [fresh.box()]})
        request = send(alice, f"tasks/{fresh.task}", "a.zip", bomb, format="COCO 1.0")
        assert request["status"] == "failed"
        assert "200 times the packed size" in request["message"]
        assert kinds(alice, fresh.job) == [("rectangle", 0)]

    def test_an_unknown_label_is_named(self, alice: Person, fresh: Made) -> None:
        coco = {
            "images": [{"id": 1, "file_name": "000.jpg", "width": 64, "height": 48}],
            "categories": [{"id": 1, "name": "unicorn"}],
            "annotations": [
                {
                    "id": 1,
                    "image_id": 1,
                    "category_id": 1,
                    "bbox": [1, 2, 3, 4],
                    "area": 12,
                    "segmentation": [],
                    "iscrowd": 0,
                }
            ],
        }
        request = send(alice, f"tasks/{fresh.task}", "a.json", json.dumps(coco).encode(), format="COCO 1.0")
        assert "unicorn" in request["message"] + json.dumps(request["losses"])
        assert kinds(alice, fresh.job) == []

    def test_bad_imports(self, alice: Person, bob: Person, fresh: Made) -> None:
        path = f"/api/tasks/{fresh.task}/annotations"
        finish = {"Upload-Finish": ""}
        assert "no file" in alice.post(path, 400, params={"format": "COCO 1.0"}, headers=finish).text
        alice.post(path, 202, headers={"Upload-Start": ""})
        alice.post(path, headers={"Upload-Multiple": ""}, files={"annotation_file": ("a.json", b"{}")})
        assert "JPEG 3000" in alice.post(path, 400, params={"format": "JPEG 3000"}, headers=finish).text
        told = alice.post(path, 400, params={"format": "COCO 1.0", "filename": "../a"}, headers=finish).text
        assert told
        bob.post(path, 403, params={"format": "COCO 1.0"}, headers={"Upload-Start": ""})


def test_formats(alice: Person) -> None:
    formats = alice.get("/api/server/annotation/formats").json()
    for side in ("importers", "exporters"):
        for one in formats[side]:
            assert set(one) == {"name", "ext", "version", "enabled", "dimension"}
            assert one["name"].endswith(one["version"])
    assert {"COCO 1.0", "CVAT for images 1.1", "CVAT for video 1.1"} <= {one["name"] for one in formats["exporters"]}
    assert {"COCO 1.0", "CVAT 1.1"} <= {one["name"] for one in formats["importers"]}
