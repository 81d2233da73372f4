"""Thirty annotators at once: ``python -m benchmarks.team [--people N] [--seconds N]``.

A real ``cvat-lab serve`` process; every annotator is a user of his own with a job of his own. Each draws a shape about
once a second, which is faster than people are, and it is saved at once. Every tenth step he opens his job anew, every
third he loads another frame. Meanwhile one more user exports a task of 100 000 shapes, again and again. At the end all
acknowledged shapes are counted by SQL: none may be missing or double, and any answer but success ends the run.

``limit`` is the goal for a save. ``peer`` is the same with one annotator and no export, measured in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.media import photographs, write_images
from benchmarks.report import Row, as_text
from benchmarks.server import FRAMES, Site, polygons, serve
from cvat_lab.ops.envelope import decode_envelope
from cvat_lab_server.commands import add_user

COLUMNS = ("goal", "one annotator")
"""What limit and peer are."""

GOAL_MS = 200
"""For a save, the 95th percentile."""

PAUSE_SECONDS = (0.5, 1.5)
"""Between two steps of an annotator."""

EXPORTED = 100_000
"""Shapes of the task that is exported meanwhile."""

PASSWORD = "a password for the benchmark"
FORMAT = "COCO 1.0"

Times = dict[str, list[float]]
"""Milliseconds, by what was done."""


@dataclass
class Annotator:
    """A user at work on a job of his own."""

    http: httpx.AsyncClient
    task: int
    job: int
    label: int
    frames: range
    revision: int = 0
    saved: int = 0
    times: Times = field(default_factory=lambda: defaultdict(list))

    async def work(self, seconds: float, chance: random.Random) -> None:
        """Draw, load and open until the time is over."""
        end = time.perf_counter() + seconds
        await self.open()
        step = 0
        while time.perf_counter() < end:
            await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
            step += 1
            await self.save(chance.choice(self.frames))
            if step % 3 == 0:
                await self.load(chance.choice(self.frames))
            if step % 10 == 0:
                await self.open()

    async def open(self) -> None:
        """Open the job as the editor does; what was saved must be there."""
        answer = await self._timed("open a job", "GET", f"/api/lab/jobs/{self.job}/open")
        header, columns = decode_envelope(answer.content)
        self.revision = header["revision"]
        assert columns["shapes"].num_rows == self.saved, f"job {self.job} lost shapes"

    async def save(self, frame: int) -> None:
        """Save a new shape as the editor does."""
        [shape] = polygons(self.label, 1, seed=self.saved)
        change = {
            "base_revision": self.revision,
            "change_id": uuid.uuid4().hex,
            "created": {"shapes": [{**shape, "frame": frame}]},
        }
        answer = await self._timed("save", "PATCH", f"/api/lab/jobs/{self.job}/annotations", json=change)
        self.revision = answer.json()["revision"]
        self.saved += 1

    async def load(self, frame: int) -> None:
        """Load the picture of a frame."""
        query = {"type": "frame", "number": frame, "quality": "compressed"}
        await self._timed("load a frame", "GET", f"/api/tasks/{self.task}/data", params=query)

    async def _timed(self, name: str, method: str, path: str, **options: Any) -> httpx.Response:
        started = time.perf_counter()
        answer = (await self.http.request(method, path, **options)).raise_for_status()
        self.times[name].append(1000 * (time.perf_counter() - started))
        return answer


async def hire(site: Site, task: int, names: list[str]) -> list[Annotator]:
    """Log users in, and give each a job of the task."""
    jobs = site.call("GET", "/api/jobs", params={"task_id": task, "page_size": "all"}).json()["results"]
    label = site.call("GET", "/api/labels", params={"task_id": task}).json()["results"][0]["id"]
    people = []
    for name, job in zip(names, jobs, strict=True):
        http = httpx.AsyncClient(base_url=site.url, timeout=60)
        login = await http.post("/api/auth/login", json={"username": name, "password": PASSWORD})
        http.cookies.clear()
        http.headers["Authorization"] = f"Token {login.raise_for_status().json()['key']}"
        user = (await http.get("/api/users/self")).raise_for_status().json()["id"]
        site.call("PATCH", f"/api/jobs/{job['id']}", json={"assignee": user})
        people.append(Annotator(http, task, job["id"], label, range(job["start_frame"], job["stop_frame"] + 1)))
    return people


async def export(site: Site, task: int, enough: asyncio.Event) -> int:
    """Export a task again and again, each time after a change; return how often."""
    count = 0
    headers = {"Authorization": f"Bearer {site.token}"}
    async with httpx.AsyncClient(base_url=site.url, headers=headers, timeout=60) as http:
        label = (await http.get("/api/labels", params={"task_id": task})).raise_for_status().json()["results"][0]["id"]
        while not enough.is_set():
            added = {"shapes": polygons(label, 1)}
            query = {"format": FORMAT, "save_images": "False"}
            (await http.patch(f"/api/tasks/{task}/annotations?action=create", json=added)).raise_for_status()
            asked = (await http.post(f"/api/tasks/{task}/dataset/export", params=query)).raise_for_status()
            while not enough.is_set():
                found = (await http.get(f"/api/requests/{asked.json()['rq_id']}")).raise_for_status().json()
                assert found["status"] != "failed", found
                if found["status"] == "finished":
                    count += 1
                    break
                await asyncio.sleep(0.2)
    return count


async def work_together(people: list[Annotator], seconds: float) -> Times:
    """Let annotators work, and return how long everything took them."""
    await asyncio.gather(*(person.work(seconds, random.Random(seed)) for seed, person in enumerate(people)))
    times: Times = defaultdict(list)
    for person in people:
        for name, found in person.times.items():
            times[name] += found
        person.times.clear()
    return times


async def measure(site: Site, task: int, exported: int, names: list[str], seconds: float) -> tuple[Times, Times, int]:
    """Return the times of one annotator, of all beside an export, and the number of exports."""
    people = await hire(site, task, names)
    alone = await work_together(people[:1], seconds / 2)
    enough = asyncio.Event()
    exports = asyncio.create_task(export(site, exported, enough))
    together = await work_together(people, seconds)
    enough.set()
    count = await exports
    counted = site.sql(f"SELECT job_id, count(*) AS shapes FROM shapes WHERE task_id = {task} GROUP BY job_id")
    expected = {person.job: person.saved for person in people}
    assert {row["job_id"]: row["shapes"] for row in counted.to_pylist()} == expected, "shapes were lost or doubled"
    for person in people:
        await person.http.aclose()
    return alone, together, count


def run(people: int = 30, seconds: float = 60) -> list[Row]:
    """Let a team work and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = [f"annotator-{number}" for number in range(people)]
        for user in names:
            add_user(folder / "workspace", user, PASSWORD)
        write_images(folder / "photos", FRAMES, photographs())
        with serve(folder) as site:
            exported = site.create_task("photos")
            site.save(*fill(site, exported))
            task = site.create_task("photos", -(-FRAMES // people))
            alone, together, exports = asyncio.run(measure(site, task, exported, names, seconds))
    return [*rows(people, alone, together), Row("exports of the other task meanwhile", exports, "")]


def fill(site: Site, task: int) -> tuple[int, list[dict[str, Any]]]:
    """Return the job of a task and the shapes that it is to have."""
    job, label = site.job_and_label(task)
    return job, polygons(label, EXPORTED)


def rows(people: int, alone: Times, together: Times) -> list[Row]:
    """Return medians and 95th percentiles of everything that annotators did."""
    found = []
    for name in ("save", "open a job", "load a frame"):
        for title, share in (("median", 50), ("95th percentile", 95)):
            value, peer = (float(np.percentile(times[name], share)) for times in (together, alone))
            goal = GOAL_MS if (name, share) == ("save", 95) else None
            found.append(Row(f"{name}, {people} annotators, {title}", value, "ms", goal, peer))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    print(as_text(run(arguments.people, arguments.seconds), *COLUMNS))
