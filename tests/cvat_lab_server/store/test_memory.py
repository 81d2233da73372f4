"""Remembered answers are never older than the last acknowledged write."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import cvat_lab_server.store
from cvat_lab.model.base import utc_now
from cvat_lab.model.user import User
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.memory import LIMIT, MISSING, Memory, written_table
from cvat_lab_server.store.tables import PROJECTS, USERS


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "workspace.duckdb")
    database.write(lambda cursor: cursor.insert(USERS, User(id=0, username="ada", date_joined=utc_now())))
    yield database
    database.close()


class Question:
    """The e-mail address of the first user; counts how often the database was asked."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked = 0

    def answer(self) -> str:
        def work(cursor: Cursor) -> str:
            self.asked += 1
            return str(cursor.value("SELECT email FROM store.users WHERE id = 1"))

        return self.database.recall("email", [USERS], work)


def test_an_answer_is_read_once(database: Database) -> None:
    question = Question(database)
    assert [question.answer(), question.answer()] == ["", ""]
    assert question.asked == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: cursor.update(USERS, 1, email="a@b.c"),
        lambda cursor: cursor.run("UPDATE store.users u SET email = 'a@b.c' WHERE u.id = 1"),
        lambda cursor: cursor.rows("\n update store.users SET email = 'a@b.c' RETURNING id"),
    ],
)
def test_a_write_is_seen_at_once(database: Database, change: object) -> None:
    question = Question(database)
    question.answer()
    database.write(change)  # type: ignore[arg-type]
    assert question.answer() == "a@b.c"


def test_other_tables_and_marks_change_nothing(database: Database) -> None:
    question = Question(database)
    question.answer()
    database.write(lambda cursor: cursor.delete(PROJECTS, id=5))
    database.write(lambda cursor: cursor.update(PROJECTS, 5, updated_date=utc_now()))
    question.answer()
    assert question.asked == 1


def test_a_write_that_failed_is_not_seen(database: Database) -> None:
    def work(cursor: Cursor) -> None:
        cursor.update(USERS, 1, email="a@b.c")
        raise ValueError("changed my mind")

    question = Question(database)
    question.answer()
    with pytest.raises(ValueError, match="changed my mind"):
        database.write(work)
    assert question.answer() == ""
    assert question.asked == 1


def test_what_was_read_before_a_write_is_not_kept(database: Database) -> None:
    has_read, may_go_on = threading.Event(), threading.Event()

    def slowly(cursor: Cursor) -> str:
        found = str(cursor.value("SELECT email FROM store.users WHERE id = 1"))
        has_read.set()
        may_go_on.wait(10)
        return found

    reader = threading.Thread(target=lambda: database.recall("email", [USERS], slowly))
    reader.start()
    assert has_read.wait(10)
    database.write(lambda cursor: cursor.update(USERS, 1, email="a@b.c"))
    may_go_on.set()
    reader.join(10)
    assert Question(database).answer() == "a@b.c"


def test_the_oldest_answers_are_forgotten() -> None:
    memory = Memory()
    for number in range(LIMIT + 1):
        memory.keep(number, (), "answer")
    assert memory.recall(0, ()) is MISSING
    assert memory.recall(1, ()) == "answer"


def test_every_statement_of_the_store_that_writes_is_recognized() -> None:
    folder = Path(cvat_lab_server.store.__file__).parent
    words = re.compile(r"[\"'\s](INSERT|UPDATE|DELETE FROM|MERGE|TRUNCATE|REPLACE INTO|DROP|ALTER)\s+[^\"']*")
    for path in set(folder.glob("*.py")) - {folder / "ddl.py", folder / "memory.py", folder / "sandbox.py"}:
        for found in words.finditer(path.read_text("utf-8")):
            statement = re.sub(r"\{[^}]*\}", "store.x", found[0].strip("\"' \n"))
            assert written_table(statement), f"{path.name}: {statement}"
