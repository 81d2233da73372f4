"""Chunks that are made when a task is created, CVAT's storage method ``file_system``, and kept as long as the task.

Most tasks need none: a chunk that is asked for is made in no time, from what the media index says (``cache``). But
where keyframes of a video are far apart, every chunk begins with the decoding of many frames that nobody sees.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from cvat_lab.media.chunks import chunk_of, write_image_chunk, write_video_chunk
from cvat_lab.media.frames import FrameSource
from cvat_lab.media.index import MediaIndex
from cvat_lab.media.video_index import MAX_SMOOTH_GAP, VideoIndex
from cvat_lab.model.data import ChunkType, Data, StorageMethod

CHUNKS = "chunks"
"""Folder, within a task's data, of chunks that were made in advance."""


def storage_method(index: MediaIndex, wanted: StorageMethod | None) -> StorageMethod:
    """Return how chunks of this media are made: as wanted, on request by default, in advance where that is too slow."""
    if sparse_notice(index):
        return StorageMethod.FILE_SYSTEM
    return wanted or StorageMethod.CACHE


def sparse_notice(index: MediaIndex) -> str:
    """Return what to tell the owner of a video whose keyframes are too far apart; empty = they are not."""
    if not isinstance(index, VideoIndex) or index.is_smooth:
        return ""
    return (
        f"{index.stream.file} has up to {index.largest_gap} frames from one keyframe to the next; more than "
        f"{MAX_SMOOTH_GAP} are slow to decode on request, so all chunks were made in advance."
    )


def write_chunk(frames: FrameSource, data: Data, sources: Sequence[int], target: Path, *, original: bool) -> None:
    """Write one chunk.

    Parameters
    ----------
    sources
        Media positions of the chunk's frames, in order.
    original
        As close to the media as the kind of chunk gets, instead of compressed by the task's image quality.
    """
    write = write_video_chunk if chunk_type(data, original=original) is ChunkType.VIDEO else write_image_chunk
    write(frames, sources, target, None if original else data.image_quality)


def chunk_type(data: Data, *, original: bool) -> ChunkType:
    """Return the container of a task's chunks."""
    return data.original_chunk_type if original else data.compressed_chunk_type


def prepared_chunk(folder: Path, number: int, *, original: bool) -> Path:
    """Return where a chunk lies that was made in advance."""
    return folder / CHUNKS / ("original" if original else "compressed") / str(number)


def prepare_chunks(
    frames: FrameSource, data: Data, folder: Path, sources: Sequence[int], progress: Callable[[float], object]
) -> None:
    """Make all chunks of a task. Repeatable: those that are there are not made again.

    Parameters
    ----------
    folder
        The task's data.
    sources
        Media positions of all frames of the task, in order.
    progress
        Called with the part that is done, 0..1. May raise to cancel.
    """
    count = -(-len(sources) // data.chunk_size)
    for number in range(count):
        for original in (False, True):
            target = prepared_chunk(folder, number, original=original)
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f"{uuid.uuid4().hex}.part")
            try:
                write_chunk(frames, data, chunk_of(sources, data.chunk_size, number), part, original=original)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        progress((number + 1) / count)
