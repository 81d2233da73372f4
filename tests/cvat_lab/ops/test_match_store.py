"""Matches are worked out once, whenever and in whatever order they are asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cvat_lab.ops.blending import blend
from cvat_lab.ops.contours import Contours, Matches, match_contours
from cvat_lab.ops.match_store import GrowingArray, MatchStore
from cvat_lab.ops.ragged import Integers, Ragged

RNG = np.random.default_rng(5)
LEFT = Ragged.from_rows([RNG.uniform(0, 99, 2 * size).tolist() for size in RNG.integers(2, 12, 60)])
RIGHT = Ragged.from_rows([RNG.uniform(0, 99, 2 * size).tolist() for size in RNG.integers(2, 12, 60)])


def match(pairs: Integers) -> Matches:
    closed = pairs % 2 == 0
    return match_contours(
        Contours.from_points(LEFT.take(pairs), closed), Contours.from_points(RIGHT.take(pairs), closed)
    )


def blended(matches: Matches, rows: Integers) -> list[list[float]]:
    return blend(matches, rows, np.ones_like(rows), np.full(rows.size, 0.4)).tolist()


def test_each_pair_is_matched_once() -> None:
    asked: list[int] = []

    def counting(pairs: Integers) -> Matches:
        asked.extend(pairs.tolist())
        return match(pairs)

    store = MatchStore(60, counting)
    for pairs in (np.array([5, 3, 5]), np.array([3, 40]), np.arange(60), np.arange(60)[::-1]):
        assert blended(*store.get(pairs)) == blended(match(pairs), np.arange(pairs.size))
    assert sorted(asked) == list(range(60))


def test_earlier_answers_stay_valid() -> None:
    store = MatchStore(60, match)
    first = store.get(np.array([7]))
    store.get(np.arange(60))
    assert blended(*first) == blended(match(np.array([7])), np.array([0]))


def test_threads_may_ask_at_the_same_time() -> None:
    store = MatchStore(60, match)
    wishes = [RNG.integers(0, 60, 10) for _ in range(64)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pairs: blended(*store.get(pairs)), wishes))
    assert answers == [blended(match(pairs), np.arange(pairs.size)) for pairs in wishes]


def test_growing_array_keeps_what_it_has() -> None:
    array = GrowingArray()
    for number in range(20):
        content = array.extend(np.full((number, 2), number))
    assert content.tolist() == [[number, number] for number in range(20) for _ in range(number)]
