"""Chunks: a run of frames in one file, the way CVAT's API clients fetch them.

Chunk k of a task holds frames ``k * size .. (k + 1) * size - 1``. A chunk is a zip of images, or an mp4. Nothing is
made in advance: the caller keeps chunks in a :class:`cvat_lab.media.cache.Cache`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from cvat_lab.errors import NotFoundError
from cvat_lab.media.frames import FrameSource
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.model.data import ChunkType

VIDEO_CHUNK_SIZE = 36
_PIXELS = 36 * 1920 * 1080
"""Pixels that fit comfortably into a zip chunk: 36 frames of full HD."""


def default_chunk_size(kind: ChunkType, width: int, height: int) -> int:
    """Return the frames per chunk that suit pictures of this size in pixels: 36 for mp4, 2..72 for zip."""
    if kind is ChunkType.VIDEO:
        return VIDEO_CHUNK_SIZE
    return max(2, min(72, _PIXELS // max(1, width * height)))


def chunk_of(frames: Sequence[int], size: int, number: int) -> Sequence[int]:
    """Return the frames of chunk ``number``.

    Parameters
    ----------
    frames
        Source numbers of all frames of the task, in order.
    size
        Frames per chunk.

    Raises
    ------
    NotFoundError
        There are not that many chunks.
    """
    count = -(-len(frames) // size)
    if not 0 <= number < count:
        raise NotFoundError(f"There is no chunk {number}; with {size} frames each, chunks are numbered 0..{count - 1}")
    return frames[number * size : (number + 1) * size]


def write_image_chunk(source: FrameSource, numbers: Sequence[int], target: Path, quality: int | None) -> None:
    """Write a zip of images, one per frame: ``000000.jpeg``, ``000001.jpeg`` ...

    Parameters
    ----------
    numbers
        Source numbers of the frames, in order.
    quality
        JPEG quality; ``None`` = originals: image files as they are, video frames as PNG.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for place, picture in enumerate(source.pictures(numbers, quality)):
            info = zipfile.ZipInfo(
                f"{place:06d}{picture.extension}"
            )  # dated 1980, so that equal chunks are equal files
            archive.writestr(info, picture.data)


def write_video_chunk(source: FrameSource, numbers: Sequence[int], target: Path, quality: int | None) -> None:
    """Write an mp4, one picture per frame.

    Whole groups of pictures of an H.264 video are copied as they are; everything else is encoded.

    Parameters
    ----------
    numbers
        Source numbers of the frames, in order.
    quality
        0..100; ``None`` = as close to the original as lossy video gets.
    """
    from cvat_lab.media.mp4 import copy_packets, encode_frames, packets_to_copy

    packets = packets_to_copy(source.index, numbers) if isinstance(source.index, VideoIndex) else None
    if packets is not None and isinstance(source.index, VideoIndex):
        copy_packets(source.root, source.index, packets, target)
    else:
        encode_frames(source.arrays(numbers), target, quality)
