"""Reading archives that cannot be trusted."""

import stat
import zipfile
from pathlib import Path

import pytest

from cvat_lab.errors import FormatError, TooLargeError
from cvat_lab.formats.archive import SourceLimits, open_source


def make_zip(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_zip_folder_and_file_read_alike(tmp_path):
    make_zip(tmp_path / "a.zip", {"x/b.txt": "two", "a.txt": "\ufeffone", "x/": ""})
    (tmp_path / "folder" / "x").mkdir(parents=True)
    (tmp_path / "folder" / "a.txt").write_text("one")
    (tmp_path / "folder" / "x" / "b.txt").write_text("two")
    for source in (open_source(tmp_path / "a.zip"), open_source(tmp_path / "folder")):
        with source:
            assert source.members == ["a.txt", "x/b.txt"]
            assert [source.read_text(member) for member in source.members] == ["one", "two"]
            assert source.find("b.txt") == ["x/b.txt"]
            assert source.find("x/*.txt") == ["x/b.txt"]
    with open_source(tmp_path / "folder" / "a.txt") as source:
        assert source.members == ["a.txt"]
        assert source.read("a.txt") == b"one"


def test_a_missing_member_names_the_format(tmp_path):
    source = open_source(make_zip(tmp_path / "a.zip", {"a.txt": ""}))
    with source, pytest.raises(FormatError, match=r"a\.zip does not look like COCO 1\.0: there is no \*\.json in it"):
        source.require("*.json", "COCO 1.0")


def test_a_link_in_a_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FormatError, match=r"'link\.txt' is a link"):
        open_source(tmp_path / "a.zip")


def test_a_link_out_of_a_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside.txt").write_text("y")
    (folder / "fine.txt").symlink_to(folder / "inside.txt")
    assert open_source(folder).members == ["fine.txt", "inside.txt"]
    (folder / "evil.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(FormatError, match=r"evil\.txt is a link that leads out"):
        open_source(folder)


def test_an_encrypted_member_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.txt": "hello"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"'a\.txt' is encrypted"):
        open_source(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"small.txt": "x", "zeros.json": bytes(4 << 20)})
    limits = SourceLimits(free_bytes=1 << 20)
    with pytest.raises(TooLargeError, match=r"'zeros\.json' unpacks from [\d,]+ to 4,194,304 bytes"):
        open_source(path, limits)
    with pytest.raises(TooLargeError, match="'zeros"):
        open_source(path, SourceLimits(member_bytes=1 << 20))
    with pytest.raises(TooLargeError, match="'zeros"):
        open_source(path, SourceLimits(total_bytes=1 << 20))
    with pytest.raises(TooLargeError, match="2 members, the limit is 1"):
        open_source(path, SourceLimits(members=1))
    assert open_source(path).members == ["small.txt", "zeros.json"]


def test_text_must_be_utf8(tmp_path):
    source = open_source(make_zip(tmp_path / "a.zip", {"a.txt": "\xfc".encode("latin-1")}))
    with source, pytest.raises(FormatError, match=r"a\.txt is not UTF-8"):
        source.read_text("a.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"nowhere\.zip: there is no such file"):
        open_source(tmp_path / "nowhere.zip")
