"""The interpolation routine against the golden file, and against the plain routine that wrote it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import convert
from cvat_lab.model.shape import TrackedShape
from cvat_lab.model.track import Track
from cvat_lab.ops.interpolation import (
    interpolate_arrow,
    interpolate_points,
    interpolate_rotation,
    kind_codes,
    shorter_arc,
)
from cvat_lab.ops.ragged import Ragged
from cvat_lab.ops.tracks import track_at

GOLDEN = Path(__file__).parents[2] / "golden"
PLAIN = runpy.run_path(str(GOLDEN / "write_interpolation.py"))
plain_points, blob, POINT_CASES = PLAIN["plain_points"], PLAIN["blob"], PLAIN["POINT_CASES"]
STORED: dict[str, Any] = json.loads((GOLDEN / "interpolation.json").read_text())


def test_golden_file_is_what_the_plain_routine_says() -> None:
    assert json.loads(json.dumps(PLAIN["golden"]())) == STORED, "run tests/golden/write_interpolation.py"


@pytest.mark.req("R5.12", "R5.13", "R5.14", "R5.15", "R5.16", "R5.17", "R5.19")
@pytest.mark.parametrize("case", STORED["points"], ids=lambda case: case["name"])
def test_points_are_the_golden_ones(case: dict[str, Any]) -> None:
    moments = case["moments"]
    rows = interpolate_points(
        kind_codes([case["type"]] * len(moments)),
        Ragged.from_rows([case["left"]] * len(moments)),
        Ragged.from_rows([case["right"] or []] * len(moments)),
        np.array([moment["t"] for moment in moments]),
    )
    for moment, row in zip(moments, rows.tolist(), strict=True):
        assert row == pytest.approx(moment["points"], abs=1e-9)


@pytest.mark.req("R5.12")
@pytest.mark.parametrize("case", STORED["rotations"], ids=str)
def test_rotations_are_the_golden_ones(case: dict[str, Any]) -> None:
    left, right, t = (np.array([case[name]]) for name in ("left", "right", "t"))
    assert interpolate_rotation(kind_codes([case["type"]]), left, right, t) == pytest.approx(case["rotation"], abs=1e-9)


@pytest.mark.req("R5.8", "R5.9", "R5.10", "R5.11", "R5.19")
@pytest.mark.parametrize("case", STORED["tracks"], ids=lambda case: case["name"])
def test_tracks_are_the_golden_ones(case: dict[str, Any]) -> None:
    track = convert(case["track"], Track)
    for expected in case["frames"]:
        shape = track_at(track, expected["frame"])
        if expected["shape"] is None:
            assert shape is None
            continue
        assert shape is not None
        wanted = convert(expected["shape"], TrackedShape)
        assert shape.points == pytest.approx(wanted.points, abs=1e-9)
        assert shape.rotation == pytest.approx(wanted.rotation, abs=1e-9)
        shape.points, shape.rotation = wanted.points, wanted.rotation
        assert shape == wanted


def random_contour(rng: np.random.Generator, style: int) -> list[float]:
    count = int(rng.integers(2, 60 if rng.random() < 0.1 else 16))
    if style == 0:
        return blob(max(count, 3), int(rng.integers(1 << 30)))
    if style == 1:  # many equal distances
        return rng.integers(0, 5, 2 * count).astype(float).tolist()
    if style == 2:  # repeated points
        return rng.uniform(0, 100, (count, 2))[np.sort(rng.integers(0, count, count))].ravel().tolist()
    if style == 3:  # on a line, forth and back
        return np.stack((rng.integers(0, 9, count), np.zeros(count)), axis=-1).ravel().tolist()
    return rng.uniform(0, 1000, 2).tolist() * count  # no length


@pytest.mark.req("R5.15", "R5.16", "R5.17")
@pytest.mark.parametrize("seed", range(8))
def test_contours_equal_the_plain_routine_to_the_last_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, list[float], list[float], float]] = []
    for _ in range(300):
        kind = str(rng.choice(["polygon", "polyline"]))
        pair = random_contour(rng, int(rng.integers(5))), random_contour(rng, int(rng.integers(5)))
        rows += [(kind, *pair, float(t)) for t in np.sort(rng.random(rng.integers(1, 4)))]
    kinds, left, right, t = zip(*rows, strict=True)
    done = interpolate_points(kind_codes(kinds), Ragged.from_rows(left), Ragged.from_rows(right), np.array(t))
    assert done.tolist() == [plain_points(*row) for row in rows]


def test_huge_contours_are_searched_not_tabled() -> None:
    left, right = blob(900, 5), blob(1300, 6)
    right[200:600] = right[200:202] * 200  # equal shares, where the first must win
    done = interpolate_points(
        kind_codes(["polygon"]), Ragged.from_rows([left]), Ragged.from_rows([right]), np.array([0.4])
    )
    assert done[0].tolist() == plain_points("polygon", left, right, 0.4)


@pytest.mark.req("R5.12")
def test_half_a_turn_goes_clockwise_either_way() -> None:
    left, right = np.array([0.0, 180, 90, 270, 350, 10]), np.array([180.0, 0, 270, 90, 10, 350])
    assert shorter_arc(left, right).tolist() == [180, 180, 180, 180, 20, -20]


def test_unknown_type_is_named() -> None:
    with pytest.raises(InvalidInputError, match=r"'circle'; CVAT has rectangle, polygon"):
        kind_codes(["polygon", "circle"])


@pytest.mark.req("R5.19")
def test_sql_gives_the_same_numbers() -> None:
    connection = duckdb.connect()
    connection.create_function(
        "interpolate",
        interpolate_arrow,
        ["VARCHAR", "DOUBLE[]", "DOUBLE[]", "DOUBLE"],
        "DOUBLE[]",
        type="arrow",
        null_handling="special",
    )
    pairs = pa.table(
        {
            "number": range(len(POINT_CASES)),
            "type": [kind for _, kind, _, _ in POINT_CASES],
            "a": pa.array([left for _, _, left, _ in POINT_CASES], pa.list_(pa.float64())),
            "b": pa.array([right for _, _, _, right in POINT_CASES], pa.list_(pa.float64())),
        }
    )
    connection.register("pairs", pairs)
    moments = "(SELECT i, i / 997.0 AS t FROM range(997) r(i))"
    rows = connection.sql(f"SELECT number, t, interpolate(type, a, b, t) FROM pairs, {moments} ORDER BY number, i")
    for number, t, points in rows.fetchall()[::53]:
        _, kind, left, right = POINT_CASES[number]
        assert points == pytest.approx(plain_points(kind, left, right, float(t)), abs=1e-9)


def test_arrow_nulls_and_slices() -> None:
    lists = pa.list_(pa.float64())
    result = interpolate_arrow(
        pa.chunked_array([["points", "rectangle"], ["rectangle", None, "rectangle", "rectangle"]]),
        pa.array([[9.0], [0, 0, 2, 2], [0, 0, 2, 2], [1.0], None, [1, 1, 2, 2]], lists).slice(0),
        pa.array([[0.0], [7.0], [4, 4, 6, 6], None, [1.0], [1.0], [3, 3, 4, 4]], lists).slice(1),
        pa.array([0.5, 0.5, 0.5, 0.5, 0.5, None]),
    )
    assert result.to_pylist() == [[9], [2, 2, 4, 4], [0, 0, 2, 2], None, None, None]


def test_no_rows_give_no_rows() -> None:
    empty = pa.array([], pa.list_(pa.float64()))
    assert interpolate_arrow(pa.array([], pa.string()), empty, empty, pa.array([], pa.float64())).to_pylist() == []
