"""Queries on labels and attributes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import UNSET

from cvat_lab.model.label import AttributeRead, AttributeSpec, Label, LabelRead, LabelType
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.listing import Fields, ListQuery, Source, select_page
from cvat_lab_server.store.relations import in_organization, visible_projects, visible_tasks
from cvat_lab_server.store.tables import ANNOTATIONS, ATTRIBUTES, LABELS

_LABEL_SOURCE: Final = Source("store.labels l", {"m": "LEFT JOIN store.labels m ON m.id = l.parent_id"})

_LABEL_FIELDS: Final = Fields(
    {
        "id": "l.id",
        "name": "l.name",
        "color": "l.color",
        "type": "l.type",
        "parent": "m.name",
        "parent_id": "l.parent_id",
    },
    search=("name", "parent"),
    order="id",
)


def labels_of_project(project_id: int) -> str:
    """Return the condition for the labels of a project."""
    return f"project_id = {project_id:d}"


def labels_with_parts(*label_ids: int) -> str:
    """Return the condition for labels and their sublabels."""
    members = ", ".join(f"{label_id:d}" for label_id in label_ids) or "NULL"
    return f"(id IN ({members}) OR parent_id IN ({members}))"


def labels_of_task(task_id: int) -> str:
    """Return the condition for the labels that a task uses: its own, or its project's."""
    return (
        f"(task_id = {task_id:d} OR project_id = "
        f"(SELECT project_id FROM store.tasks WHERE id = {task_id:d} AND project_id IS NOT NULL))"
    )


def labels_of_job(job_id: int) -> str:
    """Return the condition for the labels that a job uses."""
    task = f"SELECT t.{{column}} FROM store.jobs j JOIN store.tasks t ON t.id = j.task_id WHERE j.id = {job_id:d}"
    return f"(task_id = ({task.format(column='id')}) OR project_id = ({task.format(column='project_id')}))"


def visible_labels(user_id: int, is_admin: bool, organization_id: int | None) -> str:
    """Return the condition for the labels of all projects and tasks that a user may see in a place."""
    projects = f"{visible_projects(user_id, is_admin)} AND {in_organization('p', organization_id)}"
    tasks = f"{visible_tasks(user_id, is_admin)} AND {in_organization('t', organization_id)}"
    return (
        f"(project_id IN (SELECT p.id FROM store.projects p WHERE {projects}) "
        f"OR task_id IN (SELECT t.id FROM store.tasks t WHERE {tasks}))"
    )


def find_labels(cursor: Cursor, query: ListQuery, where: str, *, with_parts: bool) -> tuple[int, list[LabelRead]]:
    """Return the total number and one page of labels.

    Parameters
    ----------
    where
        Condition on the columns of ``store.labels``.
    with_parts
        Whether sublabels are listed, too, instead of only inside their skeletons.
    """
    listed = f"l.id IN (SELECT id FROM store.labels WHERE {where})"
    listed += "" if with_parts else " AND l.parent_id IS NULL"
    total, rows = select_page(cursor, "l.id", _LABEL_SOURCE, _LABEL_FIELDS, query, listed)
    ids = [row[0] for row in rows]
    found = read_labels(cursor, labels_with_parts(*ids)) if ids else []
    shown = {label.id: label for label in _with_parts(found)}
    return total, [shown[label_id] for label_id in ids if label_id in shown]


def _with_parts(labels: Iterable[LabelRead]) -> list[LabelRead]:
    return [one for label in labels for one in (label, *label.sublabels)]


def read_labels(cursor: Cursor, where: str) -> list[LabelRead]:
    """Return the labels for which ``where`` holds, in order of creation, with attributes and sublabels."""
    labels = cursor.select(LABELS, Label, where)
    members = ", ".join(str(label.id) for label in labels) or "NULL"
    attributes = defaultdict(list)
    for spec in cursor.select(ATTRIBUTES, AttributeSpec, f"label_id IN ({members})"):
        attributes[spec.label_id].append(_show_attribute(spec))
    shown = {label.id: _show(label, attributes[label.id]) for label in labels}
    for label in labels:
        if label.parent_id in shown:
            shown[label.parent_id].sublabels.append(shown[label.id])
    return [shown[label.id] for label in labels if label.parent_id not in shown]


def values_in_use(cursor: Cursor, spec_id: int) -> list[str]:
    """Return the values that live annotations have for an attribute."""
    found = " UNION ".join(
        f"SELECT a.value FROM store.{table} x, unnest(x.attributes) u(a) WHERE x.deleted_rev IS NULL AND a.spec_id = ?"
        for table in ANNOTATIONS
    )
    return cursor.column(found, [spec_id] * len(ANNOTATIONS))


def _show(label: Label, attributes: list[AttributeRead]) -> LabelRead:
    return LabelRead(
        id=label.id,
        name=label.name,
        color=label.color,
        type=label.type,
        attributes=attributes,
        sublabels=[],
        has_parent=label.parent_id is not None,
        parent_id=label.parent_id,
        task_id=UNSET if label.task_id is None else label.task_id,
        project_id=UNSET if label.project_id is None else label.project_id,
        svg=label.svg if label.type is LabelType.SKELETON else UNSET,
    )


def _show_attribute(spec: AttributeSpec) -> AttributeRead:
    return AttributeRead(
        id=spec.id,
        name=spec.name,
        mutable=spec.mutable,
        input_type=spec.input_type,
        default_value=spec.default_value,
        values=spec.values,
    )
