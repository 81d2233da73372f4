"""Moving tasks into projects, and both between organizations.

A task that moves into a project has its labels replaced by the project's, matched by name or as the caller says.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import utc_now
from cvat_lab.model.label import LabelRead, LabelWrite
from cvat_lab.model.project import Project
from cvat_lab.model.task import Task
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.labels import read_labels
from cvat_lab_server.store.relations import members_of
from cvat_lab_server.store.removal import remove_labels
from cvat_lab_server.store.tables import PROJECTS, TASKS

_WITH_ATTRIBUTES = ("tags", "shapes", "tracks", "keyframes")


def move_to_project(cursor: Cursor, task_id: int, project_id: int, mapping: Sequence[LabelWrite] = ()) -> None:
    """Move a task that has its own labels into a project.

    Parameters
    ----------
    mapping
        Per label of the task, by ``id``, the ``name`` of the project's label that takes its place. An attribute with
        ``id`` and ``deleted`` in it is left behind with its values. Other labels keep their names.

    Raises
    ------
    InvalidInputError
        The task is in a project already, the project lacks one of the labels or attributes, or the mapping names a
        label that the task has not.
    """
    task, project = cursor.get(TASKS, Task, task_id), cursor.get(PROJECTS, Project, project_id)
    assert task is not None
    assert project is not None
    if task.project_id is not None:
        raise InvalidInputError(f"task {task_id} is in project {task.project_id} already", field="project_id")
    old, new = read_labels(cursor, f"task_id = {task_id:d}"), read_labels(cursor, f"project_id = {project_id:d}")
    _require_known(old, mapping, task_id)
    labels, specs = _match(_renamed(old, mapping), new, project.name)
    for before, after in labels.items():
        for kind in ("tags", "shapes", "tracks"):
            cursor.run(
                f"UPDATE store.{kind} SET label_id = ? WHERE task_id = ? AND label_id = ?", [after, task_id, before]
            )
    _drop_attributes(cursor, task_id, _left_behind(mapping))
    _map_attributes(cursor, task_id, specs)
    remove_labels(cursor, [label.id for label in old])
    cursor.update(TASKS, task_id, project_id=project_id)
    move_task_to_organization(cursor, task_id, project.organization_id)


def move_task_to_organization(cursor: Cursor, task_id: int, organization_id: int | None) -> None:
    """Move a task to an organization, None = the personal workspace. Assignees who are no members there are taken off.

    Raises
    ------
    InvalidInputError
        The task is in a project, which belongs elsewhere.
    """
    task = cursor.get(TASKS, Task, task_id)
    assert task is not None
    project = cursor.get(PROJECTS, Project, task.project_id) if task.project_id is not None else None
    if project is not None and project.organization_id != organization_id:
        raise InvalidInputError(
            f"task {task_id} goes where its project {project.id} goes; move that one", field="organization_id"
        )
    if task.organization_id != organization_id:
        cursor.update(TASKS, task_id, organization_id=organization_id)
        _take_strangers_off(cursor, f"id = {task_id:d}", organization_id)


def move_project_to_organization(cursor: Cursor, project_id: int, organization_id: int | None) -> None:
    """Move a project with its tasks to an organization, as a task is moved."""
    cursor.update(PROJECTS, project_id, organization_id=organization_id)
    tasks = f"project_id = {project_id:d}"
    cursor.run(f"UPDATE store.tasks SET organization_id = ? WHERE {tasks}", [organization_id])
    if organization_id is not None:
        _unassign(cursor, "projects", f"id = {project_id:d}", organization_id)
    _take_strangers_off(cursor, tasks, organization_id)


def _take_strangers_off(cursor: Cursor, tasks: str, organization_id: int | None) -> None:
    """Free some tasks and their jobs from assignees who could not see them any more."""
    if organization_id is None:
        return
    _unassign(cursor, "tasks", tasks, organization_id)
    _unassign(cursor, "jobs", f"task_id IN (SELECT id FROM store.tasks WHERE {tasks})", organization_id)


def _unassign(cursor: Cursor, table: str, where: str, organization_id: int) -> None:
    cursor.run(
        f"UPDATE store.{table} SET assignee_id = NULL, assignee_updated_date = ? "
        f"WHERE {where} AND assignee_id IS NOT NULL AND assignee_id NOT IN {members_of(organization_id)}",
        [utc_now()],
    )


def _require_known(old: list[LabelRead], mapping: Sequence[LabelWrite], task_id: int) -> None:
    known = {label.id: {attribute.id for attribute in label.attributes} for label in old}
    for write in mapping:
        if write.id not in known:
            raise InvalidInputError(f"task {task_id} has no label {write.id} to map", field="labels")
        for attribute in write.attributes or []:
            if attribute.deleted and attribute.id not in known[write.id]:
                raise InvalidInputError(f"label {write.id} has no attribute {attribute.id} to clear", field="labels")


def _left_behind(mapping: Sequence[LabelWrite]) -> set[int]:
    attributes = [attribute for write in mapping for attribute in write.attributes or [] if attribute.deleted]
    return {attribute.id for attribute in attributes if attribute.id is not None}


def _renamed(old: list[LabelRead], mapping: Sequence[LabelWrite]) -> list[LabelRead]:
    """Return the task's labels by the names they shall have, without the attributes that are left behind."""
    names = {write.id: write.name for write in mapping if write.name}
    gone = _left_behind(mapping)
    return [
        msgspec.structs.replace(
            label,
            name=names.get(label.id, label.name),
            attributes=[attribute for attribute in label.attributes if attribute.id not in gone],
        )
        for label in old
    ]


def _match(old: list[LabelRead], new: list[LabelRead], project: str) -> tuple[dict[int, int], dict[int, int]]:
    """Return old to new label ids, and old to new attribute ids."""
    labels: dict[int, int] = {}
    specs: dict[int, int] = {}
    by_name = {label.name: label for label in new}
    for label in old:
        target = by_name.get(label.name)
        if target is None:
            raise InvalidInputError(
                f"project {project!r} has no label {label.name!r}; add it first", field="project_id"
            )
        labels[label.id] = target.id
        names = {attribute.name: attribute.id for attribute in target.attributes}
        for attribute in label.attributes:
            if attribute.name not in names:
                raise InvalidInputError(
                    f"label {label.name!r} of project {project!r} has no attribute {attribute.name!r}; add it first",
                    field="project_id",
                )
            specs[attribute.id] = names[attribute.name]
        inner_labels, inner_specs = _match(label.sublabels, target.sublabels, project)
        labels.update(inner_labels)
        specs.update(inner_specs)
    return labels, specs


def _drop_attributes(cursor: Cursor, task_id: int, specs: set[int]) -> None:
    if not specs:
        return
    gone = "[" + ", ".join(f"{spec:d}" for spec in sorted(specs)) + "]"
    for kind in _WITH_ATTRIBUTES:
        cursor.run(
            f"UPDATE store.{kind} SET attributes = list_filter(attributes, lambda a: NOT list_contains({gone}, "
            "a.spec_id)) WHERE task_id = ? AND len(attributes) > 0",
            [task_id],
        )


def _map_attributes(cursor: Cursor, task_id: int, specs: dict[int, int]) -> None:
    if not specs:
        return
    mapping = "MAP {" + ", ".join(f"{before}: {after}" for before, after in specs.items()) + "}"
    for kind in _WITH_ATTRIBUTES:
        cursor.run(
            f"UPDATE store.{kind} SET attributes = list_transform(attributes, lambda a: "
            f"{{'spec_id': coalesce({mapping}[a.spec_id], a.spec_id), 'value': a.value}}) "
            "WHERE task_id = ? AND len(attributes) > 0",
            [task_id],
        )
