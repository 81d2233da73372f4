"""The two examples of the manual, chapter 23, as they stand there."""

from pathlib import Path

import pyarrow as pa
import pytest

from cvat_lab.formats import get_format
from cvat_lab.formats.catalog import read_catalog
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.testing.samples import label

pytestmark = pytest.mark.req("R23.15")

HERE = Path(__file__).parent
LABELS = ["car", "traffic_line", "wheel", "plate", "good_frame", "person"]


def task(names: list[str], mode: str) -> Dataset:
    count = len(names)
    frames = pa.table(
        {
            "number": pa.array(range(count), pa.int64()),
            "name": names,
            "width": pa.array([1600] * count, pa.int64()),
            "height": pa.array([1200] * count, pa.int64()),
        }
    )
    labels = [label(number, name) for number, name in enumerate(LABELS, start=1)]
    info = DatasetInfo(kind=DatasetKind.TASK, id=1, labels=labels, tasks=[TaskInfo(id=1, mode=mode, size=count)])
    return Dataset(info, frames)


def test_the_segmentation_example_imports_without_loss():
    target = task([f"filename{number:03}.jpg" for number in range(27)], "annotation")
    imported = import_annotations(get_format("CVAT 1.1"), HERE / "manual_images.xml", target)
    data = imported.annotations.to_labeled_data()
    assert imported.losses == []
    assert [(LABELS[shape.label_id - 1], shape.type, shape.z_order) for shape in data.shapes] == [
        ("plate", "rectangle", 4),
        ("car", "polygon", 1),
        ("traffic_line", "polyline", 3),
        ("traffic_line", "polyline", 2),
        ("wheel", "points", 5),
    ]
    assert data.shapes[0].points == [797.33, 870.92, 965.52, 928.94]
    assert data.shapes[1].points[:4] == [561.30, 916.23, 561.30, 842.77]
    assert len(data.shapes[1].points) == 2 * 69
    assert data.shapes[4].points == [574.90, 939.48, 1170.16, 907.90, 1130.69, 445.26, 600.16, 459.48]
    assert [(LABELS[tag.label_id - 1], tag.frame) for tag in data.tags] == [("good_frame", 0)]


@pytest.mark.parametrize("mode", ["interpolation", "annotation"])
@pytest.mark.req("R22.20")
def test_the_interpolation_example_imports_without_loss(mode):
    target = task([f"f{number}.jpg" for number in range(4620)], mode)
    imported = import_annotations(get_format("CVAT 1.1"), HERE / "manual_video.xml", target)
    (track,) = imported.annotations.to_labeled_data().tracks
    assert imported.losses == []
    assert LABELS[track.label_id - 1] == "car"
    assert [(shape.frame, shape.outside, len(shape.points)) for shape in track.shapes] == [
        (0, False, 12),
        (1, True, 12),
        (6, False, 10),
        (7, True, 10),
        (13, False, 10),
        (14, True, 10),
    ]
    assert track.shapes[2].points == [305.32, 237.90, 312.16, 207.90, 352.69, 206.32, 355.32, 233.16, 331.11, 254.74]


def test_labels_that_the_example_uses_without_declaring_them_are_found():
    catalog = read_catalog(get_format("CVAT 1.1"), HERE / "manual_images.xml")
    assert [label.name for label in catalog.labels] == ["car", "traffic_line", "wheel", "plate", "good_frame"]
    assert [image.name for image in catalog.subsets["default"]] == ["filename000.jpg"]
