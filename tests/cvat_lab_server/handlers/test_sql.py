"""SQL over HTTP: the documented views, the walls around them, and the Arrow stream."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pyarrow as pa
import pytest

from cvat_lab_server.store import sandbox
from cvat_lab_server.store.views import VIEWS
from tests.cvat_lab_server.site import Made, Person


@pytest.fixture(scope="module")
def filled(alice: Person) -> Made:
    made = alice.create_task(3)
    annotations = made.every_kind()
    annotations["shapes"][0]["attributes"] = [{"spec_id": made.specs["kind"], "value": "van"}]
    alice.put(f"/api/jobs/{made.job}/annotations", json=annotations)
    return made


def refused(person: Person, sql: str, params: Any = None, status: int = 400) -> str:
    answer = person.post("/api/lab/sql", status, json={"sql": sql, "params": params})
    return str(answer.json())


def test_every_view_answers(alice: Person, filled: Made) -> None:
    for name in VIEWS:
        rows = alice.sql(f"SELECT * FROM {name}")
        assert rows or name in ("projects", "issues", "comments"), name


def test_the_stream_is_arrow(alice: Person, filled: Made) -> None:
    answer = alice.post("/api/lab/sql", json={"sql": "SELECT id, points, bbox FROM shapes WHERE type = 'rectangle'"})
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    [row] = pa.ipc.open_stream(answer.content).read_all().to_pylist()
    assert row["points"] == row["bbox"] == [1.5, 2.0, 30.25, 40.0]


def test_questions_people_ask(alice: Person, filled: Made) -> None:
    assert alice.sql("SELECT label, count(*) AS n FROM shapes GROUP BY ALL ORDER BY n DESC LIMIT 1") == [
        {"label": "car", "n": 7}
    ]
    where = "WHERE task_id = $task AND type = 'rectangle'"
    rows = alice.sql(f"SELECT frame, points[1] AS x FROM track_shapes {where} ORDER BY 1", {"task": filled.task})
    assert [row["frame"] for row in rows] == [0, 1, 2], "also between keyframes"
    found = alice.sql(
        "SELECT DISTINCT f.name FROM frames f JOIN shapes s USING (task_id, frame) WHERE task_id = ?", [filled.task]
    )
    assert len(found) == 3
    nested = (
        "WITH few AS (SELECT * FROM shapes LIMIT 5) SELECT count(*) AS n FROM few, range(3) r(i), unnest([1, 2]) u(j)"
    )
    assert alice.sql(nested) == [{"n": 30}]


def test_parameters(alice: Person) -> None:
    assert alice.sql("SELECT ? AS a, ? AS b", [1, "x'; DROP TABLE users --"]) == [
        {"a": 1, "b": "x'; DROP TABLE users --"}
    ]
    assert alice.sql("SELECT $n + 1 AS a", {"n": 41}) == [{"a": 42}]
    assert alice.sql("SELECT len(?) AS a", [[1, 2, 3]]) == [{"a": 3}]
    for params in ([], {"m": 1}, [2**200], [[[[[{"a": object.__name__}]]]]]):
        refused(alice, "SELECT $n", params)


def test_no_rows_and_odd_values(alice: Person) -> None:
    assert alice.sql("SELECT * FROM shapes WHERE false") == []
    assert alice.sql("SELECT NULL AS a, 'naïve \U0001f697' AS b") == [{"a": None, "b": "naïve \U0001f697"}]


def test_limit(alice: Person) -> None:
    answer = alice.post("/api/lab/sql", json={"sql": "SELECT * FROM range(1000)", "limit": 7})
    assert pa.ipc.open_stream(answer.content).read_all().num_rows == 7
    alice.post("/api/lab/sql", 400, json={"sql": "SELECT 1", "limit": -1})


def test_a_large_answer_comes_in_pieces(alice: Person) -> None:
    """The first ones arrive while the rest is computed."""
    sql = "SELECT i, repeat('x', 100) AS filler FROM range(1000000) r(i)"
    with alice.http.stream("POST", "/api/lab/sql", json={"sql": sql}) as answer:
        pieces = [len(piece) for piece in answer.iter_raw()]
    assert sum(pieces) > 100_000_000
    assert len(pieces) > 10


class TestWalls:
    def test_each_sees_what_he_may_see(self, alice: Person, bob: Person, admin: Person, filled: Made) -> None:
        own = bob.create_task(1)
        bob.put(f"/api/jobs/{own.job}/annotations", json={"shapes": [own.box()], "tags": [own.tag()]})
        for view in VIEWS:
            column = {"projects": "id", "tasks": "id"}.get(view, "task_id")
            seen = {row[column] for row in bob.sql(f"SELECT * FROM {view}")}
            assert seen <= {own.task}, view
        assert {row["id"] for row in admin.sql("SELECT id FROM tasks")} >= {filled.task, own.task}
        alice.patch(f"/api/jobs/{filled.job}", json={"assignee": bob.id})
        assert {row["task_id"] for row in bob.sql("SELECT task_id FROM shapes")} == {own.task, filled.task}
        alice.patch(f"/api/jobs/{filled.job}", json={"assignee": None})
        assert {row["task_id"] for row in bob.sql("SELECT task_id FROM shapes")} == {own.task}

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM shapes",
            "UPDATE store.users SET is_superuser = true",
            "INSERT INTO store.users VALUES (1)",
            "DROP TABLE store.shapes",
            "CREATE TABLE mine AS SELECT 1",
            "CREATE TEMP TABLE shapes AS SELECT 1",
            "ATTACH 'other.duckdb'",
            "COPY (SELECT 1) TO 'out.csv'",
            "EXPORT DATABASE 'out'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "PRAGMA database_list",
            "SET memory_limit = '1GB'",
            "CALL duckdb_tables()",
            "CHECKPOINT",
            "BEGIN",
            "SELECT 1; SELECT 2",
            "SELECT 1; DROP TABLE store.shapes",
            "EXPLAIN ANALYZE SELECT 1",
            "",
            ";",
            "SELECT",
            "not sql at all",
        ],
    )
    def test_only_one_select(self, alice: Person, filled: Made, sql: str) -> None:
        before = alice.sql("SELECT count(*) AS n FROM shapes")
        refused(alice, sql)
        assert alice.sql("SELECT count(*) AS n FROM shapes") == before

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT * FROM store.users",
            "SELECT * FROM store.shapes",
            'SELECT * FROM "store"."users"',
            "SELECT * FROM workspace.store.users",
            "SELECT (SELECT password_hash FROM store.users LIMIT 1)",
            "SELECT * FROM tasks WHERE EXISTS (SELECT 1 FROM store.users)",
            "WITH a AS (SELECT * FROM store.users) SELECT * FROM a",
            "SELECT * FROM information_schema.tables",
            "SELECT * FROM duckdb_tables",
            "SELECT * FROM duckdb_views()",
            "SELECT * FROM pg_catalog.pg_tables",
            "SELECT * FROM sqlite_master",
            "SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) SELECT * FROM duckdb_views)",
            "SELECT * FROM '/etc/passwd'",
            "SELECT * FROM 'workspace.duckdb'",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM read_csv_auto('http://example.com/x.csv')",
            "SELECT * FROM glob('*')",
            "SELECT * FROM query('SELECT * FROM store.users')",
            "SELECT * FROM query_table('store.users')",
            "SELECT nextval('store.users_ids')",
            "SELECT getenv('HOME')",
            "DESCRIBE store.users",
            "SHOW ALL TABLES",
            "SUMMARIZE store.users",
            "FROM store.users",
            "TABLE store.users",
            "PIVOT store.users ON username",
            "SELECT * FROM users",
            "SELECT * FROM answer",
        ],
    )
    def test_nothing_but_views(self, admin: Person, sql: str) -> None:
        answer = 5
        assert answer == 5, "a variable of the server's process is out of reach, too"
        told = refused(admin, sql)
        assert "scrypt" not in told

    @pytest.mark.parametrize(
        ("sql", "told"),
        [
            ("SELECT 'a'::INT", "Could not convert"),
            ("SELECT error('my own')", "my own"),
            ("SELECT no_such_column FROM shapes", "no_such_column"),
            ("SELECT no_such_function(1)", "no_such_function"),
            ("SELECT * FROM shapez", "there is no view 'shapez'"),
        ],
    )
    def test_mistakes_are_explained(self, alice: Person, sql: str, told: str) -> None:
        assert told in refused(alice, sql)

    def test_a_mistake_in_the_middle_does_not_look_like_an_answer(self, alice: Person) -> None:
        number = "CASE WHEN i = 900000 THEN error('late') ELSE i END"
        sql = f"SELECT {number} AS i, repeat('x', 50) AS f FROM range(1000000) r(i)"
        with pytest.raises(httpx.RemoteProtocolError):
            alice.http.post("/api/lab/sql", json={"sql": sql})

    def test_a_query_has_only_so_much_time(self, alice: Person, hurried: float) -> None:
        start = time.monotonic()
        told = refused(alice, "SELECT count(*) FROM range(1000000000000) a, range(1000000) b", status=413)
        assert "longer than" in told
        assert time.monotonic() - start < hurried + 5

    def test_slow_queries_leave_everybody_else_alone(self, alice: Person, made: Made, hurried: float) -> None:
        slow = [
            threading.Thread(
                target=alice.post,
                args=("/api/lab/sql", 413),
                kwargs={"json": {"sql": "SELECT count(*) FROM range(1000000000000) a, range(1000000) b"}},
            )
            for _ in range(8)
        ]
        for thread in slow:
            thread.start()
        time.sleep(0.2)
        waits = []
        while any(thread.is_alive() for thread in slow) and len(waits) < 20:
            start = time.monotonic()
            alice.get(f"/api/jobs/{made.job}")
            alice.put(f"/api/jobs/{made.job}/annotations", json={"tags": [made.tag()]})
            waits.append(time.monotonic() - start)
        for thread in slow:
            thread.join()
        assert sorted(waits)[len(waits) // 2] < 1.0, waits

    @pytest.fixture
    def hurried(self, monkeypatch: pytest.MonkeyPatch) -> float:
        monkeypatch.setattr(sandbox, "TIMEOUT_SECONDS", 1.0)
        return 1.0


def test_nobody_may_ask(site: Any) -> None:
    site.anonymous().post("/api/lab/sql", 401, json={"sql": "SELECT 1"})


@pytest.mark.parametrize("body", [{}, {"sql": 5}, {"sql": None}, {"sql": "SELECT 1", "params": "x"}, []])
def test_bodies_that_are_no_query(alice: Person, body: Any) -> None:
    alice.post("/api/lab/sql", 400, json=body)


def test_a_client_that_hangs_up(alice: Person) -> None:
    """Leaves no query running and no connection open."""
    for _ in range(8):
        sql = "SELECT i, repeat('x', 1000) AS filler FROM range(100000000) r(i)"
        with alice.http.stream("POST", "/api/lab/sql", json={"sql": sql}) as answer:
            next(iter(answer.iter_raw()))
    end = time.monotonic() + 5
    assert alice.sql("SELECT 1 AS a") == [{"a": 1}]
    assert time.monotonic() < end
