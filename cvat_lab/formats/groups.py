"""Group numbers: made unique over jobs on the way out, counted and renumbered on the way in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cvat_lab.formats.columns import Annotations


def separate_groups(annotations: Annotations) -> Annotations:
    """Renumber groups when annotations of several jobs meet, because equal numbers mean one group only within a job."""
    tables = (annotations.tags, annotations.shapes, annotations.tracks)
    places = np.concatenate([_places(table) for table in tables])
    if len(places) == 0 or np.all(places == places[0]):
        return annotations
    groups = np.concatenate([table["group"].to_numpy() for table in tables])
    _, numbers = np.unique(np.column_stack([places, groups]), axis=0, return_inverse=True)
    numbers = np.where(groups == 0, 0, numbers.ravel() + 1)
    parts = np.split(numbers, np.cumsum([table.num_rows for table in tables])[:-1])
    tags, shapes, tracks = (with_groups(table, part) for table, part in zip(tables, parts, strict=True))
    return Annotations(tags, shapes, tracks, annotations.keyframes)


def renumber_groups(groups: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Return group numbers that count from 1 in the order of their first member; groups of one are dropped.

    Parameters
    ----------
    groups
        Numbers of several tables; equal ones belong together over all of them, 0 = none.
    """
    every = np.concatenate(groups)
    values, first, inverse, counts = np.unique(every, return_index=True, return_inverse=True, return_counts=True)
    kept = (values != 0) & (counts > 1)
    numbers = np.zeros(len(values), dtype=np.int64)
    numbers[np.flatnonzero(kept)[np.argsort(first[kept])]] = np.arange(1, kept.sum() + 1)
    return np.split(numbers[inverse.ravel()], np.cumsum([len(part) for part in groups])[:-1])


def with_groups(table: pa.Table, groups: NDArray[np.int64]) -> pa.Table:
    """Return the table with another column ``group``."""
    return table.set_column(table.column_names.index("group"), "group", pa.array(groups, pa.int64()))


def _places(table: pa.Table) -> NDArray[np.int64]:
    """Return a number per row that is equal for rows of the same job."""
    tasks = table["task_id"].to_numpy()
    jobs = table["job_id"].fill_null(0).to_numpy()
    return np.asarray(tasks * (1 << 40) + jobs, dtype=np.int64)
