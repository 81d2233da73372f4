"""Real media for tests: photographs of scikit-image and scikit-learn, and real encodings of them in motion."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

Rgb = npt.NDArray[np.uint8]

_SKLEARN = ("china.jpg", "flower.jpg")


def photo_file(name: str) -> Path:
    """Return the file of a photograph: ``china.jpg``, ``flower.jpg``, ``astronaut.png``, ``coffee.png`` ..."""
    package = "sklearn.datasets.images" if name in _SKLEARN else "skimage.data"
    return Path(str(files(package).joinpath(name)))


def photo(name: str) -> Rgb:
    """Return a photograph as RGB, shape (height, width, 3)."""
    return np.asarray(cv2.cvtColor(cv2.imread(str(photo_file(name))), cv2.COLOR_BGR2RGB), np.uint8)


def shared(path: str) -> Path:
    """Return a file of the shared samples, or skip the test where they are not there."""
    found = Path(__file__).parents[2] / "shared" / "data" / path
    if not found.exists():
        pytest.skip(f"the shared sample {path} is not here")
    return found


def moving(name: str, count: int, width: int = 160, height: int = 120) -> list[Rgb]:
    """Return crops of a photograph along a curve, with a bar that tells every frame from its neighbours."""
    picture = photo(name)
    right, down = picture.shape[1] - width, picture.shape[0] - height
    frames = []
    for number in range(count):
        x = round((0.5 + 0.5 * np.sin(number / 7)) * right)
        y = round((0.5 + 0.5 * np.cos(number / 11)) * down)
        frame = picture[y : y + height, x : x + width].copy()
        frame[: height // 8, : 1 + number * 7 % width] = (255, 32, 32)
        frames.append(frame)
    return frames


def encode_video(
    path: Path,
    frames: Sequence[Rgb],
    codec: str = "libx264",
    *,
    gop: int = 12,
    bframes: int = 2,
    rate: int = 25,
    times: Sequence[int] | None = None,
    options: Mapping[str, str] | None = None,
    rotation: int = 0,
) -> Path:
    """Encode frames with a real encoder and return ``path``; its extension chooses the container.

    Parameters
    ----------
    times
        Presentation times in units of 1 / ``rate`` seconds, for variable frame rates.
    rotation
        Degrees counter-clockwise for the display matrix.
    """
    with _own_priority(), av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size = gop
        if codec in ("libx264", "mpeg4", "mpeg2video"):
            stream.codec_context.max_b_frames = bframes
        stream.options = dict(options or {})
        if rotation:
            stream.set_display_rotation(rotation)
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = Fraction(1, rate)
            frame.pts = times[number] if times else number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@contextmanager
def _own_priority() -> Iterator[None]:
    """Keep this thread's priority.

    Run by root, SVT-AV1 makes the thread that opens it a real-time one; all threads and processes that it starts from
    then on, browsers included, would be too, and starve everything else on the machine.
    """
    if not hasattr(os, "sched_getscheduler"):  # not Linux, where SVT-AV1 does no such thing
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != policy:
            os.sched_setscheduler(0, policy, parameters)


def decoded(path: Path) -> list[Rgb]:
    """Decode a whole video the plain way: the truth that frames by number are held against."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def remux(source: Path, target: Path, *, skip: int = 0, shift: int = 0) -> Path:
    """Copy the packets of a video into another container, without the first ``skip`` and ``shift`` frames earlier."""
    with av.open(str(source)) as container, av.open(str(target), "w") as out:
        old = container.streams.video[0]
        new = out.add_stream_from_template(old)
        for number, packet in enumerate(container.demux(old)):
            if packet.size and number >= skip:
                moved = shift * packet.duration
                packet.pts, packet.dts = packet.pts - moved, packet.dts - moved
                packet.stream = new
                out.mux(packet)
    return target
