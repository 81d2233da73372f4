"""Making manifests of media on this machine, for people who prepare data for a server."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from cvat_lab.errors import MediaError
from cvat_lab.media.frames import open_frames
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import MediaIndex, build_index
from cvat_lab.media.manifest import VERSION, manifest_lines, save_lines
from cvat_lab.media.point_clouds import POINT_CLOUDS, PointCloud, find_point_clouds, manifest_lines_of
from cvat_lab.media.video_index import MAX_SMOOTH_GAP, VideoIndex
from cvat_lab.model.data import SortingMethod

Progress = Callable[[float], None]

_PATTERN = ("*", "?", "[")


@dataclass(frozen=True)
class ManifestSource:
    """What a manifest is made of: images or a video with their index, or point clouds.

    Attributes
    ----------
    root
        Folder that all names are relative to.
    """

    root: Path
    index: MediaIndex | None = None
    clouds: list[PointCloud] = field(default_factory=list)

    @classmethod
    def find(cls, source: str, sorting: str) -> ManifestSource:
        """Return the media that a user means.

        Parameters
        ----------
        source
            A video, a folder with images in any depth, or a pattern with ``*``, ``?``, ``[]`` and ``**``.
        sorting
            Name of a :class:`SortingMethod`.

        Raises
        ------
        MediaError
            There is no such media, or it cannot be read.
        """
        root, files = _expand(source)
        if any(name.lower().endswith(POINT_CLOUDS) for name in files):
            return cls(root, clouds=find_point_clouds(files))
        return cls(root, build_index(root, files, sorting=SortingMethod(sorting)))

    @property
    def fault(self) -> str:
        """Why nobody could jump quickly in this video; empty for one that is fine, and for anything else."""
        if not isinstance(self.index, VideoIndex):
            return ""
        if not self.index.packets.key[0]:
            return f"{self.index.stream.file} does not begin with a keyframe"
        if self.index.largest_gap > MAX_SMOOTH_GAP:
            return (
                f"{self.index.stream.file} has up to {self.index.largest_gap} frames from one keyframe to the next; "
                f"up to {MAX_SMOOTH_GAP} are smooth"
            )
        times = self.index.packets.pts[self.index.keyframes].tolist()
        if any(after <= before for before, after in pairwise(times)):
            return f"{self.index.stream.file} has keyframes whose time stamps do not grow"
        return ""


def write_manifest_of(source: ManifestSource, folder: Path, report: Progress) -> Path:
    """Write a manifest with checksums, for which every image or keyframe is decoded, and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    if source.index is None:
        head = [{"version": VERSION}, {"type": "images"}]
        return save_lines(folder, [*head, *manifest_lines_of(source.clouds)])
    with open_frames(source.root, source.index) as frames:
        lines = manifest_lines(source.index, frames)
        count = len(source.index) if isinstance(source.index, ImageIndex) else source.index.keyframes.size
        return save_lines(folder, _counted(lines, count, report))


def _counted(lines: Iterable[Any], count: int, report: Progress) -> Iterator[Any]:
    for number, line in enumerate(lines):
        report(min(1.0, number / count))
        yield line


def _expand(source: str) -> tuple[Path, list[str]]:
    """Return a root and the files below it."""
    path = Path(source).expanduser()
    if path.is_dir():
        return path, _relative(path, (inner for inner in path.rglob("*") if inner.is_file()))
    if path.is_file():
        return path.parent, [path.name]
    if not any(mark in source for mark in _PATTERN):
        raise MediaError(f"there is no file or folder {source!r}; put patterns into quotes")
    names = glob.glob(str(path), recursive=True)  # noqa: PTH207 a trailing ** of Path.glob finds folders only
    found = [Path(name) for name in names if Path(name).is_file()]
    if not found:
        raise MediaError(f"no file fits the pattern {source!r}")
    try:
        root = Path(os.path.commonpath([file.parent.absolute() for file in found]))
    except ValueError as error:
        raise MediaError(f"the files of {source!r} have no folder in common") from error
    return root, _relative(root, (file.absolute() for file in found))


def _relative(root: Path, files: Iterable[Path]) -> list[str]:
    return sorted(file.relative_to(root).as_posix() for file in files)
