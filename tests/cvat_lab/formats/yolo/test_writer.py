"""What is in an archive of YOLO 1.1, and what Datumaro finds in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import datumaro
import pyarrow as pa
import pytest

from cvat_lab.errors import InvalidInputError
from cvat_lab.formats import get_format
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import Shape, ShapeType
from cvat_lab.testing.samples import HEIGHT, PERSON, WIDTH, SampleImages, label, sample_dataset

YOLO = get_format("YOLO 1.1")


def box(points: list[float], **more: object) -> Shape:
    return Shape(type=ShapeType.RECTANGLE, frame=0, label_id=PERSON, points=points, **more)  # type: ignore[arg-type]


def export(tmp_path: Path, dataset: Dataset, *, images: bool = False) -> dict[str, str]:
    """Return the members of an export; texts as texts."""
    YOLO.write(dataset, tmp_path / "a.zip", SampleImages() if images else None)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        return {name: archive.read(name).decode("latin-1") for name in archive.namelist()}


def project(*subsets: str) -> Dataset:
    """Return a project with a task of one image per subset."""
    tasks = [TaskInfo(id=number, size=1, subset=subset) for number, subset in enumerate(subsets, start=1)]
    frames = pa.table(
        {
            "task_id": pa.array(range(1, len(tasks) + 1), pa.int64()),
            "number": pa.array([0] * len(tasks), pa.int64()),
            "name": [f"{number}.jpg" for number in range(1, len(tasks) + 1)],
            "width": pa.array([WIDTH] * len(tasks), pa.int64()),
            "height": pa.array([HEIGHT] * len(tasks), pa.int64()),
        }
    )
    return Dataset(DatasetInfo(kind=DatasetKind.PROJECT, id=1, labels=[label(1, "cat")], tasks=tasks), frames)


@pytest.mark.req("R22.61")
@pytest.mark.req("R22.63")
@pytest.mark.req("R22.65")
def test_the_layout(tmp_path: Path) -> None:
    data = sample_dataset(data=LabeledData(shapes=[box([16, 12, 32, 36])]))
    found = export(tmp_path, data, images=True)
    names = [entry.name for entry in data.labels]
    frames = [name for name, live in zip(data.task_frames[5].names, data.task_frames[5].live, strict=True) if live]
    assert found["obj.data"] == (
        f"classes = {len(names)}\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n"
    )
    assert found["obj.names"].splitlines() == names
    assert found["train.txt"].splitlines() == [f"data/obj_train_data/{name}" for name in frames]
    texts = {f"obj_train_data/{name.rpartition('.')[0]}.txt" for name in frames}
    assert set(found) == {"obj.data", "obj.names", "train.txt", *texts, *(f"obj_train_data/{name}" for name in frames)}


@pytest.mark.req("R22.64")
def test_a_line_is_relative_to_the_image(tmp_path: Path) -> None:
    data = sample_dataset(data=LabeledData(shapes=[box([16, 12, 32, 36]), box([1, 2, 3, 4], rotation=5)]))
    found = export(tmp_path, data)
    number = [entry.name for entry in data.labels].index("person & co")
    lines = [text for name, text in sorted(found.items()) if name.startswith("obj_train_data/")]
    assert sorted(set(lines)) == ["", f"{number} 0.375000 0.500000 0.250000 0.500000\n"]
    [rotated] = [row for row in YOLO.write(data, tmp_path / "b.zip").rows() if row.name == "rotation"]
    assert rotated.count == 1


@pytest.mark.req("R22.62")
def test_subsets(tmp_path: Path) -> None:
    found = export(tmp_path, project("", "valid", "train", "Test 2"))
    assert found["train.txt"] == "data/obj_train_data/1.jpg\ndata/obj_train_data/3.jpg\n"
    assert found["valid.txt"] == "data/obj_valid_data/2.jpg\n"
    assert "Test 2 = data/Test 2.txt" in found["obj.data"]
    assert found["obj_Test 2_data/4.txt"] == ""


@pytest.mark.req("R22.62")
@pytest.mark.parametrize("subset", ["backup", "classes", "names", "Names"])
def test_subsets_that_darknet_reads_as_settings_are_refused(subset: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=f"keeps the word '{subset}'"):
        YOLO.write(project(subset), tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_datumaro_finds_the_same_boxes(tmp_path: Path) -> None:
    shapes = [box([16, 12, 32, 36]), box([1.5, 2.25, 60, 47])]
    data = sample_dataset(data=LabeledData(shapes=shapes))
    YOLO.write(data, tmp_path / "a.zip", SampleImages())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "folder")
    theirs = datumaro.Dataset.import_from(str(tmp_path / "folder"), "yolo")
    names = theirs.categories()[datumaro.AnnotationType.label]
    found = [
        (names[note.label].name, [round(value, 2) for value in note.points])
        for item in theirs
        for note in item.annotations
    ]
    assert sorted(found) == sorted(("person & co", [float(value) for value in shape.points]) for shape in shapes)
    assert len(theirs) == data.frame_count


def test_what_datumaro_wrote_is_read(tmp_path: Path) -> None:
    shapes = [box([16, 12, 32, 36]), box([1.5, 2.25, 60, 47])]
    data = sample_dataset(data=LabeledData(shapes=shapes))
    YOLO.write(data, tmp_path / "a.zip", SampleImages())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "folder")
    theirs = datumaro.Dataset.import_from(str(tmp_path / "folder"), "yolo")
    theirs.export(str(tmp_path / "theirs"), "yolo", save_media=True)
    found = import_annotations(YOLO, tmp_path / "theirs", Dataset(data.info, data.frames)).annotations.shapes
    assert [[round(value, 2) for value in points] for points in found["points"].to_pylist()] == [
        [float(value) for value in shape.points] for shape in shapes
    ]
