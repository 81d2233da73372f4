"""Attributes of labels: what may stand in their lists of values, and patch lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.label import AttributeSpec, AttributeWrite, InputType, Label
from cvat_lab.ops.rules import check_value
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.labels import values_in_use
from cvat_lab_server.store.removal import remove_attribute
from cvat_lab_server.store.tables import ATTRIBUTES

_SWITCH = ("true", "false")


def write_attributes(cursor: Cursor, label: Label, writes: Sequence[AttributeWrite]) -> None:
    """Create, change and delete attributes of a label; an item with ``id`` is about that one.

    Raises
    ------
    InvalidInputError
        A name is used twice, an id is unknown, or values and default make no sense for the input type.
    """
    present = {spec.id: spec for spec in cursor.find(ATTRIBUTES, AttributeSpec, label_id=label.id)}
    for write in writes:
        spec = present.get(write.id) if write.id is not None else None
        if write.id is not None and spec is None:
            raise InvalidInputError(
                f"label {label.name!r} has no attribute {write.id}; leave out the id to create it", field="labels"
            )
        if write.deleted:
            if spec:
                remove_attribute(cursor, spec.id)
                present.pop(spec.id)
            continue
        others = [other for other in present.values() if other is not spec]
        if any(other.name == write.name for other in others):
            raise InvalidInputError(f"label {label.name!r} has two attributes named {write.name!r}", field="labels")
        made = _attribute(label, write, spec)
        if spec:
            _require_fitting(cursor, made)
            cursor.update(ATTRIBUTES, spec.id, name=made.name, values=made.values, default_value=made.default_value)
        else:
            cursor.insert(ATTRIBUTES, made)
        present[made.id] = made


def _attribute(label: Label, write: AttributeWrite, old: AttributeSpec | None) -> AttributeSpec:
    where = f"attribute {write.name!r} of label {label.name!r}"
    if old and (old.input_type, old.mutable) != (write.input_type, write.mutable):
        raise InvalidInputError(f"{where}: input type and mutable cannot change; add a new attribute", field="labels")
    values = list(write.values)
    _check_values(write.input_type, values, where)
    default = write.default_value
    if default is None:
        default = values[0] if values and write.input_type is not InputType.TEXT else ""
    if default:
        _check_default(write.input_type, default, values, where)
    return AttributeSpec(
        id=old.id if old else 0,
        label_id=label.id,
        name=write.name,
        mutable=write.mutable,
        input_type=write.input_type,
        default_value=default,
        values=values,
    )


def _require_fitting(cursor: Cursor, spec: AttributeSpec) -> None:
    """Refuse a change that annotations contradict: nobody could save them again."""
    for value in values_in_use(cursor, spec.id):
        check_value(spec, value, f"annotations have the value {value!r}; change them first")


def _check_values(kind: InputType, values: Sequence[str], where: str) -> None:
    if kind in (InputType.SELECT, InputType.RADIO) and not values:
        raise InvalidInputError(f"{where}: a {kind} needs at least one value", field="labels")
    if kind is InputType.CHECKBOX and (wrong := [value for value in values if value.lower() not in _SWITCH]):
        raise InvalidInputError(f"{where}: a checkbox is true or false, not {wrong[0]!r}", field="labels")
    if kind is InputType.NUMBER:
        _check_number_range(values, where)


def _check_default(kind: InputType, default: str, values: Sequence[str], where: str) -> None:
    if kind is InputType.NUMBER:
        try:
            fits = float(values[0]) <= float(default) <= float(values[1])
        except ValueError:
            fits = False
    elif kind is InputType.CHECKBOX:
        fits = default.lower() in _SWITCH
    else:
        fits = kind is InputType.TEXT or default in values
    if not fits:
        raise InvalidInputError(f"{where}: the default {default!r} is none of its values", field="labels")


def _check_number_range(values: Sequence[str], where: str) -> None:
    try:
        low, high, step = (float(value) for value in values)
    except ValueError as error:
        raise InvalidInputError(
            f"{where}: a number needs three values, min, max and step; got {list(values)}", field="labels"
        ) from error
    if not (isfinite(high - low) and low <= high and step > 0):
        raise InvalidInputError(
            f"{where}: min {low:g} must not exceed max {high:g}, step {step:g} must be > 0", field="labels"
        )
