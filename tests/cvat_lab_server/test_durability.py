"""A server that is killed in the middle of its work: what it acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import io
import json
import random
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psutil
import pytest

from cvat_lab_server.commands import add_user
from tests.cvat_lab_server.process import ServerProcess
from tests.cvat_lab_server.site import PASSWORD, Made, Person, picture, zip_of
from tests.processes import bearer

SAVES = 1000
KILLS = 3

LARGE = 10_000
"""Shapes of a large save."""

MANY = 20_000
"""Pictures of a task whose creation takes seconds."""

POLYGONS = 30_000
"""Shapes of a task whose export takes seconds."""


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with many pictures in it."""
    folder = tmp_path_factory.mktemp("share")
    (folder / "many").mkdir()
    first = folder / "many" / "00000.jpg"
    first.write_bytes(picture(1))
    for number in range(1, MANY):
        first.with_name(f"{number:05d}.jpg").hardlink_to(first)
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, share: Path) -> Iterator[ServerProcess]:
    workspace = tmp_path_factory.mktemp("durable") / "workspace"
    add_user(workspace, "alice", PASSWORD)
    process = ServerProcess(workspace, "--share-root", str(share)).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def alice(server: ServerProcess) -> Person:
    return new_person(server)


@pytest.fixture
def made(alice: Person) -> Made:
    return alice.create_task(3)


def new_person(server: ServerProcess) -> Person:
    """Return alice with a connection of her own and a token, which is quicker to check than a password."""
    login = Person(server.url, auth=("alice", PASSWORD))
    token = login.post("/api/auth/access_tokens", 201, json={"name": uuid.uuid4().hex}).json()["value"]
    return Person(server.url, headers=bearer(token))


# saves


@dataclass
class Editor:
    """Saves one change set after the other, as the editor does, until the server dies under it.

    A change set adds a tag, a skeleton of two parts and a track of two keyframes, all in the group that is its number,
    and moves the box that is this editor's own: every table of annotations takes part, and old rows are closed.
    """

    person: Person
    made: Made
    numbers: Iterator[int]
    acknowledged: set[int] = field(default_factory=set)
    unanswered: int | None = None

    def __post_init__(self) -> None:
        self.box = self._send({"created": {"shapes": [self.made.box()]}})["created"]["shapes"][0]

    def work(self) -> None:
        """Go on saving; the number of the save that was never answered is kept."""
        for number in self.numbers:
            self.unanswered = number
            try:
                self.save(number)
            except httpx.TransportError:
                return
            self.acknowledged.add(number)
            self.unanswered = None

    def save(self, number: int) -> dict[str, Any]:
        made = self.made
        created = {
            "tags": [made.tag(group=number)],
            "shapes": [made.skeleton(group=number)],
            "tracks": [made.track(group=number)],
        }
        moved = {"shapes": [made.box(left=float(number), id=self.box)]}
        return self._send({"change_id": f"save {number}", "created": created, "updated": moved})

    def save_again(self) -> None:
        """Send the save that was never answered once more, as after a lost answer."""
        if self.unanswered is not None:
            self.save(self.unanswered)
            self.acknowledged.add(self.unanswered)
            self.unanswered = None

    def _send(self, change: dict[str, Any]) -> dict[str, Any]:
        path = f"/api/lab/jobs/{self.made.job}/annotations"
        return dict(self.person.patch(path, json=change).json())


WHOLE = Counter(tags=1, elements=2, keyframes=2)
"""What one save of an editor leaves."""


@dataclass
class Stored:
    """What a job holds: the parts of every save by its number, and the left edges of the editors' boxes by id."""

    saves: dict[int, Counter[str]]
    boxes: dict[int, float]

    @classmethod
    def read(cls, person: Person, made: Made) -> Stored:
        data = person.get(f"/api/jobs/{made.job}/annotations").json()
        found = cls({}, {shape["id"]: shape["points"][0] for shape in data["shapes"] if not shape["group"]})
        for tag in data["tags"]:
            found._add(tag["group"], tags=1)
        for shape in data["shapes"]:
            found._add(shape["group"], elements=len(shape["elements"]))
        for track in data["tracks"]:
            found._add(track["group"], keyframes=len(track["shapes"]))
        return found

    def _add(self, number: int, **parts: int) -> None:
        if number:
            self.saves.setdefault(number, Counter()).update(parts)


def kill_amid(server: ServerProcess, editors: list[Editor], goal: int) -> None:
    """Let editors work at the same time and kill the server once they have made so many saves, and a little later."""
    with ThreadPoolExecutor(len(editors)) as threads:
        working = [threads.submit(editor.work) for editor in editors]
        while sum(len(editor.acknowledged) for editor in editors) < goal:
            assert not any(future.done() for future in working), [future.exception() for future in working]
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.03))
        server.kill()
        for future in working:
            future.result()


def check_what_survived(stored: Stored, editors: list[Editor]) -> None:
    for editor in editors:
        mine = editor.acknowledged | {editor.unanswered}
        there = mine & stored.saves.keys()
        assert editor.acknowledged <= there, "an acknowledged save is lost"
        assert stored.boxes[editor.box] == max(there), "the box belongs to the last save that is there"
    known = {number for editor in editors for number in (*editor.acknowledged, editor.unanswered)}
    assert stored.saves.keys() <= known
    assert {number: parts for number, parts in stored.saves.items() if parts != WHOLE} == {}, "half a save"


def test_acknowledged_saves_survive_and_no_save_is_there_by_half(
    server: ServerProcess, alice: Person, made: Made
) -> None:
    """Two editors make 1000 saves; the server is killed again and again, at points that nobody knows before."""
    numbers = iter(range(1, SAVES + 1))
    editors = [Editor(person, made, numbers) for person in (alice, new_person(server))]
    for kill in range(KILLS):
        done = sum(len(editor.acknowledged) for editor in editors)
        kill_amid(server, editors, done + random.randint(10, SAVES // (KILLS + 1)))
        assert all(editor.unanswered for editor in editors), f"kill {kill} hit nothing in flight"
        server.start()
        check_what_survived(Stored.read(alice, made), editors)
        for editor in editors:
            editor.save_again()
        check_what_survived(Stored.read(alice, made), editors)
    for editor in editors:
        editor.work()
    stored = Stored.read(alice, made)
    check_what_survived(stored, editors)
    assert stored.saves.keys() == set(range(1, SAVES + 1))
    [history] = alice.sql("SELECT count(*) AS revisions FROM revisions WHERE job_id = ?", [made.job])
    assert history == {"revisions": SAVES + len(editors)}, "and none was applied twice"


@pytest.mark.parametrize("way", ["replace", "create"])
def test_a_large_save_is_there_as_a_whole_or_not_at_all(
    server: ServerProcess, alice: Person, made: Made, way: str
) -> None:
    """CVAT's own routes, where one save is 10 000 shapes: most of it is spent inside the transaction."""

    def save(group: int) -> bool:
        boxes = {"shapes": [made.box(number % 3, left=number / 10, group=group) for number in range(LARGE)]}
        path = f"/api/jobs/{made.job}/annotations"
        try:
            if way == "replace":
                alice.put(path, json=boxes)
            else:
                alice.patch(path, params={"action": "create"}, json=boxes)
        except httpx.TransportError:
            return False
        return True

    def groups() -> Counter[int]:
        return Counter(shape["group"] for shape in alice.get(f"/api/jobs/{made.job}/annotations").json()["shapes"])

    start = time.monotonic()
    assert save(1)
    usual, before = time.monotonic() - start, groups()
    for group in (2, 3):
        with ThreadPoolExecutor(1) as threads:
            saving = threads.submit(save, group)
            time.sleep(random.uniform(0.2, 1.1) * usual)
            server.kill()
            acknowledged = saving.result()
        server.start()
        after = Counter({group: LARGE}) if way == "replace" else before + Counter({group: LARGE})
        found = groups()
        assert found == after or (found == before and not acknowledged)
        before = found


# background requests


def create_from_many(alice: Person) -> tuple[int, str]:
    """Start a task of many pictures, which are copied; return it and its request."""
    task = int(alice.post("/api/tasks", 201, json={"name": "many", "labels": [{"name": "car"}]}).json()["id"])
    body = {"image_quality": 70, "server_files": ["many"], "copy_data": True}
    return task, alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"]


def wait_until_started(alice: Person, request: str) -> None:
    end = time.monotonic() + 30
    while (status := alice.get(f"/api/requests/{request}").json()["status"]) != "started":
        assert status == "queued", "the example must be slow enough"
        assert time.monotonic() < end
        time.sleep(0.005)


def kill_with_workers(server: ServerProcess) -> int:
    """Kill the server; its worker processes end by themselves. Return how many there were."""
    assert server.process is not None
    workers = psutil.Process(server.process.pid).children(recursive=True)
    server.kill()
    _, alive = psutil.wait_procs(workers, 20)
    assert alive == []
    return len(workers)


def leftovers(server: ServerProcess, alice: Person) -> list[str]:
    """Return the files of the workspace that nothing in the database knows."""
    root = server.workspace
    tasks = alice.get("/api/tasks", params={"page_size": "all"}).json()["results"]
    known = {str(task["data"]) for task in tasks}
    return [
        *(path.name for path in (root / "data").iterdir() if path.name not in known),
        *(path.name for path in (root / "work").glob("*")),
        *(path.name for path in (root / "exports").glob("*.part")),
    ]


def test_running_requests_are_taken_up_again(server: ServerProcess, alice: Person) -> None:
    heavy = alice.create_task(50)
    outline = [value for number in range(60) for value in (number % 9 + 1.5, number / 2 + 1.25)]
    polygon = {"type": "polygon", "label_id": heavy.labels["car"], "points": outline}
    shapes = [{**polygon, "frame": number % 50} for number in range(POLYGONS)]
    alice.put(f"/api/jobs/{heavy.job}/annotations", json={"shapes": shapes})

    query = {"format": "COCO 1.0", "save_images": "true"}
    export = alice.post(f"/api/tasks/{heavy.task}/dataset/export", 202, params=query).json()["rq_id"]
    task, creation = create_from_many(alice)
    for request in (export, creation):
        wait_until_started(alice, request)
    assert kill_with_workers(server) == 1, "the export had a process"
    server.start()

    archive = alice.get(alice.wait(export)["result_url"]).content
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        [name] = [name for name in opened.namelist() if name.endswith(".json")]
        assert len(json.loads(opened.read(name))["annotations"]) == POLYGONS
    alice.wait(creation)
    assert alice.get(f"/api/tasks/{task}").json()["size"] == MANY
    made = alice.made(task)
    assert len(made.jobs) == 1
    query = {"type": "frame", "number": MANY - 1, "quality": "original"}
    assert alice.get(f"/api/tasks/{task}/data", params=query).content == picture(1)
    assert leftovers(server, alice) == []


def test_a_request_that_the_server_does_not_survive_is_given_up(server: ServerProcess, alice: Person) -> None:
    """It may well be the cause. No half of the task is left, and it can be filled in another way."""
    task, request = create_from_many(alice)
    for _ in range(3):
        wait_until_started(alice, request)
        server.kill()
        server.start()
    assert "died every time" in alice.wait(request, "failed")["message"]
    assert alice.get(f"/api/tasks/{task}").json()["data"] is None
    assert alice.get("/api/jobs", params={"task_id": task}).json()["count"] == 0
    assert leftovers(server, alice) == []
    body = {"image_quality": 70, "server_files": ["many/00000.jpg", "many/00001.jpg"]}
    alice.wait(alice.post(f"/api/tasks/{task}/data", 202, json=body).json()["rq_id"])
    assert alice.get(f"/api/tasks/{task}").json()["size"] == 2


def test_an_import_that_was_stored_is_not_stored_twice(server: ServerProcess, alice: Person, made: Made) -> None:
    """Between the transaction and the end of its request, a kill leaves just this behind."""
    coco = {
        "images": [{"id": 1, "file_name": "000.jpg", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0}],
    }
    request = alice.post(
        f"/api/tasks/{made.task}/annotations",
        202,
        params={"format": "COCO 1.0", "import_mode": "append"},
        files={"annotation_file": ("a.json", json.dumps(coco).encode())},
    ).json()["rq_id"]
    assert "1 shapes" in alice.wait(request)["message"]
    before = alice.get(f"/api/jobs/{made.job}/annotations").json()
    assert len(before["shapes"]) == 1
    server.stop()
    with duckdb.connect(str(server.workspace / "workspace.duckdb")) as opened:
        opened.execute("UPDATE store.requests SET status = 'started' WHERE id = ?", [request])
    server.start()
    assert alice.wait(request)["message"]
    assert alice.get(f"/api/jobs/{made.job}/annotations").json() == before


def test_a_project_import_that_was_stored_is_not_stored_twice(server: ServerProcess, alice: Person) -> None:
    project = alice.post("/api/projects", 201, json={"name": "made"}).json()["id"]
    image = '<image id="0" name="a.jpg" subset="Train" width="64" height="48"/>'
    files = {"annotations.xml": f"<annotations>{image}</annotations>".encode(), "images/Train/a.jpg": picture(0)}
    request = alice.post(
        f"/api/projects/{project}/dataset",
        202,
        params={"format": "CVAT 1.1"},
        files={"dataset_file": ("a.zip", zip_of(files))},
    ).json()["rq_id"]
    assert "1 tasks" in alice.wait(request)["message"]
    server.stop()
    with duckdb.connect(str(server.workspace / "workspace.duckdb")) as opened:
        opened.execute("UPDATE store.requests SET status = 'started' WHERE id = ?", [request])
    server.start()
    assert "restarted" in alice.wait(request)["message"]
    [task] = alice.get("/api/tasks", params={"project_id": project}).json()["results"]
    query = {"type": "frame", "number": 0, "quality": "original"}
    assert alice.get(f"/api/tasks/{task['id']}/data", params=query).content == picture(0)
