"""Colours of labels."""

from __future__ import annotations

from math import dist

import pytest

from cvat_lab.ops.colors import label_color


def channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[place : place + 2], 16) for place in (1, 3, 5))


@pytest.mark.req("R1.15")
def test_a_colour_is_a_function_of_the_name() -> None:
    assert label_color("car") == label_color("car")
    assert label_color("car") != label_color("Car")
    assert label_color("background") == label_color("Background") == "#000000"


@pytest.mark.req("R1.15")
def test_neighbours_can_be_told_apart() -> None:
    used: list[str] = []
    for name in ("astronaut", "cat", "cup", "person", "car", "bicycle", "tree", "road", "sky", "dog", "bus", "sign"):
        color = label_color(name, used)
        assert all(dist(channels(color), channels(other)) >= 60 for other in used), (name, color, used)
        used.append(color)


def test_a_full_circle_still_gives_a_colour() -> None:
    used = [
        f"#{red:02x}{green:02x}{blue:02x}"
        for red in range(0, 256, 51)
        for green in range(0, 256, 51)
        for blue in range(0, 256, 51)
    ]
    assert label_color("one more", used).startswith("#")
