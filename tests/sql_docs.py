"""Writes the list of views into docs/sql.md, from the views themselves.

Usage: ``python -m tests.sql_docs``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from cvat_lab_server.store.database import Database
from cvat_lab_server.store.views import VIEWS, view_statements

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sql.md"
MARK = "<!-- views: written by python -m tests.sql_docs -->"


def view_pages() -> str:
    """Return the markdown about all views."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "workspace.duckdb")
        connection = database.connection()
        for statement in view_statements(set(VIEWS), 1, False):
            connection.execute(statement)
        parts = []
        for name, view in VIEWS.items():
            columns = connection.execute(f"DESCRIBE {name}").fetchall()
            rows = "\n".join(f"| `{column[0]}` | {column[1]} |" for column in columns)
            parts.append(f"### {name}\n\n{view.doc}\n\n| column | type |\n|---|---|\n{rows}\n")
        connection.close()
        database.close()
    return "\n".join(parts)


def page() -> str:
    """Return the whole page as it should be."""
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    return f"{head}{MARK}\n\n{view_pages()}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
