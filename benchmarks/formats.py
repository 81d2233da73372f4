"""Dataset formats: writing and reading 10 000 images. ``python -m benchmarks.formats [--images N]``.

The dataset is seeded: 10 000 images of 640 x 640, 100 000 boxes, 20 000 polygons of 8 to 60 points, 80 labels. All
values are CPU seconds of this process, annotations only, from columns to a zip and back to columns. ``limit`` is the
least that anybody could need: packing the finished text to write it, parsing the unpacked text and keeping nothing to
read it (expat without handlers, msgspec into records). ``peer`` is Datumaro reading the same unpacked files, all items
loaded, measured in the same run.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import datumaro
import msgspec
import numpy as np
import pyarrow as pa

from benchmarks.report import Row, as_text
from cvat_lab.formats import columns, get_format
from cvat_lab.formats.coco.records import CocoFile
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.model.label import LabelRead, LabelType
from cvat_lab.ops.ragged import Ragged, starts

COLUMNS = ("bare reading or writing", "Datumaro")
"""What limit and peer are."""

LABELS = 80
SIDE = 640
FORMATS = (
    ("CVAT for images 1.1", "CVAT 1.1", "cvat"),
    ("CVAT for video 1.1", "CVAT 1.1", None),
    ("COCO 1.0", "COCO 1.0", "coco"),
)
"""Exporter, importer, and Datumaro's name where it reads the file: it needs a frame size for tracks of image tasks."""


def make_dataset(images: int) -> Dataset:
    """Return the dataset: 10 boxes and 2 polygons per image on average, in no order."""
    rng = np.random.default_rng(7)
    boxes, polygons = 10 * images, 2 * images
    corner = rng.uniform(0, SIDE - 110, (boxes, 2))
    outlines = rng.integers(8, 61, polygons) * 2
    values = [
        np.concatenate([corner, corner + rng.uniform(5, 110, (boxes, 2))], axis=1).ravel(),
        rng.uniform(0, SIDE, int(outlines.sum())),
    ]
    points = Ragged(np.concatenate(values).round(2), starts(np.concatenate([np.full(boxes, 4), outlines])))
    count = boxes + polygons
    shapes = pa.table(
        {
            "id": np.arange(1, count + 1),
            "frame": rng.integers(0, images, count),
            "label_id": rng.integers(1, LABELS + 1, count),
            "type": ["rectangle"] * boxes + ["polygon"] * polygons,
            "points": points.to_arrow(),
        }
    )
    frames = pa.table(
        {
            "number": np.arange(images),
            "name": [f"{number:012}.jpg" for number in range(images)],
            "width": np.full(images, SIDE),
            "height": np.full(images, SIDE),
        }
    )
    empty = Annotations.empty()
    info = DatasetInfo(
        kind=DatasetKind.TASK, id=1, name="benchmark", labels=make_labels(), tasks=[TaskInfo(id=1, size=images)]
    )
    return Dataset(info, frames, Annotations(empty.tags, shapes, empty.tracks, empty.keyframes))


def make_labels() -> list[LabelRead]:
    """Return labels without attributes."""
    return [
        LabelRead(
            id=number,
            name=f"label {number}",
            color="#808080",
            type=LabelType.ANY,
            attributes=[],
            sublabels=[],
            has_parent=False,
        )
        for number in range(1, LABELS + 1)
    ]


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def write_limit(data: bytes) -> float:
    """Return the time that packing ready text takes, at the level of the exporters."""

    def pack() -> None:
        with (
            tempfile.TemporaryFile() as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
        ):
            archive.writestr("annotations", data)

    return cpu_seconds(pack)


def read_limit(data: bytes, name: str) -> float:
    """Return the time that parsing takes when nothing is kept."""
    if name.endswith(".json"):
        return cpu_seconds(lambda: msgspec.json.decode(data, type=CocoFile))
    return cpu_seconds(lambda: expat.ParserCreate().Parse(data, True))


def read_with_datumaro(folder: Path, name: str) -> float:
    """Return the time that Datumaro needs to load all items of a folder."""

    def load() -> int:
        return sum(len(item.annotations) for item in datumaro.Dataset.import_from(str(folder), name))

    return cpu_seconds(load)


def add_images(folder: Path, dataset: Dataset) -> None:
    """Make empty files for the images, which Datumaro wants to find but does not open."""
    folder.mkdir(parents=True)
    for name in dataset.frames["name"].to_pylist():
        (folder / name).touch()


def measure(exporter: str, importer: str, peer: str | None, dataset: Dataset, folder: Path) -> Iterator[Row]:
    """Yield a row for writing and one for reading."""
    target = folder / "dataset.zip"
    written = cpu_seconds(lambda: get_format(exporter).write(dataset, target))
    empty = Dataset(dataset.info, dataset.frames)
    read = cpu_seconds(lambda: import_annotations(get_format(importer), target, empty))
    unpacked = folder / exporter
    with zipfile.ZipFile(target) as archive:
        (member,) = archive.namelist()
        data = archive.read(member)
        archive.extractall(unpacked)
    yield Row(f"{exporter}, export", written, "s CPU", write_limit(data))
    theirs = None
    if peer is not None:
        add_images(unpacked / "images" / ("default" if peer == "coco" else ""), dataset)
        theirs = read_with_datumaro(unpacked, peer)
    yield Row(f"{exporter}, import", read, "s CPU", read_limit(data, member), theirs)


def run(images: int = 10_000) -> list[Row]:
    """Measure all formats; about half a minute for 10 000 images."""
    logging.disable(logging.WARNING)
    dataset = make_dataset(images)
    assert dataset.annotations.shapes.schema == columns.SHAPES
    with tempfile.TemporaryDirectory() as folder:
        return [row for names in FORMATS for row in measure(*names, dataset, Path(folder))]


def main() -> None:
    """Print the rows as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    print(as_text(run(parser.parse_args().images), *COLUMNS))


if __name__ == "__main__":
    main()
