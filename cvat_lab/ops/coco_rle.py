"""COCO's run lengths: column by column through the whole image, as numbers or as a packed string.

The packed form holds each count as little-endian groups of 5 bits, one per character (offset 48, bit 5 = more follow,
bit 4 of the last group = sign). From the fourth count on, it holds the difference to the count two places earlier.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cvat_lab.errors import InvalidInputError
from cvat_lab.ops.masks import Points, expand_runs, mask_bitmap, mask_box, mask_crop, mask_points, run_lengths

_OFFSET = 48
_MORE = 0x20
_SIGN = 0x10


def mask_counts(points: Points, width: int, height: int) -> NDArray[np.int64]:
    """Return COCO's uncompressed ``counts`` of a mask.

    Parameters
    ----------
    points
        Points of the mask, see :mod:`cvat_lab.ops.masks`. What lies outside the image is cut off.
    width, height
        Size of the image in pixels.

    Returns
    -------
    array of int64
        Alternating runs of background and mask, first background, that add up to ``width * height``.
    """
    box = mask_box(points)
    if box.left < 0 or box.top < 0 or box.right >= width or box.bottom >= height:
        return run_lengths(mask_bitmap(points, width, height).ravel(order="F"))
    columns = np.zeros((box.width, height), dtype=np.bool_)
    columns[:, box.top : box.bottom + 1] = mask_crop(points).T
    runs = run_lengths(columns.ravel())
    runs[0] += box.left * height
    rest = (width - 1 - box.right) * height
    if runs.size % 2:  # it ends with background
        runs[-1] += rest
        return runs
    return np.append(runs, rest) if rest else runs


def mask_points_from_counts(counts: Sequence[int] | str | bytes, width: int, height: int) -> list[float]:
    """Return the points of a mask from COCO's ``counts``, packed or not.

    Raises
    ------
    InvalidInputError
        The counts do not add up to the size of the image, one is negative, or the mask is empty.
    """
    runs = unpack_counts(counts) if isinstance(counts, str | bytes) else np.asarray(counts, dtype=np.int64)
    if runs.size and runs.min() < 0:
        raise InvalidInputError(f"COCO run lengths cannot be negative; got {runs.min()}", field="counts")
    if runs.sum() != width * height:
        raise InvalidInputError(
            f"The COCO run lengths add up to {runs.sum()}, the {width} x {height} image holds {width * height} pixels",
            field="counts",
        )
    ends = np.cumsum(runs)
    marked = np.flatnonzero(runs[1::2])
    if marked.size == 0:
        raise InvalidInputError("The mask is empty; leave it out", field="counts")
    # Only the columns from the first marked pixel to the last one are ever laid out.
    left = int(ends[2 * marked[0]]) // height
    right = (int(ends[2 * marked[-1] + 1]) - 1) // height
    edges = np.clip(np.concatenate(([0], ends)), left * height, (right + 1) * height)
    return mask_points(expand_runs(edges[1:] - edges[:-1]).reshape(-1, height).T, left=left)


def pack_counts(counts: Sequence[int] | NDArray[np.int64]) -> str:
    """Return COCO's packed string of run lengths."""
    values = np.array(counts, dtype=np.int64)
    values[3:] -= np.asarray(counts, dtype=np.int64)[1:-2]
    sizes = _group_counts(values)
    owner = np.repeat(np.arange(values.size), sizes)
    place = np.arange(owner.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    groups = (values[owner] >> (5 * place)) & 0x1F
    groups[place < sizes[owner] - 1] |= _MORE
    return (groups + _OFFSET).astype(np.uint8).tobytes().decode("ascii")


def unpack_counts(packed: str | bytes) -> NDArray[np.int64]:
    """Return the run lengths that COCO's packed string holds.

    Raises
    ------
    InvalidInputError
        A character does not belong there, or the text ends in the middle of a number.
    """
    text = packed.encode() if isinstance(packed, str) else packed
    groups = np.frombuffer(text, dtype=np.uint8).astype(np.int64) - _OFFSET
    if groups.size == 0:
        return groups
    if groups.min() < 0 or groups.max() > 0x3F or groups[-1] & _MORE:
        raise InvalidInputError(f"Not a packed COCO run length string: {packed[:40]!r}", field="counts")
    last = np.flatnonzero(groups & _MORE == 0)
    first = np.concatenate(([0], last[:-1] + 1))
    place = np.arange(groups.size) - np.repeat(first, last - first + 1)
    if place.max() > 11:
        raise InvalidInputError(
            f"A number in the packed COCO run lengths is too large: {packed[:40]!r}", field="counts"
        )
    values = np.add.reduceat((groups & 0x1F) << (5 * place), first)
    values -= np.where(groups[last] & _SIGN, np.int64(1) << (5 * place[last] + 5), 0)
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def _group_counts(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the 5-bit groups that hold each value and its sign bit."""
    magnitude = np.where(values < 0, ~values, values)
    sizes = np.ones(values.size, dtype=np.int64)
    while np.any(rest := magnitude >> (5 * sizes - 1)):
        sizes += rest != 0
    return sizes
