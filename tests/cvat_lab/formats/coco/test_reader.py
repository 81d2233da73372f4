"""Reading COCO files that others wrote, good and bad."""

import json
import zipfile
from collections import Counter
from pathlib import Path

import datumaro
import numpy as np
import pyarrow as pa
import pytest
from pycocotools import mask as pycoco

from cvat_lab.errors import FormatError
from cvat_lab.formats import get_format
from cvat_lab.formats.base import Import
from cvat_lab.formats.catalog import CatalogImage, read_catalog
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.resolve import ImportOptions, import_annotations
from cvat_lab.model.label import InputType
from cvat_lab.model.shape import AttributeValue
from cvat_lab.ops.masks import mask_bitmap
from cvat_lab.testing.samples import attribute, label

SHARED = Path(__file__).parents[5] / "shared" / "data" / "formats"
PIXELS = ImportOptions(masks_to_polygons=False)

LABELS = [
    label(1, "cat"),
    label(
        2,
        "dog",
        attributes=[
            attribute(1, "is_crowd", InputType.CHECKBOX, ["true", "false"], default="false"),
            attribute(2, "score", InputType.NUMBER, ["0", "1", "0.01"], default="0", mutable=True),
            attribute(3, "breed", InputType.TEXT, [], default=""),
        ],
    ),
]


def task(*names: str, labels=LABELS) -> Dataset:
    count = len(names)
    frames = pa.table(
        {
            "number": pa.array(range(count), pa.int64()),
            "name": list(names),
            "width": pa.array([30] * count, pa.int64()),
            "height": pa.array([20] * count, pa.int64()),
        }
    )
    return Dataset(DatasetInfo(kind=DatasetKind.TASK, id=1, labels=labels, tasks=[TaskInfo(id=1, size=count)]), frames)


def coco(*annotations: dict, **more) -> dict:
    content = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 30, "height": 20}],
        "categories": [{"id": 1, "name": "cat"}, {"id": 18, "name": "dog"}],
        "annotations": [
            {"id": number, "image_id": 1, "category_id": 18, "bbox": [1, 2, 3, 4], **annotation}
            for number, annotation in enumerate(annotations, start=1)
        ],
    }
    return content | more


@pytest.fixture
def load(tmp_path):
    def load(content, options=PIXELS, target=None):
        path = tmp_path / "instances_val.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        imported = import_annotations(get_format("COCO 1.0"), path, target or task("a.jpg", "b.jpg"), options)
        return imported.annotations.to_labeled_data(), imported.losses

    return load


@pytest.mark.req("R22.44")
def test_a_box_is_what_has_no_segmentation(load):
    data, losses = load(
        coco({}, {"segmentation": []}, {"segmentation": None}, {"segmentation": [[]]}, {"category_id": 1})
    )
    assert [shape.type for shape in data.shapes] == ["rectangle"] * 5
    assert data.shapes[0].points == [1, 2, 4, 6]
    assert [shape.label_id for shape in data.shapes] == [2, 2, 2, 2, 1]
    assert losses == []


@pytest.mark.req("R22.44")
def test_a_polygon_hides_its_box(load):
    data, _ = load(coco({"segmentation": [[1, 2, 9, 2, 5, 8]]}))
    assert [(shape.type, shape.points, shape.group) for shape in data.shapes] == [("polygon", [1, 2, 9, 2, 5, 8], 0)]


@pytest.mark.req("R22.43")
def test_rings_of_one_object_form_a_group(load):
    rings = [[1, 2, 9, 2, 5, 8], [11, 2, 19, 2, 15, 8]]
    data, _ = load(coco({"segmentation": rings}, {"segmentation": rings[:1]}, {"segmentation": rings}))
    assert [shape.group for shape in data.shapes] == [1, 1, 0, 2, 2]
    assert [shape.points for shape in data.shapes[:2]] == rings


@pytest.mark.req("R22.44")
@pytest.mark.parametrize("packed", [True, False])
def test_run_lengths_become_masks(load, packed):
    bitmap = np.zeros((20, 30), dtype=np.uint8, order="F")
    bitmap[3:9, 4:20] = 1
    bitmap[5, 6] = 0
    flat = bitmap.ravel(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    plain = np.diff([0, *edges, flat.size]).tolist()
    counts = pycoco.encode(bitmap)["counts"].decode() if packed else plain
    data, losses = load(coco({"segmentation": {"counts": counts, "size": [20, 30]}, "iscrowd": 1}))
    (mask,) = data.shapes
    assert np.array_equal(mask_bitmap(mask.points, 30, 20), bitmap.astype(bool))
    assert mask.attributes == [AttributeValue(spec_id=1, value="true")]
    assert losses == []


@pytest.mark.req("R20.15")
def test_run_lengths_become_polygons_by_default(load):
    rle = {"counts": [0, 20, 580], "size": [20, 30]}
    data, _ = load(coco({"segmentation": rle, "iscrowd": 1}), ImportOptions())
    assert [(shape.type, sorted(shape.points)) for shape in data.shapes] == [("polygon", [0, 0, 0, 0, 1, 1, 20, 20])]


@pytest.mark.req("R22.42")
def test_fields_are_attributes_where_the_label_has_them(load):
    data, losses = load(
        coco(
            {"iscrowd": 1, "score": 0.5, "attributes": {"breed": "pug", "age": 3, "occluded": True, "rotation": 45}},
            {"category_id": 1, "iscrowd": 1, "score": 0.25},
        )
    )
    dog, cat = data.shapes
    assert {value.spec_id: value.value for value in dog.attributes} == {1: "true", 2: "0.5", 3: "pug"}
    assert (dog.occluded, dog.rotation, dog.score) == (True, 45, 1)
    assert (cat.attributes, cat.score) == ([], 0.25)
    assert [(loss.kind, loss.name) for loss in losses] == [("attribute", "age")]


@pytest.mark.req("R22.8")
def test_tracks_are_rebuilt(load):
    content = coco(
        {"attributes": {"track_id": 7, "keyframe": True}},
        {"image_id": 2, "attributes": {"track_id": 7, "keyframe": False}},
        images=[{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
    )
    data, _ = load(content)
    assert data.shapes == []
    assert [(shape.frame, shape.outside) for shape in data.tracks[0].shapes] == [(0, False)]


def test_what_cannot_be_read_is_counted(load):
    data, losses = load(
        coco(
            {"segmentation": [[1, 2, 3, 4], [1, 2, 9, 2, 5, 8]], "score": 7, "category_id": 1},
            {"segmentation": {"counts": [600], "size": [20, 30]}},
            {"keypoints": [1, 2, 2], "num_keypoints": 1},
        )
    )
    assert [shape.type for shape in data.shapes] == ["polygon", "rectangle"]
    assert {(loss.kind, loss.name) for loss in losses} == {
        ("shape", "polygon"),
        ("property", "score"),
        ("shape", "mask"),
        ("shape", "keypoints"),
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"images": [\n\n{"id": 1,,}]}', r"instances_val\.json, line 3: not valid JSON"),
        ("[]", r"instances_val\.json: Expected `object`"),
        ("{}", "missing required field `images`"),
        ("", r"instances_val\.json, line 1: not valid JSON"),
        (coco({"image_id": 9}), "annotation 1 is on the image 9, which the file does not list"),
        (coco({"category_id": 9}), "annotation 1 has the category 9, which the file does not list"),
        (coco({"image_id": None}), r"at `\$\.annotations\[0\]\.image_id`"),
        (coco({"bbox": [1, 2, 3]}), r"annotation 1: .*bbox must be \[x, y, width, height\]; got \[1.0, 2.0, 3.0\]"),
        (coco({"bbox": None}), "bbox must be .*; got None"),
        (coco({}, {"segmentation": [[1, 2, 3, 4, 5, 6, 7]]}), "annotation 2: segmentation: a polygon has 7 numbers"),
        (coco({"segmentation": "here"}), "annotation 1: segmentation: Expected"),
        (coco({"segmentation": {"counts": [5, 5], "size": [20, 30]}}), "annotation 1: .*add up to 10"),
        (coco({"segmentation": {"counts": "?~\x7f", "size": [20, 30]}}), "annotation 1: "),
        (coco({"attributes": {"rotation": "left"}}), "annotation 1: rotation is 'left', not a number"),
        (coco(images=[{"id": 1}, {"id": 1}]), "two images have the same id"),
        (coco(categories=[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]), "two categories have the same id"),
    ],
)
def test_malformed_files_are_refused_with_the_reason(content, reason, load):
    with pytest.raises(FormatError, match=reason):
        load(content)


def test_a_zip_is_read_by_the_names_of_its_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("annotations/instances_train.json", json.dumps(coco({})))
        archive.writestr(
            "annotations/instances_val.json", json.dumps(coco({}, images=[{"id": 1, "file_name": "b.jpg"}]))
        )
        archive.writestr("annotations/captions_val.json", json.dumps({"images": [], "annotations": [{"caption": ""}]}))
        archive.writestr("annotations/person_keypoints_val.json", "{}")
        archive.writestr("images/train/a.jpg", "")
    imported = import_annotations(get_format("COCO 1.0"), tmp_path / "a.zip", task("a.jpg", "b.jpg"))
    assert imported.annotations.shapes["frame"].to_pylist() == [0, 1]
    catalog = read_catalog(get_format("COCO 1.0"), tmp_path / "a.zip")
    assert catalog.subsets == {
        "train": [CatalogImage("a.jpg", "images/train/a.jpg")],
        "val": [CatalogImage("b.jpg", "")],
    }
    assert [label.name for label in catalog.labels] == ["cat", "dog"]


@pytest.mark.req("R22.45")
def test_the_recipe_of_the_manual(tmp_path):
    names = [f"class {number}" for number in range(80)]
    images = [{"id": 1000 + n, "file_name": f"{n:012}.jpg", "width": 640, "height": 480} for n in range(300)]
    random = np.random.default_rng(5)
    annotations = [
        {
            "id": 900100000000 + n,
            "image_id": 1000 + int(random.integers(300)),
            "category_id": int(random.integers(80)) + 1,
            "segmentation": [random.uniform(0, 400, 40).round(2).tolist()],
            "area": 1.5,
            "bbox": [1.0, 2.0, 3.0, 4.0],
            "iscrowd": 0,
        }
        for n in range(2000)
    ]
    crowd = {"counts": [5, 10, 640 * 480 - 15], "size": [480, 640]}
    annotations[7] |= {"segmentation": crowd, "iscrowd": 1}
    content = {
        "info": {"year": 2017, "url": "http://cocodataset.org"},
        "licenses": [{"id": 1, "name": "x", "url": "y"}],
        "images": images,
        "categories": [{"supercategory": "s", "id": n + 1, "name": name} for n, name in enumerate(names)],
        "annotations": annotations,
    }
    path = tmp_path / "instances_val2017.json"
    path.write_text(json.dumps(content))
    target = task(
        *(image["file_name"] for image in images), labels=[label(n + 1, name) for n, name in enumerate(names)]
    )
    imported = import_annotations(get_format("COCO 1.1"), path, target)
    shapes = imported.annotations.shapes
    assert imported.losses == []
    assert shapes.num_rows == 2000
    assert set(shapes["type"].to_pylist()) == {"polygon"}
    expected = Counter((note["image_id"] - 1000, note["category_id"]) for note in annotations)
    assert Counter(zip(shapes["frame"].to_pylist(), shapes["label_id"].to_pylist(), strict=True)) == expected


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample data is not here")
def test_a_sample_of_datumaro_reads_like_there():
    folder = SHARED / "coco_dataset" / "coco_instances"
    theirs = {
        item.id: {note.id: note for note in item.annotations if note.type.name != "bbox" or len(item.annotations) == 1}
        for item in datumaro.Dataset.import_from(str(folder), "coco")
    }
    ours = {Path(item.name).stem: item for item in get_format("COCO 1.0").read(folder, Import())}
    assert set(ours) == set(theirs) == {"a", "b"}
    assert ours["a"].shapes[0].points == list(theirs["a"][1].points)
    polygon, mask = ours["b"].shapes
    assert polygon.points == list(theirs["b"][1].points)
    assert polygon.attributes == {"x": "1", "y": "hello"}
    assert np.array_equal(mask_bitmap(mask.points, 5, 10), theirs["b"][2].image.astype(bool))
    catalog = read_catalog(get_format("COCO 1.0"), folder)
    assert [label.name for label in catalog.labels] == ["a", "b", "c"]
    assert catalog.subsets["train"] == [CatalogImage("a.jpg", "images/train/a.jpg")]
