"""A small dataset that has everything in it: all kinds of shapes, tracks, groups, attributes and a deleted frame."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
from PIL import Image

from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, Person, SegmentInfo, TaskInfo
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import AttributeRead, InputType, LabelRead, LabelType
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track

WIDTH, HEIGHT = 64, 48
CAR, PERSON, BODY, NIGHT, HEAD, HAND = range(1, 7)
COLOR, PARKED, SPEED, NOTE, VISIBLE = range(11, 16)
DELETED = 4
FRAMES = 8
_WHEN = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def sample_labels() -> list[LabelRead]:
    """Return labels for every kind of annotation, with every kind of attribute."""
    return [
        label(
            CAR,
            "car",
            attributes=[
                attribute(COLOR, "color", InputType.SELECT, ["red", "blue", "light <grey>"], default="red"),
                attribute(PARKED, "parked", InputType.CHECKBOX, ["true", "false"], default="false"),
                attribute(SPEED, "speed", InputType.NUMBER, ["0", "200", "1"], default="0", mutable=True),
                attribute(NOTE, "note", InputType.TEXT, [], default="", mutable=True),
            ],
        ),
        label(PERSON, "person & co"),
        label(
            BODY,
            "body",
            LabelType.SKELETON,
            sublabels=[
                label(HEAD, "head", LabelType.POINTS, parent=BODY),
                label(
                    HAND,
                    "hand",
                    LabelType.POINTS,
                    parent=BODY,
                    attributes=[attribute(VISIBLE, "side", InputType.RADIO, ["left", "right"], default="left")],
                ),
            ],
        ),
        label(NIGHT, "night", LabelType.TAG),
    ]


def label(
    number: int,
    name: str,
    kind: LabelType = LabelType.ANY,
    *,
    attributes: Sequence[AttributeRead] = (),
    sublabels: Sequence[LabelRead] = (),
    parent: int | None = None,
) -> LabelRead:
    """Return a label."""
    return LabelRead(
        id=number,
        name=name,
        color=f"#{number * 40:02x}80{255 - number * 30:02x}",
        type=kind,
        attributes=list(attributes),
        sublabels=list(sublabels),
        has_parent=parent is not None,
        parent_id=parent,
        svg='<circle r="1.5" data-label-name="head"></circle>' if sublabels else "",
    )


def attribute(
    number: int, name: str, kind: InputType, values: list[str], *, default: str, mutable: bool = False
) -> AttributeRead:
    """Return an attribute of a label."""
    return AttributeRead(id=number, name=name, mutable=mutable, input_type=kind, default_value=default, values=values)


def sample_dataset(*, is_video: bool = False, data: LabeledData | None = None) -> Dataset:
    """Return a task of 8 frames, number 4 being deleted; source frames start at 10 with step 3.

    Parameters
    ----------
    is_video
        Whether the frames come from a video.
    data
        Its annotations; by default :func:`sample_annotations`.
    """
    task = TaskInfo(
        id=5,
        name="Ein <kleiner> Test",
        mode="interpolation" if is_video else "annotation",
        size=FRAMES,
        start_frame=10,
        stop_frame=10 + 3 * (FRAMES - 1),
        frame_filter="step=3",
        segments=[SegmentInfo(id=9, start=0, stop=FRAMES - 1, url="http://localhost/api/jobs/9")],
        owner=Person(username="ada", email="ada@example.com"),
        created_date=_WHEN,
        updated_date=_WHEN,
        source="bikes.mp4" if is_video else "",
    )
    info = DatasetInfo(
        kind=DatasetKind.TASK,
        id=5,
        name=task.name,
        labels=sample_labels(),
        tasks=[task],
        created_date=_WHEN,
        updated_date=_WHEN,
    )
    annotations = Annotations.from_labeled_data(sample_annotations() if data is None else data, task_id=5)
    return Dataset(info, sample_frames(), annotations)


def sample_frames() -> pa.Table:
    """Return 8 frames in two folders."""
    numbers = list(range(FRAMES))
    return pa.table(
        {
            "number": pa.array(numbers, pa.int64()),
            "name": [f"{'day' if number < 5 else 'night'}/image & {number}.png" for number in numbers],
            "width": pa.array([WIDTH] * FRAMES, pa.int64()),
            "height": pa.array([HEIGHT] * FRAMES, pa.int64()),
            "related_files": pa.array([0] * FRAMES, pa.int64()),
            "deleted": [number == DELETED for number in numbers],
            "task_id": pa.array([5] * FRAMES, pa.int64()),
        }
    )


def sample_annotations() -> LabeledData:
    """Return annotations of every kind."""
    return LabeledData(tags=sample_tags(), shapes=sample_shapes(), tracks=sample_tracks())


def sample_tags() -> list[Tag]:
    """Return a tag on an exported frame and one on the deleted frame."""
    return [Tag(label_id=NIGHT, frame=6), Tag(label_id=NIGHT, frame=DELETED)]


def sample_shapes() -> list[Shape]:
    """Return every kind of shape, two of them in a group."""
    car = [
        AttributeValue(spec_id=COLOR, value="light <grey>"),
        AttributeValue(spec_id=PARKED, value="true"),
        AttributeValue(spec_id=SPEED, value="30"),
        AttributeValue(spec_id=NOTE, value=' "two"\nlines & more '),
    ]
    return [
        Shape(
            type=ShapeType.RECTANGLE, frame=0, label_id=CAR, points=[1.25, 2.5, 20.75, 30], attributes=car, z_order=3
        ),
        Shape(type=ShapeType.RECTANGLE, frame=0, label_id=PERSON, points=[5, 5, 15, 25], rotation=33.5, occluded=True),
        Shape(type=ShapeType.POLYGON, frame=1, label_id=PERSON, points=[1, 1, 30, 2, 28, 20.33, 4, 18.4], group=7),
        Shape(type=ShapeType.POLYGON, frame=1, label_id=PERSON, points=[40, 5, 60, 9, 50.5, 30], group=7, z_order=-1),
        Shape(type=ShapeType.POLYLINE, frame=1, label_id=PERSON, points=[0, 0, 10, 12.5, 63, 47], source="auto"),
        Shape(type=ShapeType.POINTS, frame=2, label_id=PERSON, points=[3.5, 4.25, 20, 21], score=0.75),
        Shape(type=ShapeType.ELLIPSE, frame=2, label_id=PERSON, points=[30, 20, 45, 12], rotation=15),
        Shape(
            type=ShapeType.CUBOID,
            frame=2,
            label_id=PERSON,
            points=[5, 5, 5, 15, 20, 6, 20, 14, 30, 8, 30, 12, 15, 7, 15, 13],
        ),
        Shape(type=ShapeType.MASK, frame=3, label_id=PERSON, points=[1, 2, 2, 3, 1, 3, 10, 20, 13, 22]),
        Shape(
            type=ShapeType.SKELETON,
            frame=3,
            label_id=BODY,
            elements=[
                Shape(type=ShapeType.POINTS, frame=3, label_id=HEAD, points=[30, 10]),
                Shape(
                    type=ShapeType.POINTS,
                    frame=3,
                    label_id=HAND,
                    points=[40, 30],
                    outside=True,
                    attributes=[AttributeValue(spec_id=VISIBLE, value="right")],
                ),
            ],
        ),
        Shape(type=ShapeType.RECTANGLE, frame=DELETED, label_id=CAR, points=[0, 0, 5, 5]),
        Shape(type=ShapeType.RECTANGLE, frame=FRAMES - 1, label_id=PERSON, points=[50, 40, 63.5, 47.25]),
    ]


def sample_tracks() -> list[Track]:
    """Return a box that goes and comes back, a polygon with a keyframe on the deleted frame, and a skeleton."""
    return [
        Track(
            label_id=CAR,
            frame=1,
            attributes=[AttributeValue(spec_id=COLOR, value="blue")],
            shapes=[
                keyframe(1, [2, 2, 12, 12], attributes=[AttributeValue(spec_id=SPEED, value="10")], z_order=1),
                keyframe(3, [10, 4, 22, 15], occluded=True),
                keyframe(5, [12, 6, 24, 17], outside=True),
                keyframe(6, [30, 10, 42, 20], rotation=90, attributes=[AttributeValue(spec_id=SPEED, value="20")]),
            ],
        ),
        Track(
            label_id=PERSON,
            frame=0,
            shapes=[
                keyframe(0, [40, 20, 50, 20, 45, 30], ShapeType.POLYGON),
                keyframe(DELETED, [44, 24, 54, 24, 49, 34], ShapeType.POLYGON),
                keyframe(6, [44, 30, 54, 30, 49, 40], ShapeType.POLYGON, outside=True),
            ],
        ),
        Track(
            label_id=BODY,
            frame=5,
            shapes=[keyframe(5, [], ShapeType.SKELETON)],
            elements=[
                Track(label_id=HEAD, frame=5, shapes=[keyframe(5, [10, 10], ShapeType.POINTS)]),
                Track(
                    label_id=HAND,
                    frame=5,
                    attributes=[AttributeValue(spec_id=VISIBLE, value="left")],
                    shapes=[
                        keyframe(5, [20, 20], ShapeType.POINTS),
                        keyframe(7, [24, 22], ShapeType.POINTS, occluded=True),
                    ],
                ),
            ],
        ),
    ]


def keyframe(
    frame: int,
    points: list[float],
    kind: ShapeType = ShapeType.RECTANGLE,
    *,
    outside: bool = False,
    occluded: bool = False,
    rotation: float = 0.0,
    z_order: int = 0,
    attributes: Sequence[AttributeValue] = (),
) -> TrackedShape:
    """Return a keyframe."""
    return TrackedShape(
        type=kind,
        frame=frame,
        points=points,
        outside=outside,
        occluded=occluded,
        rotation=rotation,
        z_order=z_order,
        attributes=list(attributes),
    )


class SampleImages:
    """Pictures of one colour each, which tells the frame."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def image(self, task_id: int, number: int) -> tuple[bytes, str]:
        """Return a PNG."""
        self.asked.append((task_id, number))
        buffer = io.BytesIO()
        Image.new("RGB", (WIDTH, HEIGHT), (number * 20, task_id, 99)).save(buffer, "PNG")
        return buffer.getvalue(), ".png"
