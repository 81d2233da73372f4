"""The server over HTTP: saving, opening and asking. ``python -m benchmarks.server [--rounds N] [--images N]``.

A real ``cvat-lab serve`` process over a workspace of its own; one client with a connection that is kept open. A save is
answered once it is durable on disk, and its time is that of the whole round trip. Shapes are polygons of four points,
on a task of 1000 photographs; a job is opened as the editor does it, and its columns are decoded. A task of local
images is timed from the call that makes it to the last byte of its first frame, all of it linked in place.

``limit`` is what this project promises. ``peer`` comes from our study on another machine with two cores, so compare
orders of magnitude only: for one shape, the CPU time in which Label Studio 1.23 saved an annotation of 100 boxes; for
10 000, PostgreSQL's binary COPY alone, without HTTP and checks; for the count, FiftyOne 1.22 on 50 000 detections,
doubled; for the first frame, CVAT's manifest of as many images alone, extrapolated from 1000 at full HD.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pyarrow as pa

from benchmarks.media import photographs, write_images
from benchmarks.report import Row, as_text
from cvat_lab.ops.envelope import decode_envelope

COLUMNS = ("promised", "peer of the study")
"""What limit and peer are."""

FRAMES = 1000
LARGE = 10_000
JOB = 100_000
START_SECONDS = 60

CVAT_MANIFEST = 0.229e-3
"""Seconds that CVAT's manifest took per image."""


class Site:
    """A running server, and short ways to ask it for what a benchmark needs."""

    def __init__(self, url: str, token: str, share: Path) -> None:
        self.url, self.token, self.share = url, token, share
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120)

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call the server and require success."""
        return self._http.request(method, path, **options).raise_for_status()

    def create_task(self, folder: str, segment_size: int = 0) -> int:
        """Make a task of a folder's images in place and return it once its frames are there."""
        asked = {"name": folder, "labels": [{"name": "car"}], "segment_size": segment_size}
        task = int(self.call("POST", "/api/tasks", json=asked).json()["id"])
        body = {"image_quality": 70, "server_files": [str(self.share / folder)]}
        request = self.call("POST", f"/api/tasks/{task}/data", json=body).json()["rq_id"]
        while (found := self.call("GET", f"/api/requests/{request}").json())["status"] != "finished":
            assert found["status"] != "failed", found
            time.sleep(0.01)
        return task

    def first_frame(self, folder: str) -> bytes:
        """Make a task of a folder and return the file of its first frame."""
        query = {"type": "frame", "number": 0, "quality": "original"}
        return self.call("GET", f"/api/tasks/{self.create_task(folder)}/data", params=query).content

    def job_and_label(self, task: int) -> tuple[int, int]:
        """Return the only job and the only label of a task."""
        jobs, labels = (
            self.call("GET", f"/api/{kind}", params={"task_id": task}).json()["results"] for kind in ("jobs", "labels")
        )
        return jobs[0]["id"], labels[0]["id"]

    def save(self, job: int, shapes: list[dict[str, Any]]) -> None:
        """Save new shapes as the editor does."""
        change = {"change_id": uuid.uuid4().hex, "created": {"shapes": shapes}}
        self.call("PATCH", f"/api/lab/jobs/{job}/annotations", json=change)

    def open(self, job: int) -> dict[str, pa.Table]:
        """Open a job as the editor does and return its columns."""
        return decode_envelope(self.call("GET", f"/api/lab/jobs/{job}/open").content)[1]

    def sql(self, query: str) -> pa.Table:
        """Return the answer to a query."""
        return pa.ipc.open_stream(self.call("POST", "/api/lab/sql", json={"sql": query}).content).read_all()


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Run a server over a new workspace in ``folder``; tasks can be made of what lies in ``folder``."""
    workspace = folder / "workspace"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "cvat_lab.cli", "serve", "--allow-local-paths", "--port", port]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--workspace", str(workspace)], stdout=log, stderr=log)
    try:
        note = workspace / "server.json"
        end = time.monotonic() + START_SECONDS
        while not note.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server did not start: {(folder / 'log').read_text()}")
            time.sleep(0.05)
        owner = json.loads(note.read_text("utf-8"))
        yield Site(owner["url"], owner["token"], folder)
    finally:
        process.terminate()
        process.wait()


def polygons(label: int, count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return polygons of four points, spread over the frames."""
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 600, (count, 1, 2)) + rng.uniform(5, 40, (count, 4, 2))
    return [
        {"type": "polygon", "label_id": label, "frame": number % FRAMES, "points": points}
        for number, points in enumerate(corners.reshape(count, 8).tolist())
    ]


def times(work: Callable[[], object], rounds: int) -> list[float]:
    """Return how long each of some runs took, in milliseconds; one run before warms up."""
    work()
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return found


def measure_saves(site: Site, job: int, label: int, rounds: int) -> list[Row]:
    """Save one shape, and 10 000 at once until the job has 100 000."""
    [one] = polygons(label, 1)
    asked = times(lambda: site.call("GET", "/api/server/about"), 10 * rounds)
    single = times(lambda: site.save(job, [one]), 20 * rounds)
    many = polygons(label, LARGE)
    large = times(lambda: site.save(job, many), JOB // LARGE - 1)
    return [
        Row("an answer that needs no work", statistics.median(asked), "ms"),
        Row("save one shape", statistics.median(single), "ms", 200, 140),
        Row("save one shape, 95th percentile", float(np.percentile(single, 95)), "ms"),
        Row(f"save {LARGE} shapes at once", statistics.median(large), "ms", None, 218),
    ]


def measure_reads(site: Site, job: int, rounds: int) -> list[Row]:
    """Open a job of 100 000 shapes, as columns and as CVAT's JSON; count its shapes by SQL."""
    count = f"SELECT label, count(*) AS shapes FROM shapes WHERE job_id = {job} GROUP BY label"
    [answer] = site.sql(count).to_pylist()
    assert answer["shapes"] >= JOB
    assert site.open(job)["shapes"].num_rows == answer["shapes"]
    columns = times(lambda: site.open(job), rounds)
    text = times(lambda: site.call("GET", f"/api/jobs/{job}/annotations"), rounds)
    sql = times(lambda: site.sql(count), 4 * rounds)
    return [
        Row(f"open a job of {JOB} shapes", statistics.median(columns), "ms"),
        Row(f"{JOB} shapes as JSON", statistics.median(text), "ms"),
        Row(f"count {JOB} shapes by SQL", statistics.median(sql), "ms", None, 80),
    ]


def measure_first_frame(site: Site, images: int, rounds: int) -> list[Row]:
    """Make a task of many local images and fetch its first frame."""
    _, small = cv2.imencode(".jpg", cv2.imdecode(np.frombuffer(photographs()[0], np.uint8), 1)[:64, :64])
    write_images(site.share / "many", images, [small.tobytes()])
    assert site.first_frame("many") == small.tobytes()
    found = times(lambda: site.first_frame("many"), rounds)
    manifest = CVAT_MANIFEST * images
    name = f"first frame of a new task of {images} local images"
    return [Row(name, statistics.median(found) / 1000, "s", 5, manifest)]


def run(rounds: int = 5, images: int = 30_000) -> list[Row]:
    """Run everything against one server and return all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_images(folder / "photos", FRAMES, photographs())
        with serve(folder) as site:
            job, label = site.job_and_label(site.create_task("photos"))
            return [
                *measure_saves(site, job, label, rounds),
                *measure_reads(site, job, rounds),
                *measure_first_frame(site, images, 2),
            ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=30_000)
    arguments = parser.parse_args()
    print(as_text(run(arguments.rounds, arguments.images), *COLUMNS))
