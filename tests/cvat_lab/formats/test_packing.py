"""Writing archives that are whole or absent."""

import zipfile

import pytest

from cvat_lab.errors import FormatError
from cvat_lab.formats.packing import ArchiveWriter


def test_a_written_archive_reads_back(tmp_path):
    with ArchiveWriter(tmp_path / "a.zip") as archive:
        archive.write("images/a.jpg", b"\xff\xd8" * 1000)
        with archive.open("a.txt") as stream:
            stream.write(b"x" * 10_000)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        image, text = archive.getinfo("images/a.jpg"), archive.getinfo("a.txt")
        assert image.compress_type == zipfile.ZIP_STORED
        assert text.compress_size < 1000
        assert archive.testzip() is None


def test_an_interrupted_archive_leaves_the_old_one(tmp_path):
    (tmp_path / "a.zip").write_text("old")

    def write() -> None:
        with ArchiveWriter(tmp_path / "a.zip") as archive:
            archive.write("a.txt", b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert (tmp_path / "a.zip").read_text() == "old"


@pytest.mark.parametrize("member", ["../a", "/a", "a/../../b", "C:\\a", "a\0b"])
def test_unsafe_names_are_never_written(member, tmp_path):
    with pytest.raises(FormatError, match="leads out"), ArchiveWriter(tmp_path / "a.zip") as archive:
        archive.write(member, b"")


def test_two_members_of_one_name_are_an_error(tmp_path):
    with ArchiveWriter(tmp_path / "a.zip") as archive:
        archive.write("a.png", b"")
        with pytest.raises(FormatError, match=r"two members would be called 'a\.png'"):
            archive.write("a.png", b"")
