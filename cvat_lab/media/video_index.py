"""The index of a video: where its packets lie and which frame each of them shows.

A frame's number is its place in the sequence that decoding the whole file gives: the *decoded index*. It follows from
the time stamps of the packets, so that one pass over the container is enough and nothing is decoded except the first
frame. Only where time stamps are missing or contradict each other is the file decoded once, to see.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cvat_lab.errors import NotFoundError
from cvat_lab.model.data import MediaKind

NO_PTS = np.iinfo(np.int64).min
"""Time stamp of a packet that has none."""
NOT_SHOWN = -1
"""Frame of a packet that shows nothing."""
NO_OFFSET = -1
"""Offset of a packet whose bytes do not lie in the file in one piece; the container must be asked for them."""

MAX_SMOOTH_GAP = 3 * 36 + 1
"""Frames between keyframes up to which jumping is smooth (CVAT's limit for serving video on request)."""

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class VideoStream:
    """What is the same for all frames of a video.

    Attributes
    ----------
    file
        Path relative to the root of the media.
    stream
        Index of the stream within the container.
    width, height
        Pixels as shown: after rotation.
    rotation
        Degrees, clockwise, that a decoded picture must be turned to be upright: 0, 90, 180 or 270.
    codec
        FFmpeg's name.
    browser_codec, description
        For WebCodecs, see :func:`cvat_lab.media.codecs.browser_codec`; the description in hex, "" = none.
    time_base
        Numerator and denominator of the unit of ``pts`` in seconds.
    rate
        Average frames per second, for playing only; never used to find a frame. 0 = unknown.
    """

    file: str
    stream: int
    width: int
    height: int
    rotation: int
    codec: str
    browser_codec: str | None
    description: str
    time_base: tuple[int, int]
    rate: float


class Packets(NamedTuple):
    """Columns of the packet table, in decoding order.

    Attributes
    ----------
    pts, dts
        Presentation and decoding time stamps in units of the time base; ``NO_PTS`` = none.
    offset, size
        Place in the file, in bytes; offset ``NO_OFFSET`` = ask the container.
    key
        Whether decoding can start here.
    frame
        Decoded index of the frame that the packet shows, or ``NOT_SHOWN``.
    """

    pts: Int64
    dts: Int64
    offset: Int64
    size: Int32
    key: npt.NDArray[np.bool_]
    frame: Int32


@dataclass(frozen=True, slots=True)
class Gops:
    """Columns of the groups of pictures, in order; each can be decoded on its own.

    Attributes
    ----------
    start, count
        First decoded index and number of the frames that group n shows, shape (groups,).
    first
        Place of group n's packets within ``packet`` and ``frame``: ``first[n] : first[n + 1]``, shape (groups + 1,).
    packet
        Packet numbers in decoding order, group after group.
    frame
        Decoded index that the packet shows in this group, or ``NOT_SHOWN``.
    """

    start: Int64
    count: Int64
    first: Int64
    packet: Int64
    frame: Int32


class VideoIndex:
    """All packets of a video, and the groups of pictures they form.

    A group begins with a keyframe. Where frames that follow a keyframe in the file are shown before it (an *open*
    group), they need the group before; so they are counted to that one, which then ends with a copy of the keyframe.
    Thus each group decodes to exactly its own frames, and the bytes of that keyframe are in two groups.
    """

    kind = MediaKind.VIDEO

    def __init__(self, stream: VideoStream, packets: Packets) -> None:
        self.stream = stream
        self.packets = packets

    def __len__(self) -> int:
        """Return the number of frames."""
        return int(self.packet_of_frame.size)

    @cached_property
    def packet_of_frame(self) -> Int64:
        """Packet number that shows each frame, shape (frames,)."""
        shown = np.flatnonzero(self.packets.frame >= 0)
        order = np.empty(shown.size, np.int64)
        order[self.packets.frame[shown]] = shown
        return order

    @cached_property
    def keyframes(self) -> Int64:
        """Packet numbers of the keyframes, ascending; the first packet counts as one."""
        keys = np.flatnonzero(self.packets.key)
        return keys if keys.size and keys[0] == 0 else np.concatenate(([0], keys)).astype(np.int64)

    @cached_property
    def group_of_frame(self) -> Int64:
        """Number of the group that decodes each frame, shape (frames,)."""
        return self._group_of_packet[self.packet_of_frame]

    @cached_property
    def gops(self) -> Gops:
        """All groups that show at least one frame."""
        packets = np.arange(self.packets.size.size)
        numbers = packets - self.keyframes[self._key_of_packet]
        own = (numbers == 0) | (numbers > self._leading[self._key_of_packet])
        borrowed = (numbers <= self._leading[self._key_of_packet]) & (self._leading[self._key_of_packet] > 0)
        group = np.concatenate((self._key_of_packet[own], self._key_of_packet[borrowed] - 1))
        packet = np.concatenate((packets[own], packets[borrowed]))
        order = np.lexsort((packet, group))
        group, packet = group[order], packet[order]

        shown, start, count = np.unique(self.group_of_frame, return_index=True, return_counts=True)
        wanted = np.isin(group, shown)
        group, packet = group[wanted], packet[wanted]
        first = np.searchsorted(group, np.append(shown, self.keyframes.size))
        frame = np.where(self._group_of_packet[packet] == group, self.packets.frame[packet], NOT_SHOWN)
        return Gops(start, count, first, packet, frame.astype(np.int32))

    @cached_property
    def gop_bytes(self) -> Int64:
        """Bytes of the packets of each group, shape (groups,)."""
        return np.add.reduceat(self.packets.size[self.gops.packet], self.gops.first[:-1], dtype=np.int64)

    def packets_of(self, gop: int) -> Int64:
        """Return the numbers of the packets that decode to the frames of a group, in decoding order.

        Raises
        ------
        NotFoundError
            There are not that many groups.
        """
        gops = self.gops
        if not 0 <= gop < gops.start.size:
            raise NotFoundError(f"There is no group of pictures {gop}; the video has {gops.start.size}")
        return gops.packet[gops.first[gop] : gops.first[gop + 1]]

    def decoding_start(self, frame: int) -> tuple[int, int]:
        """Return keyframe packet and the packet after it from which decoding goes on, to see ``frame``."""
        group = int(self.group_of_frame[frame])
        key = int(self.keyframes[group])
        return key, key + 1 + int(self._leading[group])

    @cached_property
    def largest_gap(self) -> int:
        """Largest number of frames from one keyframe to the next."""
        shown = self.packets.frame >= 0
        counts = np.add.reduceat(shown, self.keyframes)
        return int(counts.max())

    @property
    def is_smooth(self) -> bool:
        """Whether keyframes are close enough for quick jumps; CVAT calls a video that fails this too sparse."""
        return bool(self.packets.key[0]) and self.largest_gap <= MAX_SMOOTH_GAP

    @cached_property
    def _key_of_packet(self) -> Int64:
        """Place of each packet's keyframe in ``keyframes``."""
        return np.searchsorted(self.keyframes, np.arange(self.packets.size.size), side="right") - 1

    @cached_property
    def _is_leading(self) -> npt.NDArray[np.bool_]:
        """Whether a packet is shown before the keyframe that precedes it in the file."""
        key = self.keyframes[self._key_of_packet]
        pts, frame = self.packets.pts, self.packets.frame
        by_time = (pts < pts[key]) & (pts != NO_PTS)
        by_frame = (frame < frame[key]) & (frame >= 0)
        leading = np.where(frame[key] >= 0, by_frame, by_time)
        leading[self._key_of_packet == 0] = False  # there is no group before
        return np.asarray(leading, np.bool_)

    @cached_property
    def _group_of_packet(self) -> Int64:
        return self._key_of_packet - self._is_leading

    @cached_property
    def _leading(self) -> Int64:
        """Number of packets up to the last leading one, per keyframe."""
        numbers = np.arange(self.packets.size.size) - self.keyframes[self._key_of_packet]
        return np.maximum.reduceat(np.where(self._is_leading, numbers, 0), self.keyframes)


def video_table(index: VideoIndex) -> pa.Table:
    """Return the index as an Arrow table; the stream is in its metadata."""
    metadata = {"stream": json.dumps(asdict(index.stream))}
    return pa.table(index.packets._asdict()).replace_schema_metadata(metadata)


def video_from_table(table: pa.Table) -> VideoIndex:
    """Return the index that :func:`video_table` wrote."""
    values = json.loads(table.schema.metadata[b"stream"])
    stream = VideoStream(**{**values, "time_base": tuple(values["time_base"])})
    columns = (table.column(name) for name in Packets._fields)
    return VideoIndex(stream, Packets(*(column.to_numpy() for column in columns)))
