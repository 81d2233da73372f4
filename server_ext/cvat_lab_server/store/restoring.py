"""Storing annotations that were read from a backup: Arrow tables in, numbers of the archive replaced by ids."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from cvat_lab.backup.labels import LabelIds
from cvat_lab.formats.columns import Annotations
from cvat_lab.model.base import utc_now
from cvat_lab.model.event import Revision
from cvat_lab.model.job import Job
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.ddl import TableSpec
from cvat_lab_server.store.tables import JOBS, KEYFRAMES, REVISIONS, SHAPES, TAGS, TRACKS


def store_annotations(cursor: Cursor, job: Job, blocks: Iterable[Annotations], labels: LabelIds, user_id: int) -> None:
    """Store the annotations of a new job as its first revision; its state stays as it is.

    Parameters
    ----------
    blocks
        Tables whose ids, and whose numbers of labels and attributes, count from 1.
    labels
        What those numbers stand for.
    """
    revision = cursor.next_ids(REVISIONS, 1)[0]
    place = {"task_id": job.task_id, "job_id": job.id, "created_rev": revision, "deleted_rev": None}
    writer = _Writer(cursor, place, labels)
    count = sum(writer.add(block) for block in blocks)
    if not count:
        return
    cursor.update(JOBS, job.id, revision=revision)
    cursor.insert(
        REVISIONS,
        Revision(
            id=revision,
            job_id=job.id,
            task_id=job.task_id,
            user_id=user_id,
            change_id=None,
            action="restore",
            created_date=utc_now(),
            created=count,
            updated=0,
            deleted=0,
        ),
    )


class _Writer:
    """Adds blocks of tables to one job."""

    def __init__(self, cursor: Cursor, place: dict[str, int | None], labels: LabelIds) -> None:
        self._cursor = cursor
        self._place = place
        self._labels = pa.array(labels.labels, pa.int64())
        self._specs = pa.array(labels.attributes, pa.int64())

    def add(self, block: Annotations) -> int:
        """Store a block and return the number of its objects."""
        self._insert(TAGS, block.tags)
        self._insert(SHAPES, block.shapes)
        tracks = self._insert(TRACKS, block.tracks)
        owners = _pick(tracks, block.keyframes["track_id"])
        self._insert(KEYFRAMES, _replace(block.keyframes, "track_id", owners))
        return len(block)

    def _insert(self, spec: TableSpec, table: pa.Table) -> pa.Array:
        """Store rows and return their ids."""
        ids = pa.array(self._cursor.next_ids(spec, table.num_rows), pa.int64())
        table = _replace(table, "id", ids)
        if "label_id" in table.column_names:
            table = _replace(table, "label_id", _pick(self._labels, table["label_id"]))
        if "parent_id" in table.column_names:
            table = _replace(table, "parent_id", _pick(ids, table["parent_id"]))
        table = _replace(table, "attributes", self._attributes(table["attributes"]))
        for name, value in self._place.items():
            column = pa.repeat(pa.scalar(value, pa.int64()), table.num_rows)
            table = _replace(table, name, column) if name in table.column_names else table.append_column(name, column)
        self._cursor.insert_arrow(spec, table)
        return ids

    def _attributes(self, column: pa.ChunkedArray) -> pa.Array:
        lists = column.combine_chunks()
        offsets = pc.subtract(lists.offsets, lists.offsets[0])
        values = lists.flatten()
        specs = _pick(self._specs, values.field("spec_id"))
        pairs = pa.StructArray.from_arrays([specs, values.field("value")], ["spec_id", "value"])
        return pa.ListArray.from_arrays(offsets, pairs)


def _pick(ids: pa.Array, numbers: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return the id that each number, counted from 1, stands for; null stays null."""
    return pc.take(ids, pc.subtract(numbers, 1))


def _replace(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)
