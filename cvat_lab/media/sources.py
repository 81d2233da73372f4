"""Which files become the frames of a task, and in which order.

Takes files, folders and archives below one root. Files under ``related_images`` are never frames: they are context
images, attached to the frame they are named after.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from cvat_lab.errors import MediaError
from cvat_lab.media.archives import ARCHIVES, PACKED_TAR, list_members, unpack_tar
from cvat_lab.media.blobs import Blob
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits
from cvat_lab.model.data import SortingMethod

IMAGES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp", ".avif"),
    *(".jp2", ".j2k", ".pbm", ".pgm", ".ppm", ".pnm", ".tga"),
)
VIDEOS = (
    *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".m2ts", ".mts", ".flv", ".wmv"),
    *(".3gp", ".3g2", ".ogv", ".h264", ".264", ".h265", ".265", ".y4m"),
)
RELATED = "related_images"
_JUNK = ("__MACOSX", "Thumbs.db")


class ImageEntry(NamedTuple):
    """An image that was found: the name it has as a frame, and where its bytes are."""

    name: str
    blob: Blob


@dataclass(slots=True)
class Sources:
    """What :func:`collect` found: either ``images``, in order, or one ``video``.

    Attributes
    ----------
    video
        Path relative to the root; ``None`` for images.
    related
        Context images by the name of their frame, ordered by name.
    """

    images: list[ImageEntry] = field(default_factory=list)
    video: str | None = None
    related: dict[str, list[ImageEntry]] = field(default_factory=dict)


def collect(
    root: Path,
    files: Sequence[str],
    *,
    sorting: SortingMethod = SortingMethod.LEXICOGRAPHICAL,
    exclude: Iterable[str] = (),
    seed: int | None = None,
    order: Sequence[str] = (),
    may_unpack: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Sources:
    """Find the media among ``files``.

    Parameters
    ----------
    root
        Folder that all paths are relative to.
    files
        Paths of files, folders and archives below ``root``. ``"."`` takes the whole folder.
    sorting
        Order of the images: by name as plain strings, by name with numbers as numbers, as given (folders by name,
        archives in their own order), or shuffled. A video is not affected.
    exclude
        Paths of files and folders below ``root`` to leave out.
    seed
        For the random order; ``None`` = another order each time.
    order
        Names of images in the order they shall have, whatever ``sorting`` says; images it does not name come last.
    may_unpack
        Whether a compressed tar may be replaced by a plain one beside it. Media on a share is not ours to touch.

    Raises
    ------
    MediaError
        There is no media, a path leads out of the root, two frames have the same name, or images and video are mixed.
    """
    found = _Found(root, frozenset(_relative(path) for path in exclude), may_unpack, limits)
    for file in files:
        found.add(_relative(file))
    if not found.images and not found.videos:
        skipped = ", ".join(sorted(found.others)[:5])
        raise MediaError("No media data found" + (f"; these are no images or video: {skipped}" if skipped else ""))
    if found.videos:
        return Sources(video=_only_video(found))
    frames = [entry for entry in found.images if not (RELATED in entry.name and RELATED in entry.name.split("/")[:-1])]
    if not frames:
        raise MediaError(f"No media data found: all images are context images below {RELATED}")
    _check_unique(frames)
    images = sort_images(frames, sorting, seed)
    if order:
        places = {name: place for place, name in enumerate(order)}
        images.sort(key=lambda entry: places.get(entry.name, len(places)))
    return Sources(images, None, _attach_related(frames, found.images))


def sort_images(images: list[ImageEntry], sorting: SortingMethod, seed: int | None = None) -> list[ImageEntry]:
    """Return images in the order that ``sorting`` names."""
    if sorting is SortingMethod.LEXICOGRAPHICAL:
        return sorted(images)
    if sorting is SortingMethod.NATURAL:
        from natsort import natsort_keygen

        key = natsort_keygen()
        return sorted(images, key=lambda entry: key(entry.name))
    if sorting is SortingMethod.RANDOM:
        images = sorted(images)
        random.Random(seed).shuffle(images)  # noqa: S311 an order of frames is no secret
    return images


class _Found:
    """Walks through the given paths and sorts what it meets by kind."""

    def __init__(self, root: Path, exclude: frozenset[str], may_unpack: bool, limits: Limits) -> None:
        self.images: list[ImageEntry] = []
        self.videos: list[str] = []
        self.others: list[str] = []
        self._root, self._exclude = root, exclude
        self._may_unpack, self._limits = may_unpack, limits

    def add(self, file: str) -> None:
        path = self._root / file
        if self._excluded(file):
            return
        if path.is_dir():
            for inner in _walk(str(path), "" if file == "." else f"{file}/"):
                if not self._excluded(inner):
                    self._add_file(inner)
        elif path.is_file():
            self._add_file(file)
        else:
            raise MediaError(f"{file}: there is no such file or folder in {self._root}")

    def _excluded(self, file: str) -> bool:
        if not self._exclude:
            return False
        return file in self._exclude or any(str(parent) in self._exclude for parent in PurePosixPath(file).parents)

    def _add_file(self, file: str) -> None:
        lower = file.lower()
        if lower.endswith(IMAGES):
            self.images.append(ImageEntry(file, Blob(file)))
        elif lower.endswith(VIDEOS):
            self.videos.append(file)
        elif lower.endswith(ARCHIVES):
            self._add_archive(file)
        else:
            self.others.append(file)

    def _add_archive(self, file: str) -> None:
        if file.lower().endswith(PACKED_TAR):
            if not self._may_unpack:
                raise MediaError(
                    f"{file}: a compressed tar cannot be read in place; copy it into the workspace, "
                    "or pack the images as zip or plain tar"
                )
            file = unpack_tar(self._root, file, self._limits)
        for name, blob in list_members(self._root, file, self._limits):
            if _is_junk(name):
                continue
            if name.lower().endswith(IMAGES):
                self.images.append(ImageEntry(name, blob))
            elif name.lower().endswith(VIDEOS):
                raise MediaError(f"{file}: holds the video {name!r}; unpack it, videos are read as files only")
            else:
                self.others.append(f"{file}/{name}")


def _relative(path: str) -> str:
    """Return ``path`` in its simplest form; refuse what leads out of the root."""
    pure = PurePosixPath(path.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or "\0" in path:
        raise MediaError(f"{path!r}: give a path relative to the root of the media, without '..'")
    return str(pure)


def _walk(folder: str, prefix: str, above: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the files below ``folder``, by name. Links are followed, but never in a circle."""
    here = os.path.realpath(folder)
    if here in above:
        return
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if _is_junk(entry.name):
            continue
        if entry.is_dir():
            yield from _walk(entry.path, f"{prefix}{entry.name}/", above | {here})
        elif entry.is_file():
            yield prefix + entry.name


def _is_junk(name: str) -> bool:
    """Whether an operating system or an editor left this file behind, such as ``.ipynb_checkpoints/a.png``."""
    return name.startswith(".") or "/." in name or name.startswith(_JUNK)


def _only_video(found: _Found) -> str:
    if found.images:
        raise MediaError(
            f"Images and video cannot be mixed in one task: found {found.images[0].name} and {found.videos[0]}"
        )
    if len(found.videos) > 1:
        raise MediaError(f"A task holds one video, found {len(found.videos)}: {', '.join(found.videos[:5])}")
    return found.videos[0]


def _check_unique(frames: list[ImageEntry]) -> None:
    names = {entry.name for entry in frames}
    if len(names) == len(frames):
        return
    seen: dict[str, Blob] = {}
    for name, blob in frames:
        if name in seen:
            raise MediaError(
                f"Two frames are called {name!r}, one from {seen[name].file} and one from {blob.file}; rename one"
            )
        seen[name] = blob


def _attach_related(frames: list[ImageEntry], images: list[ImageEntry]) -> dict[str, list[ImageEntry]]:
    """Give each context image to the frame that its folder is named after.

    ``dir/related_images/image_1_jpg/any.png`` belongs to ``dir/image_1.jpg``. Other dots of the image's name may be
    kept or replaced, too.
    """
    if len(frames) == len(images):
        return {}
    owners: dict[str, str] = {}
    for name, _ in frames:
        folder, _, base = name.rpartition("/")
        stem, dot, extension = base.rpartition(".")
        owners[f"{folder}/{base.replace('.', '_')}"] = name
        owners[f"{folder}/{stem}_{extension}" if dot else f"{folder}/{base}"] = name
    related: dict[str, list[ImageEntry]] = {}
    for entry in sorted(images):
        above, here, below = f"/{entry.name}".rpartition(f"/{RELATED}/")
        owner = owners.get(f"{above.removeprefix('/')}/{below.partition('/')[0]}") if here else None
        if owner is not None:
            related.setdefault(owner, []).append(entry)
    return related
