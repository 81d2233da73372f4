"""SQL functions that the views call: interpolation and geometry, from the same code as everywhere else."""

from __future__ import annotations

import duckdb
from cvat_lab.ops.geometry import bounds_arrow
from cvat_lab.ops.tracks import interpolate_arrow

INTERPOLATE_ROTATION = (
    "CREATE OR REPLACE MACRO store.interpolate_rotation(a, b, t) AS "
    "((a + ((((b - a) % 360 + 540) % 360) - 180) * t) % 360 + 360) % 360"
)


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
        "bounding_box", bounds_arrow, ["VARCHAR", "DOUBLE[]", "DOUBLE"], "DOUBLE[]", type="arrow"
    )
