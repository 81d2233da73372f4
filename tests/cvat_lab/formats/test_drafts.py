"""Labels that are numbered before they have ids."""

from __future__ import annotations

import pytest

from cvat_lab.errors import ConflictError
from cvat_lab.formats.drafts import apply_ids, draft_labels
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import AttributeWrite, InputType, LabelRead, LabelType, LabelWrite
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track

SPEC = AttributeWrite(name="kind", mutable=True, input_type=InputType.SELECT, values=["a", "b"])
WRITES = [
    LabelWrite(name="car", attributes=[SPEC]),
    LabelWrite(name="cat", type=LabelType.SKELETON, sublabels=[LabelWrite(name="car", attributes=[SPEC])]),
]


def later(labels: list[LabelRead]) -> list[LabelRead]:
    """Return drafts as they are stored in the end: in another order, with other ids."""
    stored = draft_labels(WRITES)
    for label in stored:
        for item in (label, *label.sublabels):
            item.id += 100
            for spec in item.attributes:
                spec.id += 200
    return stored[::-1]


def test_drafts_have_distinct_numbers_and_the_defaults_of_stored_labels() -> None:
    car, cat = draft_labels(WRITES)
    [part] = cat.sublabels
    labels = [car.id, cat.id, part.id]
    assert len(set(labels)) == 3
    assert car.attributes[0].id != part.attributes[0].id
    assert (car.attributes[0].default_value, cat.type, car.type) == ("a", LabelType.SKELETON, LabelType.ANY)


def test_every_number_becomes_the_id_of_its_name() -> None:
    car, cat = drafts = draft_labels(WRITES)
    [part] = cat.sublabels

    def values(label: LabelRead) -> list[AttributeValue]:
        return [AttributeValue(spec_id=label.attributes[0].id, value="b")]

    point = Shape(type=ShapeType.POINTS, frame=0, points=[1, 2], label_id=part.id, attributes=values(part))
    key = TrackedShape(type=ShapeType.POINTS, frame=0, points=[1, 2], attributes=values(part))
    data = LabeledData(
        tags=[Tag(label_id=car.id, frame=0, attributes=values(car))],
        shapes=[Shape(type=ShapeType.SKELETON, frame=0, label_id=cat.id, elements=[point])],
        tracks=[
            Track(label_id=cat.id, frame=0, shapes=[], elements=[Track(label_id=part.id, frame=0, shapes=[key])]),
        ],
    )
    stored = {label.name: label for label in later(drafts)}
    apply_ids(data, drafts, list(stored.values()))
    ids = stored["car"].id, stored["cat"].id, stored["cat"].sublabels[0].id
    specs = stored["car"].attributes[0].id, stored["cat"].sublabels[0].attributes[0].id
    assert (data.tags[0].label_id, data.tags[0].attributes[0].spec_id) == (ids[0], specs[0])
    assert (data.shapes[0].label_id, point.label_id, point.attributes[0].spec_id) == (ids[1], ids[2], specs[1])
    assert (data.tracks[0].label_id, data.tracks[0].elements[0].label_id) == (ids[1], ids[2])
    assert key.attributes[0].spec_id == specs[1]


def test_a_label_that_is_gone_is_named() -> None:
    drafts = draft_labels(WRITES)
    data = LabeledData(tags=[Tag(label_id=drafts[0].id, frame=0)])
    with pytest.raises(ConflictError, match="'car' was removed"):
        apply_ids(data, drafts, later(drafts)[:1])
    assert data.tags[0].label_id == drafts[0].id
