"""Turns rows of Arrow tables into items: ids become names, attributes become dicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats.items import ShapeItem, TagItem
from cvat_lab.formats.labels import LabelEntry, Labels
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.ragged import Ragged

_TYPES = {str(kind): kind for kind in ShapeType}


class Decoder:
    """Decodes rows that use certain labels.

    Parameters
    ----------
    labels
        The labels.
    decimals
        Digits that coordinates are rounded to; ``None`` = as they are.
    """

    def __init__(self, labels: Labels, decimals: int | None = None) -> None:
        self._labels = labels
        self.decimals = decimals

    def tags(self, table: pa.Table) -> list[TagItem]:
        """Return one item per row."""
        labels = self.labels(table)
        return [
            TagItem(label.name, group, source, attributes)
            for label, group, source, attributes in zip(
                labels, _list(table, "group"), _list(table, "source"), self.attributes(table, labels), strict=True
            )
        ]

    def shapes(self, table: pa.Table) -> list[ShapeItem]:
        """Return one item per row. Elements of skeletons are rows of their own, see :func:`nest_elements`."""
        labels = self.labels(table)
        return [
            ShapeItem(label.name, _TYPES[kind], points, *rest)
            for label, kind, points, *rest in zip(
                labels,
                _list(table, "type"),
                point_lists(Ragged.from_arrow(table["points"]), self.decimals),
                *(_list(table, name) for name in ("rotation", "occluded", "outside", "z_order")),
                *(_list(table, name) for name in ("group", "source", "score")),
                self.attributes(table, labels),
                strict=True,
            )
        ]

    def labels(self, table: pa.Table) -> list[LabelEntry]:
        """Return the label of each row."""
        by_id = self._labels.by_id
        try:
            return [by_id[number] for number in _list(table, "label_id")]
        except KeyError as error:
            raise InvalidInputError(
                f"An annotation has the label id {error.args[0]}, which its task or project does not have; it has: "
                f"{sorted(by_id)}"
            ) from error

    def attributes(
        self, table: pa.Table, labels: Sequence[LabelEntry], *, defaults: bool = True
    ) -> list[dict[str, str]]:
        """Return the attributes of each row by name; with ``defaults``, all those of the label."""
        column = table["attributes"].combine_chunks()
        lengths = pc.list_value_length(column).fill_null(0).to_pylist()
        if not any(lengths):
            return [dict(label.defaults) if defaults and label.defaults else {} for label in labels]
        flat = column.flatten()
        names = [self._attribute_name(number) for number in flat.field("spec_id").to_pylist()]
        values = flat.field("value").to_pylist()
        found, start = [], 0
        for label, length in zip(labels, lengths, strict=True):
            stop = start + length
            row = dict(label.defaults) if defaults and label.defaults else {}
            row.update(zip(names[start:stop], values[start:stop], strict=True))
            found.append(row)
            start = stop
        return found

    def _attribute_name(self, spec_id: int) -> str:
        name = self._labels.attribute_names.get(spec_id)
        if name is None:
            raise InvalidInputError(f"An annotation has the attribute id {spec_id}, which no label has")
        return name


def nest_elements(table: pa.Table, items: Sequence[ShapeItem]) -> list[tuple[int, ShapeItem]]:
    """Put the points of skeletons into them, and return what is left with its frame number."""
    frames = _list(table, "frame")
    parents = table["parent_id"]
    if parents.null_count == table.num_rows:
        return list(zip(frames, items, strict=True))
    elements: dict[int, list[ShapeItem]] = {}
    tops = []
    for number, frame, parent, item in zip(_list(table, "id"), frames, parents.to_pylist(), items, strict=True):
        if parent is None:
            tops.append((frame, item))
            if item.type is ShapeType.SKELETON:
                item.elements = elements.setdefault(number, [])
        else:
            elements.setdefault(parent, []).append(item)
    return tops


def point_lists(points: Ragged, decimals: int | None = None) -> list[list[float]]:
    """Return one list of coordinates per row."""
    values = (points.values if decimals is None else np.round(points.values, decimals)).tolist()
    return [values[start:stop] for start, stop in pairwise(points.offsets.tolist())]


def _list(table: pa.Table, name: str) -> list[Any]:
    values: list[Any] = table[name].to_pylist()
    return values
