"""Backups over HTTP: what is in them, what comes back, and that the way there and back changes nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from tests.cvat_lab_server.backups import Archive, annotate, back_up, restore, spec, start_restore, tus
from tests.cvat_lab_server.site import LABELS, Made, Person, Site, picture, zip_of
from tests.media_samples import encode_video, moving


@pytest.fixture(scope="module")
def rich(alice: Person) -> Made:
    """A task with all kinds of annotations, a deleted frame, a finished job and a guide."""
    made = alice.create_task(5, name="Räume & Straßen", subset="train", bug_tracker="https://example.com/1")
    annotate(alice, made)
    alice.patch(f"/api/tasks/{made.task}/data/meta", json={"deleted_frames": [1, 3]})
    alice.patch(f"/api/jobs/{made.job}", json={"stage": "validation", "state": "in progress"})
    return made


@pytest.fixture(scope="module")
def archive(alice: Person, rich: Made) -> Archive:
    return back_up(alice, rich.task)


@pytest.mark.req("R19.2", "R19.7", "R19.10")
def test_layout_of_a_task(archive: Archive) -> None:
    assert set(archive) == {
        "task.json",
        "annotations.json",
        "data/manifest.jsonl",
        *(f"data/{n:03d}.jpg" for n in range(5)),
    }
    task = spec(archive)
    labels = task.pop("labels")
    assert task == {
        "name": "Räume & Straßen",
        "bug_tracker": "https://example.com/1",
        "status": "validation",
        "subset": "train",
        "version": "1.0",
        "data": {
            "chunk_size": 72,
            "image_quality": 70,
            "start_frame": 0,
            "stop_frame": 4,
            "chunk_type": "imageset",
            "storage_method": "cache",
            "storage": "local",
            "sorting_method": "lexicographical",
            "deleted_frames": [1, 3],
        },
        "jobs": [
            {
                "start_frame": 0,
                "stop_frame": 4,
                "frames": [],
                "status": "validation",
                "type": "annotation",
                "stage": "validation",
                "state": "in progress",
            }
        ],
    }
    assert [(label["name"], label["type"]) for label in labels] == [("car", "any"), ("cat", "skeleton")]
    assert '"id"' not in archive["task.json"].decode()
    assert re.findall(r'data-label-name="(\w+)"', labels[1]["svg"]) == ["head", "tail"]
    assert "data-label-id" not in labels[1]["svg"]
    assert labels[0]["attributes"][0] == {
        "name": "kind",
        "mutable": False,
        "input_type": "select",
        "default_value": "suv",
        "values": ["suv", "van"],
    }
    assert archive["data/002.jpg"] == picture(2), "media is copied as it is"


@pytest.mark.req("R19.8")
def test_annotations_speak_in_names(archive: Archive) -> None:
    [job] = json.loads(archive["annotations.json"])
    assert set(job) == {"version", "tags", "shapes", "tracks"}
    for key in (b'"label_id"', b'"spec_id"', b'"id"'):
        assert key not in archive["annotations.json"]
    skeleton = next(shape for shape in job["shapes"] if shape["type"] == "skeleton")
    assert [element["label"] for element in skeleton["elements"]] == ["head", "tail"]
    rotated = next(shape for shape in job["shapes"] if shape["rotation"])
    assert (rotated["label"], rotated["group"], rotated["z_order"], rotated["score"]) == ("car", 4, -3, 0.25)
    assert {"name": "kind", "value": "van"} in rotated["attributes"]


@pytest.mark.req("R19.6", "R19.12", "R19.13")
def test_round_trip(alice: Person, rich: Made, archive: Archive) -> None:
    task = restore(alice, archive)
    assert back_up(alice, task) == archive
    made = alice.made(task)
    assert alice.get(f"/api/tasks/{task}/data/meta").json()["deleted_frames"] == [1, 3]
    job = alice.get(f"/api/jobs/{made.job}").json()
    assert (job["stage"], job["state"], job["assignee"]) == ("validation", "in progress", None)
    assert alice.get(f"/api/tasks/{task}").json()["owner"]["username"] == "alice"
    shown = alice.get("/api/labels", params={"task_id": task}).json()["results"][1]["svg"]
    assert re.findall(r'data-label-id="(\d+)"', shown) == [str(made.labels[name]) for name in ("head", "tail")]
    frame = {"type": "frame", "number": 4, "quality": "original"}
    assert alice.get(f"/api/tasks/{task}/data", params=frame).content == picture(4)
    [history] = alice.sql("SELECT action, job_id, author FROM revisions WHERE task_id = ?", [task])
    assert history == {"action": "restore", "job_id": made.job, "author": "alice"}
    alice.patch(f"/api/jobs/{made.job}/annotations", params={"action": "create"}, json={"shapes": [made.box()]})


def test_a_second_backup_of_the_same_is_the_same_file(alice: Person, site: Site, rich: Made) -> None:
    before = back_up(alice, rich.task)
    files = sorted((site.workspace / "exports").iterdir())
    assert back_up(alice, rich.task) == before
    assert sorted((site.workspace / "exports").iterdir()) == files
    alice.patch(f"/api/tasks/{rich.task}", json={"bug_tracker": "https://example.com/1"})
    assert len(files) == len(sorted((site.workspace / "exports").iterdir()))


@pytest.mark.req("R19.10")
def test_jobs_and_overlap_come_back(alice: Person) -> None:
    made = alice.create_task(10, segment_size=4, overlap=1, data={"chunk_size": 3, "image_quality": 40})
    alice.put(f"/api/tasks/{made.task}/annotations", json={"shapes": [made.box(n) for n in range(10)]})
    first = back_up(alice, made.task)
    jobs = [(job["start_frame"], job["stop_frame"]) for job in spec(first)["jobs"]]
    assert jobs == [(0, 3), (3, 6), (6, 9)]
    assert [len(job["shapes"]) for job in json.loads(first["annotations.json"])] == [4, 4, 4]
    task = restore(alice, first)
    assert back_up(alice, task) == first
    shown = alice.get(f"/api/tasks/{task}").json()
    assert (shown["segment_size"], shown["overlap"], shown["data_chunk_size"], shown["image_quality"]) == (4, 1, 3, 40)


def test_images_of_an_archive_in_an_order_of_their_own(alice: Person) -> None:
    """Sources that no frame shows are in the backup too, and the frames keep their numbers."""
    names = ["b/2.jpg", "a.png", "c.jpg", "b/10.jpg", "d.jpg", "e.jpg", "related_images/c_jpg/side.jpg"]
    content = {name: picture(n, Path(name).suffix) for n, name in enumerate(names)}
    parameters = {"sorting_method": "predefined", "start_frame": 1, "stop_frame": 4, "frame_filter": "step=2"}
    made = alice.create_task({"all.zip": zip_of(content)}, data=parameters)
    first = back_up(alice, made.task)
    assert {name: first[f"data/{name}"] for name in names} == content
    assert spec(first)["data"]["frame_filter"] == "step=2"
    lines = [json.loads(line) for line in first["data/manifest.jsonl"].splitlines()]
    assert [line.get("name") for line in lines[2:]] == [None, "a", None, "b/10", None, None]
    task = restore(alice, first)
    again = back_up(alice, task)
    assert spec(again) == spec(first)
    assert again == first
    assert [frame["name"] for frame in alice.get(f"/api/tasks/{task}/data/meta").json()["frames"]] == [
        "a.png",
        "b/10.jpg",
    ]


def test_a_video(alice: Person, tmp_path: Path) -> None:
    path = encode_video(tmp_path / "street.mp4", moving("china.jpg", 40))
    data = {"start_frame": 4, "stop_frame": 33, "frame_filter": "step=3", "use_zip_chunks": "true"}
    made = alice.create_task({"street.mp4": path.read_bytes()}, data=data, segment_size=6)
    annotate(alice, made)
    first = back_up(alice, made.task)
    assert first["data/street.mp4"] == path.read_bytes()
    assert spec(first)["data"] | {"chunk_size": 0} == {
        "chunk_size": 0,
        "image_quality": 70,
        "start_frame": 4,
        "stop_frame": 31,
        "frame_filter": "step=3",
        "chunk_type": "imageset",
        "storage_method": "cache",
        "storage": "local",
        "sorting_method": "lexicographical",
        "deleted_frames": [],
    }
    task = restore(alice, first)
    assert back_up(alice, task) == first
    query = {"type": "frame", "number": 9, "quality": "original"}
    shown, before = (alice.get(f"/api/tasks/{number}/data", params=query).content for number in (task, made.task))
    assert shown == before


def test_media_of_the_share_is_copied(alice: Person) -> None:
    """Only what frames show: the share may hold any number of other images."""
    task = alice.post("/api/tasks", 201, json={"name": "shared", "labels": LABELS}).json()["id"]
    body = {"image_quality": 70, "server_files": ["street"], "start_frame": 1, "frame_filter": "step=2"}
    alice.wait(alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    first = back_up(alice, task)
    names = [f"data/street/{n}.jpg" for n in (1, 3, 5)]
    assert [name for name in first if name.endswith(".jpg")] == names
    assert spec(first)["data"] | {"storage": "local", "start_frame": 0, "stop_frame": 2} == spec(first)["data"]
    again = restore(alice, first)
    assert back_up(alice, again) == first


@pytest.mark.req("R19.3", "R19.9", "R19.12")
def test_a_project(alice: Person) -> None:
    body = {"name": "zoo", "bug_tracker": "https://example.com/zoo", "labels": LABELS}
    project = alice.post("/api/projects", 201, json=body).json()["id"]
    tasks = [alice.create_task(3, project_id=project, name=f"part {n}", subset="val") for n in range(2)]
    alice.post("/api/tasks", 201, json={"name": "empty", "project_id": project})
    annotate(alice, tasks[1])
    first = back_up(alice, project, "project")
    described = spec(first, "project.json")
    labels = described.pop("labels")
    assert described == {
        "name": "zoo",
        "bug_tracker": "https://example.com/zoo",
        "status": "annotation",
        "version": "1.0",
    }
    assert {name.split("/")[0] for name in first} == {"project.json", "task_0", "task_1"}
    assert spec(first, "task_1/task.json")["labels"] == labels
    again = restore(alice, first, "project")
    assert back_up(alice, again, "project") == first
    found = alice.get("/api/tasks", params={"project_id": again, "sort": "id"}).json()["results"]
    assert [(task["name"], task["subset"]) for task in found] == [("part 0", "val"), ("part 1", "val")]
    assert alice.get("/api/labels", params={"project_id": again}).json()["count"] == 2


def test_guides_and_their_files(alice: Person) -> None:
    made = alice.create_task(1)
    guide = alice.post("/api/guides", 201, json={"task_id": made.task, "markdown": ""}).json()["id"]
    uuids = [
        alice.post("/api/assets", 201, data={"guide_id": guide}, files={"file": (name, picture(n, ".png"))}).json()[
            "uuid"
        ]
        for n, name in enumerate(("how to.png", "how to.png", "x.png"))
    ]
    text = "# Wie?\n" + "\n".join(f"![](/api/assets/{uuid})" for uuid in uuids)
    alice.patch(f"/api/guides/{guide}", json={"markdown": text})
    first = back_up(alice, made.task)
    assert first["annotation_guide.md"].decode() == (
        "# Wie?\n![](assets/how%20to.png)\n![](assets/how%20to_1.png)\n![](assets/x.png)"
    )
    assert first["assets/how to_1.png"] == picture(1, ".png")
    task = restore(alice, first)
    assert back_up(alice, task) == first
    shown = alice.get(f"/api/tasks/{task}").json()["guide_id"]
    again = alice.get(f"/api/guides/{shown}").json()["markdown"]
    [_, second, _] = re.findall(r"/api/assets/([0-9a-f-]+)", again)
    assert second not in uuids
    assert alice.get(f"/api/assets/{second}").content == picture(1, ".png")
    evil = first | {"assets/x.png": b"<script>"}
    message = alice.wait(start_restore(alice, zip_of(evil)), "failed")["message"]
    assert "x.png is none of" in message


@pytest.mark.req("R19.4", "R19.5")
def test_the_way_of_older_clients(alice: Person, bob: Person) -> None:
    """GET until the backup is ready, then the file; a restore answers with the id when it is asked for its request."""
    made = alice.create_task(3)
    path = f"/api/tasks/{made.task}/backup"
    alice.get(path, 404, params={"action": "download"})
    for change in (False, True):
        if change:
            alice.put(f"/api/jobs/{made.job}/annotations", json={"shapes": [made.box()]})
        while (answer := alice.get(path, None)).status_code == 202:
            assert answer.json()["rq_id"]
        assert answer.status_code == 201
        content = alice.get(path, params={"action": "download"}).content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            [job] = json.loads(archive.read("annotations.json"))
        assert len(job["shapes"]) == change, "it is never an old one"
    bob.get(path, 403)
    request = start_restore(alice, content)
    while (answer := alice.post("/api/tasks/backup", None, params={"rq_id": request})).status_code == 202:
        assert answer.json() == {"rq_id": request}
    assert answer.status_code == 201
    assert alice.get(f"/api/tasks/{answer.json()['id']}").json()["size"] == 3
    request = start_restore(alice, b"no zip")
    alice.wait(request, "failed")
    assert "not a readable zip" in alice.post("/api/tasks/backup", 400, params={"rq_id": request}).text
    assert "cloud storage" in alice.post(f"{path}/export", 400, params={"location": "cloud_storage"}).text


def test_requests_and_names(alice: Person, rich: Made, archive: Archive) -> None:
    request = alice.post(f"/api/tasks/{rich.task}/backup/export?lightweight=True&location=local", 202).json()["rq_id"]
    done = alice.wait(request)
    operation = {"type": "export:backup", "target": "task", "task_id": rich.task, "lightweight": True}
    assert operation.items() <= done["operation"].items()
    assert f"/api/tasks/{rich.task}/backup/download" in done["result_url"]
    answer = alice.get(done["result_url"])
    name = re.search(r'filename="(.+)"', answer.headers["Content-Disposition"])
    assert name
    assert re.fullmatch(r"task_r_ume _ stra_en_backup_\d{4}(_\d\d){5}\.zip", name[1])
    restored = alice.wait(tus(alice, zip_of(archive)))
    assert {"type": "import:backup", "target": "task"}.items() <= restored["operation"].items()
    assert alice.get(f"/api/tasks/{restored['result_id']}").json()["name"] == "Räume & Straßen"


@pytest.mark.req("R19.11")
def test_a_name_of_ones_own(alice: Person, rich: Made) -> None:
    query = {"filename": "keep me.zip"}
    request = alice.post(f"/api/tasks/{rich.task}/backup/export", 202, params=query).json()["rq_id"]
    answer = alice.get(alice.wait(request)["result_url"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="keep me.zip"'


def test_rights(alice: Person, bob: Person, site: Site, rich: Made) -> None:
    refused = bob.post(f"/api/tasks/{rich.task}/backup/export", 403).json()
    assert "export the task" in str(refused)
    site.anonymous().post("/api/tasks/backup", 401)
    alice.post("/api/tasks/999999/backup/export", 404)
    request = alice.post(f"/api/tasks/{rich.task}/backup/export", 202).json()["rq_id"]
    url = alice.wait(request)["result_url"]
    bob.get(url, 403)
    empty = alice.post("/api/tasks", 201, json={"name": "empty"}).json()["id"]
    assert "upload data first" in alice.post(f"/api/tasks/{empty}/backup/export", 400).text
