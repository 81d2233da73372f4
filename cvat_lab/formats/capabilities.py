"""What a format can hold, and the count of everything in a dataset that it cannot.

A format states its capabilities once; :func:`count_losses` then reports what an export leaves out, so that no
writer has to remember to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cvat_lab.formats.dataset import Dataset
from cvat_lab.formats.losses import Losses
from cvat_lab.model.shape import ShapeType

Mask = NDArray[np.bool_]

ALL_SHAPES: Final = frozenset(ShapeType)


class Keeps(StrEnum):
    """Something besides shapes that a format can hold."""

    TAGS = "tags"
    TRACKS = "tracks"
    ATTRIBUTES = "attributes"
    GROUPS = "groups"
    OCCLUDED = "occluded"
    ROTATION = "rotation"
    Z_ORDER = "z_order"
    SOURCE = "source"
    SCORE = "score"


@dataclass(frozen=True)
class Capabilities:
    """What an exporter can hold.

    Attributes
    ----------
    shapes
        Kinds that come back from an import as they were.
    rewrites
        Kinds that are written as something else, with the reason in words; they count as lost, too.
    keeps
        Everything else that it can hold.
    """

    shapes: frozenset[ShapeType]
    keeps: frozenset[Keeps]
    rewrites: Mapping[ShapeType, str] = field(default_factory=dict)

    @property
    def written(self) -> frozenset[ShapeType]:
        """Kinds that leave any trace in the file."""
        return self.shapes | frozenset(self.rewrites)


_REASONS: Final[dict[Keeps, str]] = {
    Keeps.TRACKS: "written as separate shapes on every frame",
    Keeps.ATTRIBUTES: "the format has no attributes",
    Keeps.GROUPS: "the format has no groups",
    Keeps.OCCLUDED: "the format has no such flag",
    Keeps.ROTATION: "the format has no rotated boxes; the box is written unrotated",
    Keeps.Z_ORDER: "the format has no drawing order",
    Keeps.SOURCE: "the format does not say where an annotation came from",
    Keeps.SCORE: "the format has no scores",
}
_PLAIN: Final = {Keeps.OCCLUDED: False, Keeps.ROTATION: 0.0, Keeps.Z_ORDER: 0, Keeps.SCORE: 1.0}


def count_losses(dataset: Dataset, can: Capabilities, losses: Losses) -> None:
    """Count what of ``dataset`` a format with the capabilities ``can`` leaves out or changes."""
    _Count(dataset, can, losses).run()


class _Count:
    def __init__(self, dataset: Dataset, can: Capabilities, losses: Losses) -> None:
        self.can, self.losses = can, losses
        notes = dataset.annotations
        self.labels = dataset.labels
        self.tags = notes.tags.filter(_on_live_frame(dataset, notes.tags))
        shapes = notes.shapes.drop_columns(["points"])
        self.shapes = shapes.filter(_on_live_frame(dataset, shapes))
        self.tracks = notes.tracks
        self.keyframes = notes.keyframes.drop_columns(["points"])

    def run(self) -> None:
        self.shapes = self._count_kinds("shape", self.shapes, self.shapes["type"])
        self.tracks = self._count_kinds("track", self.tracks, _track_types(self.tracks, self.keyframes))
        self.keyframes = self.keyframes.filter(
            pc.is_in(self.keyframes["track_id"], value_set=self.tracks["id"].combine_chunks())
        )
        if Keeps.TAGS not in self.can.keeps:
            for label_id, count, row in _tally(self.tags["label_id"]):
                name = self.labels.by_id[label_id].name
                self.losses.add("tag", name, "the format has no tags", count=count, example=_example(self.tags, row))
            self.tags = self.tags.slice(0, 0)
        for feature in Keeps:
            if feature not in self.can.keeps:
                self._count_feature(feature)

    def _count_kinds(self, kind: str, table: pa.Table, types: pa.ChunkedArray) -> pa.Table:
        """Count shapes or tracks that are lost or rewritten, and return the rows that leave a trace in the file."""
        is_top = pc.is_null(table["parent_id"])
        tops = table.filter(is_top)
        for name, count, row in _tally(types.filter(is_top)):
            shape = ShapeType(name)
            if shape not in self.can.shapes:
                reason = self.can.rewrites.get(shape, f"the format has no {_plural(shape)}")
                self.losses.add(kind, name, reason, count=count, example=_example(tops, row))
        written = pa.array([str(shape) for shape in self.can.written], pa.string())
        has_points = ShapeType.SKELETON in self.can.written
        return table.filter(pc.if_else(is_top, pc.is_in(types, value_set=written), has_points))

    def _count_feature(self, feature: Keeps) -> None:
        reason = _REASONS.get(feature, "")
        if feature is Keeps.TRACKS:
            self._count_rows("track", "identity", pc.is_null(self.tracks["parent_id"]), self.tracks, reason)
        elif feature is Keeps.ATTRIBUTES:
            self._count_attributes(reason)
        elif feature is Keeps.GROUPS:
            for table in (self.tags, self.shapes, self.tracks):
                self._count_rows("group", "group", pc.not_equal(table["group"], 0), table, reason)
        elif feature is Keeps.SOURCE:
            for table in (self.tags, self.shapes, self.tracks):
                self._count_rows("source", "source", pc.not_equal(table["source"], "manual"), table, reason)
        elif feature in _PLAIN:
            column = str(feature)
            for table in (self.shapes, self.keyframes):
                if column in table.column_names:
                    changed = pc.not_equal(table[column], _PLAIN[feature])
                    self._count_rows("property", column, changed, table, reason)

    def _count_attributes(self, reason: str) -> None:
        for table in (self.tags, self.shapes, self.tracks, self.keyframes):
            column = table["attributes"].combine_chunks()
            if table.num_rows == 0 or pc.sum(pc.list_value_length(column)).as_py() in (0, None):
                continue
            owners = pc.list_parent_indices(column).to_numpy()
            ids = pc.struct_field(pc.list_flatten(column), "spec_id")
            for spec_id, count, row in _tally(ids):
                name = self.labels.attribute_names[spec_id]
                self.losses.add("attribute", name, reason, count=count, example=_example(table, int(owners[row])))

    def _count_rows(self, kind: str, name: str, lost: pa.ChunkedArray, table: pa.Table, reason: str) -> None:
        rows = np.flatnonzero(np.asarray(lost.to_numpy(), dtype=np.bool_))
        if rows.size:
            self.losses.add(kind, name, reason, count=rows.size, example=_example(table, int(rows[0])))


def _on_live_frame(dataset: Dataset, table: pa.Table) -> Mask:
    """Whether each row lies on a frame that is exported."""
    tasks, numbers = table["task_id"].to_numpy(), table["frame"].to_numpy()
    live = np.zeros(table.num_rows, dtype=np.bool_)
    for task_id, frames in dataset.task_frames.items():
        live |= (tasks == task_id) & np.isin(numbers, frames.live_numbers)
    return live


def _track_types(tracks: pa.Table, keyframes: pa.Table) -> pa.ChunkedArray:
    """Return the shape type of every track: that of its first keyframe."""
    owners = keyframes["track_id"].to_numpy()
    unique, first = np.unique(owners, return_index=True)
    types = keyframes["type"].take(pa.array(first))
    if len(unique) == 0:
        return pa.chunked_array([pa.nulls(tracks.num_rows, pa.string())])
    place = np.searchsorted(unique, tracks["id"].to_numpy()).clip(0, len(unique) - 1)
    return types.take(pa.array(place))


def _tally(column: pa.ChunkedArray) -> list[tuple[Any, int, int]]:
    """Return each value that occurs, how often, and its first row."""
    return [
        (pair["values"], pair["counts"], pc.index(column, pair["values"]).as_py())
        for pair in pc.value_counts(column.drop_null()).to_pylist()
    ]


def _example(table: pa.Table, row: int) -> str:
    kind = "keyframe" if "track_id" in table.column_names else "object"
    return f"frame {table['frame'][row].as_py()}, {kind} {table['id'][row].as_py()}"


def _plural(shape: ShapeType) -> str:
    return {ShapeType.POINTS: "points", ShapeType.ELLIPSE: "ellipses"}.get(shape, f"{shape}s")
