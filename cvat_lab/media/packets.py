"""Packets of a video, read from where the index says they lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from cvat_lab.errors import MediaError
from cvat_lab.media.blobs import open_file, pread
from cvat_lab.media.containers import open_container, video_stream
from cvat_lab.media.video_index import NO_OFFSET, NO_PTS, Int64, VideoIndex


class PacketSource:
    """Reads packets of one video by number. Safe to use from several threads.

    Parameters
    ----------
    root
        Folder that the index's file is relative to.
    index
        Index of the video.
    """

    def __init__(self, root: Path, index: VideoIndex) -> None:
        self._root, self._index = root, index
        self._offset, self._size = index.packets.offset, index.packets.size
        self._file = os.fdopen(open_file(root, index.stream.file), "rb", buffering=0)

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        self._file.close()

    def gop(self, number: int) -> bytes:
        """Return the packets of group ``number``, one after the other.

        Raises
        ------
        NotFoundError
            There are not that many groups.
        MediaError
            The file changed since it was indexed.
        """
        packets = self._index.packets_of(number)
        if (self._offset[packets] == NO_OFFSET).any():
            return self._gop_by_demuxing(packets)
        offset, size = self._offset[packets], self._size[packets]
        breaks = np.flatnonzero(offset[1:] != offset[:-1] + size[:-1]) + 1
        starts = [0, *breaks.tolist()]
        lengths = np.add.reduceat(size, starts, dtype=np.int64).tolist()
        return b"".join(
            self._read(first, length) for first, length in zip(offset[starts].tolist(), lengths, strict=True)
        )

    def from_keyframe(self, key: int, after: int) -> Iterator[tuple[int, Any]]:
        """Yield packet ``key``, then packet ``after`` and all that follow, as ``av.Packet`` with their numbers."""
        if self._offset[key] == NO_OFFSET:
            for number, packet in self._demux(key):
                if number == key or number >= after:
                    yield number, packet
            return
        yield key, self._packet(key)
        for number in range(after, self._size.size):
            if self._offset[number] == NO_OFFSET:
                yield from self._demux(number)
                return
            yield number, self._packet(number)

    def _packet(self, number: int) -> Any:
        # made empty and then filled: a packet made of bytes lacks the zeros that decoders read past its end
        packet = av.Packet(int(self._size[number]))
        packet.update(self._read(int(self._offset[number]), int(self._size[number])))
        packet.is_keyframe = bool(self._index.packets.key[number])
        return packet

    def _read(self, offset: int, size: int) -> bytes:
        data = pread(self._file.fileno(), size, offset)
        if len(data) < size:
            raise MediaError(
                f"{self._index.stream.file}: {size} bytes expected at {offset}, {len(data)} found; "
                "the file was changed after the task was created"
            )
        return data

    def _gop_by_demuxing(self, packets: Int64) -> bytes:
        wanted = set(packets.tolist())
        last = int(packets.max())
        parts: list[bytes] = []
        for number, packet in self._demux(int(packets[0])):
            if number in wanted:
                parts.append(bytes(packet))
            if number >= last:
                break
        return b"".join(parts)

    def _demux(self, first: int) -> Iterator[tuple[int, Any]]:
        """Yield packets from number ``first`` on by asking the container."""
        with open_container(self._root, self._index.stream.file) as container:
            stream = video_stream(container, self._index.stream.file)
            packets = self._seek(container, stream, first)
            if packets is not None:
                yield from enumerate(packets, first)
                return
        with open_container(self._root, self._index.stream.file) as container:
            stream = video_stream(container, self._index.stream.file)
            for number, packet in enumerate(filter(_has_data, container.demux(stream))):
                if number >= first:
                    yield number, packet

    def _seek(self, container: Any, stream: Any, first: int) -> Iterator[Any] | None:
        """Return the packets from ``first`` on after a jump, or ``None`` where the container does not find it."""
        pts, dts, size = (
            int(column[first]) for column in (self._index.packets.pts, self._index.packets.dts, self._size)
        )
        if pts == NO_PTS or dts == NO_PTS:
            return None
        try:
            container.seek(dts, stream=stream, backward=True)
        except av.FFmpegError:
            return None
        packets = filter(_has_data, container.demux(stream))
        for packet in packets:
            if (packet.pts, packet.dts, packet.size) == (pts, dts, size):
                return _chain(packet, packets)
            if packet.dts is None or packet.dts > dts:
                return None
        return None


def _has_data(packet: Any) -> bool:
    return bool(packet.size)


def _chain(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest
