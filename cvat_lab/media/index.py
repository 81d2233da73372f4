"""The media index: made once when media is attached, stored as one file, and all that is needed to serve frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from cvat_lab.errors import MediaError, NotFoundError
from cvat_lab.media.image_index import ImageIndex, index_images
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits
from cvat_lab.media.sources import collect
from cvat_lab.media.video_index import VideoIndex, video_from_table, video_table
from cvat_lab.model.data import MediaKind, SortingMethod
from cvat_lab.ops.segments import frame_range

INDEX_FILE = "index.arrow"
"""Name of the index within a task's data folder."""

MediaIndex: TypeAlias = ImageIndex | VideoIndex


def build_index(
    root: Path,
    files: Sequence[str],
    *,
    sorting: SortingMethod = SortingMethod.LEXICOGRAPHICAL,
    start: int = 0,
    stop: int | None = None,
    step: int = 1,
    exclude: Iterable[str] = (),
    seed: int | None = None,
    order: Sequence[str] = (),
    may_unpack: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[float], None] | None = None,
) -> MediaIndex:
    """Index media: headers of images or packets of a video are read, nothing is decoded or copied.

    Parameters
    ----------
    root, files, sorting, exclude, seed, order, may_unpack
        See :func:`cvat_lab.media.sources.collect`.
    start, stop, step
        The sources that frames will show, see :func:`cvat_lab.ops.segments.frame_range`. The index lists all sources
        in any case; headers are read for these only.
    progress
        Called now and then with the part that is done, 0..1. May raise to cancel.

    Raises
    ------
    MediaError
        There is no media, or some of it is unusable; the message names the file.
    TooLargeError
        An image, a frame or an archive exceeds ``limits``.
    InvalidInputError
        ``start``, ``stop`` and ``step`` leave no frame.
    """
    sources = collect(
        root, files, sorting=sorting, exclude=exclude, seed=seed, order=order, may_unpack=may_unpack, limits=limits
    )
    if sources.video is None:
        used = frame_range(len(sources.images), start, stop, step)
        return index_images(root, sources, used=used, limits=limits, progress=progress)
    from cvat_lab.media.video_scan import scan_video

    index = scan_video(root, sources.video, limits=limits, progress=progress)
    frame_range(len(index), start, stop, step)
    return index


def save_index(index: MediaIndex, folder: Path) -> Path:
    """Write an index into a task's data folder, at once or not at all, and return the file."""
    table = index.table if isinstance(index, ImageIndex) else video_table(index)
    metadata = {**(table.schema.metadata or {}), b"kind": index.kind.encode()}
    target = folder / INDEX_FILE
    part = target.with_suffix(".part")
    try:
        with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, table.schema.with_metadata(metadata)) as writer:
            writer.write_table(table.replace_schema_metadata(metadata))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def load_index(folder: Path) -> MediaIndex:
    """Read the index of a task's data folder; the file is mapped into memory.

    Raises
    ------
    NotFoundError
        There is none.
    MediaError
        The file is damaged.
    """
    path = folder / INDEX_FILE
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all().combine_chunks()
        kind = MediaKind(table.schema.metadata[b"kind"].decode())
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no media index {path}") from error
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise MediaError(f"The media index {path} is damaged ({error}); attach the media again") from error
    return ImageIndex(table) if kind is MediaKind.IMAGES else video_from_table(table)
