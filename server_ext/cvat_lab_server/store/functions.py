"""SQL functions that the views call: interpolation and geometry, from the same code as everywhere else."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cvat_lab.ops.geometry import bounds_arrow
from cvat_lab.ops.interpolation import interpolate_arrow, interpolate_rotation, kind_codes


def register_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Register the functions with an instance; all its cursors see them."""
    connection.create_function(
        "interpolate_points",
        interpolate_arrow,
        ["VARCHAR", "DOUBLE[]", "DOUBLE[]", "DOUBLE"],
        "DOUBLE[]",
        type="arrow",
        null_handling="special",
    )
    connection.create_function(
        "interpolate_rotation", _rotations, ["VARCHAR", "DOUBLE", "DOUBLE", "DOUBLE"], "DOUBLE", type="arrow"
    )
    connection.create_function(
        "bounding_box",
        bounds_arrow,
        ["VARCHAR", "DOUBLE[]", "DOUBLE"],
        "DOUBLE[]",
        type="arrow",
        null_handling="special",  # a skeleton has no box of its own
    )


def _rotations(types: pa.Array, left: pa.Array, right: pa.Array, t: pa.Array) -> pa.Array:
    sides = (column.to_numpy(zero_copy_only=False) for column in (left, right, t))
    return pa.array(interpolate_rotation(kind_codes(types), *sides))
