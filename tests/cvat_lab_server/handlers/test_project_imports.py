"""Datasets imported into projects over HTTP: tasks with images, labels and annotations, all of them or none."""

from __future__ import annotations

import base64
import io
import zipfile
from collections import Counter
from typing import Any

import pytest

from tests.cvat_lab_server.site import LABELS, Person, Site, picture, zip_of

XML = "<annotations><version>1.1</version>{}</annotations>"
IMAGE = '<image id="{}" name="{}" subset="{}" width="64" height="48">{}</image>'
BOX = '<box label="{}" occluded="0" xtl="1.00" ytl="2.00" xbr="{}.00" ybr="30.00"/>'


def new_project(person: Person, labels: Any = ()) -> int:
    return int(person.post("/api/projects", 201, json={"name": "made", "labels": list(labels)}).json()["id"])


def export(person: Person, project: int, form: str) -> bytes:
    query = {"format": form, "save_images": "True", "location": "local"}
    number = person.post(f"/api/projects/{project}/dataset/export", 202, params=query).json()["rq_id"]
    return person.get(person.wait(number)["result_url"]).content


def send(person: Person, project: int, data: bytes, name: str = "dataset.zip", **query: Any) -> dict[str, Any]:
    """Import a file in one request and return how that ended."""
    files = {"dataset_file": (name, data)}
    path = f"/api/projects/{project}/dataset"
    number = person.post(path, 202, params={"filename": name, **query}, files=files).json()["rq_id"]
    return person.wait_ended(number)


def tasks_of(person: Person, project: int) -> list[dict[str, Any]]:
    query = {"project_id": project, "sort": "id"}
    found: list[dict[str, Any]] = person.get("/api/tasks", params=query).json()["results"]
    return found


def contents(person: Person, project: int) -> list[tuple[str, list[str], Counter[Any]]]:
    """Return, by task: its subset, its images, and its objects by kind, label, image and first points."""
    query = {"project_id": project, "page_size": "all"}
    labels = {label["id"]: label["name"] for label in person.get("/api/labels", params=query).json()["results"]}
    found = []
    for task in tasks_of(person, project):
        names = [frame["name"] for frame in person.get(f"/api/tasks/{task['id']}/data/meta").json()["frames"]]
        data = person.get(f"/api/tasks/{task['id']}/annotations").json()
        objects = [("tag", item, ()) for item in data["tags"]]
        objects += [(item["type"], item, tuple(item["points"][:4])) for item in data["shapes"]]
        objects += [("track", item, tuple(item["shapes"][0]["points"])) for item in data["tracks"]]
        counted = Counter((kind, labels[item["label_id"]], item["frame"], at) for kind, item, at in objects)
        found.append((task["subset"], names, counted))
    return sorted(found)


def declared(person: Person, project: int) -> list[Any]:
    """Return the labels of a project without ids; the values of a text attribute mean nothing."""
    found = person.get("/api/labels", params={"project_id": project}).json()["results"]
    specs = ("name", "input_type", "mutable", "default_value")
    return [
        (
            [label[name] for name in ("name", "color", "type")],
            [[spec[name] for name in specs] for spec in label["attributes"]],
            [spec["values"] for spec in label["attributes"] if spec["input_type"] != "text"],
            [(part["name"], part["color"]) for part in label["sublabels"]],
        )
        for label in found
    ]


def snapshot(person: Person, project: int) -> Any:
    labels = person.get("/api/labels", params={"project_id": project}).json()["results"]
    return labels, tasks_of(person, project), person.sql("SELECT count(*) AS n FROM tasks")


def data_folders(site: Site) -> set[str]:
    return {path.name for path in (site.workspace / "data").iterdir()}


@pytest.fixture(scope="module")
def source(alice: Person) -> int:
    """A project with two subsets of annotated images."""
    project = new_project(alice, LABELS)
    for subset, first in (("Train", 0), ("Validation", 3)):
        files = {f"{subset}/{number}.jpg": picture(first + number) for number in range(3)}
        files = {name.rpartition("/")[2]: data for name, data in files.items()}
        made = alice.create_task(files, project_id=project, subset=subset)
        boxes = [made.box(frame, left=float(frame + first)) for frame in range(3)]
        polygon = {"type": "polygon", "label_id": made.labels["car"], "frame": 1, "points": [1, 1, 30, 2, 20, 30]}
        everything = {"shapes": [*boxes, polygon], "tags": [made.tag(2)]}
        alice.put(f"/api/tasks/{made.task}/annotations", json=everything)
    return project


@pytest.mark.req("R20.6", "R20.7")
def test_an_exported_project_comes_back(alice: Person, source: int) -> None:
    target = new_project(alice)
    done = send(alice, target, export(alice, source, "CVAT for images 1.1"), format="CVAT 1.1")
    assert (done["status"], done["operation"]["type"]) == ("finished", "import:dataset"), done
    assert done["message"] == "2 tasks with 6 frames and 10 objects were made"
    assert contents(alice, target) == contents(alice, source)
    assert [task["name"] for task in tasks_of(alice, target)] == ["Train", "Validation"]
    assert declared(alice, target) == declared(alice, source)


@pytest.mark.parametrize("form", ["COCO 1.0", "YOLO 1.1"])
def test_other_formats_make_tasks_and_labels_too(alice: Person, source: int, form: str) -> None:
    target = new_project(alice)
    done = send(alice, target, export(alice, source, form), format=form)
    assert done["status"] == "finished", done
    tasks = tasks_of(alice, target)
    assert sorted(task["size"] for task in tasks) == [3, 3]
    shapes = [alice.get(f"/api/tasks/{task['id']}/annotations").json()["shapes"] for task in tasks]
    assert [sum(shape["type"] == "rectangle" for shape in found) >= 3 for found in shapes] == [True, True]
    assert "car" in [
        label["name"] for label in alice.get("/api/labels", params={"project_id": target}).json()["results"]
    ]


@pytest.mark.req("R20.7")
def test_labels_of_the_project_are_used(alice: Person, source: int) -> None:
    target = new_project(alice, LABELS)
    before = alice.get("/api/labels", params={"project_id": target}).json()["results"]
    data = export(alice, source, "CVAT for images 1.1")
    for _ in range(2):  # a second import adds tasks beside the first ones
        assert send(alice, target, data, format="CVAT 1.1")["status"] == "finished"
    assert alice.get("/api/labels", params={"project_id": target}).json()["results"] == before
    assert [task["subset"] for task in tasks_of(alice, target)] == ["Train", "Validation"] * 2


def test_the_steps_of_cvats_clients(alice: Person, source: int) -> None:
    target = new_project(alice)
    data, path = export(alice, source, "CVAT for images 1.1"), f"/api/projects/{target}/dataset/"
    query = {"format": "CVAT 1.1", "filename": "a.zip", "conv_mask_to_poly": "false"}
    alice.post(path, 202, params=query, headers={"Upload-Start": ""})
    metadata = f"filename {base64.b64encode(b'a.zip').decode()}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": metadata}
    made = alice.post(path, 201, headers=headers).headers
    half = len(data) // 2
    alice.patch(made["Location"], 204, headers={"Upload-Offset": "0"}, content=data[:half])
    alice.patch(made["Location"], 204, headers={"Upload-Offset": str(half)}, content=data[half:])
    finish = {**query, "filename": made["Upload-Filename"]}
    alice.wait(alice.post(path, 202, params=finish, headers={"Upload-Finish": ""}).json()["rq_id"])
    assert len(tasks_of(alice, target)) == 2


def test_background_is_left_out(alice: Person) -> None:
    target = new_project(alice, [{"name": "car"}])
    image = IMAGE.format(0, "a.jpg", "Train", BOX.format("background", 9) + BOX.format("car", 20))
    archive = zip_of({"annotations.xml": XML.format(image).encode(), "images/Train/a.jpg": picture(0)})
    done = send(alice, target, archive, format="CVAT 1.1")
    assert done["status"] == "finished", done
    assert [loss["name"] for loss in done["losses"]] == ["background"]
    [(_, names, objects)] = contents(alice, target)
    assert names == ["a.jpg"]
    assert list(objects) == [("rectangle", "car", 0, (1.0, 2.0, 20.0, 30.0))]


GOOD = IMAGE.format(0, "a.jpg", "Train", BOX.format("car", 20))


@pytest.mark.req("R20.7")
@pytest.mark.parametrize(
    ("images", "files", "told"),
    [
        (IMAGE.format(1, "b.jpg", "Val", BOX.format("bus", 9)), {"images/Val/b.jpg": picture(1)}, "'bus' is unknown"),
        (IMAGE.format(1, "b.jpg", "Val", ""), {}, "1 of the 1 images of subset 'Val' are not in the file"),
        (IMAGE.format(1, "b.jpg", "Val", ""), {"images/Val/b.jpg": b"no picture"}, "b.jpg"),
        (IMAGE.format(1, "../../../b.jpg", "Val", ""), {"images/Val/b.jpg": picture(1)}, "not in the file"),
        (IMAGE.format(1, "b.jpg", "V" * 65, ""), {f"images/{'V' * 65}/b.jpg": picture(1)}, "more than 64 characters"),
        ("<image", {}, "not well-formed"),
    ],
    ids=["unknown-label", "missing-image", "broken-image", "leads-out", "long-subset", "broken-xml"],
)
def test_a_failed_import_leaves_nothing(
    alice: Person, site: Site, images: str, files: dict[str, bytes], told: str
) -> None:
    target = new_project(alice, [{"name": "car"}])
    before, folders = snapshot(alice, target), data_folders(site)
    xml = XML.format(GOOD + images).encode()
    done = send(
        alice, target, zip_of({"annotations.xml": xml, "images/Train/a.jpg": picture(0), **files}), format="CVAT 1.1"
    )
    assert done["status"] == "failed"
    assert told in done["message"]
    assert snapshot(alice, target) == before
    assert data_folders(site) == folders
    assert not list((site.workspace / "uploads").glob("import-*"))


def test_a_file_without_images(alice: Person) -> None:
    target = new_project(alice)
    done = send(alice, target, XML.format("").encode(), "annotations.xml", format="CVAT 1.1")
    assert done["status"] == "failed"
    assert "annotations.xml holds no images" in done["message"]


def test_names_that_lead_out_stay_inside(alice: Person, site: Site) -> None:
    """A member called like a path upwards is refused before anything is unpacked."""
    target = new_project(alice)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("annotations.xml", XML.format(IMAGE.format(0, "../../evil.jpg", "Train", "")))
        archive.writestr("images/Train/../../evil.jpg", picture(0))
    done = send(alice, target, packed.getvalue(), format="CVAT 1.1")
    assert done["status"] == "failed"
    assert "leads out of the archive" in done["message"]
    assert not list(site.workspace.rglob("evil.jpg"))


def test_refusals(alice: Person, bob: Person) -> None:
    target = new_project(alice)
    path = f"/api/projects/{target}/dataset"
    assert "import a dataset" in bob.post(path, 403, params={"format": "CVAT 1.1"}).text
    assert "no such format" in alice.post(path, 400, params={"format": "no such format"}, files={"f": ("a", b"b")}).text
    assert "no file" in alice.post(path, 400, params={"format": "CVAT 1.1"}).text
