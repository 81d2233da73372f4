"""What COCO files look like when they are written, and what other tools find in them."""

import contextlib
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import datumaro
import numpy as np
import pyarrow as pa
import pytest
from pycocotools.coco import COCO

from cvat_lab.formats import get_format
from cvat_lab.formats.columns import Annotations
from cvat_lab.formats.dataset import Dataset
from cvat_lab.formats.items import ShapeItem
from cvat_lab.formats.rasterize import shape_mask
from cvat_lab.formats.resolve import ImportOptions, import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import InputType
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType
from cvat_lab.ops.masks import mask_bitmap
from cvat_lab.testing.samples import (
    CAR,
    HEIGHT,
    PERSON,
    WIDTH,
    SampleImages,
    attribute,
    sample_dataset,
    sample_shapes,
    sample_tracks,
)

CROWD, SCORE = 31, 32
SQUARE = [0, 0, 10, 0, 10, 10, 0, 10]
OTHER = [20, 0, 24, 0, 24, 5, 20, 5]


def dataset(*shapes: Shape) -> Dataset:
    """Return a dataset whose label *person & co* has ``is_crowd`` and ``score``."""
    found = sample_dataset(data=LabeledData(shapes=list(shapes)))
    found.info.labels[PERSON - 1].attributes = [
        attribute(CROWD, "is_crowd", InputType.CHECKBOX, ["true", "false"], default="false"),
        attribute(SCORE, "score", InputType.NUMBER, ["0", "1", "0.1"], default="0"),
    ]
    return found


def polygon(points, *, label=PERSON, group=0, crowd=None, score=None, **more) -> Shape:
    given = [(CROWD, crowd), (SCORE, score)]
    values = [AttributeValue(spec_id=spec, value=value) for spec, value in given if value is not None]
    return Shape(type=ShapeType.POLYGON, frame=0, label_id=label, points=points, group=group, attributes=values, **more)


def box(points, **more) -> Shape:
    return Shape(type=ShapeType.RECTANGLE, frame=0, label_id=more.pop("label", PERSON), points=points, **more)


@pytest.fixture
def export(tmp_path):
    def export(content: Dataset, images=None) -> tuple[dict, list]:
        losses = get_format("COCO 1.0").write(content, tmp_path / "a.zip", images)
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            return json.loads(archive.read("annotations/instances_default.json")), losses.rows()

    return export


@pytest.mark.req("R22.41")
@pytest.mark.req("R22.43")
def test_the_layout(export, tmp_path):
    content, _ = export(sample_dataset(), SampleImages())
    assert list(content) == ["licenses", "info", "categories", "images", "annotations"]
    assert content["categories"][0] == {"id": 1, "name": "car", "supercategory": ""}
    assert content["images"][0]["file_name"] == "day/image & 0.png"
    assert [image["id"] for image in content["images"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [note["id"] for note in content["annotations"]] == list(range(1, len(content["annotations"]) + 1))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist()[:2] == ["annotations/instances_default.json", "images/default/day/image & 0.png"]


@pytest.mark.req("R22.43")
@pytest.mark.req("R22.7")
def test_a_box(export):
    content, _ = export(sample_dataset(data=LabeledData(shapes=sample_shapes()[:2])))
    turned, car = content["annotations"]
    assert car == {
        "id": 2,
        "image_id": 1,
        "category_id": 1,
        "segmentation": [],
        "area": 536.25,
        "bbox": [1.25, 2.5, 19.5, 27.5],
        "iscrowd": 0,
        "attributes": {
            "color": "light <grey>",
            "parked": True,
            "speed": 30.0,
            "note": ' "two"\nlines & more ',
            "occluded": False,
            "rotation": 0.0,
        },
    }
    assert (turned["bbox"], turned["attributes"]) == ([5.0, 5.0, 10.0, 20.0], {"occluded": True, "rotation": 33.5})


@pytest.mark.req("R22.43")
def test_coordinates_have_two_digits(export):
    content, _ = export(dataset(box([1.23456, 2.0, 3.98765, 9.1]), polygon([0.333333, 0, 10, 1 / 7, 10, 10])))
    first, second = content["annotations"]
    assert first["bbox"] == [1.23, 2.0, 2.76, 7.1]
    assert second["segmentation"] == [[0.33, 0.0, 10.0, 0.14, 10.0, 10.0]]


@pytest.mark.req("R22.43")
@pytest.mark.req("R28.7")
def test_members_of_a_group_are_one_object(export):
    content, losses = export(dataset(polygon(OTHER, group=3), polygon(SQUARE, group=3, occluded=True), polygon(SQUARE)))
    alone, grouped = content["annotations"]
    assert alone["segmentation"] == [SQUARE]
    assert grouped["segmentation"] == [OTHER, SQUARE]
    assert (grouped["bbox"], grouped["area"], grouped["iscrowd"]) == ([0, 0, 24, 10], 120, 0)
    assert grouped["attributes"]["occluded"] is True
    assert [(loss.kind, loss.name) for loss in losses] == [("attribute", "person & co")]


def test_a_group_of_two_labels_is_two_objects(export):
    content, losses = export(dataset(polygon(OTHER, group=3), polygon(SQUARE, group=3, label=CAR)))
    assert [note["segmentation"] for note in content["annotations"]] == [[OTHER], [SQUARE]]
    assert ("group", "group") in {(loss.kind, loss.name) for loss in losses}


def test_boxes_of_a_group_stay_apart(export):
    content, losses = export(dataset(box([0, 0, 1, 1], group=3), box([5, 5, 6, 6], group=3)))
    assert len(content["annotations"]) == 2
    assert [(loss.kind, loss.name) for loss in losses] == [("group", "group")]


def test_a_box_grouped_with_a_polygon_is_its_box(export):
    content, losses = export(dataset(box([0, 0, 30, 30], group=3), polygon(SQUARE, group=3)))
    (note,) = content["annotations"]
    assert (note["bbox"], note["segmentation"]) == ([0, 0, 30, 30], [SQUARE])
    assert [(loss.kind, loss.name) for loss in losses] == [("shape", "rectangle")]


@pytest.mark.req("R22.42")
@pytest.mark.parametrize("value", ["true", "True", "1"])
def test_a_crowd_is_one_mask(value, export):
    content, _ = export(dataset(polygon(OTHER, group=3), polygon(SQUARE, group=3, crowd=value, score="0.5")))
    (note,) = content["annotations"]
    assert note["segmentation"]["size"] == [HEIGHT, WIDTH]
    assert (note["iscrowd"], note["area"], note["bbox"]) == (1, 120, [0, 0, 24, 10])
    assert note["score"] == 0.5
    assert note["attributes"] == {"occluded": False}


@pytest.mark.req("R22.42")
def test_a_crowd_takes_all_members_whatever_their_label(export):
    content, losses = export(dataset(polygon(OTHER, group=3, label=CAR), polygon(SQUARE, group=3, crowd="true")))
    assert [note["category_id"] for note in content["annotations"]] == [PERSON]
    assert ("label", "person & co") in {(loss.kind, loss.name) for loss in losses}


@pytest.mark.req("R22.41")
@pytest.mark.req("R9.27")
def test_a_mask_has_run_lengths(export):
    mask = sample_shapes()[8]
    content, losses = export(sample_dataset(data=LabeledData(shapes=[mask])))
    (note,) = content["annotations"]
    assert sum(note["segmentation"]["counts"]) == WIDTH * HEIGHT
    assert (note["iscrowd"], note["area"], note["bbox"]) == (1, 8, [11, 20, 3, 3])
    assert losses == []
    mask.attributes = [AttributeValue(spec_id=CROWD, value="false")]
    content, _ = export(dataset(mask))
    assert content["annotations"][0]["iscrowd"] == 0


@pytest.mark.req("R22.42")
def test_scores(export):
    content, _ = export(dataset(polygon(SQUARE, score="0.25"), box([0, 0, 1, 1], label=CAR, score=0.75)))
    assert [note["score"] for note in content["annotations"]] == [0.25, 0.75]


def test_attributes_with_a_taken_name_are_counted(export):
    content = sample_dataset(data=LabeledData(shapes=[box([0, 0, 1, 1])]))
    content.info.labels[PERSON - 1].attributes = [attribute(9, "rotation", InputType.TEXT, [], default="a")]
    exported, losses = export(content)
    assert exported["annotations"][0]["attributes"]["rotation"] == 0.0
    assert [(loss.kind, loss.name) for loss in losses] == [("attribute", "rotation")]


@pytest.mark.req("R22.10")
def test_kinds_that_coco_has_not_are_dropped_and_ellipses_become_masks(export):
    content, losses = export(sample_dataset(data=LabeledData(shapes=sample_shapes())))
    masks = [note for note in content["annotations"] if isinstance(note["segmentation"], dict)]
    assert [note["image_id"] for note in masks] == [3, 4]
    reasons = {loss.name: loss.reason for loss in losses if loss.kind == "shape"}
    assert set(reasons) == {"ellipse", "cuboid", "polyline", "points", "skeleton"}
    assert reasons["ellipse"] == "written as a mask"


def test_a_mask_outside_the_image_is_counted(export):
    shape = Shape(type=ShapeType.ELLIPSE, frame=0, label_id=CAR, points=[-50, -50, -45, -55])
    content, losses = export(sample_dataset(data=LabeledData(shapes=[shape])))
    assert content["annotations"] == []
    assert ("shape", "ellipse") in {(loss.kind, loss.name) for loss in losses}


@pytest.mark.req("R22.6")
@pytest.mark.req("R22.43")
def test_tracks_are_on_every_frame(export):
    content, _ = export(sample_dataset(is_video=True, data=LabeledData(tracks=sample_tracks()[:1])))
    notes = content["annotations"]
    assert [note["image_id"] for note in notes] == [2, 3, 4, 6, 7]
    assert [note["attributes"]["keyframe"] for note in notes] == [True, False, True, True, False]
    assert {note["attributes"]["track_id"] for note in notes} == {1}
    assert content["images"][0]["file_name"] == "frame_000010.PNG"


@pytest.mark.req("R22.13")
def test_every_subset_has_its_file(tmp_path):
    first = sample_dataset(data=LabeledData(shapes=sample_shapes()[:1]))
    first.info.kind = "project"
    first.info.tasks[0].subset = "train"
    other = sample_dataset().info.tasks[0]
    other.id = 6
    first.info.tasks.append(other)
    second = first.frames.drop_columns(["task_id"]).append_column("task_id", pa.array([6] * 8, pa.int64()))
    both = Dataset(first.info, pa.concat_tables([first.frames, second]), first.annotations)
    get_format("COCO 1.0").write(both, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["annotations/instances_train.json", "annotations/instances_default.json"]
        train, default = (json.loads(archive.read(name)) for name in archive.namelist())
    assert (len(train["annotations"]), len(default["annotations"])) == (1, 0)
    assert (len(train["images"]), default["images"][0]["id"]) == (7, 1)


# other tools read it


def expected_bitmap(item: ShapeItem) -> np.ndarray:
    mask = shape_mask(item, WIDTH, HEIGHT)
    assert mask is not None
    return mask_bitmap(mask, WIDTH, HEIGHT)


@pytest.fixture
def unpacked(tmp_path) -> Path:
    kept = {ShapeType.RECTANGLE, ShapeType.POLYGON, ShapeType.MASK, ShapeType.ELLIPSE}
    shapes = [shape for shape in sample_shapes() if shape.type in kept]
    content = sample_dataset(data=LabeledData(shapes=shapes))
    get_format("COCO 1.0").write(content, tmp_path / "a.zip", SampleImages())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "a")
    return tmp_path / "a"


def test_pycocotools_finds_the_same_pixels(unpacked):
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = COCO(str(unpacked / "annotations" / "instances_default.json"))
    assert len(theirs.getImgIds()) == 7
    ids = {image["file_name"]: image["id"] for image in theirs.loadImgs(theirs.getImgIds())}
    for number, kind, points, rotation in (
        (3, ShapeType.MASK, [1, 2, 2, 3, 1, 3, 10, 20, 13, 22], 0),
        (2, ShapeType.ELLIPSE, [30, 20, 45, 12], 15),
    ):
        (note,) = theirs.loadAnns(theirs.getAnnIds(imgIds=[ids[f"day/image & {number}.png"]]))
        bitmap = theirs.annToMask(note).astype(bool)
        assert np.array_equal(bitmap, expected_bitmap(ShapeItem("", kind, points, rotation)))
        assert note["area"] == bitmap.sum()
    (note,) = theirs.loadAnns(theirs.getAnnIds(imgIds=[ids["day/image & 1.png"]]))
    assert theirs.annToMask(note).sum() == pytest.approx(note["area"], rel=0.05)


def test_datumaro_finds_the_same_objects(unpacked):
    theirs = datumaro.Dataset.import_from(str(unpacked), "coco")
    labels = theirs.categories()[datumaro.AnnotationType.label]
    found = {item.id: item for item in theirs}
    assert len(found) == 7
    kinds = {name: Counter(note.type.name for note in item.annotations) for name, item in found.items()}
    assert kinds["day/image & 0"] == {"bbox": 2}
    assert kinds["day/image & 1"] == {"polygon": 2, "bbox": 1}
    assert kinds["day/image & 3"]["mask"] == 1
    boxes = {labels[note.label].name: note for note in found["day/image & 0"].annotations}
    assert list(boxes["car"].get_bbox()) == [1.25, 2.5, 19.5, 27.5]
    assert boxes["car"].attributes["parked"] is True
    polygons = [
        np.round(note.points, 2).tolist() for note in found["day/image & 1"].annotations if note.type.name == "polygon"
    ]
    assert sorted(polygons) == [[1, 1, 30, 2, 28, 20.33, 4, 18.4], [40, 5, 60, 9, 50.5, 30]]
    (mask,) = [note for note in found["day/image & 3"].annotations if note.type.name == "mask"]
    assert np.array_equal(
        mask.image.astype(bool),
        expected_bitmap(ShapeItem("", ShapeType.MASK, [1, 2, 2, 3, 1, 3, 10, 20, 13, 22])),
    )
    assert found["night/image & 7"].media.data.shape[:2] == (HEIGHT, WIDTH)


def test_an_import_of_what_datumaro_wrote_finds_the_same(unpacked, tmp_path):
    datumaro.Dataset.import_from(str(unpacked), "coco").export(str(tmp_path / "b"), "coco_instances", save_media=False)
    empty = sample_dataset(data=LabeledData())
    options = ImportOptions(masks_to_polygons=False)
    ours, again = (
        import_annotations(get_format("COCO 1.0"), folder, empty, options).annotations
        for folder in (unpacked, tmp_path / "b")
    )
    assert describe(again) == describe(ours)


def describe(annotations: Annotations) -> Counter:
    return Counter(
        # Datumaro computes with 32 bits
        (row["frame"], row["label_id"], row["type"], tuple(round(value, 2) for value in row["points"]), row["occluded"])
        for row in annotations.shapes.to_pylist()
    )
