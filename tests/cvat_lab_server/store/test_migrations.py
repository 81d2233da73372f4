"""All migrations together give the tables derived from the records."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from cvat_lab.errors import WorkspaceError
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.migrations import all_migrations
from cvat_lab_server.store.tables import ddl

_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
WHERE schema_name = 'store' AND table_name <> 'migrations' ORDER BY ALL
"""


def test_migrations_equal_the_derived_tables(tmp_path: Path) -> None:
    migrated = Database(tmp_path / "workspace.duckdb")
    derived = duckdb.connect()
    derived.execute("CREATE SCHEMA store")
    derived.execute(ddl())
    assert migrated.read(lambda cursor: cursor.rows(_COLUMNS)) == derived.execute(_COLUMNS).fetchall()
    migrated.close()


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [step.number for step in all_migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_workspace_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "workspace.duckdb"
    database = Database(path)
    database.write(lambda cursor: cursor.run("INSERT INTO store.migrations VALUES (9999, 'future')"))
    database.close()
    with pytest.raises(WorkspaceError, match="newer version"):
        Database(path)


def test_a_second_owner_is_told_what_to_do(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "workspace.duckdb"
    database = Database(path)
    script = (
        "import sys; from pathlib import Path; from cvat_lab_server.store.database import Database\n"
        "from cvat_lab.errors import WorkspaceError\n"
        "try: Database(Path(sys.argv[1]))\n"
        "except WorkspaceError as error: print(error)"
    )
    answer = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert "open in another process" in answer.stdout
    assert "cvat_lab.connect()" in answer.stdout
    database.close()
