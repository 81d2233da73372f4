"""Reading CVAT XML that others wrote, good and bad."""

import time
import zipfile
from pathlib import Path

import pytest

from cvat_lab.errors import FormatError
from cvat_lab.formats import get_format
from cvat_lab.formats.base import Import
from cvat_lab.formats.catalog import CatalogImage, read_catalog
from cvat_lab.formats.items import FrameItem, TrackItem
from cvat_lab.formats.resolve import import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import InputType, LabelType
from cvat_lab.model.shape import ShapeType
from cvat_lab.testing.samples import sample_dataset

SHARED = Path(__file__).parents[5] / "shared" / "data" / "formats"


@pytest.fixture
def write(tmp_path):
    def write(body: str, version: str = "<version>1.1</version>") -> Path:
        path = tmp_path / "annotations.xml"
        path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>{version}\n{body}\n</annotations>')
        return path

    return write


def read(path: Path, work: Import | None = None) -> list:
    return list(get_format("CVAT 1.1").read(path, work or Import()))


IMAGE = '<image id="10" name="a.jpg" width="4" height="5">{}</image>'


@pytest.mark.req("R23.6")
@pytest.mark.req("R23.7")
def test_images_have_names_sizes_and_objects(write):
    (item,) = read(
        write(
            IMAGE.format(
                '<box label="car" xtl="1" ytl="2.5" xbr="3" ybr="4" occluded="1" z_order="-2" group_id="7">'
                '<attribute name="a">x &amp; &#10;y</attribute><attribute name="b"></attribute></box>'
                '<tag label="good" source="auto"><attribute name="c">1</attribute></tag>'
            )
        )
    )
    assert (item.name, item.number, item.width, item.height) == ("a.jpg", 10, 4, 5)
    (box,) = item.shapes
    assert (box.label, box.type, box.points) == ("car", ShapeType.RECTANGLE, [1, 2.5, 3, 4])
    assert (box.occluded, box.z_order, box.group, box.source) == (True, -2, 7, "manual")
    assert box.attributes == {"a": "x & \ny", "b": ""}
    assert [(tag.label, tag.source, tag.attributes) for tag in item.tags] == [("good", "auto", {"c": "1"})]


@pytest.mark.req("R23.8")
@pytest.mark.req("R23.9")
@pytest.mark.parametrize(
    ("element", "kind", "points"),
    [
        ('<polygon label="a" points="1,2;3.5,4;5,6"/>', ShapeType.POLYGON, [1, 2, 3.5, 4, 5, 6]),
        ('<points label="a" points="1.00,2.00"/>', ShapeType.POINTS, [1, 2]),
        ('<ellipse label="a" cx="10" cy="20" rx="3" ry="4" rotation="30"/>', ShapeType.ELLIPSE, [10, 20, 13, 16]),
        ('<mask label="a" rle="1, 2,1" left="5" top="6" width="2" height="2"/>', ShapeType.MASK, [1, 2, 1, 5, 6, 6, 7]),
        (
            '<cuboid label="a" xtl1="1" ytl1="2" xbl1="3" ybl1="4" xtr1="5" ytr1="6" xbr1="7" ybr1="8" '
            'xtl2="9" ytl2="10" xbl2="11" ybl2="12" xtr2="13" ytr2="14" xbr2="15" ybr2="16"/>',
            ShapeType.CUBOID,
            list(range(1, 17)),
        ),
    ],
)
def test_every_kind_of_shape(element, kind, points, write):
    (item,) = read(write(IMAGE.format(element)))
    assert [(shape.type, shape.points) for shape in item.shapes] == [(kind, points)]


def test_skeletons_hold_their_points(write):
    (item,) = read(
        write(
            IMAGE.format(
                '<skeleton label="body" z_order="1"><attribute name="a">1</attribute>'
                '<points label="head" outside="0" occluded="1" points="1,2"><attribute name="b">2</attribute></points>'
                '<points label="hand" outside="1" occluded="1" points="3,4"/></skeleton>'
            )
        )
    )
    (body,) = item.shapes
    assert (body.label, body.attributes, body.occluded, body.outside) == ("body", {"a": "1"}, True, False)
    assert [(point.label, point.outside, point.points, point.attributes) for point in body.elements] == [
        ("head", False, [1, 2], {"b": "2"}),
        ("hand", True, [3, 4], {}),
    ]


@pytest.mark.req("R23.12")
def test_tracks_have_positions(write):
    body = (
        '<track id="8" label="car" source="auto" group_id="2">'
        '<box frame="3" outside="0" occluded="1" keyframe="1" xtl="1" ytl="2" xbr="3" ybr="4" rotation="5.5"/>'
        '<box frame="4" outside="1" occluded="0" keyframe="0" xtl="1" ytl="2" xbr="3" ybr="4"/></track>'
    )
    (track,) = read(write(body))
    assert isinstance(track, TrackItem)
    assert (track.label, track.group, track.title) == ("car", 2, "track 8")
    assert [(p.frame, p.outside, p.occluded, p.keyframe, p.rotation) for p in track.positions] == [
        (3, False, True, True, 5.5),
        (4, True, False, False, 0),
    ]


def test_points_of_a_skeleton_track_have_keyframes_of_their_own(write):
    body = '<track id="0" label="body">' + "".join(
        f'<skeleton frame="{frame}" keyframe="{whole}" z_order="0">'
        f'<points label="head" keyframe="{head}" outside="0" occluded="0" points="{frame},1"/></skeleton>'
        for frame, whole, head in ((10, 1, 1), (13, 0, 0), (16, 0, 1))
    )
    target = sample_dataset(data=LabeledData())
    data = import_annotations(get_format("CVAT 1.1"), write(body + "</track>"), target).annotations.to_labeled_data()
    (track,) = data.tracks
    assert [shape.frame for shape in track.shapes] == [0]
    assert [(shape.frame, shape.points) for shape in track.elements[0].shapes] == [(0, [10, 1]), (2, [16, 1])]


@pytest.mark.req("R23.1")
@pytest.mark.parametrize("version", ["", "<version>1.0</version>", "<version>1.1</version>", "<version>1.7</version>"])
def test_versions_that_are_read(version, write):
    assert len(read(write(IMAGE.format(""), version))) == 1


@pytest.mark.req("R23.1")
@pytest.mark.parametrize("version", ["2.0", "10.1", "new"])
def test_versions_that_are_refused(version, write):
    with pytest.raises(FormatError, match=rf"annotations\.xml, line 2: version '{version}' is not supported"):
        read(write(IMAGE.format(""), f"<version>{version}</version>"))


@pytest.mark.req("R22.20")
def test_every_xml_of_a_zip_is_read_at_any_depth(write, tmp_path):
    path = write(IMAGE.format('<box label="car" xtl="1" ytl="2" xbr="3" ybr="4"/>'))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "annotations.xml")
        archive.write(path, "deep/er/other.XML")
        archive.writestr("readme.txt", "no xml")
    assert len(read(tmp_path / "a.zip")) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<image id="0" name="a"><box', r"annotations\.xml, line \d+: not well-formed XML"),
        (IMAGE.format('\n<box label="car" xtl="1" ytl="2" xbr="3"/>'), r"line 4: the attribute 'ybr' is missing"),
        (IMAGE.format('<box label="car" xtl="one" ytl="2" xbr="3" ybr="1"/>'), r"line 3: could not convert .*'one'"),
        (IMAGE.format('<polygon label="car" points="1,2;3"/>'), "image 'a.jpg', 'car': a polygon needs an even number"),
        (IMAGE.format('<box xtl="1" ytl="2" xbr="3" ybr="4"/>'), "line 3: <box> needs a label"),
        (IMAGE.format("<tag/>"), "line 3: the attribute 'label' is missing"),
        ('<box label="car" xtl="1" ytl="2" xbr="3" ybr="4"/>', "<box> belongs into an <image> or a <track>"),
        ('<image width="3"/>', "an <image> needs a name or an id"),
        ('<track id="0"/>', "the attribute 'label' is missing"),
        (
            IMAGE.format('<polygon label="a" points="1,2"><points label="b" points="1,2"/></polygon>'),
            "<points> is inside of <polygon>",
        ),
    ],
)
def test_malformed_files_are_refused_with_line_and_reason(body, reason, write):
    target = sample_dataset(data=LabeledData())
    with pytest.raises(FormatError, match=reason):
        import_annotations(get_format("CVAT 1.1"), write(body), target)


def test_another_root_is_not_cvat_xml(tmp_path):
    (tmp_path / "a.xml").write_text("<annotation><object/></annotation>")
    with pytest.raises(FormatError, match=r"a\.xml, line 1: this is not CVAT XML: the root is <annotation>"):
        read(tmp_path / "a.xml")


def test_entities_are_refused(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    (tmp_path / "bomb.xml").write_text(f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><annotations>&l29;</annotations>')
    started = time.monotonic()
    with pytest.raises(FormatError, match=r"bomb\.xml, line 1: the entity 'l0' is declared"):
        read(tmp_path / "bomb.xml")
    assert time.monotonic() - started < 1
    secret = tmp_path / "secret"
    secret.write_text("password")
    (tmp_path / "leak.xml").write_text(
        f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{secret}">]><annotations><version>&e;</version></annotations>'
    )
    with pytest.raises(FormatError, match="entity 'e'"):
        read(tmp_path / "leak.xml")


def test_unknown_elements_are_counted(write):
    work = Import()
    (item,) = read(write(IMAGE.format('<star label="car" points="1,2"/>')), work)
    assert item.shapes == []
    assert [(loss.kind, loss.name) for loss in work.losses.rows()] == [("shape", "star")]


@pytest.mark.req("R23.3")
@pytest.mark.req("R23.4")
@pytest.mark.parametrize("kind", ["task", "job", "project"])
def test_labels_are_read_from_the_meta_part(kind, write):
    meta = (
        f"<meta><{kind}><labels><label><name>car</name><color>#ff0000</color><type>rectangle</type><attributes>"
        "<attribute><name>speed</name><mutable>True</mutable><input_type>number</input_type>"
        "<default_value>1</default_value><values>0\n9\n1</values></attribute></attributes></label>"
        "<label><name>body</name><type>skeleton</type><attributes></attributes><svg>&lt;circle/&gt;</svg></label>"
        f"<label><name>head</name><type>points</type><parent>body</parent></label></labels></{kind}></meta>"
    )
    car, body = get_format("CVAT 1.1").read_labels(write(meta))
    assert (car.name, car.color, car.type) == ("car", "#ff0000", LabelType.RECTANGLE)
    (speed,) = car.attributes
    assert (speed.name, speed.mutable, speed.input_type) == ("speed", True, InputType.NUMBER)
    assert (speed.default_value, speed.values) == ("1", ["0", "9", "1"])
    assert (body.type, body.svg, [sub.name for sub in body.sublabels]) == (LabelType.SKELETON, "<circle/>", ["head"])


@pytest.mark.req("R20.6")
def test_a_catalog_finds_the_images_of_the_archive(tmp_path, write):
    image = (
        '<image id="{}" name="{}" subset="{}" width="1" height="1"><box label="new" xtl="1" ytl="2" xbr="3" ybr="4">'
    )
    image += '<attribute name="size">big</attribute></box></image>'
    path = write(image.format(0, "a.jpg", "train") + image.format(1, "frame_000007", "val"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "top/annotations.xml")
        archive.writestr("top/images/train/a.jpg", "")
        archive.writestr("top/images/frame_000007.PNG", "")
    catalog = read_catalog(get_format("CVAT 1.1"), tmp_path / "a.zip")
    assert catalog.subsets == {
        "train": [CatalogImage("a.jpg", "top/images/train/a.jpg")],
        "val": [CatalogImage("frame_000007.PNG", "top/images/frame_000007.PNG")],
    }
    assert [(label.name, [spec.name for spec in label.attributes]) for label in catalog.labels] == [("new", ["size"])]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample data is not here")
def test_a_file_of_another_tool_reads_like_there():
    tracks = read(SHARED / "cvat_dataset" / "for_video" / "annotations.xml")
    assert [(track.label, [(p.frame, p.outside) for p in track.positions]) for track in tracks] == [
        ("II", [(10, False), (13, True), (16, True)]),
        ("klhg", [(10, False), (13, True)]),
        ("II", [(13, False), (16, True)]),
    ]
    assert tracks[0].positions[0].points == [3, 4, 10, 5]
    assert tracks[1].positions[0].attributes == {"hgl": "hgkf"}
    catalog = read_catalog(get_format("CVAT 1.1"), SHARED / "cvat_dataset" / "for_video")
    assert [label.name for label in catalog.labels] == ["klhg", "z U k", "II"]
    assert len(catalog.subsets["default"]) == len(list((SHARED / "cvat_dataset" / "for_video" / "images").iterdir()))


def test_items_come_before_the_file_is_read_to_its_end(write):
    path = write("".join(IMAGE.format("") for _ in range(20_000)) + "<broken")
    items = get_format("CVAT 1.1").read(path, Import())
    assert isinstance(next(items), FrameItem)
    with pytest.raises(FormatError, match="not well-formed"):
        list(items)
