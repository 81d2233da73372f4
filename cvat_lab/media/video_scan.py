"""One pass over a video container: from a file to its :class:`VideoIndex`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np

from cvat_lab.errors import MediaError
from cvat_lab.media.blobs import open_file, pread
from cvat_lab.media.codecs import browser_codec, shows_picture
from cvat_lab.media.containers import Container, Stream, missing_bytes, open_container, video_stream
from cvat_lab.media.limits import DEFAULT_LIMITS, Limits
from cvat_lab.media.video_index import NO_OFFSET, NO_PTS, NOT_SHOWN, Int32, Packets, VideoIndex, VideoStream

Progress = Callable[[float], None]

_NO_PTS_STORED = ("avi",)
"""Containers that store no presentation times; FFmpeg makes some up, which is fine unless frames are reordered."""
_PROGRESS_EVERY = 1000
_PROBE = 16
"""Bytes compared at both ends of a packet, to see whether the file holds it in one piece."""
_HEADER_ROOM = 48
"""Bytes that a container may put between the place it names and the packet's own bytes."""


def scan_video(
    root: Path, file: str, *, limits: Limits = DEFAULT_LIMITS, progress: Progress | None = None
) -> VideoIndex:
    """Index a video.

    Parameters
    ----------
    root, file
        The video is ``root/file``.
    progress
        Called every 1000 packets with the part of the file that was read, 0..1. May raise to cancel.

    Raises
    ------
    MediaError
        The file is no video, is damaged or cut off; the message names it.
    TooLargeError
        A frame has more pixels than ``limits`` allow.
    """
    descriptor = open_file(root, file)
    try:
        with open_container(root, file) as container:
            stream = video_stream(container, file)
            limits.check_pixels(file, stream.codec_context.width, stream.codec_context.height)
            scan = _Scan(descriptor, file, stream)
            scan.read(container, progress)
            scan.check_complete(container)
            facts = scan.describe()
            guessed = container.format.name in _NO_PTS_STORED and stream.codec_context.has_b_frames
    except av.FFmpegError as error:
        raise MediaError(f"{file}: the video is damaged ({error.strerror})") from error
    finally:
        os.close(descriptor)
    packets = scan.packets()
    frames = None if guessed else _frames_by_time(packets, scan.shown)
    if frames is None or int(np.argmax(frames == 0)) != scan.first_number:
        frames = _frames_by_decoding(root, file, len(packets.size))
    return _monotonic(VideoIndex(facts, packets._replace(frame=frames)))


class _Scan:
    """Collects the packets of one stream, and decodes its first frame on the way."""

    def __init__(self, descriptor: int, file: str, stream: Stream) -> None:
        self.shown: list[bool] = []
        self.first_number = -1
        self._descriptor, self._file, self._stream = descriptor, file, stream
        self._bytes = os.fstat(descriptor).st_size
        self._codec = stream.codec_context.codec.canonical_name
        self._rows: list[tuple[int, int, int, int, bool]] = []
        self._first_frame: Any = None
        self._first_packet = b""

    def read(self, container: Container, progress: Progress | None) -> None:
        """Take in all packets."""
        context = self._stream.codec_context
        for packet in container.demux(self._stream):
            if packet.size == 0:
                continue
            self._add(packet)
            if self._first_frame is None:
                packet.pts, packet.dts = len(self._rows) - 1, None
                self._look(context, packet)
            if progress is not None and len(self._rows) % _PROGRESS_EVERY == 0:
                progress(min(1.0, (packet.pos or 0) / max(1, self._bytes)))
        if self._first_frame is None:
            self._look(context, None)

    def _add(self, packet: Any) -> None:
        if packet.is_corrupt:
            raise MediaError(f"{self._file}: the video is cut off or damaged at packet {len(self._rows)}")
        data = memoryview(packet)
        pts, dts = packet.pts, packet.dts
        self._rows.append(
            (
                NO_PTS if pts is None else pts,
                NO_PTS if dts is None else dts,
                self._locate(packet, data),
                packet.size,
                packet.is_keyframe,
            )
        )
        self.shown.append(not packet.is_discard and shows_picture(self._codec, data))
        if not self._first_packet and packet.is_keyframe:
            self._first_packet = bytes(data)

    def _locate(self, packet: Any, data: memoryview) -> int:
        """Return where the file holds the packet's bytes in one piece, or ``NO_OFFSET``."""
        position, size = packet.pos, len(data)
        if position is None or position < 0 or packet.has_sidedata("palette") or packet.has_sidedata("new_extradata"):
            return NO_OFFSET
        window = pread(self._descriptor, _HEADER_ROOM + _PROBE, position)
        shift = window.find(data[:_PROBE])
        if shift < 0:
            return NO_OFFSET
        if size <= _PROBE or pread(self._descriptor, _PROBE, position + shift + size - _PROBE) == data[-_PROBE:]:
            return int(position) + shift
        return NO_OFFSET

    def _look(self, context: Any, packet: Any) -> None:
        """Decode until the first frame comes out."""
        try:
            frames = context.decode(packet)
        except av.FFmpegError:
            return  # some streams begin with packets that cannot be decoded; what counts is that one can
        if frames:
            self._first_frame, self.first_number = frames[0], frames[0].pts

    def check_complete(self, container: Container) -> None:
        """Refuse a video that has nothing to show, or ends too early."""
        found = len(self._rows)
        if self._first_frame is None:
            raise MediaError(f"{self._file}: none of the {found} packets of the video can be decoded")
        if "mp4" in container.format.name and found < len(self._stream.index_entries):
            raise MediaError(f"{self._file}: cut off after {found} of {len(self._stream.index_entries)} packets")
        if missing := missing_bytes(container, pread(self._descriptor, 4096, 0), self._bytes):
            raise MediaError(f"{self._file}: cut off, {missing:,} bytes are missing")

    def packets(self) -> Packets:
        """Return the packet table; no packet is given a frame yet."""
        pts, dts, offset, size, key = zip(*self._rows, strict=True)
        return Packets(
            np.array(pts, np.int64),
            np.array(dts, np.int64),
            np.array(offset, np.int64),
            np.array(size, np.int32),
            np.array(key, np.bool_),
            np.full(len(pts), NOT_SHOWN, np.int32),
        )

    def describe(self) -> VideoStream:
        """Return what is the same for all frames."""
        stream, frame = self._stream, self._first_frame
        extradata = bytes(stream.codec_context.extradata or b"")
        codec = browser_codec(self._codec, extradata, self._first_packet, frame.width, frame.height)
        rotation = -round(frame.rotation / 90) * 90 % 360  # FFmpeg counts counter-clockwise
        width, height = (frame.height, frame.width) if rotation in (90, 270) else (frame.width, frame.height)
        return VideoStream(
            file=self._file,
            stream=stream.index,
            width=width,
            height=height,
            rotation=rotation,
            codec=self._codec,
            browser_codec=codec.codec,
            description=(codec.description or b"").hex(),
            time_base=(stream.time_base.numerator, stream.time_base.denominator),
            rate=float(stream.average_rate or 0),
        )


def _frames_by_time(packets: Packets, shown: list[bool]) -> Int32 | None:
    """Give the shown packets numbers by time stamp, or return ``None`` where that could go wrong."""
    visible = np.flatnonzero(shown)
    pts = packets.pts[visible]
    if not packets.key[0] or (pts == NO_PTS).any() or (pts < packets.pts[0]).any() or np.unique(pts).size < pts.size:
        return None
    frames = np.full(len(shown), NOT_SHOWN, np.int32)
    frames[visible[np.argsort(pts)]] = np.arange(visible.size)
    return frames


def _frames_by_decoding(root: Path, file: str, count: int) -> Int32:
    """Give packets the order in which their frames leave the decoder. Reads and decodes the whole file."""
    frames = np.full(count, NOT_SHOWN, np.int32)
    for shown, packet in enumerate(_decode_all(root, file)):
        if frames[packet] != NOT_SHOWN:
            raise MediaError(
                f"{file}: packet {packet} holds more than one frame, so that frames cannot be told apart; "
                "convert the video to H.264"
            )
        frames[packet] = shown
    return frames


def _decode_all(root: Path, file: str) -> list[int]:
    numbers: list[int] = []
    with open_container(root, file) as container:
        stream = video_stream(container, file)
        stream.thread_type = "AUTO"
        context, number = stream.codec_context, 0
        for packet in container.demux(stream):
            if packet.size:
                packet.pts, packet.dts = number, None
                number += 1
            try:
                numbers += [frame.pts for frame in context.decode(packet if packet.size else None)]
            except av.error.InvalidDataError:  # what a player does: go on with the next packet
                continue
    return numbers


def _monotonic(index: VideoIndex) -> VideoIndex:
    """Make sure that groups follow each other; if damaged time stamps mix them, make one group of everything."""
    if (np.diff(index.group_of_frame) >= 0).all():
        return index
    key = np.zeros_like(index.packets.key)
    key[0] = True
    return VideoIndex(index.stream, index.packets._replace(key=key))
