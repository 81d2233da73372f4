"""Collects the rows of an import and makes checked Arrow tables of them.

Rows are turned into columns in batches, so that a large file is held as columns only. A row refers to the item it came
from by position; which frame that is, is known at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats import columns
from cvat_lab.formats.columns import attribute_column
from cvat_lab.model.shape import KINDS, ShapeType, Source, check_points
from cvat_lab.ops.ragged import Ragged

Integers = NDArray[np.int64]
Pairs = Sequence[tuple[int, str]]
"""Attributes of a row: ``(spec_id, value)``."""

BATCH = 10_000


class TagRow(NamedTuple):
    """A tag; ``item`` is the position of its frame item."""

    item: int
    label_id: int
    group: int
    attributes: Pairs


class ShapeRow(NamedTuple):
    """A shape; ``parent`` is the position of its skeleton's row, or -1."""

    item: int
    label_id: int
    group: int
    attributes: Pairs
    parent: int
    type: ShapeType
    points: Sequence[float]
    rotation: float
    occluded: bool
    outside: bool
    z_order: int
    score: float


class TrackRow(NamedTuple):
    """A track; ``parent`` is the position of its skeleton's row, or -1."""

    frame: int
    label_id: int
    group: int
    attributes: Pairs
    parent: int


class KeyframeRow(NamedTuple):
    """A keyframe; ``track`` is the position of its track's row, ``frame`` the number within the task."""

    frame: int
    track: int
    attributes: Pairs
    type: ShapeType
    points: Sequence[float]
    rotation: float
    occluded: bool
    outside: bool
    z_order: int


class RowSink:
    """Takes rows of one kind and keeps them as columns.

    Parameters
    ----------
    kind
        The class of the rows.
    title
        Names the row, from its first two fields, in messages.
    """

    def __init__(self, kind: type[Any], title: Callable[[int, int], str]) -> None:
        self._kind = kind
        self._title = title
        self._batches: list[pa.Table] = []
        self._waiting: list[tuple[Any, ...]] = []
        self._flushed = 0

    def __len__(self) -> int:
        return self._flushed + len(self._waiting)

    def append(self, row: tuple[Any, ...]) -> int:
        """Add a row and return its position."""
        self._waiting.append(row)
        if len(self._waiting) >= BATCH:
            self._flush()
        return len(self) - 1

    def table(self) -> pa.Table:
        """Return all rows.

        Raises
        ------
        FormatError
            The points of a shape break the rules of its kind.
        """
        if self._waiting or not self._batches:
            self._flush()
        return pa.concat_tables(self._batches).combine_chunks()

    def _flush(self) -> None:
        names = self._kind._fields
        values = list(zip(*self._waiting, strict=True)) or [()] * len(names)
        found = dict(zip(names, values, strict=True))
        if "points" in found:
            self._check(found)
        self._batches.append(pa.table({name: _column(name, column) for name, column in found.items()}))
        self._flushed += len(self._waiting)
        self._waiting = []

    def _check(self, found: dict[str, Any]) -> None:
        row = find_bad_row(found["type"], found["points"], found["rotation"], found.get("score"))
        if row is None:
            return
        first, second = (found[name][row] for name in self._kind._fields[:2])
        where = self._title(first, second)
        try:
            check_points(ShapeType(found["type"][row]), found["points"][row], where=where)
        except InvalidInputError as error:
            raise FormatError(str(error)) from error
        score = found["score"][row] if "score" in found else 1
        raise FormatError(
            f"{where}: rotation must be a finite number of degrees and score lie in 0..1; got rotation "
            f"{found['rotation'][row]} and score {score}"
        )


def find_bad_row(
    types: Sequence[ShapeType], points: Sequence[Sequence[float]], rotations: Sequence[float], scores: Any
) -> int | None:
    """Return the first row whose numbers break the rules of its kind; masks are checked one by one."""
    if not points:
        return None
    kinds = np.array([str(kind) for kind in types])
    lengths = np.fromiter(map(len, points), dtype=np.int64, count=len(points))
    values = np.fromiter(chain.from_iterable(points), dtype=np.float64, count=int(lengths.sum()))
    bad = ~np.isfinite(np.asarray(rotations, dtype=np.float64))
    if scores is not None:
        score = np.asarray(scores, dtype=np.float64)
        bad |= ~((score >= 0) & (score <= 1))
    infinite = np.flatnonzero(~np.isfinite(values))
    bad[np.searchsorted(np.cumsum(lengths), infinite, "right")] = True
    for kind in np.unique(kinds):
        rows = np.flatnonzero(kinds == kind)
        counts, inverse = np.unique(lengths[rows], return_inverse=True)
        bad[rows] |= ~np.array([KINDS[ShapeType(kind)].count_ok(count) for count in counts.tolist()])[inverse]
        if kind == ShapeType.MASK:
            bad[rows] |= [not _mask_is_good(points[row]) for row in rows.tolist()]
    return int(bad.argmax()) if bad.any() else None


def _mask_is_good(points: Sequence[float]) -> bool:
    try:
        check_points(ShapeType.MASK, points)
    except InvalidInputError:
        return False
    return True


def _column(name: str, values: Sequence[Any]) -> pa.Array:
    if name == "attributes":
        return attribute_column(values)
    if name == "points":
        return Ragged.from_rows(values).to_arrow()
    if name == "type":
        return pa.array([str(value) for value in values], pa.string())
    if name in ("rotation", "score"):
        return pa.array(np.asarray(values, dtype=np.float64))
    if name in ("occluded", "outside"):
        return pa.array(np.asarray(values, dtype=np.bool_))
    return pa.array(np.asarray(values, dtype=np.int64))


def place_rows(rows: pa.Table, schema: pa.Schema, order: Integers, known: dict[str, Integers]) -> pa.Table:
    """Return rows as a table of annotations.

    Parameters
    ----------
    rows
        What a :class:`RowSink` collected.
    schema
        Columns of the result. Ids count from 1; annotations of an import have the source ``file``.
    order
        Positions of the rows, in the order of the result.
    known
        Further columns, in the order of ``rows``. A ``parent`` column with positions, -1 for none, becomes ids.
    """
    columns_by_name = {name: rows[name].take(pa.array(order)) for name in rows.column_names if name not in known}
    columns_by_name |= {name: pa.array(values[order]) for name, values in known.items()}
    if "parent" in rows.column_names:
        columns_by_name["parent_id"] = _parent_ids(rows["parent"].to_numpy(), order)
    columns_by_name["id"] = pa.array(np.arange(1, len(order) + 1))
    columns_by_name["source"] = pa.repeat(pa.scalar(str(Source.FILE)), len(order))
    return columns.conform(pa.table(columns_by_name), schema)


def ids_of(order: Integers) -> Integers:
    """Return the id that each row gets when rows are put in ``order``."""
    ids = np.empty(len(order), dtype=np.int64)
    ids[order] = np.arange(1, len(order) + 1)
    return ids


def _parent_ids(parents: Integers, order: Integers) -> pa.Array:
    moved = parents[order]
    ids = ids_of(order)[moved] if len(order) else moved
    return pa.array(ids, mask=moved < 0)
