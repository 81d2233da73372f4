"""Stills: every kind of shape, drawn where it is, in the colour of its label."""

from __future__ import annotations

import numpy as np
import pytest

from cvat_lab.client import Lab, Task
from cvat_lab_widgets import Still
from cvat_lab_widgets.canvas import shape_at
from cvat_lab_widgets.drawing import draw_outlines
from cvat_lab_widgets.outlines import Outline

RED = (255, 0, 0)

SHAPES = {
    "rectangle": ([50, 60, 150, 160], (100, 60)),
    "polygon": ([50, 60, 150, 60, 100, 160], (100, 60)),
    "polyline": ([50, 60, 150, 60, 150, 200], (150, 130)),
    "points": ([80, 90, 200, 210], (200, 210)),
    "ellipse": ([100, 100, 140, 70], (140, 100)),
    "cuboid": ([50, 60, 50, 160, 90, 60, 90, 160, 130, 50, 130, 150, 70, 50, 70, 150], (90, 110)),
    "mask": ([0, 10000, 50, 60, 149, 159], (100, 60)),
}


def is_red(picture: np.ndarray, x: float, y: float) -> bool:
    """Whether some pixel at or beside a position is about red."""
    spot = picture[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].reshape(-1, 3).astype(int)
    return bool((np.abs(spot - RED).max(axis=1) < 60).any())


@pytest.mark.parametrize("kind", SHAPES)
def test_every_kind_is_drawn(photo_task: Task, kind: str) -> None:
    points, edge = SHAPES[kind]
    bare = Still(photo_task, 0, annotated=False)
    assert not is_red(bare.draw(), *edge)
    photo_task.set_annotations([{"label": "car", "type": kind, "frame": 0, "points": points}])
    still = photo_task.frame(0)
    assert is_red(still.draw(), *edge)
    assert len(still.outlines) == 1


def test_rotation_and_scale(photo_task: Task) -> None:
    photo_task.set_annotations(
        [{"label": "car", "type": "rectangle", "frame": 0, "points": [100, 200, 300, 240], "rotation": 90}]
    )
    assert is_red(photo_task.frame(0).draw(), 200, 120)
    half = photo_task.frame(0, max_side=256)
    assert half.draw().shape == (256, 256, 3)
    assert is_red(half.draw(), 100, 60)


def test_tracks_are_drawn_between_their_keyframes(video_task: Task) -> None:
    frames = [
        {"type": "rectangle", "frame": 10, "points": [10, 40, 40, 80]},
        {"type": "rectangle", "frame": 20, "points": [90, 40, 120, 80]},
    ]
    video_task.set_annotations([{"label": "car", "shapes": frames}])
    still = video_task.jobs()[0].frame(15)
    assert is_red(still.draw(), 50, 60)
    assert video_task.frame(9).shapes == []


def test_skeletons_have_edges(lab: Lab, photos) -> None:  # type: ignore[no-untyped-def]
    node = '<circle data-type="element node" data-element-id="{0}" data-node-id="{0}" data-label-name="{1}" cx="{2}"/>'
    edge = '<line data-type="edge" data-node-from="1" data-node-to="2" x1="10" y1="9" x2="90" y2="9"></line>'
    svg = edge + node.format(1, "head", 10) + node.format(2, "tail", 90)
    parts = [{"name": "head", "type": "points"}, {"name": "tail", "type": "points"}]
    label = {"name": "animal", "color": "#ff0000", "type": "skeleton", "sublabels": parts, "svg": svg}
    task = lab.create_task("skeleton", [label], files=photos[:1])
    elements = [{"label": "head", "points": [50, 60]}, {"label": "tail", "points": [250, 60]}]
    task.set_annotations([{"label": "animal", "type": "skeleton", "frame": 0, "elements": elements}])
    picture = task.frame(0).draw()
    assert is_red(picture, 150, 60)
    assert is_red(picture, 250, 60)


def test_a_still_shows_as_a_picture(photo_task: Task) -> None:
    photo_task.set_annotations([{"label": "person", "frame": 0}])
    still = photo_task.frame(0)
    assert repr(still) == f"<Still: frame 0 of task {photo_task.id}, 0 shapes, tags: person>"
    assert set(still._repr_mimebundle_()) == {"text/plain", "image/jpeg"}
    assert still.png().startswith(b"\x89PNG")
    assert np.asarray(still).shape == still.picture.shape == (512, 512, 3)


def test_a_live_still_is_a_canvas_and_a_picture(photo_task: Task) -> None:
    bundle = photo_task.frame(0, live=True)._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/jpeg"} <= set(bundle)


def test_the_canvas_keeps_no_pixels(photo_task: Task) -> None:
    canvas = photo_task.frame(0).canvas()
    assert (canvas.width, canvas.height) == (512, 512)
    assert all(len(repr(value)) < 1000 for value in canvas.get_state().values())


def test_the_shape_under_the_cursor() -> None:
    below = Outline("#ff0000", "below", areas=(np.array([[0, 0], [100, 0], [100, 100], [0, 100]], float),))
    above = Outline("#00ff00", "above", areas=(np.array([[50, 50], [80, 50], [80, 80]], float),))
    line = Outline("#0000ff", "line", lines=(np.array([[0, 200], [100, 200]], float),))
    dot = Outline("#0000ff", "dot", dots=np.array([[300, 300]], float))
    outlines = [below, above, line, dot]
    found = [shape_at(outlines, x, y) for x, y in ((10, 10), (75, 60), (50, 203), (302, 300), (200, 50))]
    assert found == [below, above, line, dot, None]


def test_the_picture_itself_stays(photo_task: Task) -> None:
    picture = photo_task.image(0)
    before = picture.copy()
    area = np.array([[10, 10], [200, 10], [200, 200]], float)
    assert (draw_outlines(picture, [Outline("#ff0000", "Ünïcode", areas=(area,))]) != before).any()
    np.testing.assert_array_equal(picture, before)
