"""A plain routine for tracks, written point by point from CVAT's rules (R5.8-R5.17), and what it says about some cases.

Run it to write ``interpolation.json`` again. cvat_lab's routine and its twin in TypeScript are both tested against that
file.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cvat_lab.model.base import convert, encode_json
from cvat_lab.model.shape import KINDS, TrackedShape
from cvat_lab.model.track import Track

GOLDEN = Path(__file__).with_name("interpolation.json")
MOMENTS = [0.0, 0.25, 1 / 3, 0.5, 0.9]

Point = tuple[float, float]


def plain_points(kind: str, left: list[float], right: list[float] | None, t: float) -> list[float]:
    if right is None or t == 0:
        return left
    if kind in ("polygon", "polyline"):
        return plain_contour(left, right, t, closed=kind == "polygon")
    linear = kind in ("rectangle", "ellipse", "cuboid") or (kind == "points" and len(left) == 2)
    if not linear or len(left) != len(right):
        return left
    points = [a + (b - a) * t for a, b in zip(left, right, strict=True)]
    if kind == "cuboid" and left[9:] == right[9:] == [0] * 7:
        for axis in (3, 4, 5):
            a, b = math.degrees(left[axis]) % 360, math.degrees(right[axis]) % 360
            angle = math.radians(a + plain_arc(a, b) * t)
            points[axis] = angle - 2 * math.pi if angle > math.pi else angle
    return points


def plain_rotation(kind: str, left: float, right: float, t: float) -> float:
    if t == 0 or kind not in ("rectangle", "ellipse", "cuboid", "skeleton"):
        return left
    return (left + plain_arc(left, right) * t + 360) % 360


def plain_arc(left: float, right: float) -> float:
    arc = right - left
    while arc > 180:
        arc -= 360
    while arc <= -180:
        arc += 360
    return arc


def plain_contour(left: list[float], right: list[float], t: float, *, closed: bool) -> list[float]:
    ours, theirs = vertices(left, closed), vertices(right, closed)
    partners = plain_matching(ours, theirs)
    moved = [
        [(x + (theirs[r][0] - x) * t, y + (theirs[r][1] - y) * t) for r in partners[i]] for i, (x, y) in enumerate(ours)
    ]
    kept: list[Point] = []
    i = 0
    while i < len(ours):
        j = i
        if len(partners[i]) > 1:
            spacing = theirs[partners[i][0] : partners[i][-1] + 1]
            kept += thinned(moved[i], spacing)
        else:
            while j + 1 < len(ours) and partners[j + 1] == partners[i]:
                j += 1
            kept += thinned([moved[k][0] for k in range(i, j + 1)], ours[i : j + 1])
        i = j + 1
    if closed:
        kept.pop()
    return [coordinate for point in kept for coordinate in point]


def vertices(flat: list[float], closed: bool) -> list[Point]:
    points = list(zip(flat[::2], flat[1::2], strict=True))
    return [*points, points[0]] if closed else points


def plain_matching(ours: list[Point], theirs: list[Point]) -> list[list[int]]:
    left, right = shares(ours), shares(theirs)
    partners = [[nearest(share, right)] for share in left]
    taken = {match[0] for match in partners}
    for r, share in enumerate(right):
        if r not in taken:
            partners[nearest(share, left)].append(r)
    return [sorted(match) for match in partners]


def shares(points: list[Point]) -> list[float]:
    total, whole = 0.0, length(points)
    result = [0.0]
    for a, b in pairwise(points):
        total += distance(a, b)
        result.append(total / whole if whole else math.nan)
    return result


def nearest(share: float, curve: list[float]) -> int:
    best = 0
    for i in range(1, len(curve)):
        if abs(share - curve[i]) < abs(share - curve[best]):  # never true for nan: then the first one stays
            best = i
    return best


def thinned(points: list[Point], keyframe_points: list[Point]) -> list[Point]:
    if len(points) == 1:
        return points
    limit = length(keyframe_points) / (2 * len(keyframe_points))
    kept = [points[0]]
    for point in points[1:-1]:
        if distance(kept[-1], point) >= limit:
            kept.append(point)
    if len(kept) == 1 and distance(points[0], points[-1]) < limit:
        (ax, ay), (bx, by) = points[0], points[-1]
        return [((ax + bx) / 2, (ay + by) / 2)]
    return [*kept, points[-1]]


def length(points: list[Point]) -> float:
    total = 0.0
    for a, b in pairwise(points):
        total += distance(a, b)
    return total


def distance(a: Point, b: Point) -> float:
    dx, dy = a[0] - b[0], a[1] - b[1]
    return math.sqrt(dx * dx + dy * dy)


def plain_track_at(track: dict[str, Any], frame: int) -> dict[str, Any] | None:
    before = [shape for shape in track["shapes"] if shape["frame"] <= frame]
    after = [shape for shape in track["shapes"] if shape["frame"] > frame]
    if not before:
        return None
    left = before[-1]
    values: dict[int, str] = {}
    for shape in before:
        values |= {item["spec_id"]: item["value"] for item in shape["attributes"]}
    attributes = [{"spec_id": spec_id, "value": value} for spec_id, value in values.items()]
    shape = left | {"frame": frame, "attributes": attributes}
    if left["frame"] == frame:
        return shape
    shape["id"] = None
    if after and after[0]["type"] == left["type"]:
        t = (frame - left["frame"]) / (after[0]["frame"] - left["frame"])
        shape["points"] = plain_points(left["type"], left["points"], after[0]["points"], t)
        shape["rotation"] = plain_rotation(left["type"], left["rotation"], after[0]["rotation"], t)
    return shape


SQUARE = [10.0, 10.0, 50.0, 10.0, 50.0, 50.0, 10.0, 50.0]
TRIANGLE = [12.0, 8.0, 60.0, 30.0, 15.0, 55.0]
ZIGZAG = [0.0, 0.0, 10.0, 8.0, 20.0, 0.0, 30.0, 8.0, 40.0, 0.0, 50.0, 8.0]
FLAT_CUBOID = [10.0, 10, 10, 40, 30, 10, 30, 40, 38, 4, 38, 34, 18, 4, 18, 34]
SPATIAL = [1.0, 2, 0.5, 3.0, -0.1, 0.2, 4, 2, 1.5, *[0.0] * 7]


def blob(count: int, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    angle = np.arange(count) * 2 * np.pi / count + rng.normal(0, 0.8 / count, count)
    radius = 40 * rng.uniform(0.6, 1.4, count)
    return np.stack((100 + radius * np.cos(angle), 90 + radius * np.sin(angle)), axis=-1).round(3).ravel().tolist()


POINT_CASES: list[tuple[str, str, list[float], list[float] | None]] = [
    ("box", "rectangle", [0.0, 1, 10, 21], [5.0, 3, 25, 31]),
    ("ellipse", "ellipse", [50.0, 50, 60, 45], [55.0, 40, 80, 20]),
    ("cuboid", "cuboid", FLAT_CUBOID, [value * 1.5 - 3 for value in FLAT_CUBOID]),
    ("3D cuboid, angles take the shorter arc", "cuboid", SPATIAL, [4.0, 1, 1, -3.0, 0.3, -2.9, 5, 2, 2, *[0.0] * 7]),
    ("3D cuboid, half a turn", "cuboid", SPATIAL, [4.0, 1, 1, 3.0 - math.pi, -0.1, 0.2, 5, 2, 2, *[0.0] * 7]),
    ("one point", "points", [3.0, 4], [13.0, 0]),
    ("several points are held", "points", [3.0, 4, 5, 6], [13.0, 0, 2, 2]),
    ("another number of points is held", "points", [3.0, 4], [13.0, 0, 2, 2]),
    ("polygon, same points moved", "polygon", SQUARE, [value + 30 for value in SQUARE]),
    ("polygon, same number of points", "polygon", SQUARE, [8.0, 12, 70, 5, 66, 40, 0, 61]),
    ("polygon gains points", "polygon", TRIANGLE, [*SQUARE, 5.0, 30.0, 8.0, 20.0]),
    ("polygon loses points", "polygon", [*SQUARE, 5.0, 30.0, 8.0, 20.0], TRIANGLE),
    ("polygon of 40 points becomes one of 23", "polygon", blob(40, 1), blob(23, 2)),
    ("polygon of 9 points becomes one of 31", "polygon", blob(9, 3), blob(31, 4)),
    ("polygon turns its direction", "polygon", SQUARE, [10.0, 10, 10, 50, 50, 50, 50, 10]),
    ("polygon starts elsewhere", "polygon", SQUARE, [50.0, 50, 10, 50, 10, 10, 50, 10]),
    ("polygon with repeated points", "polygon", [*SQUARE[:4], *SQUARE[2:4], *SQUARE[2:]], SQUARE),
    ("polygon with repeated last points", "polygon", [*SQUARE, *SQUARE[-2:], *SQUARE[:2]], TRIANGLE),
    ("polygon on a line", "polygon", [0.0, 0, 5, 0, 10, 0, 20, 0], TRIANGLE),
    ("polygon without length", "polygon", [5.0, 5] * 4, SQUARE),
    ("polygon shrinks to one point", "polygon", SQUARE, [5.0, 5] * 3),
    ("polygon without length on both sides", "polygon", [5.0, 5] * 3, [9.0, 1] * 5),
    ("polyline, same number of points", "polyline", ZIGZAG, [value * 2 + 1 for value in ZIGZAG]),
    ("polyline gains points", "polyline", [0.0, 0, 50, 0], ZIGZAG),
    ("polyline loses points", "polyline", ZIGZAG, [0.0, 5, 60, 5]),
    ("polyline closes up to its middle", "polyline", [0.0, 0, 100, 0, 101, 0], [0.0, 0, 1, 1]),
    ("polyline without length", "polyline", [5.0, 5, 5, 5, 5, 5], ZIGZAG),
    ("mask is held", "mask", [0.0, 4, 3, 4, 4, 5], [0.0, 1, 9, 9, 9, 9]),
    ("skeleton has no points", "skeleton", [], []),
    ("no right keyframe", "polygon", TRIANGLE, None),
]

ROTATION_CASES = [
    ("rectangle", 350.0, 10.0),
    ("rectangle", 10.0, 350.0),
    ("rectangle", 0.0, 180.0),
    ("rectangle", 180.0, 0.0),
    ("rectangle", 90.0, 270.0),
    ("rectangle", 360.0, 0.0),
    ("ellipse", 30.5, 200.25),
    ("cuboid", 10.0, 20.0),
    ("skeleton", 300.0, 100.0),
    ("polygon", 10.0, 50.0),
    ("points", 10.0, 50.0),
]


def keyframe(frame: int, kind: str, points: list[float], **changes: Any) -> dict[str, Any]:
    plain = {"rotation": 0.0, "occluded": False, "outside": False, "z_order": 0, "attributes": [], "id": frame + 1}
    return plain | {"type": kind, "frame": frame, "points": points} | changes


def value(spec_id: int, text: str) -> dict[str, Any]:
    return {"spec_id": spec_id, "value": text}


TRACK_CASES: list[tuple[str, list[int], list[dict[str, Any]]]] = [
    (
        "a box turns past 0 degrees",
        [0, 4, 5, 7, 10, 11, 99],
        [
            keyframe(5, "rectangle", [0, 0, 10, 10], rotation=350.0),
            keyframe(10, "rectangle", [10, 5, 30, 15], rotation=20.0),
        ],
    ),
    ("one keyframe only", [2, 3, 4, 50], [keyframe(3, "ellipse", [5, 5, 8, 2])]),
    (
        "hidden between two keyframes",
        [0, 3, 6, 8, 12, 15, 20],
        [
            keyframe(0, "polygon", SQUARE),
            keyframe(6, "polygon", TRIANGLE, outside=True),
            keyframe(12, "polygon", SQUARE),
            keyframe(18, "polygon", TRIANGLE, outside=True),
        ],
    ),
    (
        "what is not interpolated holds the last keyframe",
        [0, 1, 4, 6, 8, 9, 12],
        [
            keyframe(0, "points", [1, 2], attributes=[value(1, "a"), value(2, "x")], z_order=3),
            keyframe(4, "points", [9, 2], attributes=[value(2, "y")], occluded=True),
            keyframe(8, "points", [9, 8], z_order=-1),
            keyframe(10, "points", [0, 0], attributes=[value(3, "late"), value(1, "b")]),
        ],
    ),
    (
        "keyframes of different types do not mix",
        [0, 3, 6],
        [keyframe(0, "rectangle", [0, 0, 10, 10]), keyframe(6, "ellipse", [5, 5, 10, 0])],
    ),
    ("a mask is held", [0, 3, 6], [keyframe(0, "mask", [0, 4, 3, 4, 4, 5]), keyframe(6, "mask", [0, 1, 9, 9, 9, 9])]),
]


def golden() -> dict[str, Any]:
    """Work out every expected value with the plain routine."""
    return {
        "interpolates": {kind.value: rule.interpolates for kind, rule in KINDS.items()},
        "points": [
            {
                "name": name,
                "type": kind,
                "left": left,
                "right": right,
                "moments": [{"t": t, "points": plain_points(kind, left, right, t)} for t in MOMENTS],
            }
            for name, kind, left, right in POINT_CASES
        ],
        "rotations": [
            {"type": kind, "left": left, "right": right, "t": t, "rotation": plain_rotation(kind, left, right, t)}
            for kind, left, right in ROTATION_CASES
            for t in MOMENTS
        ],
        "tracks": [
            {"name": name, "track": track, "frames": [{"frame": f, "shape": plain_track_at(track, f)} for f in frames]}
            for name, frames, track in ((name, frames, as_track(shapes)) for name, frames, shapes in TRACK_CASES)
        ],
    }


def as_track(shapes: list[dict[str, Any]]) -> dict[str, Any]:
    track = Track(label_id=1, frame=shapes[0]["frame"], shapes=convert(shapes, list[TrackedShape]), id=7)
    plain: dict[str, Any] = json.loads(encode_json(track))
    return plain


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
