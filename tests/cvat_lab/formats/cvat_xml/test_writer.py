"""What CVAT XML looks like when it is written."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import datumaro
import pyarrow as pa
import pytest

from cvat_lab.formats import get_format
from cvat_lab.formats.catalog import read_catalog
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, SegmentInfo, TaskInfo
from cvat_lab.formats.resolve import ImportOptions, import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import LabelType
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType
from cvat_lab.model.track import Track
from cvat_lab.testing.samples import (
    CAR,
    COLOR,
    NOTE,
    PERSON,
    SampleImages,
    keyframe,
    sample_dataset,
    sample_frames,
    sample_labels,
    sample_shapes,
    sample_tracks,
)

IMAGES, VIDEO = "CVAT for images 1.1", "CVAT for video 1.1"


@pytest.fixture
def export(tmp_path):
    def export(name: str, dataset: Dataset, images: SampleImages | None = None) -> ElementTree.Element:
        get_format(name).write(dataset, tmp_path / "a.zip", images)
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            return ElementTree.fromstring(archive.read("annotations.xml"))

    return export


def outline(node: ElementTree.Element) -> list[str]:
    return [child.tag for child in node]


def only(dataset: Dataset, shape: Shape) -> Dataset:
    notes = Annotations.from_labeled_data(LabeledData(shapes=[shape]), task_id=5)
    return Dataset(dataset.info, dataset.frames, notes)


@pytest.mark.req("R23.1")
@pytest.mark.req("R23.2")
@pytest.mark.req("R23.3")
def test_meta_of_a_video_task(export):
    root = export(VIDEO, sample_dataset(is_video=True))
    assert root.tag == "annotations"
    assert outline(root)[:2] == ["version", "meta"]
    assert root.findtext("version") == "1.1"
    assert outline(root.find("meta")) == ["task", "dumped", "source"]
    task = root.find("meta/task")
    assert {child.tag: child.text for child in task if len(child) == 0} == {
        "id": "5",
        "name": "Ein <kleiner> Test",
        "size": "8",
        "mode": "interpolation",
        "overlap": "0",
        "bugtracker": None,
        "created": "2026-05-04 03:02:01+00:00",
        "updated": "2026-05-04 03:02:01+00:00",
        "subset": "default",
        "start_frame": "10",
        "stop_frame": "31",
        "frame_filter": "step=3",
        "assignee": None,
    }
    assert task.findtext("owner/username") == "ada"
    assert (task.findtext("original_size/width"), task.findtext("original_size/height")) == ("64", "48")
    assert root.findtext("meta/source") == "bikes.mp4"


@pytest.mark.req("R23.2")
def test_only_video_tasks_have_an_original_size(export):
    assert export(IMAGES, sample_dataset()).find("meta/task/original_size") is None


@pytest.mark.req("R23.4")
@pytest.mark.req("R23.5")
def test_labels_and_segments(export):
    task = export(IMAGES, sample_dataset()).find("meta/task")
    assert [label.findtext("name") for label in task.iterfind("labels/label")] == [
        "car",
        "person & co",
        "body",
        "head",
        "hand",
        "night",
    ]
    car, _, body, head = list(task.iterfind("labels/label"))[:4]
    color = car.find("attributes/attribute")
    assert {child.tag: child.text for child in color} == {
        "name": "color",
        "mutable": "False",
        "input_type": "select",
        "default_value": "red",
        "values": "red\nblue\nlight <grey>",
    }
    assert car.findtext("color") == "#2880e1"
    assert (body.findtext("type"), head.findtext("parent")) == ("skeleton", "body")
    assert body.findtext("svg").startswith("<circle")
    segment = task.find("segments/segment")
    assert {child.tag: child.text for child in segment} == {
        "id": "9",
        "start": "0",
        "stop": "7",
        "url": "http://localhost/api/jobs/9",
    }


@pytest.mark.req("R23.3")
def test_meta_of_a_job(export):
    dataset = sample_dataset()
    dataset.info.kind, dataset.info.id = DatasetKind.JOB, 9
    dataset.info.tasks[0].segments = [SegmentInfo(id=9, start=1, stop=2)]
    root = export(IMAGES, Dataset(dataset.info, dataset.frames.slice(1, 2), dataset.annotations))
    assert root.findtext("meta/job/id") == "9"
    assert root.findtext("meta/job/size") == "2"
    assert root.find("meta/task") is None
    assert [image.get("id") for image in root.iterfind("image")] == ["13", "16"]


@pytest.mark.req("R23.6")
@pytest.mark.req("R20.12")
def test_images_without_annotations_are_written_and_deleted_ones_are_not(export):
    root = export(IMAGES, only(sample_dataset(), sample_shapes()[0]))
    images = list(root.iterfind("image"))
    assert [image.get("id") for image in images] == ["10", "13", "16", "19", "25", "28", "31"]
    assert [len(image) for image in images] == [1, 0, 0, 0, 0, 0, 0]
    assert dict(images[0].attrib) == {"id": "10", "name": "day/image & 0.png", "width": "64", "height": "48"}


@pytest.mark.req("R23.7")
@pytest.mark.req("R23.8")
@pytest.mark.req("R23.10")
@pytest.mark.req("R13.3")
@pytest.mark.req("R12.4")
@pytest.mark.parametrize(
    ("number", "tag", "attributes"),
    [
        (0, "box", {"xtl": "1.25", "ytl": "2.50", "xbr": "20.75", "ybr": "30.00", "occluded": "0", "z_order": "3"}),
        (1, "box", {"rotation": "33.50", "occluded": "1", "label": "person & co", "source": "manual"}),
        (2, "polygon", {"points": "1.00,1.00;30.00,2.00;28.00,20.33;4.00,18.40", "group_id": "7"}),
        (4, "polyline", {"points": "0.00,0.00;10.00,12.50;63.00,47.00", "source": "auto"}),
        (5, "points", {"points": "3.50,4.25;20.00,21.00"}),
        (6, "ellipse", {"cx": "30.00", "cy": "20.00", "rx": "15.00", "ry": "8.00", "rotation": "15.00"}),
        (7, "cuboid", {"xtl1": "5.00", "ybl1": "15.00", "xtr1": "20.00", "xtl2": "30.00", "xbr2": "15.00"}),
        (8, "mask", {"rle": "1, 2, 2, 3, 1, 3", "left": "10", "top": "20", "width": "4", "height": "3"}),
    ],
)
def test_every_kind_of_shape(number, tag, attributes, export):
    shape = sample_shapes()[number]
    root = export(IMAGES, only(sample_dataset(), shape))
    (node,) = [child for image in root.iterfind("image") for child in image]
    assert node.tag == tag
    assert attributes.items() <= dict(node.attrib).items()
    assert ("rotation" in node.attrib) == (shape.rotation != 0)
    assert ("group_id" in node.attrib) == (shape.group != 0)


@pytest.mark.req("R23.8")
def test_skeletons_have_children(export):
    root = export(IMAGES, only(sample_dataset(), sample_shapes()[9]))
    head, hand = root.find("image/skeleton")
    assert (head.tag, head.get("label"), head.get("outside"), head.get("occluded")) == ("points", "head", "0", "0")
    assert (hand.get("outside"), hand.findtext("attribute")) == ("1", "right")


@pytest.mark.req("R23.10")
def test_attributes_are_children_and_keep_every_character(export):
    text = ' a<b> & "c"\n\td\r ü 漢 '
    shape = sample_shapes()[0]
    shape.attributes = [AttributeValue(spec_id=NOTE, value=text), AttributeValue(spec_id=COLOR, value="blue")]
    box = export(IMAGES, only(sample_dataset(), shape)).find("image/box")
    assert {child.get("name"): child.text for child in box} == {
        "color": "blue",
        "parked": "false",
        "speed": "0",
        "note": text,
    }


def test_characters_that_xml_cannot_hold_are_replaced_and_counted(tmp_path):
    shape = sample_shapes()[0]
    shape.attributes = [AttributeValue(spec_id=NOTE, value="bell\x07")]
    losses = get_format(IMAGES).write(only(sample_dataset(), shape), tmp_path / "a.zip")
    assert ("attribute", "note") in losses
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        root = ElementTree.fromstring(archive.read("annotations.xml"))
    assert root.find("image/box")[-1].text == "bell\ufffd"


@pytest.mark.req("R22.18")
def test_for_images_splits_tracks_by_frame(export):
    data = LabeledData(tracks=sample_tracks()[:1])
    root = export(IMAGES, sample_dataset(data=data))
    assert root.find("track") is None
    assert {image.get("id"): len(image) for image in root.iterfind("image")} == {
        "10": 0,
        "13": 1,
        "16": 1,
        "19": 1,
        "25": 0,
        "28": 1,
        "31": 1,
    }


@pytest.mark.req("R22.19")
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (0, [("10", "0"), ("13", "1")]),
        (6, [("28", "0"), ("31", "1")]),  # the next frame is the last one
        (7, [("31", "0")]),
        (3, [("19", "0"), ("22", "1")]),  # the next frame is deleted, but it exists
    ],
)
def test_for_video_makes_shapes_tracks_of_one_frame(frame, expected, export):
    shape = Shape(type=ShapeType.RECTANGLE, frame=frame, label_id=PERSON, points=[0, 0, 5, 5])
    root = export(VIDEO, only(sample_dataset(is_video=True), shape))
    (track,) = root.iterfind("track")
    assert [(box.get("frame"), box.get("outside")) for box in track] == expected
    assert {box.get("keyframe") for box in track} == {"1"}


@pytest.mark.req("R23.12")
@pytest.mark.req("R23.13")
@pytest.mark.req("R23.14")
def test_for_video_writes_every_visible_frame(export):
    root = export(VIDEO, sample_dataset(is_video=True, data=LabeledData(tracks=sample_tracks()[:1])))
    (track,) = root.iterfind("track")
    assert (track.get("id"), track.get("label"), track.get("source")) == ("0", "car", "manual")
    assert [(box.get("frame"), box.get("keyframe"), box.get("outside")) for box in track] == [
        ("13", "1", "0"),
        ("16", "0", "0"),
        ("19", "1", "0"),
        ("25", "1", "1"),
        ("28", "1", "0"),
        ("31", "0", "0"),
    ]
    assert {box.findtext("attribute") for box in track} == {"blue"}
    assert track[1].get("xtl") == "6.00"


@pytest.mark.req("R22.17")
def test_for_video_loses_tags_and_says_so(tmp_path):
    losses = get_format(VIDEO).write(sample_dataset(is_video=True), tmp_path / "a.zip")
    assert ("tag", "night") in losses
    assert ("shape", "identity") in losses


@pytest.mark.req("R22.16")
@pytest.mark.req("R22.17")
@pytest.mark.req("R20.16")
def test_images_lie_where_cvat_has_them(export, tmp_path):
    for name, is_video, first in (
        (IMAGES, False, "images/day/image & 0.png"),
        (VIDEO, True, "images/frame_000010.PNG"),
    ):
        export(name, sample_dataset(is_video=is_video), SampleImages())
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            assert archive.namelist()[:2] == ["annotations.xml", first]
            assert len(archive.namelist()) == 8


def project() -> Dataset:
    shape = sample_shapes()[0]
    track = Track(label_id=CAR, frame=0, shapes=[keyframe(0, [1, 1, 5, 5])])
    notes = Annotations.from_labeled_data(LabeledData(shapes=[shape], tracks=[track]), task_id=5)
    tasks = [TaskInfo(id=5, name="a", subset="train", size=8), TaskInfo(id=7, name="b", size=8)]
    first = sample_frames()
    second = first.drop_columns(["task_id"]).append_column("task_id", pa.array([7] * 8, pa.int64()))
    info = DatasetInfo(kind=DatasetKind.PROJECT, id=2, name="p", labels=sample_labels(), tasks=tasks)
    return Dataset(info, pa.concat_tables([first, second]), notes)


@pytest.mark.req("R23.3")
@pytest.mark.req("R22.13")
def test_a_project_names_subset_and_task(export, tmp_path):
    dataset = project()
    root = export(IMAGES, dataset, SampleImages())
    meta = root.find("meta/project")
    assert meta.findtext("subsets") == "train\ndefault"
    assert [task.findtext("name") for task in meta.iterfind("tasks/task")] == ["a", "b"]
    assert meta.find("tasks/task/labels") is None
    assert len(meta.findall("labels/label")) == 6
    assert [(image.get("subset"), image.get("task_id")) for image in root.iterfind("image")] == (
        [("train", "5")] * 7 + [("default", "7")] * 7
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
    assert "images/train/day/image & 0.png" in names
    assert "images/default/day/image & 0.png" in names
    track = export(VIDEO, dataset).find("track")
    assert (track.get("subset"), track.get("task_id")) == ("train", "5")
    get_format(IMAGES).write(dataset, tmp_path / "b.zip", SampleImages())
    catalog = read_catalog(get_format("CVAT 1.1"), tmp_path / "b.zip")
    assert {subset: len(images) for subset, images in catalog.subsets.items()} == {"train": 7, "default": 7}
    assert catalog.subsets["train"][0].member == "images/train/day/image & 0.png"
    assert [label.type for label in catalog.labels if label.name == "body"] == [LabelType.SKELETON]


@pytest.mark.req("R22.21")
def test_a_mask_comes_back_as_a_mask_through_the_video_format(tmp_path):
    dataset = only(sample_dataset(is_video=True), sample_shapes()[8])
    assert get_format(VIDEO).write(dataset, tmp_path / "a.zip").rows() == []
    empty = Dataset(dataset.info, dataset.frames)
    options = ImportOptions(masks_to_polygons=False)
    data = import_annotations(get_format("CVAT 1.1"), tmp_path / "a.zip", empty, options).annotations.to_labeled_data()
    assert [(shape.type, shape.frame, shape.points) for shape in data.shapes] == [
        ("mask", 3, [1, 2, 2, 3, 1, 3, 10, 20, 13, 22])
    ]


# another tool reads it

KNOWN = {ShapeType.RECTANGLE, ShapeType.POLYGON, ShapeType.POLYLINE, ShapeType.POINTS, ShapeType.MASK}
"""What Datumaro reads in CVAT XML."""


def read_with_datumaro(dataset: Dataset, name: str, folder: Path) -> dict[str, list]:
    get_format(name).write(dataset, folder / "a.zip", SampleImages())
    with zipfile.ZipFile(folder / "a.zip") as archive:
        archive.extractall(folder / "a")
    found = datumaro.Dataset.import_from(str(folder / "a"), "cvat")
    labels = found.categories()[datumaro.AnnotationType.label]
    return {
        item.id: sorted(
            (labels[note.label].name, note.type.name, note.get_area() if note.type.name == "mask" else ())
            for note in item.annotations
        )
        for item in found
    }


def test_datumaro_finds_the_same_objects_in_images(tmp_path):
    shapes = [shape for shape in sample_shapes() if shape.type in KNOWN]
    found = read_with_datumaro(sample_dataset(data=LabeledData(shapes=shapes)), IMAGES, tmp_path)
    assert len(found) == 7
    assert found["day/image & 0"] == [("car", "bbox", ()), ("person & co", "rotated_bbox", ())]
    assert [kind for _, kind, _ in found["day/image & 1"]] == ["polygon", "polygon", "polyline"]
    assert [kind for _, kind, _ in found["day/image & 2"]] == ["points"]
    assert found["day/image & 3"] == [("person & co", "mask", 8)]


def test_datumaro_finds_the_same_tracks_in_video(tmp_path):
    found = read_with_datumaro(
        sample_dataset(is_video=True, data=LabeledData(tracks=sample_tracks()[:2])), VIDEO, tmp_path
    )
    assert {item: len(notes) for item, notes in found.items()} == {
        "frame_000010": 1,
        "frame_000013": 2,
        "frame_000016": 2,
        "frame_000019": 2,
        "frame_000025": 2,
        "frame_000028": 2,
        "frame_000031": 1,
    }


def test_files_are_plain_utf8_with_a_line_per_element(tmp_path):
    get_format(IMAGES).write(sample_dataset(), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        text = archive.read("annotations.xml").decode("utf-8")
    assert text.startswith(
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n'
    )
    assert not re.search(r"/>|\t| \n", text.replace('note"> "two"\nlines & more </attribute', ""))
