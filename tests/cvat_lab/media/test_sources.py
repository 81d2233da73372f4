from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from cvat_lab.errors import MediaError
from cvat_lab.media.sources import collect
from cvat_lab.model.data import SortingMethod
from tests.media_samples import photo_file


def make(root: Path, names: Iterable[str]) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".jpg", ".png"):
            shutil.copyfile(photo_file("china.jpg"), path)
        else:
            path.write_bytes(b"x")
    return root


def names(root: Path, files: list[str], **options: object) -> list[str]:
    return [entry.name for entry in collect(root, files, **options).images]  # type: ignore[arg-type]


FILES = ["img10.jpg", "img2.jpg", "sub/a.jpg", "img1.jpg"]


@pytest.mark.req("R30.25")
def test_lexicographical_order_is_plain_string_order(tmp_path: Path) -> None:
    make(tmp_path, FILES)
    assert names(tmp_path, FILES) == ["img1.jpg", "img10.jpg", "img2.jpg", "sub/a.jpg"]


@pytest.mark.req("R30.25")
def test_natural_order_reads_numbers(tmp_path: Path) -> None:
    make(tmp_path, FILES)
    assert names(tmp_path, FILES, sorting=SortingMethod.NATURAL) == ["img1.jpg", "img2.jpg", "img10.jpg", "sub/a.jpg"]


@pytest.mark.req("R30.25")
def test_predefined_order_is_as_given(tmp_path: Path) -> None:
    make(tmp_path, FILES)
    assert names(tmp_path, FILES, sorting=SortingMethod.PREDEFINED) == FILES


@pytest.mark.req("R30.25")
def test_random_order_can_be_repeated(tmp_path: Path) -> None:
    many = [f"{number}.jpg" for number in range(50)]
    make(tmp_path, many)
    first = names(tmp_path, many, sorting=SortingMethod.RANDOM, seed=1)
    assert sorted(first) == sorted(many)
    assert first != sorted(many)
    assert first == names(tmp_path, many[::-1], sorting=SortingMethod.RANDOM, seed=1)
    assert first != names(tmp_path, many, sorting=SortingMethod.RANDOM, seed=2)


@pytest.mark.req("R30.28")
def test_folders_are_searched_and_junk_is_left_out(tmp_path: Path) -> None:
    make(
        tmp_path, ["d/b.jpg", "d/e/a.PNG", "d/notes.txt", "d/.hidden.jpg", "d/.ipynb_checkpoints/b.jpg", "d/Thumbs.db"]
    )
    make(tmp_path, ["d/__MACOSX/b.jpg", "other/c.jpg"])
    assert names(tmp_path, ["d"]) == ["d/b.jpg", "d/e/a.PNG"]
    assert names(tmp_path, ["."]) == ["d/b.jpg", "d/e/a.PNG", "other/c.jpg"]
    assert names(tmp_path, ["./d/", "other/c.jpg"], exclude=["d/e"]) == ["d/b.jpg", "other/c.jpg"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    make(tmp_path, ["d/a.jpg"])
    (tmp_path / "d" / "loop").symlink_to(tmp_path / "d")
    assert names(tmp_path, ["d"]) == ["d/a.jpg"]


@pytest.mark.req("R30.28")
def test_archives_give_their_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("x/2.jpg", "x/1.jpg", "__MACOSX/x/._1.jpg", "readme.txt"):
            archive.write(photo_file("china.jpg"), name)
    make(tmp_path, ["0.jpg"])
    assert names(tmp_path, ["a.zip", "0.jpg"]) == ["0.jpg", "x/1.jpg", "x/2.jpg"]
    assert names(tmp_path, ["a.zip", "0.jpg"], sorting=SortingMethod.PREDEFINED) == ["x/2.jpg", "x/1.jpg", "0.jpg"]


@pytest.mark.req("R27.1")
@pytest.mark.req("R27.2")
def test_related_images_belong_to_their_frame(tmp_path: Path) -> None:
    make(tmp_path, ["a.b.jpg", "s/a.jpg", "s/lonely.jpg"])
    make(tmp_path, ["related_images/a.b_jpg/1.png", "related_images/a_b_jpg/2.png", "s/related_images/a_jpg/x/3.png"])
    make(tmp_path, ["s/related_images/nobody_jpg/4.png"])
    sources = collect(tmp_path, ["."])
    assert [entry.name for entry in sources.images] == ["a.b.jpg", "s/a.jpg", "s/lonely.jpg"]
    assert {owner: [entry.name for entry in entries] for owner, entries in sources.related.items()} == {
        "a.b.jpg": ["related_images/a.b_jpg/1.png", "related_images/a_b_jpg/2.png"],
        "s/a.jpg": ["s/related_images/a_jpg/x/3.png"],
    }


def test_a_video_stands_alone(tmp_path: Path) -> None:
    make(tmp_path, ["d/a.mp4", "b.jpg", "c.avi"])
    assert collect(tmp_path, ["d"]).video == "d/a.mp4"
    with pytest.raises(MediaError, match=r"cannot be mixed.*b\.jpg and d/a\.mp4"):
        collect(tmp_path, ["d", "b.jpg"])
    with pytest.raises(MediaError, match=r"one video, found 2: d/a\.mp4, c\.avi"):
        collect(tmp_path, ["d", "c.avi"])


def test_a_video_inside_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("clip.mp4", b"")
    with pytest.raises(MediaError, match=r"a\.zip: holds the video 'clip\.mp4'"):
        collect(tmp_path, ["a.zip"])


def test_no_media_is_an_error_that_names_what_was_there(tmp_path: Path) -> None:
    make(tmp_path, ["d/notes.txt", "related_images/a_jpg/1.png"])
    with pytest.raises(MediaError, match=r"No media data found.*d/notes\.txt"):
        collect(tmp_path, ["d"])
    with pytest.raises(MediaError, match="No media data found"):
        collect(tmp_path, [])
    with pytest.raises(MediaError, match=r"No media data found.*context images"):
        collect(tmp_path, ["related_images"])


@pytest.mark.parametrize("path", ["../secret.jpg", "/etc/passwd", "d/../../x", "..\\x.jpg"])
def test_paths_out_of_the_root_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(MediaError, match="relative to the root"):
        collect(tmp_path, [path])


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.jpg: there is no such file"):
        collect(tmp_path, ["gone.jpg"])


def test_two_frames_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(photo_file("china.jpg"), "1.jpg")
    with pytest.raises(MediaError, match=r"'1\.jpg', one from a\.zip and one from b\.zip"):
        collect(tmp_path, ["a.zip", "b.zip"])


def test_a_compressed_tar_needs_leave_to_be_unpacked(tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(photo_file("china.jpg"), "1.jpg")
    with pytest.raises(MediaError, match=r"a\.tar\.gz: a compressed tar cannot be read in place"):
        collect(tmp_path, ["a.tar.gz"])
    assert names(tmp_path, ["a.tar.gz"], may_unpack=True) == ["1.jpg"]
