"""Annotations as Arrow tables: the columns, and the way from and to records.

The columns are those of the *open job* envelope in ``docs/architecture.md``, followed by ``task_id`` and ``job_id``.
Ids of annotations that no store has seen yet count from 1 within each table.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from cvat_lab.errors import WorkspaceError
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track

_INT = pa.int64()
_COMMON = (
    ("id", _INT),
    ("frame", _INT),
    ("label_id", _INT),
    ("group", _INT),
    ("source", pa.string()),
    ("attributes", pa.list_(pa.struct([("spec_id", _INT), ("value", pa.string())]))),
)
_GEOMETRY = (
    ("type", pa.string()),
    ("points", pa.list_(pa.float64())),
    ("rotation", pa.float64()),
    ("occluded", pa.bool_()),
    ("outside", pa.bool_()),
    ("z_order", _INT),
)
_PLACE = (("task_id", _INT), ("job_id", _INT))

FRAMES: Final = pa.schema(
    [
        ("number", _INT),
        ("name", pa.string()),
        ("width", _INT),
        ("height", _INT),
        ("related_files", _INT),
        ("deleted", pa.bool_()),
        ("task_id", _INT),
    ]
)
TAGS: Final = pa.schema([*_COMMON, *_PLACE])
SHAPES: Final = pa.schema([*_COMMON, ("parent_id", _INT), *_GEOMETRY, ("score", pa.float64()), *_PLACE])
TRACKS: Final = pa.schema([*_COMMON, ("parent_id", _INT), *_PLACE])
KEYFRAMES: Final = pa.schema(
    [("id", _INT), ("track_id", _INT), ("frame", _INT), *_GEOMETRY, _COMMON[-1], ("task_id", _INT)]
)

_SHAPE_TYPES: Final = {str(kind): kind for kind in ShapeType}
_RECORD_FIELDS: Final[dict[type[Any], tuple[str, ...]]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name not in ("id", "elements"))
    for kind in (Tag, Shape, Track, TrackedShape)
}

_DEFAULTS: Final[dict[str, Any]] = {
    "group": 0,
    "source": "manual",
    "attributes": [],
    "points": [],
    "rotation": 0.0,
    "occluded": False,
    "outside": False,
    "z_order": 0,
    "score": 1.0,
    "related_files": 0,
    "deleted": False,
}


@dataclass(frozen=True)
class Annotations:
    """All annotations of something, one table a kind; see :data:`TAGS`, :data:`SHAPES` and so on for the columns."""

    tags: pa.Table
    shapes: pa.Table
    tracks: pa.Table
    keyframes: pa.Table

    def __len__(self) -> int:
        """Return the number of objects; the points of a skeleton count with it."""
        tops = (table["parent_id"].null_count for table in (self.shapes, self.tracks))
        return int(self.tags.num_rows + sum(tops))

    @classmethod
    def empty(cls) -> Annotations:
        """Return tables without rows."""
        return cls(TAGS.empty_table(), SHAPES.empty_table(), TRACKS.empty_table(), KEYFRAMES.empty_table())

    @classmethod
    def from_labeled_data(cls, data: LabeledData, *, task_id: int = 0) -> Annotations:
        """Return records as tables; ids count from 1 whatever the records' own ids are."""
        rows = _Rows(task_id)
        for tag in data.tags:
            rows.add(rows.tags, tag)
        for shape in data.shapes:
            rows.add_shape(shape)
        for track in data.tracks:
            rows.add_track(track)
        return cls(
            *(
                conform(pa.Table.from_pylist(values, schema=schema), schema)
                for values, schema in (
                    (rows.tags, TAGS),
                    (rows.shapes, SHAPES),
                    (rows.tracks, TRACKS),
                    (rows.keyframes, KEYFRAMES),
                )
            )
        )

    def to_labeled_data(self) -> LabeledData:
        """Return the tables as records without ids, for the API. Bulk writers take the tables themselves."""
        shapes = {row["id"]: (row["parent_id"], _record(row, Shape)) for row in self.shapes.to_pylist()}
        keyframes: dict[int, list[TrackedShape]] = {}
        for row in self.keyframes.to_pylist():
            keyframes.setdefault(row["track_id"], []).append(_record(row, TrackedShape))
        tracks = {
            row["id"]: (row["parent_id"], _record(row | {"shapes": keyframes.get(row["id"], [])}, Track))
            for row in self.tracks.to_pylist()
        }
        return LabeledData(
            tags=[_record(row, Tag) for row in self.tags.to_pylist()], shapes=_nest(shapes), tracks=_nest(tracks)
        )

    def save(self, folder: Path) -> None:
        """Write one Arrow file per table into an existing folder."""
        for item in fields(self):
            write_table(folder / f"{item.name}.arrow", getattr(self, item.name))

    @classmethod
    def load(cls, folder: Path) -> Annotations:
        """Read what :meth:`save` wrote. The columns are mapped into memory, not copied."""
        return cls(*(read_table(folder / f"{item.name}.arrow") for item in fields(cls)))


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return ``table`` with exactly the columns of ``schema``; missing ones and nulls get the model's defaults."""
    columns = []
    for item in schema:
        default = _DEFAULTS.get(item.name)
        if item.name not in table.column_names:
            column = pa.repeat(pa.scalar(default, item.type), table.num_rows)
        else:
            column = table[item.name].cast(item.type)
            if default is not None and column.null_count:
                column = pc.fill_null(column, pa.scalar(default, item.type))
        columns.append(column)
    return pa.table(columns, schema=schema)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as an Arrow IPC file."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_table(path: Path) -> pa.Table:
    """Map an Arrow IPC file into memory.

    Raises
    ------
    WorkspaceError
        The file is missing or damaged.
    """
    try:
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise WorkspaceError(f"{path}: not a readable Arrow file: {error}") from error


class _Rows:
    """Plain rows of the four tables, while records are taken apart."""

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        self.tags: list[dict[str, Any]] = []
        self.shapes: list[dict[str, Any]] = []
        self.tracks: list[dict[str, Any]] = []
        self.keyframes: list[dict[str, Any]] = []

    def add(self, rows: list[dict[str, Any]], record: msgspec.Struct, **more: Any) -> int:
        values = msgspec.to_builtins(record)
        rows.append({**values, "id": len(rows) + 1, "task_id": self.task_id, "group": values.get("group") or 0, **more})
        return len(rows)

    def add_shape(self, shape: Shape, parent: int | None = None) -> None:
        number = self.add(self.shapes, shape, parent_id=parent)
        for element in shape.elements:
            self.add_shape(element, number)

    def add_track(self, track: Track, parent: int | None = None) -> None:
        number = self.add(self.tracks, track, parent_id=parent)
        for shape in track.shapes:
            self.add(self.keyframes, shape, track_id=number)
        for element in track.elements:
            self.add_track(element, number)


def _record(row: dict[str, Any], kind: type[Any]) -> Any:
    values = {name: row[name] for name in _RECORD_FIELDS[kind] if name in row}
    values["attributes"] = [AttributeValue(**value) for value in row["attributes"]]
    if "type" in values:
        values["type"] = _SHAPE_TYPES[values["type"]]
    return kind(**values)


def _nest(records: dict[int, tuple[int | None, Any]]) -> list[Any]:
    tops = []
    for parent, record in records.values():
        if parent is None:
            tops.append(record)
        else:
            records[parent][1].elements.append(record)
    return tops
