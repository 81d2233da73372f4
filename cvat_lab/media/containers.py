"""Video containers: how they are opened, and what a cut-off one looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
from av.stream import Disposition

from cvat_lab.errors import MediaError

Container = Any
"""``av.container.InputContainer``; PyAV's classes are not typed well enough to be named here."""
Stream = Any
"""``av.video.stream.VideoStream``."""

_FORMATS = (
    "mov,mp4,avi,matroska,webm,mpegts,mpeg,mpegvideo,flv,asf,ogg,ivf,nut,dv,mxf,m4v,h264,hevc,av1,obu,mjpeg,gif,"
    "yuv4mpegpipe,rm,vc1"
)
_SEGMENT, _EBML = b"\x18\x53\x80\x67", b"\x1a\x45\xdf\xa3"


def open_container(root: Path, file: str) -> Container:
    """Open a video for reading.

    Play lists and other formats that make FFmpeg open further files or addresses are refused: the file may come from a
    stranger.

    Raises
    ------
    MediaError
        The file is not a video container that we read; the message names it.
    """
    path = Path(root, file).absolute()
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path}", options=options)
    except av.FFmpegError as error:
        raise MediaError(f"{file}: not a video that can be read, or it is damaged ({error.strerror})") from error


def video_stream(container: Container, file: str) -> Stream:
    """Return the stream that holds the pictures; cover art does not count.

    Raises
    ------
    MediaError
        There is none, or FFmpeg has no decoder for it.
    """
    for stream in container.streams.video:
        if Disposition.attached_pic in stream.disposition:
            continue
        if stream.codec_context is None:
            raise MediaError(f"{file}: the video's codec is not known to this FFmpeg; convert it to H.264")
        return stream
    raise MediaError(f"{file}: has no video stream")


def missing_bytes(container: Container, head: bytes, size: int) -> int:
    """Return how many bytes a Matroska or WebM file lacks, by what its head says about itself.

    Parameters
    ----------
    head
        The first bytes of the file.
    size
        Bytes of the file.
    """
    if "matroska" not in container.format.name or not head.startswith(_EBML):
        return 0
    length, width = _variable_int(head, 4)
    at = 4 + width + length
    if head[at : at + 4] != _SEGMENT:
        return 0
    length, width = _variable_int(head, at + 4)
    if length == (1 << 7 * width) - 1:  # "unknown": a live recording
        return 0
    return max(0, at + 4 + width + length - size)


def _variable_int(data: bytes, at: int) -> tuple[int, int]:
    """Read EBML's integer: the leading zeros of the first byte tell its width."""
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    return value & ((1 << 7 * width) - 1), width
