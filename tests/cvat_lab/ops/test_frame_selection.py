"""Picking frames for ground truth."""

from __future__ import annotations

from typing import Any

import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.validation import FrameNumbers, FrameSelection
from cvat_lab.ops.frame_selection import select_frames

FRAMES = range(20)
JOBS = [range(8), range(6, 14), range(12, 20)]
"""Neighbours share two frames."""


def pick(method: str | None, frames: list[int] | None = None, of: Any = FRAMES, **numbers: Any) -> list[int]:
    selection = FrameSelection(method) if method else None
    return select_frames(FrameNumbers(frame_selection_method=selection, **numbers), frames, of, JOBS)


def test_manual() -> None:
    assert pick("manual", [7, 0, 19]) == [0, 7, 19]


@pytest.mark.parametrize(
    ("numbers", "count"), [({"frame_count": 5}, 5), ({"frame_share": 0.3}, 6), ({"frame_share": 0.01}, 1)]
)
def test_uniform(numbers: dict[str, Any], count: int) -> None:
    picked = pick("random_uniform", **numbers)
    assert len(set(picked)) == count
    assert picked == sorted(picked)
    assert set(picked) <= set(FRAMES)


def test_every_frame_may_be_picked() -> None:
    picked = {frame for seed in range(60) for frame in pick("random_uniform", frame_count=3, random_seed=seed)}
    assert picked == set(FRAMES)
    assert pick("random_uniform", frame_count=20) == list(FRAMES)


@pytest.mark.parametrize("method", [{"frame_count": 5}, {"frames_per_job_count": 3}])
def test_equal_seeds_pick_equal_frames(method: dict[str, Any]) -> None:
    name = "random_uniform" if "frame_count" in method else "random_per_job"
    first, again, other = (pick(name, random_seed=seed, **method) for seed in (7, 7, 8))
    assert first == again != other


@pytest.mark.parametrize(("numbers", "count"), [({"frames_per_job_count": 3}, 3), ({"frames_per_job_share": 0.5}, 4)])
def test_per_job(numbers: dict[str, Any], count: int) -> None:
    for seed in range(20):
        picked = set(pick("random_per_job", random_seed=seed, **numbers))
        assert all(len(picked & set(job)) >= count for job in JOBS)
        assert len(picked) <= count * len(JOBS), "a frame that two jobs share counts for both"
    assert pick("random_per_job", frames_per_job_count=99) == list(FRAMES)


def test_only_allowed_frames_are_picked() -> None:
    allowed = [1, 2, 9, 15]
    assert pick("random_uniform", of=allowed, frame_count=4) == allowed
    assert set(pick("random_per_job", of=allowed, frames_per_job_count=2)) <= set(allowed)


@pytest.mark.parametrize(
    ("method", "frames", "numbers", "told"),
    [
        (None, None, {"frame_count": 1}, "how to pick"),
        ("manual", None, {}, "needs frames"),
        ("manual", [], {}, "at least one"),
        ("manual", [3, 3], {}, "named twice"),
        ("manual", [20], {}, "no frame 20"),
        ("manual", [-1], {}, "no frame -1"),
        ("manual", [0], {"frame_count": 1}, "frame_count does not belong"),
        ("random_uniform", None, {}, "needs frame_count or frame_share"),
        ("random_uniform", None, {"frame_count": 1, "frame_share": 0.1}, "one of them"),
        ("random_uniform", None, {"frame_count": 21}, "the task has 20"),
        ("random_uniform", [0], {"frame_count": 1}, "frames does not belong"),
        ("random_uniform", None, {"frames_per_job_count": 1}, "does not belong"),
        ("random_per_job", None, {"frame_count": 1}, "does not belong"),
        ("random_per_job", None, {}, "needs frames_per_job_count"),
    ],
)
def test_refusals(method: str | None, frames: list[int] | None, numbers: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        pick(method, frames, **numbers)


def test_nothing_is_left() -> None:
    with pytest.raises(InvalidInputError, match="no frame can be picked"):
        pick("random_per_job", of=[], frames_per_job_count=1)
