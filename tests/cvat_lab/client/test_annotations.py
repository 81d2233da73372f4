"""Annotations: written the short way, read back, changed, and as change sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cvat_lab.client import Task
from cvat_lab.errors import InvalidInputError, NotFoundError, StaleRevisionError
from cvat_lab.model.changes import ChangeSet, Ids, LabeledData
from cvat_lab.model.shape import Shape, ShapeType

BOX = {"label": "car", "type": "rectangle", "frame": 0, "points": [10, 20, 60, 80]}
TRACK = {
    "label": "car",
    "attributes": {"brand": "Saab"},
    "shapes": [
        {"type": "rectangle", "frame": 10, "points": [0, 0, 40, 40], "attributes": {"parked": "no"}},
        {"type": "rectangle", "frame": 20, "points": [20, 10, 60, 50]},
        {"type": "rectangle", "frame": 30, "points": [20, 10, 60, 50], "outside": True},
    ],
}


def test_short_forms(photo_task: Task) -> None:
    stored = photo_task.set_annotations(
        [
            {**BOX, "attributes": {"brand": "Volvo", "parked": "yes"}, "z_order": 2},
            {"label": "person", "frame": 1},
            Shape(type=ShapeType.POINTS, label_id=photo_task.labels["person"].id, frame=2, points=[1.5, 2.5]),
            {"label_id": photo_task.labels["car"].id, "type": "polygon", "frame": 2, "points": np.arange(6.0)},
        ]
    )
    assert photo_task.annotations() == stored
    assert [tag.frame for tag in stored.tags] == [1]
    assert [shape.type for shape in stored.shapes] == ["rectangle", "points", "polygon"]
    specs = {spec.id: spec.name for spec in photo_task.labels["car"].attributes}
    box = stored.shapes[0]
    assert {specs[given.spec_id]: given.value for given in box.attributes} == {"brand": "Volvo", "parked": "yes"}
    assert all(shape.id for shape in stored.shapes)


def test_a_track_is_interpolated(video_task: Task) -> None:
    video_task.set_annotations([TRACK])
    assert video_task.shapes_on(5) == []
    (shape,) = video_task.shapes_on(15)
    assert shape.points == [10.0, 5.0, 50.0, 45.0]
    assert {given.value for given in shape.attributes} == {"Saab", "no"}
    assert video_task.shapes_on(30) == []


def test_append_update_remove(photo_task: Task) -> None:
    first = photo_task.append_annotations([BOX])
    second = photo_task.append_annotations([{**BOX, "frame": 1}])
    moved = second.shapes[0]
    moved.points = [1.0, 2.0, 3.0, 4.0]
    photo_task.update_annotations(LabeledData(shapes=[moved]))
    assert [shape.points for shape in photo_task.annotations().shapes] == [[10, 20, 60, 80], [1, 2, 3, 4]]
    photo_task.remove_annotations(Ids(shapes=[first.shapes[0].id or 0]))
    assert [shape.frame for shape in photo_task.annotations().shapes] == [1]
    photo_task.remove_annotations()
    assert len(photo_task.annotations()) == 0


@pytest.mark.parametrize(
    ("item", "error", "message"),
    [
        ({**BOX, "label": "bus"}, NotFoundError, "no label 'bus'; there are: car, person"),
        ({**BOX, "attributes": {"weight": 3}}, NotFoundError, "no attribute 'weight'; it has: brand, parked"),
        ({**BOX, "point": [1]}, InvalidInputError, "shape 1: unknown field 'point'"),
        ({**BOX, "points": [1, 2, 3]}, InvalidInputError, "rectangle needs 4 numbers"),
        ({**BOX, "frame": 99}, InvalidInputError, "frame 99"),
        ({"type": "rectangle", "frame": 0}, InvalidInputError, "label=NAME"),
        ({**BOX, "type": "square"}, InvalidInputError, "square"),
    ],
)
def test_mistakes_change_nothing(photo_task: Task, item: dict[str, object], error: type, message: str) -> None:
    photo_task.set_annotations([BOX])
    with pytest.raises(error, match=message):
        photo_task.append_annotations([BOX, item])
    assert len(photo_task.annotations()) == 1


def test_table_out_and_in(photo_task: Task) -> None:
    photo_task.set_annotations([BOX, {"label": "person", "frame": 2}])
    table = photo_task.to_df()
    assert list(table["kind"]) == ["shape", "tag"]
    assert list(table["label"]) == ["car", "person"]
    assert list(table["bbox"][0]) == [10, 20, 60, 80]
    boxes = pd.DataFrame({"label": ["car", "person"], "type": "rectangle", "frame": [1, 2], "score": [0.5, 0.25]})
    boxes["points"] = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]
    added = photo_task.append_annotations(boxes)
    assert [(shape.frame, shape.score, shape.points[0]) for shape in added.shapes] == [(1, 0.5, 1.0), (2, 0.25, 5.0)]


def test_table_of_tracks(video_task: Task) -> None:
    video_task.set_annotations([TRACK])
    assert list(video_task.to_df()["frame"]) == [10, 20]
    assert list(video_task.to_df(interpolated=True)["frame"]) == list(range(10, 30))
    assert len(video_task.jobs()[0].to_df()) == 2


def test_change_sets(video_task: Task) -> None:
    job = video_task.jobs()[0]
    label = job.labels["car"].id
    base = job.revision
    box = Shape(type=ShapeType.RECTANGLE, label_id=label, frame=3, points=[1, 2, 3, 4])
    result = job.apply(ChangeSet(base_revision=base, created=LabeledData(shapes=[box])))
    assert result.revision == job.revision > base
    missed = job.changes(base)
    assert missed.revision == result.revision
    assert [shape.id for shape in missed.missed.created.shapes] == result.created.shapes
    with pytest.raises(StaleRevisionError) as caught:
        job.apply(ChangeSet(base_revision=base, deleted=Ids(shapes=result.created.shapes)))
    assert caught.value.revision == result.revision
    assert [shape["id"] for shape in caught.value.missed["created"]["shapes"]] == result.created.shapes
    assert len(job.annotations().shapes) == 1


def test_a_repeated_change_set_applies_once(video_task: Task) -> None:
    job = video_task.jobs()[0]
    box = Shape(type=ShapeType.RECTANGLE, label_id=job.labels["car"].id, frame=3, points=[1, 2, 3, 4])
    change = ChangeSet(change_id="lost-answer", created=LabeledData(shapes=[box]))
    assert job.apply(change) == job.apply(change)
    assert len(job.annotations().shapes) == 1
