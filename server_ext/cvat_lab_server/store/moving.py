"""Moving a task into a project: its labels are replaced by the project's, matched by name."""

from __future__ import annotations

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.label import LabelRead
from cvat_lab.model.project import Project
from cvat_lab.model.task import Task
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.labels import read_labels
from cvat_lab_server.store.removal import remove_labels
from cvat_lab_server.store.tables import PROJECTS, TASKS


def move_to_project(cursor: Cursor, task_id: int, project_id: int) -> None:
    """Move a task that has its own labels into a project.

    Raises
    ------
    InvalidInputError
        The task is in a project already, or the project lacks one of its labels or attributes.
    """
    task, project = cursor.get(TASKS, Task, task_id), cursor.get(PROJECTS, Project, project_id)
    assert task is not None
    assert project is not None
    if task.project_id is not None:
        raise InvalidInputError(f"task {task_id} is in project {task.project_id} already", field="project_id")
    old, new = read_labels(cursor, f"task_id = {task_id:d}"), read_labels(cursor, f"project_id = {project_id:d}")
    labels, specs = _match(old, new, project.name)
    for before, after in labels.items():
        for kind in ("tags", "shapes", "tracks"):
            cursor.run(
                f"UPDATE store.{kind} SET label_id = ? WHERE task_id = ? AND label_id = ?", [after, task_id, before]
            )
    _map_attributes(cursor, task_id, specs)
    remove_labels(cursor, [label.id for label in old])
    cursor.update(TASKS, task_id, project_id=project_id, organization_id=project.organization_id)


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


def _map_attributes(cursor: Cursor, task_id: int, specs: dict[int, int]) -> None:
    if not specs:
        return
    mapping = "MAP {" + ", ".join(f"{before}: {after}" for before, after in specs.items()) + "}"
    for kind in ("tags", "shapes", "tracks", "keyframes"):
        cursor.run(
            f"UPDATE store.{kind} SET attributes = list_transform(attributes, lambda a: "
            f"{{'spec_id': coalesce({mapping}[a.spec_id], a.spec_id), 'value': a.value}}) "
            "WHERE task_id = ? AND len(attributes) > 0",
            [task_id],
        )
