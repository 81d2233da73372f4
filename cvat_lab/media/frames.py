"""Pictures of a task's media, by source number: as stored, as JPEG for the screen, or as an array.

The number of a source is the place of an image in the index, or the decoded index of a video frame. Orientation and
rotation are applied everywhere except in ``original``, which hands out the bytes as they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from cvat_lab.errors import NotFoundError
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.images import Rgb, encode_jpeg, encode_png
from cvat_lab.media.index import MediaIndex

DISPLAY_QUALITY = 90
PREVIEW_SIDE = 256
PREVIEW_QUALITY = 80

_DISPLAY_PIXELS = 50_000_000
"""Pixels above which a browser gets a smaller picture: decoded, they take 200 MB there."""
_DISPLAY_SIDE = 8192


class Encoded(NamedTuple):
    """A picture as a file: its bytes, their type, and the extension with its dot."""

    data: bytes
    mime: str
    extension: str


def open_frames(root: Path, index: MediaIndex) -> FrameSource:
    """Open the media of a task.

    Parameters
    ----------
    root
        Folder that the index's files are relative to.
    index
        From :func:`cvat_lab.media.index.load_index`.
    """
    if isinstance(index, ImageIndex):
        from cvat_lab.media.image_frames import ImageFrames

        return ImageFrames(root, index)
    from cvat_lab.media.video_frames import VideoFrames

    return VideoFrames(root, index)


class FrameSource(ABC):
    """All pictures of a task's media. Safe to use from several threads.

    Every method that takes a ``number`` raises ``NotFoundError`` when there is no such source, and ``MediaError`` when
    it cannot be read.
    """

    def __init__(self, root: Path, index: MediaIndex) -> None:
        self.root = root
        self.index = index

    def __len__(self) -> int:
        return len(self.index)

    def __enter__(self) -> FrameSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def name(self, number: int) -> str:
        """Return the frame's name: the path of the image, or ``frame_000013`` for a video."""

    @abstractmethod
    def size(self, number: int) -> tuple[int, int]:
        """Return width and height in pixels."""

    @abstractmethod
    def original(self, number: int) -> Encoded:
        """Return the image file as it is, or the video frame as lossless PNG."""

    @abstractmethod
    def array(self, number: int) -> Rgb:
        """Return the picture as RGB, shape (height, width, 3), uint8."""

    @abstractmethod
    def compressed(self, number: int, quality: int, max_side: int | None = None) -> Encoded:
        """Return the picture as JPEG.

        Parameters
        ----------
        quality
            JPEG quality 1..100. An upright JPEG at its own size is not encoded again for quality 100.
        max_side
            Scale the longer side down to this many pixels.
        """

    def arrays(self, numbers: Sequence[int]) -> Iterator[Rgb]:
        """Yield many pictures; for video, ascending numbers are much quicker than any other order."""
        return map(self.array, numbers)

    def pictures(self, numbers: Sequence[int], quality: int | None) -> Iterator[Encoded]:
        """Yield many pictures as files: JPEG of this quality, or originals for ``None``."""
        for number in numbers:
            yield self.original(number) if quality is None else self.compressed(number, quality)

    def display(self, number: int) -> Encoded:
        """Return what a browser should show: the original where it can, else a JPEG, a smaller one for huge images.

        The size in pixels may be less than :meth:`size` says; annotations always refer to the latter.
        """
        return self.compressed(number, DISPLAY_QUALITY, self.display_side(number))

    def preview(self, number: int) -> Encoded:
        """Return a thumbnail that fits into 256x256 pixels, as JPEG."""
        return self.compressed(number, PREVIEW_QUALITY, PREVIEW_SIDE)

    def context_images(self, number: int) -> bytes:
        """Return a zip with the context images of a frame, as they are.

        Raises
        ------
        NotFoundError
            The frame has none.
        """
        raise NotFoundError(f"Frame {self.name(number)} has no context images")

    @abstractmethod
    def close(self) -> None:
        """Close files and decoders. Closing twice is fine."""

    def display_side(self, number: int) -> int | None:
        """Return the longest side that a browser should get of a huge picture; ``None`` = it is not huge."""
        width, height = self.size(number)
        return _DISPLAY_SIDE if width * height > _DISPLAY_PIXELS else None


def as_jpeg(picture: Rgb, quality: int) -> Encoded:
    """Return a picture as JPEG."""
    return Encoded(encode_jpeg(picture, quality), "image/jpeg", ".jpeg")


def as_png(picture: Rgb) -> Encoded:
    """Return a picture as lossless PNG."""
    return Encoded(encode_png(picture), "image/png", ".png")
