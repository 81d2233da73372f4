"""Where things lie in an archive of YOLO 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from cvat_lab.errors import FormatError
from cvat_lab.formats.archive import Source

NAMES = "obj.names"
"""The labels, one per line; a line's number, from 0, stands for the label."""

SETTINGS = "obj.data"
"""Darknet's settings."""

ROOT = "data"
"""Folder that Darknet finds the archive's content in; paths inside of it begin with this name."""

IMAGES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".jp2", ".avif", ".ppm"})

_FOLDER = re.compile(r"(?:^|/)obj_([^/]+)_data/(.+)$")
_OTHER_SETTINGS = frozenset({"classes", "names", "backup"})


class Place(NamedTuple):
    """What a path says: the subset, and the image's path in it."""

    subset: str
    name: str


class Entry(NamedTuple):
    """An image of the archive.

    Attributes
    ----------
    name
        Path of the image; without an extension where nothing tells it.
    text
        Member with the boxes, empty when there is none.
    media
        Member with the pixels, empty when there is none.
    """

    subset: str
    name: str
    text: str
    media: str


def data_folder(subset: str) -> str:
    """Return the folder of the texts and images of a subset."""
    return f"obj_{subset}_data"


def read_names(source: Source, format_name: str) -> list[str]:
    """Return the labels.

    Raises
    ------
    FormatError
        The file is missing, or two labels are called the same.
    """
    member = source.require(NAMES, format_name)[0]
    names = [line.strip() for line in source.read_text(member).rstrip().splitlines()]
    for number, name in enumerate(names):
        if not name or name in names[:number]:
            problem = f"{name!r} is there twice" if name else "it is empty"
            raise FormatError(
                f"{source.name}: {member}, line {number + 1}: {problem}; every line is the name of a label"
            )
    return names


def find_entries(source: Source) -> list[Entry]:
    """Return the images that the archive has a text of, lists or holds, in the order of their paths.

    An archive may also be flat: the texts and ``obj.names``, without folders, lists and settings.
    """
    lists = _lists(source)
    texts: dict[Place, str] = {}
    media: dict[Place, str] = {}
    listed: dict[Place, str] = {}
    for member in source.members:
        path = PurePosixPath(member)
        if path.suffix.lower() in IMAGES:
            media[_place(str(path.with_suffix("")))] = member
        elif path.suffix == ".txt" and member not in lists:
            texts[_place(member[: -len(".txt")])] = member
    for member, subset in lists.items():
        for line in source.read_text(member).splitlines():
            if image := line.strip().replace("\\", "/"):
                name = _place(image).name
                listed[Place(subset, _stem(name))] = name
    homes = {place.name: place for place in reversed(listed)}
    # A flat text belongs to the subset whose list has its image.
    texts = {place if place.subset else homes.get(place.name, place): text for place, text in texts.items()}
    return [
        Entry(
            place.subset,
            _name(place, media.get(place, ""), listed.get(place, "")),
            texts.get(place, ""),
            media.get(place, ""),
        )
        for place in sorted({*texts, *media, *listed})
    ]


def _name(place: Place, media: str, listed: str) -> str:
    """Return an image's path with its extension, if the archive tells it."""
    return listed or (place.name + PurePosixPath(media).suffix if media else place.name)


def _lists(source: Source) -> dict[str, str]:
    """Return the lists of images with their subsets: those of the settings, else those named like a folder of texts."""
    found = {}
    for subset in _subsets(source):
        for member in source.find(f"{subset}.txt"):
            if not _FOLDER.search(member):
                found[member] = subset
    return found


def _subsets(source: Source) -> Iterator[str]:
    folders = {match[1] for member in source.members if (match := _FOLDER.search(member))}
    yield from sorted(folders)
    for member in source.find(SETTINGS):
        for line in source.read_text(member).splitlines():
            key, equals, value = (part.strip() for part in line.partition("="))
            if equals and key not in _OTHER_SETTINGS and key not in folders and value.endswith(f"{key}.txt"):
                yield key


def _place(path: str) -> Place:
    found = _FOLDER.search(path)
    return Place(found[1], found[2]) if found else Place("", path.removeprefix(f"{ROOT}/"))


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")) if PurePosixPath(name).suffix else name
