"""Counting what a format cannot hold."""

import pytest

from cvat_lab.formats.capabilities import ALL_SHAPES, Capabilities, Keeps, count_losses
from cvat_lab.formats.losses import Losses
from cvat_lab.model.shape import ShapeType
from cvat_lab.testing.samples import sample_dataset

EVERYTHING = frozenset(Keeps)


def lost(can: Capabilities) -> dict[tuple[str, str], int]:
    losses = Losses()
    count_losses(sample_dataset(), can, losses)
    return {(row.kind, row.name): row.count for row in losses.rows()}


def test_nothing_is_lost_where_everything_is_kept():
    assert lost(Capabilities(ALL_SHAPES, EVERYTHING)) == {}


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        (Keeps.TAGS, {("tag", "night"): 1}),
        (Keeps.TRACKS, {("track", "identity"): 3}),
        (Keeps.GROUPS, {("group", "group"): 2}),
        (Keeps.OCCLUDED, {("property", "occluded"): 3}),
        (Keeps.ROTATION, {("property", "rotation"): 3}),
        (Keeps.Z_ORDER, {("property", "z_order"): 3}),
        (Keeps.SOURCE, {("source", "source"): 1}),
        (Keeps.SCORE, {("property", "score"): 1}),
        (
            Keeps.ATTRIBUTES,
            {
                ("attribute", "color"): 2,
                ("attribute", "parked"): 1,
                ("attribute", "speed"): 3,
                ("attribute", "note"): 1,
                ("attribute", "side"): 2,
            },
        ),
    ],
)
def test_every_feature_is_counted(feature, expected):
    assert lost(Capabilities(ALL_SHAPES, EVERYTHING - {feature})) == expected


def test_kinds_are_counted_with_the_first_example():
    losses = Losses()
    can = Capabilities(
        frozenset({ShapeType.RECTANGLE, ShapeType.SKELETON}), EVERYTHING, {ShapeType.POLYGON: "written as its box"}
    )
    count_losses(sample_dataset(), can, losses)
    rows = {(row.kind, row.name): row for row in losses.rows()}
    assert rows["shape", "polygon"].count == 2
    assert rows["shape", "polygon"].reason == "written as its box"
    assert rows["track", "polygon"].count == 1
    assert rows["shape", "points"].reason == "the format has no points"
    assert rows["shape", "mask"].example == "frame 3, object 9"
    assert ("shape", "rectangle") not in rows


def test_objects_on_deleted_frames_do_not_count():
    assert lost(Capabilities(frozenset(), EVERYTHING))["shape", "rectangle"] == 3
