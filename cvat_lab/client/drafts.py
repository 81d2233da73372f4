"""Annotations as people write them, turned into records: labels and attributes by name, one flat list, or a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cvat_lab.client.labels import Labels, find_attribute
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, convert
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import LabelRead
from cvat_lab.model.shape import Shape, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track

Draft = LabeledData | Mapping[str, Any] | Iterable[Any]
"""Annotations in any of the forms that :func:`read_drafts` takes."""

_LISTS: dict[str, type[Record]] = {"tags": Tag, "shapes": Shape, "tracks": Track}


def read_drafts(drafts: Draft, labels: Labels) -> LabeledData:
    """Return annotations as records.

    Parameters
    ----------
    drafts
        ``LabeledData``; a mapping with ``tags``, ``shapes`` and ``tracks``; a list of records or mappings; or a
        DataFrame with one row per tag or shape. A mapping has CVAT's fields, or ``label`` (a name) instead of
        ``label_id``; ``attributes`` may be a mapping of names to values. What has ``shapes`` is a track, what has a
        ``type`` is a shape, and the rest are tags.
    labels
        The labels that names are looked up in.

    Raises
    ------
    InvalidInputError
        A field is unknown or has the wrong type; the message names the object.
    NotFoundError
        There is no such label or attribute.
    """
    if isinstance(drafts, LabeledData):
        return drafts
    if hasattr(drafts, "to_dict") and hasattr(drafts, "columns"):
        drafts = [_without_blanks(row) for row in drafts.to_dict("records")]
    lists = _named(drafts) if isinstance(drafts, Mapping) else _sorted(drafts)
    found = {
        name: [_read(item, kind, f"{name[:-1]} {number}", labels) for number, item in enumerate(lists[name])]
        for name, kind in _LISTS.items()
    }
    return LabeledData(**found)  # type: ignore[arg-type]


def _named(drafts: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: list(drafts.get(name) or []) for name in _LISTS}


def _sorted(items: Iterable[Any]) -> dict[str, list[Any]]:
    lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
    for item in items:
        if isinstance(item, Track) or (isinstance(item, Mapping) and "shapes" in item):
            lists["tracks"].append(item)
        elif isinstance(item, Shape) or (isinstance(item, Mapping) and item.get("type", "tag") != "tag"):
            lists["shapes"].append(item)
        else:
            lists["tags"].append(item)
    return lists


def _read(item: Any, kind: type[Record], where: str, labels: Labels) -> Any:
    if isinstance(item, Record):
        return item
    if not isinstance(item, Mapping):
        raise InvalidInputError(f"{where}: expected a mapping or a record, not {type(item).__name__}")
    fields = dict(item)
    if kind is Tag:
        fields.pop("type", None)
    label = _label_of(fields, labels, where)
    fields["label_id"] = label.id
    _read_parts(fields, kind, where, labels, label)
    return _convert(fields, kind, where)


def _read_parts(fields: dict[str, Any], kind: type[Record], where: str, labels: Labels, label: LabelRead) -> None:
    """Bring what is nested in an object into the form of records."""
    fields["attributes"] = _attributes(fields.get("attributes"), label)
    if fields.get("elements"):
        sublabels = Labels(label.sublabels)
        fields["elements"] = [
            _read(
                {"frame": fields.get("frame", 0), "type": "points", **part} if kind is Shape else part,
                kind,
                f"{where}, element {number}",
                sublabels,
            )
            for number, part in enumerate(fields["elements"])
        ]
    if kind is Track:
        fields["shapes"] = [_keyframe(shape, label, where) for shape in fields["shapes"]]
        fields.setdefault("frame", min((shape.frame for shape in fields["shapes"]), default=0))


def _keyframe(shape: Any, label: LabelRead, where: str) -> TrackedShape:
    if isinstance(shape, TrackedShape):
        return shape
    fields = {**shape, "attributes": _attributes(shape.get("attributes"), label)}
    found: TrackedShape = _convert(fields, TrackedShape, f"{where}, keyframe {fields.get('frame', '')}")
    return found


def _label_of(fields: dict[str, Any], labels: Labels, where: str) -> LabelRead:
    name = fields.pop("label", None)
    if name is not None:
        return labels[str(name)]
    if "label_id" not in fields:
        raise InvalidInputError(f"{where}: say which label, as label=NAME or label_id=NUMBER", field="label_id")
    return labels.by_id(int(fields["label_id"]))


def _attributes(values: Any, label: LabelRead) -> list[Any]:
    if not isinstance(values, Mapping):
        return list(values) if values is not None else []
    return [{"spec_id": find_attribute(label, name).id, "value": _text(value)} for name, value in values.items()]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _convert(fields: dict[str, Any], kind: type[Record], where: str) -> Any:
    if unknown := sorted(set(fields) - set(kind.__struct_fields__)):
        known = ", ".join(kind.__struct_fields__)
        raise InvalidInputError(f"{where}: unknown field {unknown[0]!r}; known: {known}, label")
    return convert(msgspec.to_builtins(fields, enc_hook=_plain), kind, what=where)


def _plain(value: Any) -> Any:
    """Return numpy's numbers and arrays as plain ones."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"cannot send a {type(value).__name__}")


def _without_blanks(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a table with the columns that annotations have, without missing values."""
    known = {*Shape.__struct_fields__, "label"} - {"id"}
    return {
        name: value
        for name, value in row.items()
        if name in known and value is not None and not (isinstance(value, float) and math.isnan(value))
    }
