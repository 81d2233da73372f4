"""Frames as arrays, and as files the way the server keeps them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from cvat_lab.client.http import Transport
from cvat_lab.errors import InvalidInputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Quality = Literal["original", "compressed"]

AHEAD = 8
"""Frames that are fetched and decoded before they are asked for."""

_THREADS = 4
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/gif": ".gif",
}


class FrameFile(NamedTuple):
    """A frame as an image file.

    Attributes
    ----------
    data
        The whole file.
    mime
        Its type, for example ``image/png``.
    """

    data: bytes
    mime: str

    @property
    def extension(self) -> str:
        """Extension with its dot."""
        return _EXTENSIONS.get(self.mime, ".bin")

    def save(self, path: Path) -> Path:
        """Write the file, which appears only when it is complete, and return its path."""
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_bytes(self.data)
            return part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def read_frame_file(transport: Transport, path: str, number: int, quality: Quality) -> FrameFile:
    """Return a frame as the server sends it.

    Parameters
    ----------
    path
        Path of a task or job in the API.
    quality
        ``original``: the file as it was uploaded, a PNG for video; ``compressed``: a JPEG of the task's quality.

    Raises
    ------
    InvalidInputError
        There is no such frame, or no such quality.
    """
    if quality not in ("original", "compressed"):
        raise InvalidInputError(f"quality must be original or compressed, not {quality!r}", field="quality")
    query = {"type": "frame", "number": number, "quality": quality}
    answer = transport.send("GET", f"{path}/data", query=query)
    return FrameFile(answer.content, answer.headers.get("Content-Type", "").partition(";")[0])


def decode(file: FrameFile, name: str) -> NDArray[np.uint8]:
    """Return the pixels of a frame: RGB, upright, shape (height, width, 3), uint8.

    Raises
    ------
    MediaError
        The image is damaged.
    """
    from cvat_lab.media.headers import read_header
    from cvat_lab.media.images import decode_image

    data = file.data
    header = read_header(lambda size, start: data[start : start + size], name)
    return decode_image(data, name, bits=header.bits, orientation=header.orientation)


def read_frames(
    transport: Transport, path: str, numbers: Iterable[int], quality: Quality
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield frames with their numbers; the next ones are fetched and decoded meanwhile."""

    def read(number: int) -> NDArray[np.uint8]:
        return decode(read_frame_file(transport, path, number, quality), f"frame {number}")

    waiting: deque[tuple[int, Future[NDArray[np.uint8]]]] = deque()
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="cvat-lab-frames")
    try:
        for number in numbers:
            waiting.append((number, pool.submit(read, number)))
            if len(waiting) > AHEAD:
                ready, future = waiting.popleft()
                yield ready, future.result()
        while waiting:
            ready, future = waiting.popleft()
            yield ready, future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
