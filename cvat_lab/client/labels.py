"""Labels: short ways to write them, and finding them by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.base import convert
from cvat_lab.model.label import AttributeRead, AttributeWrite, LabelRead, LabelWrite

LabelSpec = str | Mapping[str, Any] | LabelWrite
"""A name, a mapping with CVAT's fields, or the record itself."""


def make_labels(specs: Iterable[LabelSpec]) -> list[LabelWrite]:
    """Return labels to send.

    Parameters
    ----------
    specs
        ``"car"``, or ``{"name": "car", "color": "#f00", "type": "rectangle", "attributes": [...]}``. An attribute
        needs a ``name`` only: with ``values`` it is a select, without them free text, and it is not mutable.

    Raises
    ------
    InvalidInputError
        A field is unknown or has the wrong type; the message names the label.
    """
    if isinstance(specs, str):
        raise InvalidInputError(f"labels is a list; write labels=[{specs!r}]", field="labels")
    return [_make_label(spec) for spec in specs]


class Labels(Sequence[LabelRead]):
    """The labels of a project, task or job: a list that is also asked by name."""

    def __init__(self, labels: Sequence[LabelRead]) -> None:
        self._labels = labels
        self._by_name = {label.name: label for label in labels}

    @overload
    def __getitem__(self, key: int | str) -> LabelRead: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[LabelRead]: ...
    def __getitem__(self, key: int | str | slice) -> LabelRead | Sequence[LabelRead]:
        """Return a label by position or name."""
        if not isinstance(key, str):
            return self._labels[key]
        if key not in self._by_name:
            raise NotFoundError(f"there is no label {key!r}; there are: {', '.join(self._by_name) or 'none'}")
        return self._by_name[key]

    def __len__(self) -> int:
        return len(self._labels)

    def __contains__(self, key: object) -> bool:
        return key in self._by_name or key in self._labels

    def __repr__(self) -> str:
        return f"<Labels: {', '.join(self._by_name) or 'none'}>"

    @property
    def names(self) -> list[str]:
        """Names, in order."""
        return list(self._by_name)

    def by_id(self, label_id: int) -> LabelRead:
        """Return a label or sublabel by id."""
        for label in self.with_sublabels():
            if label.id == label_id:
                return label
        raise NotFoundError(f"there is no label {label_id}; there are: {', '.join(self._by_name) or 'none'}")

    def with_sublabels(self) -> Iterator[LabelRead]:
        """Yield every label, each followed by the sublabels of its skeleton."""
        for label in self._labels:
            yield label
            yield from label.sublabels


def find_attribute(label: LabelRead, name: str) -> AttributeRead:
    """Return an attribute of a label by name.

    Raises
    ------
    NotFoundError
        The label has no such attribute.
    """
    for attribute in label.attributes:
        if attribute.name == name:
            return attribute
    known = ", ".join(attribute.name for attribute in label.attributes) or "none"
    raise NotFoundError(f"label {label.name!r} has no attribute {name!r}; it has: {known}")


def _make_label(spec: LabelSpec) -> LabelWrite:
    if isinstance(spec, LabelWrite):
        return spec
    fields: dict[str, Any] = {"name": spec} if isinstance(spec, str) else dict(spec)
    where = f"label {fields.get('name', fields.get('id', ''))!r}"
    if "attributes" in fields:
        fields["attributes"] = [_make_attribute(entry, where) for entry in fields["attributes"] or []]
    if "sublabels" in fields:
        fields["sublabels"] = make_labels(fields["sublabels"] or [])
    if "color" in fields:
        fields["color"] = _long_color(str(fields["color"] or ""))
    _check_fields(fields, LabelWrite, where)
    return convert(msgspec.to_builtins(fields), LabelWrite, what=where)


def _make_attribute(spec: Any, where: str) -> AttributeWrite:
    if isinstance(spec, AttributeWrite):
        return spec
    fields = {"name": spec} if isinstance(spec, str) else dict(spec)
    where = f"{where}, attribute {fields.get('name', '')!r}"
    values = [str(value) for value in fields.get("values") or []]
    defaults = {"mutable": False, "input_type": "select" if values else "text"}
    _check_fields(fields, AttributeWrite, where)
    return convert({**defaults, **fields, "values": values}, AttributeWrite, what=where)


def _check_fields(fields: Mapping[str, Any], kind: type[msgspec.Struct], where: str) -> None:
    unknown = sorted(set(fields) - set(kind.__struct_fields__))
    if unknown:
        known = ", ".join(kind.__struct_fields__)
        raise InvalidInputError(f"{where}: unknown field {unknown[0]!r}; known: {known}", field="labels")


def _long_color(color: str) -> str:
    """Return ``#rrggbb`` for ``#rgb``."""
    if len(color) == 4 and color.startswith("#"):
        return "#" + "".join(2 * digit for digit in color[1:])
    return color
