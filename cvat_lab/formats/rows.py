"""Collects the rows of an import in flat arrays and makes checked Arrow tables of them.

Rows come one by one, hundreds of thousands of them, so none is kept as an object of its own. A row refers to the item
it came from by position; which frame that is, is known at the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats import columns
from cvat_lab.formats.items import ShapeItem
from cvat_lab.model.shape import KINDS, ShapeType, Source, check_points
from cvat_lab.ops.interpolation import SHAPE_TYPES
from cvat_lab.ops.ragged import Ragged, starts

Integers = NDArray[np.int64]
Pairs = Sequence[tuple[int, str]]
"""Attributes of a row: ``(spec_id, value)``."""

_CODES = {kind: code for code, kind in enumerate(SHAPE_TYPES)}


class RowSink:
    """Takes rows of one kind.

    Parameters
    ----------
    names
        Columns of integers that every row has.
    """

    def __init__(self, *names: str) -> None:
        self._names = names
        self._numbers = array("q")
        self._spec_ids = array("q")
        self._values: list[str] = []
        self._value_counts = array("q")

    def __len__(self) -> int:
        return len(self._value_counts)

    def append(self, numbers: tuple[int, ...], pairs: Pairs) -> int:
        """Add a row and return its position."""
        self._numbers.extend(numbers)
        for spec_id, value in pairs:
            self._spec_ids.append(spec_id)
            self._values.append(value)
        self._value_counts.append(len(pairs))
        return len(self._value_counts) - 1

    def table(self) -> pa.Table:
        """Return all rows, with a column ``attributes``."""
        numbers = np.frombuffer(self._numbers, dtype=np.int64).reshape(-1, len(self._names))
        found: dict[str, Any] = {name: pa.array(numbers[:, place]) for place, name in enumerate(self._names)}
        pairs = pa.StructArray.from_arrays(
            [pa.array(np.frombuffer(self._spec_ids, dtype=np.int64)), pa.array(self._values, pa.string())],
            ["spec_id", "value"],
        )
        offsets = starts(np.frombuffer(self._value_counts, dtype=np.int64))
        found["attributes"] = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pairs)
        return pa.table(found)


class ShapeSink(RowSink):
    """Takes rows that have a shape.

    Parameters
    ----------
    names
        Columns of integers that every row has.
    title
        Names a row, from its first two integers, in messages.
    """

    def __init__(self, *names: str, title: Callable[[int, int], str]) -> None:
        super().__init__(*names)
        self._title = title
        self._flags = array("q")
        self._floats = array("d")
        self._points = array("d")
        self._lengths = array("q")

    def append_shape(
        self, numbers: tuple[int, ...], pairs: Pairs, shape: ShapeItem, kind: ShapeType, points: Sequence[float]
    ) -> int:
        """Add a row with everything of a shape but its kind and its points, and return its position."""
        try:
            self._flags.extend((_CODES[kind], shape.occluded, shape.outside, shape.z_order))
        except OverflowError as error:
            where = self._title(*numbers[:2])
            raise FormatError(f"{where}: z_order {shape.z_order} is too large; use numbers below 2^63") from error
        self._floats.extend((shape.rotation % 360, shape.score))
        self._points.extend(points)
        self._lengths.append(len(points))
        return self.append(numbers, pairs)

    def table(self) -> pa.Table:
        """Return all rows.

        Raises
        ------
        FormatError
            The numbers of a shape break the rules of its kind.
        """
        flags = np.frombuffer(self._flags, dtype=np.int64).reshape(-1, 4)
        floats = np.frombuffer(self._floats, dtype=np.float64).reshape(-1, 2)
        points = Ragged(
            np.frombuffer(self._points, dtype=np.float64), starts(np.frombuffer(self._lengths, dtype=np.int64))
        )
        self._check(flags[:, 0], floats[:, 0], floats[:, 1], points)
        table = super().table()
        kinds = pa.DictionaryArray.from_arrays(
            pa.array(flags[:, 0].astype(np.int8)), pa.array([str(kind) for kind in SHAPE_TYPES])
        )
        shaped = {
            "type": kinds.cast(pa.string()),
            "points": points.to_arrow(),
            "rotation": pa.array(floats[:, 0]),
            "occluded": pa.array(flags[:, 1] != 0),
            "outside": pa.array(flags[:, 2] != 0),
            "z_order": pa.array(flags[:, 3]),
            "score": pa.array(floats[:, 1]),
        }
        return pa.table({**dict(zip(table.column_names, table.columns, strict=True)), **shaped})

    def _check(
        self, codes: Integers, rotations: NDArray[np.float64], scores: NDArray[np.float64], points: Ragged
    ) -> None:
        row = find_bad_row(codes, rotations, scores, points)
        if row is None:
            return
        width = len(self._names)
        first, second = self._numbers[row * width : row * width + 2]
        where = self._title(first, second)
        try:
            check_points(SHAPE_TYPES[codes[row]], points[row].tolist(), where=where)
        except InvalidInputError as error:
            raise FormatError(str(error)) from error
        raise FormatError(
            f"{where}: rotation must be a finite number of degrees and score lie in 0..1; got rotation "
            f"{rotations[row]} and score {scores[row]}"
        )


def find_bad_row(
    codes: Integers, rotations: NDArray[np.float64], scores: NDArray[np.float64], points: Ragged
) -> int | None:
    """Return the first row whose numbers break the rules of its kind.

    Parameters
    ----------
    codes
        Shape types, as positions in :data:`cvat_lab.ops.interpolation.SHAPE_TYPES`.
    rotations, scores
        One number per row.
    points
        One row of coordinates per row.
    """
    bad = ~(np.isfinite(rotations) & (scores >= 0) & (scores <= 1))
    infinite = np.flatnonzero(~np.isfinite(points.values))
    bad[np.searchsorted(points.offsets[1:], infinite, "right")] = True
    lengths = points.lengths
    for code in np.unique(codes).tolist():
        rows = np.flatnonzero(codes == code)
        counts, inverse = np.unique(lengths[rows], return_inverse=True)
        fits = KINDS[SHAPE_TYPES[code]].count_ok
        bad[rows] |= ~np.array([fits(count) for count in counts.tolist()])[inverse]
        if SHAPE_TYPES[code] is ShapeType.MASK:
            bad[rows] |= [not _mask_is_good(points[row].tolist()) for row in rows.tolist()]
    return int(bad.argmax()) if bad.any() else None


def _mask_is_good(points: Sequence[float]) -> bool:
    try:
        check_points(ShapeType.MASK, points)
    except InvalidInputError:
        return False
    return True


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
    is_ordered = bool(np.all(order[1:] > order[:-1]))
    columns_by_name = {
        name: rows[name] if is_ordered else rows[name].take(pa.array(order))
        for name in rows.column_names
        if name not in known
    }
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
