"""Queries on labels and attributes."""

from __future__ import annotations

from collections import defaultdict

from msgspec import UNSET

from cvat_lab.model.label import AttributeRead, AttributeSpec, Label, LabelRead, LabelType
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.tables import ANNOTATIONS, ATTRIBUTES, LABELS


def labels_of_project(project_id: int) -> str:
    """Return the condition for the labels of a project."""
    return f"project_id = {project_id:d}"


def labels_with_parts(label_id: int) -> str:
    """Return the condition for a label and its sublabels."""
    return f"(id = {label_id:d} OR parent_id = {label_id:d})"


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
