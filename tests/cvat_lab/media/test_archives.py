from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from cvat_lab.errors import MediaError, TooLargeError
from cvat_lab.media.archives import list_members, unpack_tar
from cvat_lab.media.blobs import blob_reader, open_file, read_blob
from cvat_lab.media.limits import Limits
from tests.media_samples import photo_file

PHOTO = photo_file("china.jpg").read_bytes()


def zipped(root: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> str:
    with zipfile.ZipFile(root / "a.zip", "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return "a.zip"


def tarred(path: Path, mode: str, members: dict[str, bytes]) -> None:
    with tarfile.open(path, mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


@pytest.mark.req("R30.28")
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_members_are_read_in_place(tmp_path: Path, method: int) -> None:
    file = zipped(tmp_path, {"b/1.jpg": PHOTO, "a.txt": b"text" * 1000, "empty": b""}, method)
    members = dict(list_members(tmp_path, file))
    assert list(members) == ["b/1.jpg", "a.txt", "empty"]
    assert read_blob(tmp_path, members["b/1.jpg"], "1") == PHOTO
    assert read_blob(tmp_path, members["a.txt"], "a") == b"text" * 1000
    assert read_blob(tmp_path, members["empty"], "e") == b""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_tar_members_are_read_in_place(tmp_path: Path) -> None:
    tarred(tmp_path / "a.tar", "w", {"./b/1.jpg": PHOTO, "x" * 150 + "/2.jpg": PHOTO[:500]})
    members = dict(list_members(tmp_path, "a.tar"))
    assert read_blob(tmp_path, members["b/1.jpg"], "1") == PHOTO
    assert read_blob(tmp_path, members["x" * 150 + "/2.jpg"], "2") == PHOTO[:500]


@pytest.mark.parametrize(("name", "mode"), [("a.tar.gz", "w:gz"), ("a.tbz2", "w:bz2"), ("a.tar.xz", "w:xz")])
def test_compressed_tar_becomes_a_plain_one(tmp_path: Path, name: str, mode: str) -> None:
    tarred(tmp_path / name, mode, {"1.jpg": PHOTO})
    plain = unpack_tar(tmp_path, name)
    assert plain == "a.tar"
    ((_, blob),) = list_members(tmp_path, plain)
    assert read_blob(tmp_path, blob, "1") == PHOTO


def test_random_access_into_a_deflated_member(tmp_path: Path) -> None:
    ((_, blob),) = list_members(tmp_path, zipped(tmp_path, {"1.jpg": PHOTO}))
    with open(open_file(tmp_path, blob.file), "rb") as file:
        read = blob_reader(file.fileno(), blob, "1.jpg")
        assert read(10, 0) == PHOTO[:10]
        assert read(1000, 50_000) == PHOTO[50_000:51_000]
        assert read(10, 5) == PHOTO[5:15]
        assert read(100, len(PHOTO) - 5) == PHOTO[-5:]


@pytest.mark.parametrize("name", ["../evil.jpg", "a/../../evil.jpg", "/etc/evil.jpg", "C:/evil.jpg", "..\\evil.jpg"])
def test_members_that_lead_out_are_named(tmp_path: Path, name: str) -> None:
    file = zipped(tmp_path, {"good.jpg": PHOTO, name: PHOTO})
    with pytest.raises(MediaError, match=r"a\.zip: member '.*evil\.jpg' leads out"):
        list_members(tmp_path, file)
    tarred(tmp_path / "a.tar", "w", {name: PHOTO})
    with pytest.raises(MediaError, match="leads out"):
        list_members(tmp_path, "a.tar")


def test_links_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("link.jpg")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(MediaError, match=r"'link\.jpg' is a link"):
        list_members(tmp_path, "a.zip")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        entry = tarfile.TarInfo("link.jpg")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(MediaError, match=r"'link\.jpg' is not an ordinary file"):
        list_members(tmp_path, "a.tar")


def test_unusual_compression_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"'1\.jpg' is packed with method 12"):
        list_members(tmp_path, zipped(tmp_path, {"1.jpg": PHOTO}, zipfile.ZIP_BZIP2))


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    file = tmp_path / zipped(tmp_path, {"1.jpg": PHOTO})
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(MediaError, match="encrypted"):
        list_members(tmp_path, "a.zip")


def test_bombs_are_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, {f"{n}.bmp": bytes(1 << 20) for n in range(8)})
    limits = Limits(archive_free_bytes=1 << 20)
    with pytest.raises(TooLargeError, match=r"a\.zip: .* bytes unpack to 8,388,608"):
        list_members(tmp_path, file, limits)
    with pytest.raises(TooLargeError, match=r"a\.zip: 0\.bmp: unpacks to 1,048,576 bytes, the limit"):
        list_members(tmp_path, file, Limits(member_bytes=1 << 19))
    tarred(tmp_path / "b.tar.gz", "w:gz", {"1.bmp": bytes(64 << 20)})
    with pytest.raises(TooLargeError, match=r"b\.tar\.gz"):
        unpack_tar(tmp_path, "b.tar.gz", limits)
    assert not (tmp_path / "b.tar").exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_member_larger_than_announced_is_refused(tmp_path: Path) -> None:
    ((_, blob),) = list_members(tmp_path, zipped(tmp_path, {"1.jpg": PHOTO}))
    lying = blob._replace(size=1000)
    with pytest.raises(MediaError, match="more than the 1000 bytes"):
        read_blob(tmp_path, lying, "1.jpg")


def test_damaged_archives_are_named(tmp_path: Path) -> None:
    file = tmp_path / zipped(tmp_path, {"1.jpg": PHOTO})
    data = bytearray(file.read_bytes())
    data[2000:2100] = bytes(100)
    file.write_bytes(data)
    ((_, blob),) = list_members(tmp_path, "a.zip")
    with pytest.raises(MediaError, match=r"1\.jpg: .*damaged"):
        read_blob(tmp_path, blob, "1.jpg")
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match=r"a\.zip"):
        list_members(tmp_path, "a.zip")
    (tmp_path / "c.tar").write_bytes(b"nothing")
    with pytest.raises(MediaError, match=r"c\.tar"):
        list_members(tmp_path, "c.tar")
