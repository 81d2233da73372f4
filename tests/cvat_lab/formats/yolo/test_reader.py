"""Reading YOLO archives that others wrote, good and bad."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import datumaro
import pyarrow as pa
import pytest

from cvat_lab.errors import FormatError
from cvat_lab.formats import get_format
from cvat_lab.formats.base import Import
from cvat_lab.formats.catalog import CatalogImage, read_catalog
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.resolve import Imported, import_annotations
from cvat_lab.testing.samples import label

SHARED = Path(__file__).parents[5] / "shared" / "data" / "formats" / "yolo_dataset" / "strict"
YOLO = get_format("YOLO 1.1")
VOC = [
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog"),
    *("horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"),
]


def task(*names: str, labels: list[str], is_video: bool = False) -> Dataset:
    count = len(names)
    frames = pa.table(
        {
            "number": pa.array(range(count), pa.int64()),
            "name": list(names),
            "width": pa.array([200] * count, pa.int64()),
            "height": pa.array([100] * count, pa.int64()),
        }
    )
    mode = "interpolation" if is_video else "annotation"
    known = [label(number, name) for number, name in enumerate(labels, start=1)]
    return Dataset(
        DatasetInfo(kind=DatasetKind.TASK, id=1, labels=known, tasks=[TaskInfo(id=1, size=count, mode=mode)]), frames
    )


def read(tmp_path: Path, members: Mapping[str, str | bytes], target: Dataset) -> Imported:
    path = tmp_path / "labels.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return import_annotations(YOLO, path, target)


def boxes(imported: Imported) -> list[tuple[int, int, list[float]]]:
    shapes = imported.annotations.shapes
    return [
        (frame, label_id, [round(value, 3) for value in points])
        for frame, label_id, points in zip(
            *(shapes[name].to_pylist() for name in ("frame", "label_id", "points")), strict=True
        )
    ]


@pytest.mark.req("R22.67")
def test_the_flat_archive_of_the_manual(tmp_path: Path) -> None:
    target = task("2007_000027.jpg", "2007_000032.jpg", labels=VOC)
    members = {
        "2007_000032.txt": "0 0.521 0.391666666667 0.686 0.373333333333\n14 0.1 0.5 0.1 0.2\n",
        "2007_000027.txt": "14 0.525 0.452 0.35 0.496",
        "obj.names": "\n".join(VOC) + "\n",
    }
    assert boxes(read(tmp_path, members, target)) == [
        (0, 15, [70.0, 20.4, 140.0, 70.0]),
        (1, 1, [35.6, 20.5, 172.8, 57.833]),
        (1, 15, [10.0, 40.0, 30.0, 60.0]),
    ]


@pytest.mark.req("R22.66")
@pytest.mark.parametrize("name", ["2", "000002", "frame_000002"])
def test_frames_of_a_video_by_number(name: str, tmp_path: Path) -> None:
    target = task("", "", "", labels=["cat"], is_video=True)
    members = {
        f"obj_train_data/{name}.txt": "0 0.5 0.5 1 1",
        "train.txt": f"data/obj_train_data/{name}.jpg\n",
        "obj.names": "cat",
        "obj.data": "classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n",
    }
    assert boxes(read(tmp_path, members, target)) == [(2, 1, [0.0, 0.0, 200.0, 100.0])]


@pytest.mark.req("R22.66")
def test_paths_and_names_with_dots(tmp_path: Path) -> None:
    target = task("left/a.v1.jpg", "right/a.v1.png", labels=["cat"])
    members = {
        "obj_train_data/left/a.v1.txt": "0 0.5 0.5 0.1 0.1",
        "obj_valid_data/right/a.v1.txt": "0 0.5 0.5 0.2 0.2",
        "obj.names": "cat\n",
    }
    assert [frame for frame, _, _ in boxes(read(tmp_path, members, target))] == [0, 1]


def test_a_flat_text_belongs_to_the_subset_that_lists_its_image(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("obj.names", "cat\ndog")
        archive.writestr("obj.data", "train = train.txt\nvalid = valid.txt\nnames = obj.names")
        archive.writestr("train.txt", "a.jpg\nb.jpg")
        archive.writestr("valid.txt", "c.jpg")
        archive.writestr("c.txt", "1 0.5 0.5 0.1 0.1")
    catalog = read_catalog(YOLO, path)
    assert catalog.subsets == {
        "train": [CatalogImage("a.jpg", ""), CatalogImage("b.jpg", "")],
        "valid": [CatalogImage("c.jpg", "")],
    }
    assert [found.name for found in catalog.labels] == ["cat", "dog"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 0.5 0.5 0.1", "4 values instead of 5"),
        ("0 0.5 0.5 0.1 0.1 0.9", "6 values instead of 5"),
        ("1 0.5 0.5 0.1 0.1", "label 1 is none of the 1"),
        ("-1 0.5 0.5 0.1 0.1", "label -1 is none"),
        ("cat 0.5 0.5 0.1 0.1", "invalid literal"),
        ("0 0.5 x 0.1 0.1", "could not convert"),
        ("0 nan 0.5 0.1 0.1", "no box has the values"),
        ("0 0.5 0.5 inf 0.1", "no box has the values"),
        ("0 0.5 0.5 -0.1 0.1", "no box has the values"),
    ],
)
def test_bad_lines_are_named(line: str, reason: str, tmp_path: Path) -> None:
    members = {"obj.names": "cat", "a.txt": f"0 0.5 0.5 0.1 0.1\n\n{line}\n"}
    with pytest.raises(FormatError, match=rf"labels.zip: a.txt, line 3: .*{reason}"):
        read(tmp_path, members, task("a.jpg", labels=["cat"]))


@pytest.mark.parametrize(
    ("names", "reason"), [("cat\n\ndog", "line 2: it is empty"), ("cat\ncat", "line 2: 'cat' is there twice")]
)
def test_bad_names_are_refused(names: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=reason):
        read(tmp_path, {"obj.names": names, "a.txt": ""}, task("a.jpg", labels=["cat", "dog"]))


def test_damaged_texts_are_read_or_refused(tmp_path: Path) -> None:
    words = ["", "-1", "9" * 23, "1e400", "nan", "3.7", "x", "1_0", "0 0", "\n", "\x00", "\u0661"]
    chance, answers = random.Random(11), {True: 0, False: 0}
    for _ in range(300):
        fields = ["0", "0.5", "0.5", "0.1", "0.1\n1", "0.25", "0.75", "0.2", "0.3\n"]
        fields[chance.randrange(len(fields))] = chance.choice(words)
        try:
            read(tmp_path, {"obj.names": "cat\ndog", "a.txt": " ".join(fields)}, task("a.jpg", labels=["cat", "dog"]))
            answers[True] += 1
        except FormatError:
            answers[False] += 1
    assert min(answers.values()) > 30


def test_texts_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"a\.txt is not UTF-8"):
        read(tmp_path, {"obj.names": "cat", "a.txt": b"\xff\xfe\x00"}, task("a.jpg", labels=["cat"]))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample data is not here")
def test_a_sample_of_datumaro_reads_like_there() -> None:
    [theirs] = datumaro.Dataset.import_from(str(SHARED), "yolo")
    height, width = theirs.media.size
    target = task("1.jpg", labels=[f"label_{number}" for number in range(10)])
    found = boxes(import_annotations(YOLO, SHARED, target))
    expected = [
        (
            0,
            note.label + 1,
            [value * scale for value, scale in zip(note.points, (200 / width, 100 / height) * 2, strict=True)],
        )
        for note in theirs.annotations
    ]
    assert [(frame, label_id) for frame, label_id, _ in found] == [(frame, label_id) for frame, label_id, _ in expected]
    for (_, _, ours), (_, _, points) in zip(found, expected, strict=True):
        assert ours == pytest.approx(points, abs=0.01)
    catalog = read_catalog(YOLO, SHARED)
    assert catalog.subsets == {"train": [CatalogImage("1.jpg", "obj_train_data/1.jpg")]}
    assert next(iter(YOLO.read(SHARED, Import()))).subset == "train"
