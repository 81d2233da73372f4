"""The ``data/`` folder of a backup: originals as they are, and the manifest that tells their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from cvat_lab.backup.records import DATA_FOLDER
from cvat_lab.formats.packing import ArchiveWriter
from cvat_lab.media.blobs import read_blob
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import MediaIndex
from cvat_lab.media.manifest import MANIFEST_FILE, manifest_lines
from cvat_lab.media.sources import ImageEntry
from cvat_lab.media.video_index import VideoIndex

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0..1. May raise to cancel."""

_PIECE = 4 << 20
_PROGRESS_EVERY = 50


def write_media(archive: ArchiveWriter, prefix: str, root: Path, index: MediaIndex, report: Progress) -> None:
    """Copy all media of an index, context images included, and write the manifest.

    Images that lie inside archives become files of their own. Nothing is encoded again.

    Parameters
    ----------
    prefix
        Folder of the task within the archive, empty or ending in ``/``.
    root
        Folder that the index's files are relative to.

    Raises
    ------
    MediaError
        A file is gone or was changed; the message names it.
    """
    folder = f"{prefix}{DATA_FOLDER}"
    with archive.open(f"{folder}{MANIFEST_FILE}") as out:
        for line in manifest_lines(index):
            out.write(msgspec.json.encode(line) + b"\n")
    if isinstance(index, VideoIndex):
        _copy_video(archive, folder, root, index, report)
    else:
        _copy_images(archive, folder, root, index, report)


def only(index: ImageIndex, numbers: Sequence[int]) -> ImageIndex:
    """Return an index of some images."""
    return ImageIndex(index.table.take(pa.array(numbers, pa.int64())))


def _copy_video(archive: ArchiveWriter, folder: str, root: Path, index: VideoIndex, report: Progress) -> None:
    path = root / index.stream.file
    size, done = max(1, path.stat().st_size), 0
    with path.open("rb") as source, archive.open_stored(f"{folder}{index.stream.file}") as out:
        while piece := source.read(_PIECE):
            out.write(piece)
            done += len(piece)
            report(done / size)


def _copy_images(archive: ArchiveWriter, folder: str, root: Path, index: ImageIndex, report: Progress) -> None:
    has_related = bool(index.related_counts.any())
    for number in range(len(index)):
        image = index[number]
        related = index.related(number) if has_related else []
        for name, blob in (ImageEntry(image.name, image.blob), *related):
            if f"{folder}{name}" not in archive:  # frames may share a context image
                with archive.open_stored(f"{folder}{name}") as out:
                    out.write(read_blob(root, blob, name))
        if number % _PROGRESS_EVERY == 0:
            report(number / len(index))
