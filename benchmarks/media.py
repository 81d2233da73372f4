"""Media: indexing images and video, frames by number. ``python -m benchmarks.media [--rounds N] [--images N]``.

Every row is the median of interleaved rounds: in each round all contenders run once, one after the other, so that a
busy machine slows all of them. ``limit`` is the least that anybody could need for the job on this machine, ``peer`` a
usual way to do it, both measured in the same rounds. The page cache is warm. Images are photographs of scikit-learn;
the video is a pan over one at 1920 x 1080, 3000 frames of H.264 with a keyframe every 60 and B-frames.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from benchmarks.report import Row, as_text
from cvat_lab.media.cache import Cache
from cvat_lab.media.frames import open_frames
from cvat_lab.media.image_index import index_images as read_headers
from cvat_lab.media.index import build_index, load_index, save_index
from cvat_lab.media.packets import PacketSource
from cvat_lab.media.sources import collect
from cvat_lab.media.video import VideoReader
from cvat_lab.media.video_scan import scan_video
from cvat_lab.model.data import SortingMethod

COLUMNS = ("least possible", "usual way")
"""What limit and peer are."""

GOP = 60
FRAMES = 3000


def medians(contenders: dict[str, Callable[[], object]], rounds: int, per: float = 1) -> dict[str, float]:
    """Return the median time of each contender in ms, divided by ``per``; one round before warms up."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, run in contenders.items():
            started = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) * 1000 / per for name, values in times.items()}


def drop(items: Iterable[object]) -> None:
    """Take items and keep none: pictures that pile up would make the memory the subject."""
    for _ in items:
        pass


def row(name: str, measured: dict[str, float], unit: str = "ms") -> Row:
    """Return a row from the contenders ``ours``, ``limit`` and ``peer``."""
    return Row(name, measured["ours"], unit, measured.get("limit"), measured.get("peer"))


def photographs() -> list[bytes]:
    """Return the files of two photographs, 640 x 427, with EXIF and colour profile."""
    from sklearn import datasets

    folder = Path(datasets.__file__).parent / "images"
    return [(folder / name).read_bytes() for name in ("china.jpg", "flower.jpg")]


def index_images(folder: Path, rounds: int = 15) -> list[Row]:
    """Read the headers of 1000 JPEGs; the whole index. Peer: Pillow opens each; limit: open, read a page, close."""
    files = write_images(folder / "thousand", 1000, photographs())

    def by_pillow() -> None:
        for file in files:
            with Image.open(file) as image:
                _ = image.size

    def bare() -> None:
        for file in files:
            descriptor = os.open(file, os.O_RDONLY)
            os.pread(descriptor, 4096, 0)
            os.close(descriptor)

    sources = collect(folder, ["thousand"])
    others = {"peer": by_pillow, "limit": bare}
    headers = medians({"ours": lambda: read_headers(folder, sources), **others}, rounds)
    whole = medians({"ours": lambda: build_index(folder, ["thousand"]), **others}, rounds)
    return [row("headers of 1000 JPEGs", headers), row("find, sort and index 1000 JPEGs", whole)]


def first_frame(folder: Path, count: int = 30_000, rounds: int = 3) -> list[Row]:
    """From a folder of many images to the first frame: find, sort, read headers, store, load, read the image."""
    _, small = cv2.imencode(".jpg", cv2.imdecode(np.frombuffer(photographs()[0], np.uint8), 1)[:64, :64])
    files = write_images(folder / "many", count, [small.tobytes()])
    data = folder / "data"
    data.mkdir()

    def ours(sorting: SortingMethod) -> None:
        save_index(build_index(folder, ["many"], sorting=sorting), data)
        with open_frames(folder, load_index(data)) as frames:
            frames.display(0)

    def by_pillow() -> None:
        for file in sorted(files):
            with Image.open(file) as image:
                _ = image.size

    plain = {"ours": lambda: ours(SortingMethod.LEXICOGRAPHICAL), "peer": by_pillow}
    natural = {"ours": lambda: ours(SortingMethod.NATURAL)}
    return [
        row(f"first frame of {count} images", medians(plain, rounds)),
        row(f"first frame of {count} images, natural order", medians(natural, rounds)),
        row(f"load the index of {count} images", medians({"ours": lambda: load_index(data)}, rounds)),
    ]


def index_video(folder: Path, rounds: int = 9) -> list[Row]:
    """Index a video. Limit: PyAV demuxes it and looks at each packet; peer: PyAV decodes it (extrapolated from 120)."""
    path = write_video(folder)

    def bare() -> None:
        with av.open(str(path)) as container:
            for packet in container.demux(video=0):
                _ = packet.pts, packet.dts, packet.pos, packet.size, packet.is_keyframe

    def decode() -> None:
        with av.open(str(path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            for _ in zip(range(FRAMES // 25), container.decode(video=0), strict=False):
                pass

    measured = medians({"ours": lambda: scan_video(folder, path.name), "limit": bare}, rounds)
    measured["peer"] = medians({"peer": decode}, 1)["peer"] * 25
    return [row(f"index {FRAMES} video frames", measured)]


def read_gop(folder: Path, rounds: int = 9) -> list[Row]:
    """Get the bytes of a group of pictures. Peer: PyAV opens, seeks and demuxes; limit: one read of as many bytes."""
    path = write_video(folder)
    index = scan_video(folder, path.name)
    source = PacketSource(folder, index)
    groups = random.Random(1).choices(range(index.gops.start.size), k=50)
    descriptor = os.open(path, os.O_RDONLY)

    def bare() -> None:
        for group in groups:
            packets = index.packets_of(group)
            os.pread(descriptor, int(index.packets.size[packets].sum()), int(index.packets.offset[packets[0]]))

    def by_seeking() -> None:
        for group in groups:
            with av.open(str(path)) as container:
                key = int(index.packets_of(group)[0])
                container.seek(int(index.packets.pts[key]), stream=container.streams.video[0])
                for _ in zip(range(GOP), container.demux(video=0), strict=False):
                    pass

    contenders = {"ours": lambda: [source.gop(group) for group in groups], "limit": bare, "peer": by_seeking}
    measured = medians(contenders, rounds, per=len(groups))
    os.close(descriptor)
    source.close()
    return [row(f"a group of {GOP} frames by number", measured)]


def read_frames(folder: Path, rounds: int = 3) -> list[Row]:
    """Get frames as RGB, at random and in a row. Peer: PyAV, its container kept open; limit: PyAV decodes in a row."""
    path = write_video(folder)
    index = scan_video(folder, path.name)
    numbers = random.Random(2).choices(range(FRAMES), k=20)
    run = range(600, 900)
    container = av.open(str(path))
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"

    def seek(number: int) -> None:
        wanted = int(index.packets.pts[index.packet_of_frame[number]])
        container.seek(wanted, stream=stream)
        picture = next(picture for picture in container.decode(stream) if picture.pts >= wanted)
        picture.to_ndarray(format="rgb24")

    def decode_run() -> None:
        container.seek(int(index.packets.pts[index.packet_of_frame[run[0]]]), stream=stream)
        for _, picture in zip(run, container.decode(stream), strict=False):
            picture.to_ndarray(format="rgb24")

    with VideoReader(folder, index) as reader:
        at_random = medians(
            {
                "ours": lambda: drop(map(reader.frame, numbers)),
                "peer": lambda: drop(map(seek, numbers)),
            },
            rounds,
            per=len(numbers),
        )
        in_a_row = medians({"ours": lambda: drop(map(reader.frame, run)), "limit": decode_run}, rounds, per=len(run))
        backwards = medians({"ours": lambda: drop(map(reader.frame, run[:-61:-1]))}, rounds, per=60)
    container.close()
    return [
        row("a video frame at random", at_random),
        row("video frames in a row, each", in_a_row),
        row("video frames backwards, each", backwards),
    ]


def encode_images(folder: Path, rounds: int = 5) -> list[Row]:
    """Make the JPEG of a 1920 x 1080 photo, quality 70, and its preview. Peer: Pillow; also a cache hit."""
    (folder / "hd").mkdir()
    picture = cv2.resize(cv2.imdecode(np.frombuffer(photographs()[0], np.uint8), 1), (1920, 1080))
    file = folder / "hd" / "a.jpg"
    cv2.imwrite(str(file), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    frames = open_frames(folder, build_index(folder, ["hd"]))
    cache = Cache(folder / "cache")

    def by_pillow() -> None:
        Image.open(file).convert("RGB").save(folder / "hd" / "out", "JPEG", quality=70, optimize=True)

    def preview_by_pillow() -> None:
        image = Image.open(file)
        image.load()
        image.thumbnail((256, 256))
        image.save(folder / "hd" / "out", "JPEG")

    jpeg = medians({"ours": lambda: frames.compressed(0, 70), "peer": by_pillow}, rounds)
    preview = medians({"ours": lambda: frames.preview(0), "peer": preview_by_pillow}, rounds)
    hit = medians({"ours": lambda: cache.read_or_encode("a", lambda: frames.compressed(0, 70).data)}, 50)
    original = medians({"ours": lambda: frames.display(0), "limit": file.read_bytes}, 50)
    return [
        row("full HD image for display", original),
        row("full HD image as JPEG q70", jpeg),
        row("preview of a full HD image", preview),
        row("full HD JPEG from the cache", hit),
    ]


def write_images(folder: Path, count: int, kinds: list[bytes]) -> list[Path]:
    """Fill a folder with images and return their paths."""
    folder.mkdir()
    files = [folder / f"img_{number}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        file.write_bytes(kinds[number % len(kinds)])
    return files


def write_video(folder: Path) -> Path:
    """Encode two groups of pictures, and repeat their packets until there are 3000 frames."""
    target = folder / "pan.mp4"
    if target.exists():
        return target
    seed = folder / "seed.mp4"
    with av.open(str(seed), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "veryfast", "x264-params": "scenecut=0"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 1920, 1080, "yuv420p", GOP
        picture = cv2.imdecode(np.frombuffer(photographs()[0], np.uint8), 1)
        for number in range(2 * GOP):
            x, y = round(60 + 55 * np.sin(number / 20)), round(30 + 25 * np.cos(number / 13))
            view = cv2.resize(picture[y : y + 297, x : x + 528], (1920, 1080), interpolation=cv2.INTER_CUBIC)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(view, format="bgr24")))
        out.mux(stream.encode(None))
    with av.open(str(target), "w") as out:
        new = None
        for turn in range(FRAMES // (2 * GOP)):
            with av.open(str(seed)) as container:
                new = new or out.add_stream_from_template(container.streams.video[0])
                for packet in container.demux(video=0):
                    if packet.size:
                        shift = turn * 2 * GOP * packet.duration
                        packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, new
                        out.mux(packet)
    return target


def run(rounds: int | None = None, images: int = 30_000) -> list[Row]:
    """Run everything in a scratch folder and return all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = {"rounds": rounds} if rounds else {}
        return [
            *index_images(folder, **few),
            *first_frame(folder, images, **few),
            *index_video(folder, **few),
            *read_gop(folder, **few),
            *read_frames(folder, **few),
            *encode_images(folder, **few),
        ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--images", type=int, default=30_000)
    arguments = parser.parse_args()
    print(as_text(run(arguments.rounds, arguments.images), *COLUMNS))
