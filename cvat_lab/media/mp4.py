"""Writing mp4: copying packets where whole groups of pictures are wanted, encoding where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.codec.codec import UnknownCodecError

from cvat_lab.errors import MediaError, UnsupportedError
from cvat_lab.media.containers import open_container, video_stream
from cvat_lab.media.images import Rgb
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.video_index import NO_PTS, Int64, VideoIndex

_ENCODERS = ("libx264", "libopenh264", "mpeg4")
"""Encoders to try, the best first; wheels and distributions differ in what they contain."""
_RATE = 25
_KEYFRAME_EVERY = 12
_ORIGINAL_CRF = 10
_WORST_CRF = 51


def packets_to_copy(index: VideoIndex, numbers: Sequence[int]) -> Int64 | None:
    """Return the packets that make exactly these frames without decoding, or ``None``.

    Possible for consecutive frames that begin and end with a group of pictures of an upright H.264 video.
    """
    if index.stream.codec != "h264" or index.stream.rotation:
        return None
    if list(numbers) != list(range(numbers[0], numbers[-1] + 1)):
        return None
    gops = index.gops
    groups = np.flatnonzero((gops.start >= numbers[0]) & (gops.start <= numbers[-1]))
    if not groups.size or gops.start[groups[0]] != numbers[0]:
        return None
    packets = np.unique(gops.packet[gops.first[groups[0]] : gops.first[groups[-1] + 1]])
    shown = np.sort(index.packets.frame[packets])
    timed = (index.packets.pts[packets] != NO_PTS).all() and (index.packets.dts[packets] != NO_PTS).all()
    return packets if timed and np.array_equal(shown, numbers) else None


def copy_packets(root: Path, index: VideoIndex, packets: Int64, target: Path) -> None:
    """Write an mp4 of existing packets, see :func:`packets_to_copy`.

    Raises
    ------
    MediaError
        The video changed since it was indexed.
    """
    source = PacketSource(root, index)
    times = np.sort(index.packets.pts[packets])
    first = int(times[0])
    # counts for the last packet only: without it, the edit list that the muxer writes ends before the last frame
    duration = int(np.median(np.diff(times))) if times.size > 1 else 1
    wanted, last = set(packets.tolist()), int(packets[-1])
    try:
        with open_container(root, index.stream.file) as template, _create(target) as out:
            stream = out.add_stream_from_template(video_stream(template, index.stream.file))
            for number, packet in source.from_keyframe(int(packets[0]), int(packets[0]) + 1):
                if number in wanted:
                    packet.stream = stream
                    packet.time_base = Fraction(*index.stream.time_base)
                    packet.pts = int(index.packets.pts[number]) - first
                    packet.dts = int(index.packets.dts[number]) - first
                    packet.duration = duration
                    out.mux(packet)
                if number >= last:
                    break
    except av.FFmpegError as error:
        raise MediaError(f"{index.stream.file}: frames cannot be copied into an mp4 ({error.strerror})") from error
    finally:
        source.close()


def encode_frames(pictures: Iterable[Rgb], target: Path, quality: int | None) -> None:
    """Write an mp4 of pictures that are all of one size.

    H.264 wants even sizes; the last column or row of an odd one is doubled, which moves no pixel.

    Parameters
    ----------
    pictures
        RGB, shape (height, width, 3), uint8.
    quality
        0..100; ``None`` = as close to the original as lossy video gets.

    Raises
    ------
    MediaError
        The pictures differ in size.
    """
    with _create(target) as out:
        stream: Any = None
        for place, picture in enumerate(pictures):
            height, width = picture.shape[:2]
            if stream is None:
                stream = _add_encoder(out, width, height, quality)
                size = width, height
            if (width, height) != size:
                raise MediaError(
                    f"An mp4 holds frames of one size: frame {place} is {width}x{height}, the first is "
                    f"{size[0]}x{size[1]}. Fetch the chunk as zip of images"
                )
            frame = av.VideoFrame.from_ndarray(_even(picture), format="rgb24")
            frame.pts = place
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode(None))


def _create(target: Path) -> Any:
    return av.open(f"file:{target.absolute()}", "w", format="mp4", options={"movflags": "+faststart"})


def _add_encoder(out: Any, width: int, height: int, quality: int | None) -> Any:
    """Add a video stream with the best encoder there is."""
    encoder = next(filter(_is_available, _ENCODERS), None)
    if encoder is None:
        raise UnsupportedError("This FFmpeg cannot encode mp4; install PyAV from PyPI, or fetch zip chunks")
    stream = out.add_stream(encoder, rate=_RATE)
    stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
    stream.gop_size = _KEYFRAME_EVERY
    crf = _ORIGINAL_CRF if quality is None else max(1, round(_WORST_CRF * (100 - quality) / 100))
    if encoder == "libx264":
        # x264's macroblock tree depends on what happens to lie in memory: with it, the same pictures give another file
        # from time to time, and a chunk that is made again must be the same.
        stream.options = {"crf": str(crf), "preset": "veryfast", "x264-params": "mbtree=0"}
    else:
        stream.codec_context.qmin = stream.codec_context.qmax = max(1, round(crf * 31 / _WORST_CRF))
    return stream


def _is_available(encoder: str) -> bool:
    try:
        av.Codec(encoder, "w")
    except UnknownCodecError:
        return False
    return True


def _even(picture: Rgb) -> Rgb:
    height, width = picture.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE), np.uint8)
