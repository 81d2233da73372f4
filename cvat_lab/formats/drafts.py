"""Labels that an import is going to create: they are numbered while a file is read, and get their ids when stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from cvat_lab.errors import ConflictError
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import AttributeRead, AttributeWrite, InputType, LabelRead, LabelType, LabelWrite
from cvat_lab.model.shape import AttributeValue, Shape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track


def draft_labels(labels: Iterable[LabelWrite]) -> list[LabelRead]:
    """Return labels to create as they will be, with numbers from 1 in place of ids."""
    numbers = count(1)
    return [_draft(label, numbers) for label in labels]


def _draft(label: LabelWrite, numbers: Iterator[int]) -> LabelRead:
    return LabelRead(
        id=next(numbers),
        name=label.name or "",
        color=label.color,
        type=label.type or LabelType.ANY,
        attributes=[_draft_attribute(spec, next(numbers)) for spec in label.attributes or ()],
        sublabels=[_draft(part, numbers) for part in label.sublabels or ()],
        has_parent=False,
    )


def _draft_attribute(spec: AttributeWrite, number: int) -> AttributeRead:
    first = spec.values[0] if spec.values and spec.input_type is not InputType.TEXT else ""
    return AttributeRead(
        id=number,
        name=spec.name,
        mutable=spec.mutable,
        input_type=spec.input_type,
        default_value=first if spec.default_value is None else spec.default_value,
        values=spec.values,
    )


def apply_ids(data: LabeledData, drafts: Sequence[LabelRead], stored: Sequence[LabelRead]) -> None:
    """Replace the numbers of drafted labels and attributes in annotations by the ids of the stored ones, in place.

    Raises
    ------
    ConflictError
        A label or attribute that the annotations use is not among the stored ones.
    """
    ids = _Ids(drafts, stored)
    for tag in data.tags:
        ids.apply(tag)
    for shape in data.shapes:
        for part in (shape, *shape.elements):
            ids.apply(part)
    for track in data.tracks:
        for piece in (track, *track.elements):
            ids.apply(piece)
            for keyframe in piece.shapes:
                ids.apply_values(keyframe.attributes)


class _Ids:
    def __init__(self, drafts: Sequence[LabelRead], stored: Sequence[LabelRead]) -> None:
        self._names = {label.id: path for path, label in _paths(drafts)}
        self._spec_names = {spec.id: (path, spec.name) for path, label in _paths(drafts) for spec in label.attributes}
        self._ids = {path: label.id for path, label in _paths(stored)}
        self._spec_ids = {(path, spec.name): spec.id for path, label in _paths(stored) for spec in label.attributes}

    def apply(self, item: Tag | Shape | Track) -> None:
        path = self._names[item.label_id]
        if path not in self._ids:
            raise ConflictError(f"the label {'/'.join(path)!r} was removed during the import; import again")
        item.label_id = self._ids[path]
        self.apply_values(item.attributes)

    def apply_values(self, values: Iterable[AttributeValue]) -> None:
        for value in values:
            path, name = self._spec_names[value.spec_id]
            if (path, name) not in self._spec_ids:
                raise ConflictError(
                    f"the attribute {name!r} of {'/'.join(path)!r} was removed during the import; import again"
                )
            value.spec_id = self._spec_ids[path, name]


def _paths(labels: Iterable[LabelRead]) -> Iterator[tuple[tuple[str, ...], LabelRead]]:
    """Yield labels and sublabels by their names, the skeleton's before its point's."""
    for label in labels:
        yield (label.name,), label
        for part in label.sublabels:
            yield (label.name, part.name), part
