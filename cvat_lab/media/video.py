"""Frames of a video by decoded index, exactly, without decoding more than their group of pictures.

The reader feeds the decoder itself, with packets taken from the file at the places that the index names. Time stamps
play no part in finding a frame, and neither does a container's own idea of seeking.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Colorspace, VideoReformatter

from cvat_lab.errors import MediaError, NotFoundError
from cvat_lab.media.containers import open_container, video_stream
from cvat_lab.media.images import turn
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.video_index import VideoIndex

Rgb = npt.NDArray[np.uint8]

_RESTART = -1
_HD_HEIGHT = 720
_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED, which PyAV has no name for
_KEEP_BYTES = 32 << 20
"""Decoded pictures that are kept for stepping backwards, in bytes."""


class VideoReader:
    """Random access to the frames of one video. Safe to use from several threads, one at a time gets served.

    Parameters
    ----------
    root
        Folder that the index's file is relative to.
    index
        Index of the video.
    """

    def __init__(self, root: Path, index: VideoIndex) -> None:
        self.index = index
        self._lock = threading.Lock()
        self._container = open_container(root, index.stream.file)
        self._stream = video_stream(self._container, index.stream.file)
        self._context = self._stream.codec_context
        self._context.thread_type = "AUTO"
        self._source = PacketSource(root, index)
        size = index.stream.width * index.stream.height * 3 // 2
        self._keep = min(16, max(4, _KEEP_BYTES // max(1, size)))
        self._pictures: OrderedDict[int, Any] = OrderedDict()
        self._pending: set[int] = set()
        self._feed: Iterator[tuple[int, Any]] = iter(())
        self._next = _RESTART  # the packet that is fed next
        self._last = _RESTART

    def frame(self, number: int) -> Rgb:
        """Return frame ``number`` as RGB, shape (height, width, 3), uint8, upright.

        Raises
        ------
        NotFoundError
            The video has not that many frames.
        MediaError
            The frame is damaged, or the file changed since it was indexed.
        """
        if not 0 <= number < len(self.index):
            raise NotFoundError(f"There is no frame {number}; the video has frames 0..{len(self.index) - 1}")
        with self._lock:
            try:
                picture = self._picture(number)
            except MediaError:
                self._next = _RESTART
                self._pending.clear()
                raise
        return turn(_to_rgb(picture), self.index.stream.rotation)

    def is_near(self, number: int) -> bool:
        """Whether frame ``number`` can be had without going back to a keyframe. A hint: another thread may move on."""
        return number in self._pictures or self._is_ahead(number)

    def close(self) -> None:
        """Release the file and the decoder. Closing twice is fine."""
        with self._lock:
            self._pictures.clear()
            self._source.close()
            self._container.close()

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _picture(self, number: int) -> Any:
        """Return the decoded picture of a frame; YUV, not rotated."""
        if number not in self._pictures:
            if not self._is_ahead(number):
                self._restart(number)
            if not self._decode_to(number):
                self._decode_alone(number)
        self._last = number
        self._forget(number)
        self._pictures.move_to_end(number)
        return self._pictures[number]

    def _is_ahead(self, number: int) -> bool:
        """Whether going on from here leads to the frame, with no keyframe on the way that would be a shorter one."""
        key, _ = self.index.decoding_start(number)
        return number in self._pending or 0 <= key <= self._next <= int(self.index.packet_of_frame[number])

    def _restart(self, number: int) -> None:
        """Begin again at the keyframe before the frame."""
        self._context.flush_buffers()
        self._pending.clear()
        self._feed = self._source.from_keyframe(*self.index.decoding_start(number))

    def _decode_to(self, number: int) -> bool:
        """Feed packets until the frame comes out of the decoder, and tell whether it did."""
        target = int(self.index.packet_of_frame[number])
        stepping_back = self._last - self._keep <= number < self._last
        oldest = number - self._keep + 1 if stepping_back else number
        for packet, data in self._feed:
            self._decode(packet, data, needed=packet >= target or self.index.packets.frame[packet] >= oldest)
            self._forget(number)
            if number in self._pictures:
                return True
            if packet >= target and number not in self._pending:
                return False
        self._drain()
        return number in self._pictures

    def _decode_alone(self, number: int) -> None:
        """Try again without a look at the packets behind the frame, which may be what is damaged."""
        self._restart(number)
        target = int(self.index.packet_of_frame[number])
        for packet, data in self._feed:
            self._decode(packet, data, needed=True)
            self._forget(number)
            if packet >= target:
                break
        self._drain()
        if number not in self._pictures:
            raise MediaError(
                f"{self.index.stream.file}: frame {number} cannot be decoded; the video is damaged there, "
                "or the file was changed after the task was created"
            )

    def _drain(self) -> None:
        """Take what is left in the decoder; it must be restarted then."""
        self._next = _RESTART
        with suppress(av.error.InvalidDataError):
            self._take(self._context.decode(None))

    def _decode(self, packet: int, data: Any, *, needed: bool) -> None:
        """Decode one packet. What is not needed, and no other frame refers to, is skipped."""
        frame = int(self.index.packets.frame[packet])
        if needed and frame >= 0:
            self._pending.add(frame)
        self._next = packet + 1
        self._context.skip_frame = "DEFAULT" if needed else "NONREF"
        data.pts, data.dts = packet, None  # comes back with the picture, and tells which one it is
        try:
            self._take(self._context.decode(data))
        except av.error.InvalidDataError:
            self._pending.discard(frame)

    def _take(self, pictures: list[Any]) -> None:
        """Keep what the decoder gave. Frames come in order, so an older one that is missing will not come any more."""
        for picture in pictures:
            frame = int(self.index.packets.frame[picture.pts])
            if frame < 0:
                continue
            self._pictures[frame] = picture
            self._pending = {later for later in self._pending if later > frame}

    def _forget(self, number: int) -> None:
        """Drop the pictures that were not looked at for longest, but never that of frame ``number``."""
        surplus = len(self._pictures) - self._keep
        for frame in [frame for frame in self._pictures if frame != number][: max(0, surplus)]:
            del self._pictures[frame]


def _to_rgb(picture: Any) -> Rgb:
    """Convert a decoded picture. One without colour tags is taken for BT.709 in HD, as browsers take it."""
    untagged = picture.colorspace == _UNSPECIFIED and picture.height >= _HD_HEIGHT
    source = Colorspace.ITU709 if untagged else None
    rgb = VideoReformatter().reformat(picture, format="rgb24", src_colorspace=source)
    return cast(Rgb, rgb.to_ndarray())
