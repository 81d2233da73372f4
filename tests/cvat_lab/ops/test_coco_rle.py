"""COCO run lengths against pycocotools, the reference implementation."""

from __future__ import annotations

import numpy as np
import pytest
from pycocotools import mask as coco

from cvat_lab.errors import InvalidInputError
from cvat_lab.ops import coco_rle, masks

RNG = np.random.default_rng(21)


def random_bitmap(trial: int) -> np.ndarray:
    height, width = RNG.integers(1, 200, 2)
    bitmap = np.zeros((height, width), bool)
    for _ in range(trial % 6 + 1):
        top, left = RNG.integers(height), RNG.integers(width)
        bitmap[top : top + RNG.integers(1, 80), left : left + RNG.integers(1, 80)] ^= RNG.random() < 0.8
    if trial % 3 == 0:
        bitmap ^= RNG.random(bitmap.shape) < 0.3
    bitmap[RNG.integers(height), RNG.integers(width)] = True
    return bitmap


@pytest.mark.parametrize("trial", range(60))
def test_same_string_as_pycocotools_both_ways(trial: int) -> None:
    bitmap = random_bitmap(trial)
    height, width = bitmap.shape
    expected = coco.encode(np.asfortranarray(bitmap.view(np.uint8)))["counts"].decode()
    points = masks.mask_points(bitmap)
    counts = coco_rle.mask_counts(points, width, height)
    assert coco_rle.pack_counts(counts) == expected
    assert coco_rle.unpack_counts(expected).tolist() == counts.tolist()
    assert coco_rle.mask_points_from_counts(expected, width, height) == points
    assert coco_rle.mask_points_from_counts(expected.encode(), width, height) == points
    assert coco_rle.mask_points_from_counts(counts.tolist(), width, height) == points


def test_part_outside_the_image_is_cut_off() -> None:
    counts = coco_rle.mask_counts([0, 16, -2, -2, 1, 1], 5, 4)
    assert counts.tolist() == [0, 2, 2, 2, 14]


def test_counts_of_a_4k_image_survive() -> None:
    bitmap = np.zeros((2160, 3840), bool)
    bitmap[2100:2150, 3800:] = True
    points = masks.mask_points(bitmap)
    packed = coco_rle.pack_counts(coco_rle.mask_counts(points, 3840, 2160))
    assert coco_rle.mask_points_from_counts(packed, 3840, 2160) == points
    assert coco.area({"size": [2160, 3840], "counts": packed}) == masks.mask_area(points)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([5], "add up to 5"),
        ([2, -1, 15], "negative"),
        ([16], "empty"),
        ([16, 0], "empty"),
        ("\x10", "Not a packed"),
        ("0P", "Not a packed"),
        ("P" * 14 + "0", "too large"),
    ],
)
def test_broken_counts_are_refused(counts: list[int] | str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        coco_rle.mask_points_from_counts(counts, 4, 4)


def test_nothing_packs_to_nothing() -> None:
    assert coco_rle.pack_counts([]) == ""
    assert coco_rle.unpack_counts("").size == 0
