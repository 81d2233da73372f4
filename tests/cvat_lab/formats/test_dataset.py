"""Snapshots: what they promise whatever order their rows come in, and how they travel."""

import pyarrow as pa
import pytest

from cvat_lab.errors import InvalidInputError, NotFoundError, WorkspaceError
from cvat_lab.formats.columns import SHAPES, Annotations
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.frame_items import frame_items
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import Shape, ShapeType
from cvat_lab.testing.samples import CAR, PERSON, sample_annotations, sample_dataset, sample_labels


def project(*tasks: TaskInfo, names: list[list[str]]) -> Dataset:
    rows = [(task.id, n, name) for task, found in zip(tasks, names, strict=True) for n, name in enumerate(found)]
    frames = pa.table(
        {
            "task_id": pa.array([row[0] for row in rows], pa.int64()),
            "number": pa.array([row[1] for row in rows], pa.int64()),
            "name": [row[2] for row in rows],
            "width": pa.array([9] * len(rows), pa.int64()),
            "height": pa.array([9] * len(rows), pa.int64()),
        }
    )
    return Dataset(DatasetInfo(kind=DatasetKind.PROJECT, id=1, labels=sample_labels(), tasks=list(tasks)), frames)


def boxes(*rows: tuple[int, int | None, int, int]) -> pa.Table:
    """Return rectangles from rows of task, job, frame and group."""
    return pa.table(
        {
            "id": pa.array(range(1, len(rows) + 1), pa.int64()),
            "task_id": pa.array([row[0] for row in rows], pa.int64()),
            "job_id": pa.array([row[1] for row in rows], pa.int64()),
            "frame": pa.array([row[2] for row in rows], pa.int64()),
            "group": pa.array([row[3] for row in rows], pa.int64()),
            "label_id": pa.array([PERSON] * len(rows), pa.int64()),
            "type": ["rectangle"] * len(rows),
            "points": [[0.0, 0.0, 1.0, float(n)] for n in range(len(rows))],
        }
    )


def with_shapes(dataset: Dataset, shapes: pa.Table) -> Dataset:
    empty = Annotations.empty()
    return Dataset(dataset.info, dataset.frames, Annotations(empty.tags, shapes, empty.tracks, empty.keyframes))


def test_a_saved_dataset_loads_as_it_was(tmp_path):
    dataset = sample_dataset()
    dataset.save(tmp_path / "new")
    loaded = Dataset.load(tmp_path / "new")
    assert loaded.info == dataset.info
    assert loaded.frames == dataset.frames
    assert loaded.annotations == dataset.annotations


def test_a_damaged_folder_is_named(tmp_path):
    with pytest.raises(WorkspaceError, match="not a saved dataset"):
        Dataset.load(tmp_path)
    sample_dataset().save(tmp_path)
    (tmp_path / "shapes.arrow").write_bytes(b"ARROW1\0\0")
    with pytest.raises(WorkspaceError, match=r"shapes\.arrow: not a readable Arrow file"):
        Dataset.load(tmp_path)


def test_rows_may_come_in_any_order():
    dataset = sample_dataset()
    notes = dataset.annotations
    mixed = Annotations(*(table.take(list(range(table.num_rows))[::-1]) for table in vars(notes).values()))
    shuffled = Dataset(dataset.info, dataset.frames.take(list(range(8))[::-1]), mixed)
    for left, right in zip(frame_items(shuffled), frame_items(dataset), strict=True):
        assert left.name == right.name
        assert sorted(map(repr, left.shapes)) == sorted(map(repr, right.shapes))


def test_missing_columns_get_the_models_defaults():
    dataset = with_shapes(sample_dataset(), boxes((5, None, 0, 0)).drop_columns(["task_id", "job_id", "group"]))
    assert dataset.annotations.shapes.schema == SHAPES
    row = dataset.annotations.shapes.to_pylist()[0]
    assert (row["score"], row["source"], row["group"], row["task_id"]) == (1.0, "manual", 0, 5)
    assert row["parent_id"] is None


def test_rows_of_several_tasks_must_name_theirs():
    two = project(TaskInfo(id=1), TaskInfo(id=2), names=[["a"], ["b"]])
    with pytest.raises(InvalidInputError, match="which task"):
        with_shapes(two, boxes((1, None, 0, 0)).drop_columns(["task_id"]))


@pytest.mark.req("R22.13")
def test_images_of_one_name_in_a_subset_get_a_number():
    dataset = project(
        TaskInfo(id=3, subset="train"),
        TaskInfo(id=1, subset="train"),
        TaskInfo(id=2),
        names=[["a.jpg", "x/b.v1.jpg"], ["a.jpg", "a_1.jpg", "x/b.v1.jpg"], ["a.jpg"]],
    )
    assert dataset.task_frames[3].names == ["a.jpg", "x/b.v1.jpg"]
    assert dataset.task_frames[1].names == ["a_1.jpg", "a_1_1.jpg", "x/b.v1_1.jpg"]
    assert dataset.task_frames[2].names == ["a.jpg"]
    assert {name: [task.id for task in tasks] for name, tasks in dataset.subsets.items()} == {
        "train": [3, 1],
        "default": [2],
    }


def test_tasks_keep_the_order_of_the_project():
    dataset = project(TaskInfo(id=3), TaskInfo(id=1), names=[["a", "b"], ["c"]])
    assert [(item.task_id, item.name) for item in frame_items(dataset)] == [(3, "a"), (3, "b"), (1, "c")]


@pytest.mark.req("R20.16")
def test_video_frames_are_named_by_their_number_in_the_video():
    items = list(frame_items(sample_dataset(is_video=True)))
    assert [item.number for item in items] == [10, 13, 16, 19, 25, 28, 31]
    assert items[0].name == "frame_000010"
    assert items[0].file_name == "frame_000010.PNG"
    assert next(frame_items(sample_dataset())).file_name == "day/image & 0.png"


def test_groups_of_different_jobs_stay_apart():
    dataset = with_shapes(sample_dataset(), boxes((5, 1, 0, 4), (5, 1, 1, 4), (5, 2, 2, 4), (5, 2, 3, 0)))
    groups = dataset.annotations.shapes["group"].to_pylist()
    assert groups[0] == groups[1] != groups[2]
    assert groups[3] == 0


def test_groups_of_one_job_keep_their_numbers():
    dataset = with_shapes(sample_dataset(), boxes((5, 1, 0, 4), (5, 1, 1, 9)))
    assert dataset.annotations.shapes["group"].to_pylist() == [4, 9]


def test_absolute_and_relative_numbers():
    task = TaskInfo(id=1, start_frame=7, frame_filter="step=4")
    assert [task.absolute(n) for n in (0, 1, 5)] == [7, 11, 27]
    assert [task.relative(n) for n in (7, 11, 27, 3, 8)] == [0, 1, 5, None, None]


def test_a_task_that_is_not_there_is_named():
    with pytest.raises(NotFoundError, match="task 5 has no task 6"):
        sample_dataset().task(6)


def test_records_become_tables_and_records_again():
    data = sample_annotations()
    again = Annotations.from_labeled_data(data).to_labeled_data()
    assert again == data
    assert all(isinstance(shape.type, ShapeType) for shape in (*again.shapes, *again.tracks[0].shapes))


def test_objects_are_counted_with_their_parts():
    data = sample_annotations()
    assert len(Annotations.from_labeled_data(data)) == len(data)
    assert len(Annotations.empty()) == 0


def test_an_id_that_no_label_has_is_named():
    data = LabeledData(shapes=[Shape(type=ShapeType.RECTANGLE, frame=0, label_id=99, points=[0, 0, 1, 1])])
    with pytest.raises(InvalidInputError, match="label id 99"):
        list(frame_items(sample_dataset(data=data)))
    assert CAR != 99
