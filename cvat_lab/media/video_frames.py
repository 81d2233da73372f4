"""Frames of a video task, by decoded index."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cvat_lab.errors import NotFoundError
from cvat_lab.media.frames import Encoded, FrameSource, as_jpeg, as_png
from cvat_lab.media.images import Rgb, fit, resize
from cvat_lab.media.video import VideoReader
from cvat_lab.media.video_index import VideoIndex


class VideoFrames(FrameSource):
    """Frames of a video.

    Several readers are kept, because two people at two places of a video would otherwise throw each other back to a
    keyframe again and again.
    """

    index: VideoIndex

    def __init__(self, root: Path, index: VideoIndex, *, readers: int = 3) -> None:
        super().__init__(root, index)
        self._limit = readers
        self._idle: list[VideoReader] = []
        self._opened = 0
        self._closed = False
        self._changed = threading.Condition()

    def name(self, number: int) -> str:
        """Return ``frame_000013`` for frame 13."""
        self._check(number)
        return f"frame_{number:06d}"

    def size(self, number: int) -> tuple[int, int]:
        """Return width and height in pixels, after rotation."""
        self._check(number)
        return self.index.stream.width, self.index.stream.height

    def original(self, number: int) -> Encoded:
        """Return the frame as lossless PNG."""
        return as_png(self.array(number))

    def array(self, number: int) -> Rgb:
        """Return the frame as RGB, upright, shape (height, width, 3), uint8."""
        self._check(number)
        with self._reader(number) as reader:
            return reader.frame(number)

    def arrays(self, numbers: Sequence[int]) -> Iterator[Rgb]:
        """Yield many frames; ascending numbers are much quicker than any other order."""
        if not numbers:
            return
        self._check(numbers[0])
        with self._reader(numbers[0]) as reader:
            for number in numbers:
                yield reader.frame(number)

    def compressed(self, number: int, quality: int, max_side: int | None = None) -> Encoded:
        """Return the frame as JPEG."""
        return as_jpeg(resize(self.array(number), *fit(*self.size(number), max_side)), quality)

    def pictures(self, numbers: Sequence[int], quality: int | None) -> Iterator[Encoded]:
        """Yield many frames as files; ascending numbers are much quicker than any other order."""
        for picture in self.arrays(numbers):
            yield as_png(picture) if quality is None else as_jpeg(picture, quality)

    def close(self) -> None:
        """Close all readers; those in use, when they are given back."""
        with self._changed:
            self._closed = True
            for reader in self._idle:
                reader.close()
            self._opened -= len(self._idle)
            self._idle.clear()

    def _check(self, number: int) -> None:
        if not 0 <= number < len(self.index):
            raise NotFoundError(f"There is no frame {number}; the video has frames 0..{len(self.index) - 1}")

    @contextmanager
    def _reader(self, number: int) -> Iterator[VideoReader]:
        reader = self._borrow(number)
        try:
            yield reader
        finally:
            with self._changed:
                self._idle.append(reader)
                self._changed.notify()
            if self._closed:
                self.close()

    def _borrow(self, number: int) -> VideoReader:
        """Take an idle reader: one that is near the frame, else a new one, else the one idle for longest."""
        with self._changed:
            while not self._idle and self._opened >= self._limit:
                self._changed.wait()
            near = next((reader for reader in self._idle if reader.is_near(number)), None)
            if near is None and self._opened >= self._limit:
                near = self._idle[0]
            if near is not None:
                self._idle.remove(near)
                return near
            self._opened += 1
        try:
            return VideoReader(self.root, self.index)
        except BaseException:
            with self._changed:
                self._opened -= 1
                self._changed.notify()
            raise
