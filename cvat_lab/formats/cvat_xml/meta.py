"""The ``<meta>`` part of CVAT XML: what was exported, and its labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias
from xml.etree.ElementTree import Element

from cvat_lab.formats.cvat_xml.text import escape_text
from cvat_lab.formats.dataset import DEFAULT_SUBSET, Dataset, DatasetInfo, DatasetKind, Person, TaskInfo
from cvat_lab.model.base import utc_now
from cvat_lab.model.label import AttributeWrite, InputType, LabelRead, LabelType, LabelWrite

Node: TypeAlias = "tuple[str, object]"
"""A tag, and its text or its children."""


def write_meta(write: Callable[[str], None], dataset: Dataset) -> None:
    """Write the ``<meta>`` element of a dataset."""
    info = dataset.info
    nodes: list[Node] = [(str(info.kind), list(_nodes(dataset))), ("dumped", utc_now())]
    if info.kind is not DatasetKind.PROJECT and info.tasks[0].source:
        nodes.append(("source", info.tasks[0].source))
    write("  <meta>\n")
    for node in nodes:
        _write_node(write, node, "    ")
    write("  </meta>\n")


def _nodes(dataset: Dataset) -> Iterator[Node]:
    info = dataset.info
    if info.kind is not DatasetKind.PROJECT:
        yield from _task_nodes(dataset, info.tasks[0], info)
        return
    yield "id", info.id
    yield "name", info.name
    yield "bugtracker", info.bug_tracker
    yield "created", info.created_date
    yield "updated", info.updated_date
    yield "subsets", "\n".join(dataset.subsets)
    yield "labels", _label_nodes(info.labels)
    yield "owner", _person_nodes(info.owner)
    yield "assignee", _person_nodes(info.assignee)
    yield "tasks", [("task", list(_task_nodes(dataset, task, None))) for task in info.tasks]


def _task_nodes(dataset: Dataset, task: TaskInfo, info: DatasetInfo | None) -> Iterator[Node]:
    """Yield the nodes of a task or job; without ``info``, those of a task within a project."""
    is_job = info is not None and info.kind is DatasetKind.JOB
    yield "id", info.id if info is not None else task.id
    if not is_job:
        yield "name", task.name
    yield "size", len(dataset.task_frames[task.id]) if is_job else task.size
    yield "mode", task.mode
    yield "overlap", task.overlap
    yield "bugtracker", task.bug_tracker
    yield "created", task.created_date
    yield "updated", task.updated_date
    yield "subset", task.subset or DEFAULT_SUBSET
    yield "start_frame", task.start_frame
    yield "stop_frame", task.stop_frame
    yield "frame_filter", task.frame_filter
    if info is not None:
        yield "labels", _label_nodes(info.labels)
    yield (
        "segments",
        [
            ("segment", [("id", part.id), ("start", part.start), ("stop", part.stop), ("url", part.url)])
            for part in task.segments
        ],
    )
    yield "owner", _person_nodes(task.owner)
    yield "assignee", _person_nodes(task.assignee)
    frames = dataset.task_frames[task.id]
    if task.is_video and len(frames):
        yield "original_size", [("width", frames.widths[0]), ("height", frames.heights[0])]
    if info is None and task.source:
        yield "source", task.source


def _person_nodes(person: Person | None) -> object:
    return "" if person is None else [("username", person.username), ("email", person.email)]


def _label_nodes(labels: Iterable[LabelRead]) -> list[Node]:
    return [
        node
        for label in labels
        for node in (_label_node(label, ""), *(_label_node(sub, label.name) for sub in label.sublabels))
    ]


def _label_node(label: LabelRead, parent: str) -> Node:
    nodes: list[Node] = [
        ("name", label.name),
        ("color", label.color),
        ("type", label.type),
        (
            "attributes",
            [
                (
                    "attribute",
                    [
                        ("name", spec.name),
                        ("mutable", spec.mutable),
                        ("input_type", spec.input_type),
                        ("default_value", spec.default_value),
                        ("values", "\n".join(spec.values)),
                    ],
                )
                for spec in label.attributes
            ],
        ),
    ]
    if isinstance(label.svg, str) and label.svg:
        nodes.append(("svg", label.svg))
    if parent:
        nodes.append(("parent", parent))
    return "label", nodes


def _write_node(write: Callable[[str], None], node: Node, indent: str) -> None:
    tag, content = node
    if isinstance(content, list):
        write(f"{indent}<{tag}>\n")
        for child in content:
            _write_node(write, child, indent + "  ")
        write(f"{indent}</{tag}>\n")
    else:
        write(f"{indent}<{tag}>{escape_text(_text(content))}</{tag}>\n")


def _text(content: object) -> str:
    if content is None:
        return ""
    if isinstance(content, datetime):
        return content.isoformat(sep=" ")
    return str(content)


def read_meta_labels(meta: Element | None) -> list[LabelWrite]:
    """Return the labels that a ``<meta>`` element declares, sublabels inside their skeletons."""
    found: dict[str, LabelWrite] = {}
    parts: list[tuple[str, LabelWrite]] = []
    for node in () if meta is None else meta.iter("label"):
        label = _read_label(node)
        parent = node.findtext("parent") or ""
        if parent:
            parts.append((parent, label))
        elif label.name:
            found.setdefault(label.name, label)
    for parent, label in parts:
        if parent in found:
            found[parent].sublabels = [*(found[parent].sublabels or []), label]
    return list(found.values())


def _read_label(node: Element) -> LabelWrite:
    kind = node.findtext("type") or "any"
    return LabelWrite(
        name=node.findtext("name") or "",
        color=node.findtext("color") or "",
        type=LabelType(kind) if kind in set(LabelType) else LabelType.ANY,
        attributes=[_read_attribute(spec) for spec in node.iterfind("attributes/attribute")],
        svg=node.findtext("svg") or "",
    )


def _read_attribute(node: Element) -> AttributeWrite:
    kind = node.findtext("input_type") or "text"
    values = node.findtext("values") or ""
    return AttributeWrite(
        name=node.findtext("name") or "",
        mutable=(node.findtext("mutable") or "").strip().lower() == "true",
        input_type=InputType(kind) if kind in set(InputType) else InputType.TEXT,
        default_value=node.findtext("default_value") or "",
        values=[value.strip() for value in values.split("\n")] if values.strip() else [],
    )
