"""Removing things with everything that belongs to them. There are no foreign keys: this file is the integrity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.guides import remove_guides
from cvat_lab_server.store.tables import ANNOTATIONS, ATTRIBUTES, REVISIONS


@dataclass
class Leftovers:
    """What is still on disk when rows are gone: to be removed once the transaction is through.

    Attributes
    ----------
    data
        Ids of tasks' data.
    assets
        Names of files of annotation guides.
    """

    data: list[int] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)

    def __iadd__(self, other: Leftovers) -> Leftovers:
        self.data += other.data
        self.assets += other.assets
        return self


_OF_JOBS = ("keyframes", "tracks", "shapes", "tags", "revisions")
_OF_TASKS = ("keyframes", "tracks", "shapes", "tags", "revisions", "frames")


def remove_labels(cursor: Cursor, ids: Sequence[int | None]) -> None:
    """Remove labels, their sublabels and attributes, and close all annotations that carry them."""
    if not ids:
        return
    given = _members(ids)
    every = cursor.column(f"SELECT id FROM store.labels WHERE id IN {given} OR parent_id IN {given}")
    members = _members(every)
    revision = cursor.next_ids(REVISIONS, 1)[0]
    touched = " UNION ".join(
        f"SELECT job_id FROM store.{kind} WHERE deleted_rev IS NULL AND label_id IN {members}"
        for kind in ("tags", "shapes", "tracks")
    )
    cursor.run(f"UPDATE store.jobs SET revision = ? WHERE id IN ({touched})", [revision])
    cursor.run(
        "UPDATE store.keyframes SET deleted_rev = ? WHERE deleted_rev IS NULL AND track_id IN "
        f"(SELECT id FROM store.tracks WHERE deleted_rev IS NULL AND label_id IN {members})",
        [revision],
    )
    for kind in ("tags", "shapes", "tracks"):
        cursor.run(
            f"UPDATE store.{kind} SET deleted_rev = ? WHERE deleted_rev IS NULL AND label_id IN {members}", [revision]
        )
    cursor.run(f"DELETE FROM store.attributes WHERE label_id IN {members}")
    cursor.run(f"DELETE FROM store.labels WHERE id IN {members}")


def remove_attribute(cursor: Cursor, spec_id: int) -> None:
    """Remove an attribute and its values in all annotations, past ones included."""
    for table in ANNOTATIONS:
        cursor.run(
            f"UPDATE store.{table} SET attributes = list_filter(attributes, lambda a: a.spec_id <> ?) "
            "WHERE list_contains(list_transform(attributes, lambda a: a.spec_id), ?)",
            [spec_id, spec_id],
        )
    cursor.delete(ATTRIBUTES, id=spec_id)


def remove_jobs(cursor: Cursor, ids: Sequence[int]) -> None:
    """Remove jobs with their annotations and issues."""
    members = _members(ids)
    _remove_issues(cursor, members)
    for kind in _OF_JOBS:
        cursor.run(f"DELETE FROM store.{kind} WHERE job_id IN {members}")
    cursor.run(f"DELETE FROM store.jobs WHERE id IN {members}")


def remove_tasks(cursor: Cursor, ids: Sequence[int]) -> Leftovers:
    """Remove tasks with jobs, labels, frames, annotations, issues and guides."""
    if not ids:
        return Leftovers()
    members = _members(ids)
    data = cursor.column(f"SELECT data_id FROM store.tasks WHERE id IN {members} AND data_id IS NOT NULL")
    _remove_issues(cursor, f"(SELECT id FROM store.jobs WHERE task_id IN {members})")
    for kind in _OF_TASKS:
        cursor.run(f"DELETE FROM store.{kind} WHERE task_id IN {members}")
    cursor.run(f"DELETE FROM store.jobs WHERE task_id IN {members}")
    assets = remove_guides(cursor, "task_id", ids)
    _remove_labels_of(cursor, f"task_id IN {members}")
    cursor.run(f"DELETE FROM store.data WHERE id IN {_members(data)}")
    cursor.run(f"DELETE FROM store.tasks WHERE id IN {members}")
    return Leftovers(data, assets)


def remove_project(cursor: Cursor, project_id: int) -> Leftovers:
    """Remove a project with its tasks, labels and guide."""
    left = remove_tasks(cursor, cursor.column("SELECT id FROM store.tasks WHERE project_id = ?", [project_id]))
    left.assets += remove_guides(cursor, "project_id", [project_id])
    _remove_labels_of(cursor, f"project_id = {project_id:d}")
    cursor.run("DELETE FROM store.projects WHERE id = ?", [project_id])
    return left


def remove_organization(cursor: Cursor, organization_id: int) -> Leftovers:
    """Remove an organization with its projects, tasks, members and invitations."""
    left = Leftovers()
    for project in cursor.column("SELECT id FROM store.projects WHERE organization_id = ?", [organization_id]):
        left += remove_project(cursor, project)
    left += remove_tasks(
        cursor, cursor.column("SELECT id FROM store.tasks WHERE organization_id = ?", [organization_id])
    )
    members = f"SELECT id FROM store.memberships WHERE organization_id = {organization_id:d}"
    cursor.run(f"DELETE FROM store.invitations WHERE membership_id IN ({members})")
    cursor.run("DELETE FROM store.memberships WHERE organization_id = ?", [organization_id])
    cursor.run("DELETE FROM store.organizations WHERE id = ?", [organization_id])
    return left


def _remove_issues(cursor: Cursor, jobs: str) -> None:
    issues = f"(SELECT id FROM store.issues WHERE job_id IN {jobs})"
    cursor.run(f"DELETE FROM store.comments WHERE issue_id IN {issues}")
    cursor.run(f"DELETE FROM store.issues WHERE job_id IN {jobs}")


def _remove_labels_of(cursor: Cursor, where: str) -> None:
    cursor.run(f"DELETE FROM store.attributes WHERE label_id IN (SELECT id FROM store.labels WHERE {where})")
    cursor.run(f"DELETE FROM store.labels WHERE {where}")


def _members(ids: Sequence[int | None]) -> str:
    return "(" + (", ".join(str(int(number)) for number in ids if number is not None) or "NULL") + ")"
