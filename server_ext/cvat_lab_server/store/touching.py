"""Noting that something changed, on everything whose clients may have cached it."""

from __future__ import annotations

from cvat_lab.model.base import utc_now
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.tables import PROJECTS, TASKS


def touch_task(cursor: Cursor, task_id: int) -> None:
    """Set the time of change of a task and its jobs."""
    now = utc_now()
    cursor.update(TASKS, task_id, updated_date=now)
    cursor.run("UPDATE store.jobs SET updated_date = ? WHERE task_id = ?", [now, task_id])


def touch_project(cursor: Cursor, project_id: int) -> None:
    """Set the time of change of a project and its tasks."""
    now = utc_now()
    cursor.update(PROJECTS, project_id, updated_date=now)
    cursor.run("UPDATE store.tasks SET updated_date = ? WHERE project_id = ?", [now, project_id])
