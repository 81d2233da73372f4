"""Interpolation of tracks: ``python -m benchmarks.tracks [--rounds N]``.

1000 tracks over 3000 frames with a keyframe every 30 frames, seeded: drifting boxes, drifting and deforming polygons of
12 points, and polygons of 10 to 14 points whose number changes from keyframe to keyframe. An export takes every shape
on every frame, matching included, in CPU seconds over all threads. A frame takes the shapes of all tracks, in wall
milliseconds: the first one from fresh columns, later ones with the matches that are known by then.

``limit`` is what compiled code (numba, two threads; for the frame of polygons without CVAT's matching) reached in our
study of this job, ``peer`` CVAT's own Python there, extrapolated from 20 box tracks and one polygon track.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

import numpy as np
import pyarrow as pa

from benchmarks.report import Row, as_text
from cvat_lab.ops.interpolation import interpolate_arrow, kind_codes
from cvat_lab.ops.keyframes import KeyframeColumns
from cvat_lab.ops.ragged import Ragged, starts
from cvat_lab.ops.tracks import interpolate_at, interpolate_frames

COLUMNS = ("best of the study", "CVAT")
"""What limit and peer are."""

TRACKS = 1000
FRAMES = 3000
KEYFRAMES = np.arange(0, FRAMES, 30)
FRAME = 1515


def boxes(rng: np.random.Generator) -> KeyframeColumns:
    """Return tracks of boxes that drift and breathe."""
    corner = rng.uniform(0, 1800, (TRACKS, 1, 2)) + drift(rng)
    size = rng.uniform(20, 120, (TRACKS, 1, 2)) * rng.uniform(0.9, 1.1, (TRACKS, KEYFRAMES.size, 2))
    rows = np.concatenate((corner, corner + size), axis=-1).reshape(-1, 4)
    return columns("rectangle", Ragged(rows.ravel(), np.arange(len(rows) + 1) * 4))


def polygons(rng: np.random.Generator, counts: list[int]) -> KeyframeColumns:
    """Return tracks of polygons whose outline drifts and deforms; each keyframe has one of ``counts`` points."""
    centre = (rng.uniform(200, 1800, (TRACKS, 1, 2)) + drift(rng)).reshape(-1, 2)
    radius = np.repeat(rng.uniform(20, 100, TRACKS), KEYFRAMES.size)
    sizes = rng.choice(counts, centre.shape[0])
    offsets = starts(sizes)
    owner = np.repeat(np.arange(sizes.size), sizes)
    place = np.arange(owner.size) - offsets[owner]
    angle = (place + rng.normal(0, 0.15, owner.size)) * 2 * np.pi / sizes[owner]
    reach = radius[owner] * (1 + 0.1 * np.sin(3 * angle) + rng.normal(0, 0.03, owner.size))
    xy = centre[owner] + reach[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    return columns("polygon", Ragged(xy.ravel(), 2 * offsets))


def drift(rng: np.random.Generator) -> np.ndarray:
    """Return random walks, shape (tracks, keyframes, 2)."""
    return np.cumsum(rng.normal(0, 4, (TRACKS, KEYFRAMES.size, 2)), axis=1)


def columns(kind: str, points: Ragged) -> KeyframeColumns:
    """Return keyframes of one kind on the frames of this benchmark."""
    count = len(points)
    return KeyframeColumns(
        track_ids=np.arange(TRACKS),
        track_offsets=np.arange(TRACKS + 1) * KEYFRAMES.size,
        frame=np.tile(KEYFRAMES, TRACKS),
        kind=np.full(count, kind_codes([kind])[0]),
        points=points,
        rotation=np.zeros(count),
        outside=np.zeros(count, dtype=np.bool_),
    )


def export(keyframes: KeyframeColumns) -> int:
    """Compute every shape, from columns that nothing has been computed with yet."""
    return sum(len(block) for block in interpolate_frames(replace(keyframes), range(FRAMES)))


def sql_batches(keyframes: KeyframeColumns) -> Iterator[tuple[pa.Array, ...]]:
    """Yield what DuckDB passes to its function for one keyframe interval: 2048 rows, track by track."""
    left = np.repeat(np.arange(TRACKS) * KEYFRAMES.size + 50, 30)
    t = np.tile(np.arange(30) / 30, TRACKS)
    for start in range(0, left.size - 2047, 2048):
        rows = slice(start, start + 2048)
        points = (keyframes.points.take(left[rows] + step).to_arrow() for step in (0, 1))
        yield pa.array(["polygon"] * len(left[rows])), *points, pa.array(t[rows])


def median(clock: Callable[[], float], work: Callable[[], object], rounds: int) -> float:
    """Return the median of several runs, in seconds."""
    times = []
    for _ in range(rounds):
        begin = clock()
        work()
        times.append(clock() - begin)
    return statistics.median(times)


def run(rounds: int = 5) -> list[Row]:
    """Measure everything and return the rows."""
    rng = np.random.default_rng(2024)
    scenes = {
        "boxes": (boxes(rng), (0.0186, 49), (0.036, 6900)),
        "polygons of 12 points": (polygons(rng, [12]), (1.08, 722), (0.073, 300_000)),
        "polygons of 10 to 14 points": (polygons(rng, [10, 11, 12, 13, 14]), (None, None), (None, None)),
    }
    rows = []
    for name, (keyframes, study_export, study_frame) in scenes.items():
        assert export(keyframes) == TRACKS * FRAMES
        seconds = median(time.process_time, lambda data=keyframes: export(data), rounds)
        rows.append(Row(f"export of 1000 x 3000 {name}", seconds, "CPU s", *study_export))
        first = median(time.perf_counter, lambda data=keyframes: interpolate_at(replace(data), FRAME), rounds)
        rows.append(Row(f"first frame, {name}", 1e3 * first, "ms"))
        frames = cycle(range(1500, 1530))
        interpolate_at(keyframes, FRAME)
        later = median(time.perf_counter, lambda data=keyframes, f=frames: interpolate_at(data, next(f)), 40 * rounds)
        rows.append(Row(f"frame, {name}", 1e3 * later, "ms", *study_frame))
    batches = cycle(list(sql_batches(scenes["polygons of 10 to 14 points"][0])))
    call = median(time.process_time, lambda: interpolate_arrow(*next(batches)), 20 * rounds)
    rows.append(Row("SQL function, 2048 polygons of 10 to 14 points", 1e3 * call, "ms"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of track interpolation.")
    parser.add_argument("--rounds", type=int, default=5)
    print(as_text(run(parser.parse_args().rounds), *COLUMNS))


if __name__ == "__main__":
    main()
