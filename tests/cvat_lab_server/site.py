"""A server with people in it, and short ways to make what tests of routes need."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import httpx
import pyarrow as pa

from tests.media_samples import photo

PASSWORD = "correct horse"
WIDTH, HEIGHT = 64, 48

SKELETON_SVG = (
    '<line data-type="edge" data-node-from="1" data-node-to="2" x1="10" y1="10" x2="90" y2="90"></line>'
    '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="10" cy="10">'
    '</circle><circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tail" cx="90" '
    'cy="90"></circle>'
)

LABELS: list[dict[str, Any]] = [
    {
        "name": "car",
        "color": "#2080c0",
        "attributes": [
            {"name": "kind", "mutable": False, "input_type": "select", "values": ["suv", "van"]},
            {"name": "speed", "mutable": True, "input_type": "number", "values": ["0", "200", "1"]},
            {"name": "parked", "mutable": True, "input_type": "checkbox", "values": ["false"]},
            {"name": "plate", "mutable": False, "input_type": "text", "values": [""]},
        ],
    },
    {
        "name": "cat",
        "type": "skeleton",
        "svg": SKELETON_SVG,
        "sublabels": [{"name": "head", "type": "points"}, {"name": "tail", "type": "points"}],
    },
]

POINTS: dict[str, list[float]] = {
    "rectangle": [1.5, 2.0, 30.25, 40.0],
    "ellipse": [20.0, 20.0, 30.0, 15.0],
    "polygon": [1.0, 1.0, 30.0, 2.0, 20.0, 30.5],
    "polyline": [1.0, 1.0, 30.0, 2.0],
    "points": [5.0, 6.0, 7.0, 8.0],
    "cuboid": [float(number) for number in range(16)],
    "mask": [0.0, 4.0, 3.0, 4.0, 4.0, 5.0],
}


def picture(number: int, extension: str = ".jpg", width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return a piece of a real photograph; every number gives another one."""
    source = photo("china.jpg")[..., ::-1]
    top, left = (3 * number) % (source.shape[0] - height), (7 * number) % (source.shape[1] - width)
    done, data = cv2.imencode(extension, source[top : top + height, left : left + width])
    assert done
    return bytes(data.tobytes())


def form(files: Mapping[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    """Return files as CVAT's clients send them: ``client_files[0]``, ``client_files[1]`` ..."""
    return [(f"client_files[{index}]", (name, data)) for index, (name, data) in enumerate(files.items())]


def zip_of(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def zip_bomb(name: str) -> bytes:
    """Return an archive of five megabytes with one file of zeros, a gigabyte of them and a bit more."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(257):
            member.write(bytes(4 * 2**20))
    return target.getvalue()


class Person:
    """Somebody who calls the server. Every call says which status it expects; the body is in the message otherwise."""

    def __init__(self, url: str, **options: Any) -> None:
        self.http = httpx.Client(base_url=url, timeout=60, **options)

    def call(self, method: str, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        answer = self.http.request(method, path, **options)
        assert status is None or answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def get(self, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        return self.call("GET", path, status, **options)

    def post(self, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        return self.call("POST", path, status, **options)

    def put(self, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        return self.call("PUT", path, status, **options)

    def patch(self, path: str, status: int | None = 200, **options: Any) -> httpx.Response:
        return self.call("PATCH", path, status, **options)

    def delete(self, path: str, status: int | None = 204, **options: Any) -> httpx.Response:
        return self.call("DELETE", path, status, **options)

    @property
    def id(self) -> int:
        return int(self.get("/api/users/self").json()["id"])

    def wait(self, request: str, status: str = "finished") -> dict[str, Any]:
        """Wait until a background request has ended, as ``status``."""
        found = self.wait_ended(request)
        assert found["status"] == status, found
        return found

    def wait_ended(self, request: str, seconds: float = 60.0) -> dict[str, Any]:
        """Wait until a background request has ended, well or not."""
        end = time.monotonic() + seconds
        while True:
            found: dict[str, Any] = self.get(f"/api/requests/{request}").json()
            if found["status"] in ("finished", "failed"):
                return found
            assert time.monotonic() < end, found
            time.sleep(0.02)

    def sql(self, query: str, params: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        answer = self.post("/api/lab/sql", json={"sql": query, "params": params})
        return list(pa.ipc.open_stream(answer.content).read_all().to_pylist())

    def create_task(
        self,
        files: Mapping[str, bytes] | int = 3,
        *,
        labels: Iterable[Any] | None = None,
        data: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Made:
        """Make a task of uploaded files, or of some pictures."""
        if "project_id" not in fields:
            fields["labels"] = list(LABELS if labels is None else labels)
        task = self.post("/api/tasks", 201, json={"name": "made", **fields}).json()
        if isinstance(files, int):
            files = {f"{number:03d}.jpg": picture(number) for number in range(files)}
        parameters = {"image_quality": 70, **(data or {})}
        request = self.post(f"/api/tasks/{task['id']}/data", 202, data=parameters, files=form(files)).json()["rq_id"]
        self.wait(request)
        return self.made(task["id"])

    def made(self, task_id: int) -> Made:
        """Return what tests need to know of a task."""
        jobs = self.get("/api/jobs", params={"task_id": task_id, "page_size": "all", "sort": "id"}).json()["results"]
        labels = self.get("/api/labels", params={"task_id": task_id}).json()["results"]
        every = [*labels, *(part for label in labels for part in label["sublabels"])]
        return Made(
            task=task_id,
            jobs=[job["id"] for job in jobs],
            labels={label["name"]: label["id"] for label in every},
            specs={spec["name"]: spec["id"] for label in labels for spec in label["attributes"]},
        )


@dataclass(frozen=True)
class Made:
    """A task: its id, those of its jobs, and those of its labels and attributes by name."""

    task: int
    jobs: Sequence[int]
    labels: Mapping[str, int]
    specs: Mapping[str, int]

    @property
    def job(self) -> int:
        return self.jobs[0]

    def box(self, frame: int = 0, left: float = 1.0, **fields: Any) -> dict[str, Any]:
        points = [left, 2.0, left + 20.0, 30.0]
        return {"type": "rectangle", "label_id": self.labels["car"], "frame": frame, "points": points, **fields}

    def tag(self, frame: int = 0, **fields: Any) -> dict[str, Any]:
        return {"label_id": self.labels["car"], "frame": frame, **fields}

    def skeleton(self, frame: int = 0, **fields: Any) -> dict[str, Any]:
        elements = [
            {"type": "points", "label_id": self.labels[name], "frame": frame, "points": [10.0 * number, 5.0]}
            for number, name in enumerate(("head", "tail"), 1)
        ]
        return {"type": "skeleton", "label_id": self.labels["cat"], "frame": frame, "elements": elements, **fields}

    def track(self, frames: Sequence[int] = (0, 2), **fields: Any) -> dict[str, Any]:
        keys = [{"type": "rectangle", "frame": at, "points": [at, 0.0, at + 9.0, 9.0]} for at in frames]
        return {"label_id": self.labels["car"], "frame": frames[0], "shapes": keys, **fields}

    def skeleton_track(self, frames: Sequence[int] = (0, 2)) -> dict[str, Any]:
        elements = [
            {
                "label_id": self.labels[name],
                "frame": frames[0],
                "shapes": [{"type": "points", "frame": at, "points": [at + 1.0, 5.0]} for at in frames],
            }
            for name in ("head", "tail")
        ]
        keys = [{"type": "skeleton", "frame": at, "points": []} for at in frames]
        return {"label_id": self.labels["cat"], "frame": frames[0], "shapes": keys, "elements": elements}

    def every_kind(self) -> dict[str, Any]:
        """Return annotations with a tag, every kind of shape, and every kind of track."""
        car = self.labels["car"]
        shapes = [
            {"type": kind, "label_id": car, "frame": number % 3, "points": points, "z_order": number}
            for number, (kind, points) in enumerate(POINTS.items())
        ]
        tracks = [
            {
                "label_id": car,
                "frame": 0,
                "shapes": [
                    {"type": kind, "frame": 0, "points": points},
                    {"type": kind, "frame": 2, "points": points, "outside": kind == "points"},
                ],
            }
            for kind, points in POINTS.items()
            if kind != "mask"
        ]
        return {
            "tags": [self.tag(1)],
            "shapes": [*shapes, self.skeleton(1)],
            "tracks": [*tracks, self.skeleton_track()],
        }


@dataclass
class Site:
    """A running server over a workspace, with the share it offers."""

    url: str
    token: str
    workspace: Path
    share: Path

    def admin(self) -> Person:
        return Person(self.url, headers={"Authorization": f"Bearer {self.token}"})

    def person(self, name: str) -> Person:
        return Person(self.url, auth=(name, PASSWORD))

    def anonymous(self) -> Person:
        return Person(self.url)
