"""Lists of 100 000 tasks: pages, search, filters and orders over HTTP, for an administrator and for a plain user.

A workspace is filled with tasks of many owners, in projects, with media and a job each, and then served. Every row is
the median time of one request, answer included, as a client on the same machine sees it. *Promised* is what feels
immediate to a person who clicks; for everything on one page it is ten seconds. There is no peer: CVAT keeps its lists
in PostgreSQL, which the machine of these measurements does not have.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyarrow as pa

from benchmarks.report import Row, as_text
from benchmarks.server import serve, times
from cvat_lab.model.user import User
from cvat_lab_server.commands import add_user
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.ddl import TableSpec, arrow_schema
from cvat_lab_server.store.tables import DATA, JOBS, PROJECTS, TASKS, USERS

COLUMNS = ("promised", "peer")
"""What limit and peer are."""

TASKS_COUNT = 100_000
PROJECTS_COUNT = 200
PEOPLE = 50
PASSWORD = "correct horse"

_START = datetime(2026, 1, 1, tzinfo=UTC)


def fill(workspace: Path, count: int) -> None:
    """Make a workspace with ``count`` tasks, as many jobs, and people who share them."""
    for number in range(PEOPLE):
        add_user(workspace, f"person{number:02d}", PASSWORD if number == 0 else "")
    database = Database(workspace / "workspace.duckdb")
    try:
        database.write(lambda cursor: _fill(cursor, count))
    finally:
        database.close()


def _fill(cursor: Cursor, count: int) -> None:
    rng = np.random.default_rng(0)
    people = [user.id for user in cursor.find(USERS, User)]
    ids = np.arange(1, count + 1)
    moments = [(_START + timedelta(seconds=int(second))).replace(tzinfo=None) for second in rng.permutation(count)]
    owners, assignees = rng.choice(people, count), rng.choice(people, count)
    dates = {"created_date": moments, "updated_date": moments, "assignee_updated_date": None}
    project = {"name": [f"project {number}" for number in range(PROJECTS_COUNT)], "owner_id": people[-1]}
    start = {name: values[:PROJECTS_COUNT] if values else None for name, values in dates.items()}
    _insert(cursor, PROJECTS, PROJECTS_COUNT, {**project, **start, "bug_tracker": ""})
    media = {
        "kind": np.where(ids % 4 == 0, "video", "images"),
        "root": "data",
        "storage": "local",
        "storage_method": "cache",
        "sorting_method": "natural",
        "chunk_size": 36,
        "image_quality": 70,
        "start_frame": 0,
        "stop_frame": 99,
        "frame_filter": "",
        "size": 100,
        "compressed_chunk_type": "imageset",
        "original_chunk_type": "imageset",
        "chunks_updated_date": moments,
    }
    _insert(cursor, DATA, count, media)
    task = {
        "name": [f"street {number:06d} of {'north' if number % 3 else 'south'}" for number in ids],
        "project_id": rng.integers(1, PROJECTS_COUNT + 1, count),
        "owner_id": owners,
        "assignee_id": assignees,
        "bug_tracker": "",
        "subset": np.where(ids % 5 == 0, "Test", "Train"),
        "segment_size": 0,
        "data_id": ids,
    }
    _insert(cursor, TASKS, count, {**task, **dates})
    job = {
        "task_id": ids,
        "assignee_id": assignees,
        "type": "annotation",
        "stage": rng.choice(["annotation", "validation", "acceptance"], count),
        "state": rng.choice(["new", "in progress", "completed"], count),
        "frame_ranges": [[0, 99]] * count,
        "revision": 0,
    }
    _insert(cursor, JOBS, count, {**job, **dates})


def _insert(cursor: Cursor, spec: TableSpec, count: int, columns: dict[str, Any]) -> None:
    """Insert rows numbered from 1; a single value stands for a column of it, a missing column for nulls."""
    values = {"id": np.arange(1, count + 1), **columns}
    arrays = []
    for field in arrow_schema(spec):
        value = values.get(field.name)
        many = value if isinstance(value, list | np.ndarray) else [value] * count
        arrays.append(pa.array(many, field.type))
    cursor.insert_arrow(spec, pa.Table.from_arrays(arrays, schema=arrow_schema(spec)))


def measure(http: httpx.Client, who: str, total: int | None, rounds: int) -> list[Row]:
    """Ask for lists as one person and return how long the answers took."""

    def ask(**query: Any) -> Any:
        return http.get("/api/tasks", params=query).raise_for_status().json()

    count = ask()["count"]
    assert total in (None, count), count
    mine = {"and": [{"==": [{"var": "status"}, "completed"]}, {"in": ["south", {"var": "name"}]}]}
    questions: dict[str, dict[str, Any]] = {
        "first page": {},
        "a page in the middle": {"page": count // 20},
        "last page": {"page": -(-count // 10)},
        "search that finds one": {"search": "street 004711"},
        "search that finds a third": {"search": "south"},
        "equality filter": {"subset": "Test", "project_id": 7},
        "JsonLogic filter on status and name": {"filter": json.dumps(mine)},
        "sorted by updated_date": {"sort": "-updated_date"},
        "sorted by owner and name": {"sort": "owner,-name"},
        "one task by id": {"filter": json.dumps({"==": [{"var": "id"}, 4711]})},
    }
    rows = []
    for name, query in questions.items():
        found = statistics.median(times(lambda query=query: ask(**query), rounds))
        rows.append(Row(f"{who}: {name}", found, "ms", 100))
    everything = statistics.median(times(lambda: _read(http), max(1, rounds // 5)))
    return [*rows, Row(f"{who}: all {count} tasks on one page", everything / 1000, "s", 10)]


def _read(http: httpx.Client) -> None:
    """Read a whole list; parsing it is the client's work."""
    http.get("/api/tasks", params={"page_size": "all"}).raise_for_status()


def run(rounds: int = 15, count: int = TASKS_COUNT) -> list[Row]:
    """Fill a workspace, serve it, and return all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "workspace", count)
        with (
            serve(folder) as site,
            httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {site.token}"}, timeout=120) as admin,
            httpx.Client(base_url=site.url, auth=("person00", PASSWORD), timeout=120) as person,
        ):
            return [
                *measure(admin, "administrator", count, rounds),
                *measure(person, "plain user", None, rounds),
            ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--tasks", type=int, default=TASKS_COUNT)
    arguments = parser.parse_args()
    print(as_text(run(arguments.rounds, arguments.tasks), *COLUMNS))
