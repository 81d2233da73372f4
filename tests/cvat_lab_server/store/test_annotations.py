"""Annotations in the store: nothing is overwritten, and every revision can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cvat_lab.model.base import utc_now
from cvat_lab.model.changes import ChangeSet, Ids, LabeledData
from cvat_lab.model.job import Job
from cvat_lab.model.label import AttributeSpec, InputType, Label
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.task import Task
from cvat_lab.model.track import Track
from cvat_lab_server.store.annotation_reads import read_changes, read_columns, read_labeled_data
from cvat_lab_server.store.annotation_writes import apply_changes, find_revision, read_result
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.tables import ATTRIBUTES, JOBS, LABELS, TASKS


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "workspace.duckdb")
    yield opened
    opened.close()


@pytest.fixture
def job(database: Database) -> Job:
    now = utc_now()
    task = Task(id=0, name="street", created_date=now, updated_date=now)
    database.write(lambda cursor: cursor.insert(TASKS, task))
    made = Job(id=0, task_id=task.id, frame_ranges=[0, 99], created_date=now, updated_date=now)
    label = Label(id=0, name="car", color="#ff0000", task_id=task.id)
    database.write(lambda cursor: cursor.insert(JOBS, made))
    database.write(lambda cursor: cursor.insert(LABELS, label))
    for name, mutable in (("brand", False), ("parked", True)):
        spec = AttributeSpec(
            id=0, label_id=label.id, name=name, mutable=mutable, input_type=InputType.TEXT, default_value=f"no {name}"
        )
        database.write(lambda cursor, spec=spec: cursor.insert(ATTRIBUTES, spec))
    return made


def box(frame: int, left: float = 10.0, **fields: object) -> Shape:
    return Shape(type=ShapeType.RECTANGLE, frame=frame, label_id=1, points=[left, 20.0, left + 30, 60.5], **fields)


def keyframe(frame: int, left: float, **fields: object) -> TrackedShape:
    return TrackedShape(type=ShapeType.RECTANGLE, frame=frame, points=[left, 20.0, left + 30, 60.0], **fields)


def apply(database: Database, job: Job, **parts: object) -> object:
    return database.write(lambda cursor: apply_changes(cursor, job, ChangeSet(**parts), user_id=1))


def stored(database: Database, job: Job, at: int | None = None) -> LabeledData:
    return database.read(lambda cursor: read_labeled_data(cursor, [job.id], at))


def test_every_kind_of_object_survives(database: Database, job: Job) -> None:
    skeleton = Shape(
        type=ShapeType.SKELETON,
        frame=3,
        label_id=1,
        elements=[
            Shape(type=ShapeType.POINTS, frame=3, label_id=1, points=[1.0, 2.0]),
            Shape(type=ShapeType.POINTS, frame=3, label_id=1, points=[3.0, 4.0], occluded=True),
        ],
    )
    sent = LabeledData(
        tags=[Tag(label_id=1, frame=5)],
        shapes=[box(0, rotation=12.5, z_order=-2, group=4, source="auto", score=0.25), skeleton],
        tracks=[Track(label_id=1, frame=0, shapes=[keyframe(0, 0.0), keyframe(10, 50.0, outside=True)])],
    )
    result = apply(database, job, created=sent)
    read = stored(database, job)
    assert [tag.id for tag in read.tags] == result.created.tags
    assert {shape.id for shape in read.shapes} == set(result.created.shapes)
    first, second = read.shapes
    assert (first.rotation, first.z_order, first.group, first.source, first.score) == (12.5, -2, 4, "auto", 0.25)
    assert [element.points for element in second.elements] == [[1.0, 2.0], [3.0, 4.0]]
    assert [shape.outside for shape in read.tracks[0].shapes] == [False, True]


def test_missing_attributes_are_read_as_defaults(database: Database, job: Job) -> None:
    given = [AttributeValue(spec_id=1, value="Fiat")]
    apply(
        database,
        job,
        created=LabeledData(
            shapes=[box(0, attributes=given)],
            tracks=[Track(label_id=1, frame=0, shapes=[keyframe(0, 0.0), keyframe(5, 1.0)], attributes=given)],
        ),
    )
    read = stored(database, job)
    values = {value.spec_id: value.value for value in read.shapes[0].attributes}
    assert values == {1: "Fiat", 2: "no parked"}
    track = read.tracks[0]
    assert {value.spec_id: value.value for value in track.attributes} == {1: "Fiat"}
    assert [[(v.spec_id, v.value) for v in shape.attributes] for shape in track.shapes] == [[(2, "no parked")], []]


def test_old_revisions_can_still_be_read(database: Database, job: Job) -> None:
    first = apply(database, job, created=LabeledData(shapes=[box(0), box(1)]))
    moved = stored(database, job).shapes[0]
    moved.points = [0.0, 0.0, 5.0, 5.0]
    second = apply(database, job, updated=LabeledData(shapes=[moved]))
    third = apply(database, job, deleted=Ids(shapes=[moved.id]))
    assert len(stored(database, job).shapes) == 1
    assert stored(database, job, at=second.revision).shapes[0].points == [0.0, 0.0, 5.0, 5.0]
    assert stored(database, job, at=first.revision).shapes[0].points == [10.0, 20.0, 40.0, 60.5]
    assert first.revision < second.revision < third.revision == job.revision


def test_updating_one_keyframe_adds_one_row(database: Database, job: Job) -> None:
    track = Track(label_id=1, frame=0, shapes=[keyframe(n, float(n)) for n in range(50)])
    apply(database, job, created=LabeledData(tracks=[track]))
    edited = stored(database, job).tracks[0]
    edited.shapes[7].points = [1.0, 1.0, 2.0, 2.0]
    del edited.shapes[20]
    apply(database, job, updated=LabeledData(tracks=[edited]))
    assert database.read(lambda cursor: cursor.value("SELECT count(*) FROM store.keyframes")) == 51
    read = stored(database, job).tracks[0]
    assert len(read.shapes) == 49
    assert read.shapes[7].points == [1.0, 1.0, 2.0, 2.0]
    assert read.id == edited.id


def test_changes_since_a_revision(database: Database, job: Job) -> None:
    base = apply(
        database,
        job,
        created=LabeledData(
            shapes=[box(0), box(1), box(2)], tracks=[Track(label_id=1, frame=0, shapes=[keyframe(0, 0.0)])]
        ),
    )
    kept, moved, gone = stored(database, job).shapes
    moved.points = [0.0, 0.0, 9.0, 9.0]
    apply(database, job, updated=LabeledData(shapes=[moved]), deleted=Ids(shapes=[gone.id]))
    track = stored(database, job).tracks[0]
    track.shapes.append(keyframe(9, 90.0))
    apply(database, job, updated=LabeledData(tracks=[track]), created=LabeledData(shapes=[box(8)]))
    change = database.read(lambda cursor: read_changes(cursor, job.id, base.revision))
    assert [shape.frame for shape in change.created.shapes] == [8]
    assert [shape.id for shape in change.updated.shapes] == [moved.id]
    assert [len(track.shapes) for track in change.updated.tracks] == [2]
    assert change.deleted.shapes == [gone.id]
    assert kept.id not in change.deleted.shapes


def test_an_object_that_came_and_went_is_not_a_change(database: Database, job: Job) -> None:
    base = apply(database, job, created=LabeledData(shapes=[box(0)]))
    short = apply(database, job, created=LabeledData(shapes=[box(1)]))
    apply(database, job, deleted=Ids(shapes=short.created.shapes))
    change = database.read(lambda cursor: read_changes(cursor, job.id, base.revision))
    assert len(change.created) == len(change.updated) == len(change.deleted) == 0


def test_a_lost_answer_can_be_given_again(database: Database, job: Job) -> None:
    sent = ChangeSet(change_id="abc", created=LabeledData(shapes=[box(0), box(1)], tags=[Tag(label_id=1, frame=0)]))
    answer = database.write(lambda cursor: apply_changes(cursor, job, sent, user_id=1))
    revision = database.read(lambda cursor: find_revision(cursor, job.id, "abc"))
    assert revision is not None
    assert database.read(lambda cursor: read_result(cursor, revision)) == answer


def test_columns_have_the_rows_of_the_json(database: Database, job: Job) -> None:
    apply(
        database,
        job,
        created=LabeledData(
            shapes=[box(4), box(2)], tracks=[Track(label_id=1, frame=0, shapes=[keyframe(0, 0.0), keyframe(3, 1.0)])]
        ),
    )
    columns = database.read(lambda cursor: read_columns(cursor, [job.id]))
    assert columns["shapes"]["frame"].to_pylist() == [2, 4]
    assert columns["keyframes"]["frame"].to_pylist() == [0, 3]
    assert columns["tags"].num_rows == 0
    assert columns["shapes"]["points"].to_pylist()[0] == [10.0, 20.0, 40.0, 60.5]


def test_a_failed_transaction_leaves_nothing(database: Database, job: Job) -> None:
    def half(cursor: object) -> None:
        apply_changes(cursor, job, ChangeSet(created=LabeledData(shapes=[box(0)])), user_id=1)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        database.write(half)
    assert len(stored(database, job)) == 0
    assert database.read(lambda cursor: cursor.value("SELECT revision FROM store.jobs")) == 0
