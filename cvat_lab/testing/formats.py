"""The contract of a dataset format, as tests.

A plug-in subclasses :class:`FormatTests` and names its format::

    class TestCoco(FormatTests):
        exporter = "COCO 1.0"
        importer = "COCO 1.0"
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cvat_lab.errors import CancelledError, FormatError
from cvat_lab.formats import get_format
from cvat_lab.formats.base import Format
from cvat_lab.formats.capabilities import Capabilities, Keeps
from cvat_lab.formats.dataset import Dataset
from cvat_lab.formats.frame_items import frame_items
from cvat_lab.formats.items import ShapeItem
from cvat_lab.formats.resolve import Imported, ImportOptions, import_annotations
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import ShapeType
from cvat_lab.ops.masks import mask_bitmap, mask_points
from cvat_lab.testing.samples import FRAMES, HEIGHT, WIDTH, SampleImages, sample_annotations, sample_dataset

PIXELS = ImportOptions(masks_to_polygons=False)


class FormatTests:
    """What every format must do. Subclasses name the format and may override the samples.

    Attributes
    ----------
    exporter, importer
        Names of the format; ``importer`` is ``None`` when it can only be written.
    decimals
        Digits of coordinates that survive.
    """

    exporter: ClassVar[str]
    importer: ClassVar[str | None]
    decimals: ClassVar[int] = 2

    @pytest.fixture
    def format(self) -> Format:
        """Return the format that writes."""
        return get_format(self.exporter)

    @pytest.fixture(params=["images", "video"])
    def dataset(self, request: pytest.FixtureRequest) -> Dataset:
        """Return a dataset with everything in it."""
        return sample_dataset(is_video=request.param == "video")

    @pytest.fixture
    def exported(self, format: Format, dataset: Dataset, tmp_path: Path) -> Path:
        """Return the dataset as a zip without images."""
        target = tmp_path / "exported.zip"
        format.write(dataset, target)
        return target

    def read(self, path: Path, dataset: Dataset, options: ImportOptions = PIXELS) -> Imported:
        """Import a file into an empty task like ``dataset``."""
        if self.importer is None:
            pytest.skip("this format is only written")
        empty = Dataset(dataset.info, dataset.frames)
        return import_annotations(get_format(self.importer), path, empty, options)

    # what it says about itself

    def test_name_is_the_registered_one(self, format: Format) -> None:
        assert format.display_name == self.exporter
        assert format.info("ZIP").version == format.version

    def test_recognizes_its_own_files(self, exported: Path) -> None:
        if self.importer is None:
            pytest.skip("this format is only written")
        assert get_format(self.importer).sniff(exported)

    def test_does_not_recognize_other_files(self, tmp_path: Path) -> None:
        if self.importer is None:
            pytest.skip("this format is only written")
        for name, content in (("a.txt", b"hello"), ("b.json", b"[]"), ("c.xml", b"<a/>"), ("d.zip", b"PK"), ("e", b"")):
            (tmp_path / name).write_bytes(content)
            assert not get_format(self.importer).sniff(tmp_path / name)

    # writing

    @pytest.mark.req("R20.12")
    def test_images_are_stored_unchanged_and_deleted_frames_are_not(
        self, format: Format, dataset: Dataset, tmp_path: Path
    ) -> None:
        images = SampleImages()
        format.write(dataset, tmp_path / "a.zip", images)
        live = dataset.task_frames[5].live_numbers.tolist()
        assert {number for _, number in images.asked} == set(live)
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            stored = {archive.read(name) for name in archive.namelist()}
        assert {SampleImages().image(5, number)[0] for number in live} <= stored

    def test_without_images_there_are_only_annotations(self, exported: Path) -> None:
        with zipfile.ZipFile(exported) as archive:
            stored = {archive.read(name) for name in archive.namelist()}
        assert stored
        assert not stored & {SampleImages().image(5, number)[0] for number in range(FRAMES)}

    def test_an_empty_dataset_can_be_written_and_read(self, format: Format, tmp_path: Path) -> None:
        empty = sample_dataset(data=LabeledData())
        assert format.write(empty, tmp_path / "a.zip").rows() == []
        if self.importer is not None:
            assert len(self.read(tmp_path / "a.zip", empty).annotations) == 0

    def test_a_failed_export_leaves_nothing_behind(self, format: Format, dataset: Dataset, tmp_path: Path) -> None:
        class Broken:
            def image(self, task_id: int, number: int) -> tuple[bytes, str]:
                raise OSError("disk on fire")

        with pytest.raises(OSError, match="disk on fire"):
            format.write(dataset, tmp_path / "a.zip", Broken())
        assert list(tmp_path.iterdir()) == []

    def test_progress_grows_and_can_cancel(self, format: Format, dataset: Dataset, tmp_path: Path) -> None:
        told: list[float] = []
        format.write(dataset, tmp_path / "a.zip", SampleImages(), told.append)
        assert told == sorted(told)
        assert told[0] == 0
        assert told[-1] == 1

        def cancel(done: float) -> None:
            if done > 0:
                raise CancelledError("stop")

        with pytest.raises(CancelledError):
            format.write(dataset, tmp_path / "b.zip", SampleImages(), cancel)
        assert not (tmp_path / "b.zip").exists()

    # both ways

    @pytest.mark.req("R22.15")
    def test_what_the_format_holds_comes_back(self, format: Format, dataset: Dataset, tmp_path: Path) -> None:
        data = sample_annotations()
        data.shapes = [shape for shape in data.shapes if shape.type not in format.capabilities.rewrites]
        dataset = sample_dataset(is_video=dataset.info.tasks[0].is_video, data=data)
        format.write(dataset, tmp_path / "a.zip")
        imported = self.read(tmp_path / "a.zip", dataset)
        restored = Dataset(dataset.info, dataset.frames, imported.annotations)
        assert self.describe(restored, format.capabilities) == self.describe(dataset, format.capabilities)

    @pytest.mark.req("R22.15")
    def test_what_the_format_cannot_hold_is_reported(self, format: Format, dataset: Dataset, tmp_path: Path) -> None:
        losses = format.write(dataset, tmp_path / "a.zip")
        can = format.capabilities
        for shape in sample_annotations().shapes:
            assert (("shape", shape.type) in losses) == (shape.type not in can.shapes)
        assert (("tag", "night") in losses) == (Keeps.TAGS not in can.keeps)
        assert (("track", "identity") in losses) == (Keeps.TRACKS not in can.keeps)
        assert (("attribute", "color") in losses) == (Keeps.ATTRIBUTES not in can.keeps)

    def test_reading_twice_gives_the_same(self, dataset: Dataset, exported: Path) -> None:
        first, second = self.read(exported, dataset), self.read(exported, dataset)
        assert first.annotations == second.annotations

    def test_a_folder_reads_like_its_zip(self, dataset: Dataset, exported: Path, tmp_path: Path) -> None:
        shutil.unpack_archive(exported, tmp_path / "folder")
        assert self.read(tmp_path / "folder", dataset).annotations == self.read(exported, dataset).annotations

    @pytest.mark.req("R22.21")
    def test_imported_objects_come_from_a_file(self, dataset: Dataset, exported: Path) -> None:
        annotations = self.read(exported, dataset).annotations
        for table in (annotations.tags, annotations.shapes, annotations.tracks):
            assert set(table["source"].to_pylist()) <= {"file"}

    # bad files

    @pytest.mark.req("R20.14")
    def test_an_unknown_label_is_named(self, dataset: Dataset, exported: Path) -> None:
        person = next(label for label in dataset.info.labels if label.name == "person & co")
        person.name = "somebody else"
        with pytest.raises(FormatError, match="'person & co' is unknown"):
            self.read(exported, dataset)

    @pytest.mark.req("R20.10")
    def test_an_item_without_frame_is_named(self, dataset: Dataset, exported: Path) -> None:
        rows = dataset.frames.slice(FRAMES - 1)
        with pytest.raises(FormatError, match=r"(image|frame) .*matches no frame of task 5"):
            self.read(exported, Dataset(dataset.info, rows))

    @pytest.mark.req("R22.14")
    def test_an_archive_of_something_else_is_refused(self, dataset: Dataset, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("readme.txt", "hello")
        with pytest.raises(FormatError, match=r"does not look like"):
            self.read(tmp_path / "a.zip", dataset)

    @pytest.mark.req("R22.14")
    @pytest.mark.parametrize("member", ["../evil.txt", "/etc/evil", "a/../../evil", "C:/evil", "..\\evil"])
    def test_members_that_lead_out_are_refused(self, member: str, dataset: Dataset, exported: Path) -> None:
        with zipfile.ZipFile(exported, "a") as archive:
            archive.writestr(member, "x")
        with pytest.raises(FormatError, match="leads out of the archive"):
            self.read(exported, dataset)

    def test_a_cut_off_zip_is_refused(self, dataset: Dataset, exported: Path) -> None:
        exported.write_bytes(exported.read_bytes()[:-30])
        with pytest.raises(FormatError, match="not a readable zip"):
            self.read(exported, dataset)

    def test_damaged_members_are_refused(self, dataset: Dataset, exported: Path) -> None:
        data = bytearray(exported.read_bytes())
        middle = len(data) // 3
        data[middle : middle + 40] = bytes(40)
        exported.write_bytes(data)
        with pytest.raises(FormatError):
            self.read(exported, dataset)

    # comparing

    def describe(self, dataset: Dataset, can: Capabilities) -> dict[str, list[Any]]:
        """Return what is visible on each frame, as far as the format can hold it, in a form that can be compared."""
        found: dict[str, list[Any]] = {}
        for item in frame_items(dataset):
            shapes = [self._describe_shape(shape, can) for shape in item.shapes if self._comes_back(shape, can)]
            tags = [(tag.label, tuple(tag.attributes.items())) for tag in item.tags] if Keeps.TAGS in can.keeps else []
            found[item.name] = [sorted(shapes, key=repr), tags]
        return found

    def _comes_back(self, shape: ShapeItem, can: Capabilities) -> bool:
        return shape.type in can.shapes and not shape.outside

    def _describe_shape(self, shape: ShapeItem, can: Capabilities) -> tuple[Any, ...]:
        return (
            shape.type,
            shape.label,
            tuple(round(value, self.decimals) + 0.0 for value in _tight(shape)),
            round(shape.rotation, self.decimals) if Keeps.ROTATION in can.keeps else 0,
            shape.occluded if Keeps.OCCLUDED in can.keeps else False,
            shape.z_order if Keeps.Z_ORDER in can.keeps else 0,
            shape.score if Keeps.SCORE in can.keeps else 1,
            tuple(sorted(shape.attributes.items())) if Keeps.ATTRIBUTES in can.keeps else (),
            shape.group != 0 if Keeps.GROUPS in can.keeps else False,
            tuple(
                (element.outside, *self._describe_shape(element, can))
                for element in sorted(shape.elements, key=lambda element: element.label)
            )
            if shape.type is ShapeType.SKELETON
            else (),
        )


def _tight(shape: ShapeItem) -> list[float]:
    """Return points; those of a mask with the smallest box, because equal pixels are the same mask."""
    if shape.type is not ShapeType.MASK:
        return shape.points
    return mask_points(mask_bitmap(shape.points, WIDTH, HEIGHT))
