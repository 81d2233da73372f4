"""Numbered steps from an empty workspace to the current tables.

A step is a file ``NNNN_name.sql`` beside this one. Steps are never edited once released: a changed record means a new
step, and a test asserts that all steps together give the tables derived from the records.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from cvat_lab.errors import WorkspaceError

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True)
class Migration:
    """One step: its number, its name and its statements."""

    number: int
    name: str
    sql: str


def all_migrations() -> list[Migration]:
    """Return all steps in order."""
    found = [
        Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8"))
        for entry in resources.files(__package__).iterdir()
        if (match := _NAME.fullmatch(entry.name))
    ]
    return sorted(found, key=lambda step: step.number)


def pending_migrations(applied: set[int]) -> list[Migration]:
    """Return the steps that a workspace with the given steps still lacks.

    Raises
    ------
    WorkspaceError
        The workspace has steps this version does not know: a newer cvat_lab wrote it.
    """
    known = all_migrations()
    unknown = applied - {step.number for step in known}
    if unknown:
        raise WorkspaceError(
            f"the workspace was written by a newer version of cvat_lab (migration {max(unknown)}, this version knows "
            f"{known[-1].number}); install that version, or open another workspace"
        )
    return [step for step in known if step.number not in applied]


def migrate(execute: Callable[[str], list[tuple[int, ...]]]) -> list[int]:
    """Bring a workspace up to date and return the numbers of the applied steps.

    Parameters
    ----------
    execute
        Runs statements inside the caller's transaction and returns the rows of the last one.
    """
    execute("CREATE SCHEMA IF NOT EXISTS store")
    execute("CREATE TABLE IF NOT EXISTS store.migrations (number BIGINT PRIMARY KEY, name VARCHAR NOT NULL)")
    applied = {row[0] for row in execute("SELECT number FROM store.migrations")}
    steps = pending_migrations(applied)
    for step in steps:
        execute(step.sql)
        execute(f"INSERT INTO store.migrations VALUES ({step.number}, '{step.name}')")
    return [step.number for step in steps]
