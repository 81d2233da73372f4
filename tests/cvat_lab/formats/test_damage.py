"""Damaged files: whatever a number or a word in them is replaced by, the answer is an import or a clear error."""

import random
import re
import zipfile

import pytest

from cvat_lab.errors import CvatLabError
from cvat_lab.formats import get_format
from cvat_lab.formats.catalog import read_catalog
from cvat_lab.formats.resolve import ImportOptions, import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.testing.samples import sample_dataset

WORDS = (
    b"",
    b"-1",
    b"9" * 23,
    b"1e400",
    b"nan",
    b"null",
    b"3.7",
    b'""',
    b'"x"',
    b"true",
    b"[]",
    b"{}",
    b"\xff",
    b"&lt;",
)


@pytest.mark.parametrize(
    ("exporter", "importer", "pattern"),
    [
        ("CVAT for images 1.1", "CVAT 1.1", rb"-?\d+(\.\d+)?"),
        ("CVAT for video 1.1", "CVAT 1.1", rb"-?\d+(\.\d+)?"),
        ("COCO 1.0", "COCO 1.0", rb'-?\d+(\.\d+)?|true|false|null|"[^"]*"'),
    ],
)
def test_damaged_files_are_read_or_refused(exporter, importer, pattern, tmp_path):
    get_format(exporter).write(sample_dataset(), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (member,) = archive.namelist()
        whole = archive.read(member)
    places = [found.span() for found in re.finditer(pattern, whole) if found.start() > len(whole) // 4]
    target, file = sample_dataset(data=LabeledData()), tmp_path / member.rpartition("/")[2]
    chance = random.Random(11)
    answers = {True: 0, False: 0}
    for _ in range(400):
        start, stop = chance.choice(places)
        file.write_bytes(whole[:start] + chance.choice(WORDS) + whole[stop:])
        options = ImportOptions(masks_to_polygons=chance.random() < 0.5)
        try:
            import_annotations(get_format(importer), file, target, options)
            read_catalog(get_format(importer), file)
            answers[True] += 1
        except CvatLabError:
            answers[False] += 1
    assert min(answers.values()) > 50


@pytest.mark.parametrize("part", [0, 1, 3, 8, 15])
@pytest.mark.parametrize(("exporter", "importer"), [("CVAT for images 1.1", "CVAT 1.1"), ("COCO 1.0", "COCO 1.0")])
def test_cut_off_files_are_refused(exporter, importer, part, tmp_path):
    get_format(exporter).write(sample_dataset(), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (member,) = archive.namelist()
        whole = archive.read(member)
    file = tmp_path / member.rpartition("/")[2]
    file.write_bytes(whole[: len(whole) * part // 16])
    with pytest.raises(
        CvatLabError, match=rf"{re.escape(file.name)}, line \d+: not (well-formed XML|valid JSON)|truncated"
    ):
        import_annotations(get_format(importer), file, sample_dataset(data=LabeledData()))
