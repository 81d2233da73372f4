"""Labels in backups: known by name, and numbered while an archive is read.

The numbers of a reader count from 1 over all labels, and over all attributes, in the order of the archive. They stand
in for the ids that the labels get when they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from msgspec import UNSET

from cvat_lab.backup.records import BackupAttribute, BackupLabel
from cvat_lab.errors import FormatError, TooLargeError
from cvat_lab.model.label import AttributeRead, AttributeWrite, LabelRead, LabelType, LabelWrite

MAX_LABELS = 10_000

_NODE = re.compile(r'data-label-id="(\d+)"')


def to_backup(labels: Iterable[LabelRead]) -> list[BackupLabel]:
    """Return stored labels as they stand in a backup."""
    return [_to_backup(label) for label in labels]


def to_writes(labels: Iterable[BackupLabel]) -> list[LabelWrite]:
    """Return the labels of a backup as labels to create."""
    return [
        LabelWrite(
            name=label.name,
            color=label.color or "",
            type=label.type or LabelType.ANY,
            attributes=[_to_write(attribute) for attribute in label.attributes],
            sublabels=to_writes(label.sublabels),
            svg=label.svg if isinstance(label.svg, str) else "",
        )
        for label in labels
    ]


def number_labels(labels: Sequence[BackupLabel], file: str) -> list[LabelRead]:
    """Return the labels of a backup with numbers instead of ids.

    Raises
    ------
    FormatError
        A name is used twice; the message names ``file``.
    TooLargeError
        There are too many.
    """
    count = sum(1 + len(label.sublabels) for label in labels)
    if count > MAX_LABELS:
        raise TooLargeError(f"{file}: {count:,} labels are too many; a task or project may have {MAX_LABELS:,}")
    counter = _Counter(file)
    return [counter.number(label) for label in _distinct(labels, file)]


@dataclass(frozen=True)
class LabelIds:
    """Ids of labels and attributes, in the order in which :func:`number_labels` counts them."""

    labels: list[int]
    attributes: list[int]

    @classmethod
    def of(cls, stored: Sequence[LabelRead], numbered: Sequence[LabelRead]) -> LabelIds:
        """Look up the stored labels that numbered ones of the same names became."""
        ids = {path: label.id for path, label in _paths(stored)}
        specs = {(path, spec.name): spec.id for path, label in _paths(stored) for spec in label.attributes}
        return cls(
            [ids[path] for path, _ in _paths(numbered)],
            [specs[path, spec.name] for path, label in _paths(numbered) for spec in label.attributes],
        )


def _paths(labels: Iterable[LabelRead]) -> Iterator[tuple[tuple[str, ...], LabelRead]]:
    for label in labels:
        yield (label.name,), label
        for part in label.sublabels:
            yield (label.name, part.name), part


class _Counter:
    def __init__(self, file: str) -> None:
        self._file = file
        self._labels = self._attributes = 0

    def number(self, label: BackupLabel) -> LabelRead:
        self._labels += 1
        return LabelRead(
            id=self._labels,
            name=label.name,
            color=label.color or "",
            type=label.type or LabelType.ANY,
            attributes=[self._attribute(spec) for spec in label.attributes],
            sublabels=[self.number(part) for part in _distinct(label.sublabels, self._file)],
            has_parent=False,
        )

    def _attribute(self, spec: BackupAttribute) -> AttributeRead:
        self._attributes += 1
        return AttributeRead(
            id=self._attributes,
            name=spec.name,
            mutable=spec.mutable,
            input_type=spec.input_type,
            default_value=spec.default_value or "",
            values=spec.values,
        )


def _distinct(labels: Sequence[BackupLabel], file: str) -> Sequence[BackupLabel]:
    seen: set[str] = set()
    for label in labels:
        if label.name in seen:
            raise FormatError(f"{file}: two labels are called {label.name!r}")
        seen.add(label.name)
    return labels


def _to_write(attribute: BackupAttribute) -> AttributeWrite:
    return AttributeWrite(
        name=attribute.name,
        mutable=attribute.mutable,
        input_type=attribute.input_type,
        values=attribute.values,
        default_value=attribute.default_value,
    )


def _to_backup(label: LabelRead) -> BackupLabel:
    names = {part.id: part.name for part in label.sublabels}
    return BackupLabel(
        name=label.name,
        color=label.color,
        type=label.type,
        attributes=[
            BackupAttribute(
                name=spec.name,
                mutable=spec.mutable,
                input_type=spec.input_type,
                default_value=spec.default_value,
                values=spec.values,
            )
            for spec in label.attributes
        ],
        sublabels=[_to_backup(part) for part in label.sublabels],
        svg=_with_names(label.svg, names) if isinstance(label.svg, str) else UNSET,
    )


def _with_names(svg: str, names: dict[int, str]) -> str:
    """Return a skeleton's drawing with the names of sublabels instead of their ids."""

    def name(match: re.Match[str]) -> str:
        found = names.get(int(match[1]))
        return match[0] if found is None else f'data-label-name="{escape(found)}"'

    return _NODE.sub(name, svg)
