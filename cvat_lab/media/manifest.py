"""``manifest.jsonl``: CVAT's list of the frames of a task, one JSON value per line.

Our own index needs no manifest. One is written for backups and for people who prepare data for a CVAT server, and read
where somebody brings one along: it tells the order of the images, and promises their sizes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import msgspec

from cvat_lab.errors import MediaError
from cvat_lab.media.frames import FrameSource
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.images import turn
from cvat_lab.media.index import MediaIndex
from cvat_lab.media.video_index import VideoIndex
from cvat_lab.model.data import MediaKind

T = TypeVar("T")

MANIFEST_FILE = "manifest.jsonl"
VERSION = "1.1"
READABLE_VERSIONS = ("1.0", "1.1")
MAX_LINE_BYTES = 1 << 20


class ImageMeta(msgspec.Struct, kw_only=True):
    """What else belongs to an image: paths of its context images, relative to the root."""

    related_images: list[str] = []


class ManifestImage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An image. ``name`` is its path without extension; sizes are pixels after EXIF orientation."""

    name: str
    extension: str
    width: int | None = None
    height: int | None = None
    meta: ImageMeta = msgspec.field(default_factory=ImageMeta)
    checksum: str = ""

    @property
    def path(self) -> str:
        """Path relative to the root, with ``/``."""
        return self.name + self.extension


class ManifestKeyframe(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A frame of a video at which decoding can start; ``pts`` in units of the stream's time base."""

    number: int
    pts: int
    checksum: str = ""


class ManifestVideo(msgspec.Struct, kw_only=True):
    """The properties of a video: its path, width and height in pixels, and its number of frames."""

    name: str
    resolution: tuple[int, int]
    length: int


@dataclass(slots=True)
class Manifest:
    """A manifest that was read.

    Attributes
    ----------
    images
        One per source, in order; ``None`` = a source that no frame shows.
    video
        Set for a video only, together with ``keyframes``.
    """

    kind: MediaKind
    images: list[ManifestImage | None] = field(default_factory=list)
    video: ManifestVideo | None = None
    keyframes: list[ManifestKeyframe] = field(default_factory=list)


def write_manifest(folder: Path, index: MediaIndex, frames: FrameSource | None = None) -> Path:
    """Write the manifest of indexed media, at once or not at all, and return the file.

    Parameters
    ----------
    frames
        The media itself, for checksums: every image, or every keyframe, is decoded then. ``None`` = no checksums.
    """
    return save_lines(folder, manifest_lines(index, frames))


def save_lines(folder: Path, lines: Iterable[Any]) -> Path:
    """Write the values of a manifest's lines, at once or not at all, and return the file."""
    target = folder / MANIFEST_FILE
    part = target.with_suffix(".part")
    try:
        with part.open("wb") as out:
            out.writelines(msgspec.json.encode(line) + b"\n" for line in lines)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def manifest_lines(index: MediaIndex, frames: FrameSource | None = None) -> Iterator[Any]:
    """Yield the values of a manifest's lines, see :func:`write_manifest`."""
    yield {"version": VERSION}
    yield {"type": "images" if isinstance(index, ImageIndex) else "video"}
    yield from _image_lines(index, frames) if isinstance(index, ImageIndex) else _video_lines(index, frames)


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest of version 1.0 or 1.1.

    Raises
    ------
    MediaError
        A line breaks the format; the message names its number.
    """
    with path.open("rb") as file:
        lines = _numbered(iter(lambda: file.readline(MAX_LINE_BYTES), b""), path.name)
        head = [value for _, value in islice(lines, 2)]
        kind = _check_head(head, path.name)
        if kind == "images":
            images = [_convert(line, ManifestImage, path.name) if line[1] else None for line in lines]
            return Manifest(MediaKind.IMAGES, images)
        return _read_video(lines, path.name)


def check_images(manifest: Manifest, index: ImageIndex) -> None:
    """Check that a manifest describes these images, by name and size, in any order.

    Raises
    ------
    MediaError
        It does not; the message names the first image that differs.
    """
    listed = {image.path: image for image in manifest.images if image is not None}
    for name, width, height in zip(index.names, index.widths.tolist(), index.heights.tolist(), strict=True):
        image = listed.pop(name, None)
        if width and image is None:
            raise MediaError(f"The manifest does not list {name}")
        if width and image is not None and image.width and (image.width, image.height) != (width, height):
            raise MediaError(
                f"The manifest says that {name} is {image.width}x{image.height}, but it is {width}x{height}"
            )
    if listed:
        raise MediaError(f"The manifest lists {next(iter(listed))}, but there is no such image")


def check_video(manifest: ManifestVideo, index: VideoIndex) -> None:
    """Check that a manifest describes this video, by name, size and length.

    Raises
    ------
    MediaError
        It does not; the message names what differs.
    """
    stream = index.stream
    for what, told, found in (
        ("name", PurePosixPath(manifest.name).name, PurePosixPath(stream.file).name),
        ("resolution", manifest.resolution, (stream.width, stream.height)),
        ("length", manifest.length, len(index)),
    ):
        if told != found:
            raise MediaError(f"The manifest says that the {what} of the video is {told}, but it is {found}")


def _image_lines(index: ImageIndex, frames: FrameSource | None) -> Iterator[Any]:
    counts = index.related_counts
    for number in range(len(index)):
        image = index[number]
        if not image.header.width:
            yield {}
            continue
        extension = PurePosixPath(image.name).suffix
        related = [entry.name for entry in index.related(number)] if counts[number] else []
        line = {
            "name": image.name.removesuffix(extension),
            "extension": extension,
            "width": image.header.width,
            "height": image.header.height,
            "meta": {"related_images": related},
        }
        yield line | ({"checksum": _md5(frames.array(number))} if frames else {})


def _video_lines(index: VideoIndex, frames: FrameSource | None) -> Iterator[Any]:
    stream = index.stream
    yield {"properties": {"name": stream.file, "resolution": [stream.width, stream.height], "length": len(index)}}
    for packet in index.keyframes.tolist():
        number = int(index.packets.frame[packet])
        if number < 0 or not index.packets.key[packet]:
            continue
        line = {"number": number, "pts": int(index.packets.pts[packet])}
        yield line | ({"checksum": _md5(turn(frames.array(number), -stream.rotation % 360))} if frames else {})


def _md5(picture: Any) -> str:
    """Return CVAT's checksum of a picture: of its RGB bytes, row by row, as decoded."""
    return hashlib.md5(picture.tobytes(), usedforsecurity=False).hexdigest()


def _numbered(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, 1):
        try:
            yield number, msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MediaError(f"{name}, line {number}: this is not JSON ({error})") from error


def _check_head(head: list[Any], name: str) -> str:
    if len(head) < 2 or not all(isinstance(value, dict) for value in head):
        raise MediaError(f"{name}: a manifest begins with its version and its type")
    version, kind = head[0].get("version"), head[1].get("type")
    if version not in READABLE_VERSIONS:
        raise MediaError(f"{name}, line 1: version {version!r} is not one of {', '.join(READABLE_VERSIONS)}")
    if kind not in ("images", "video"):
        raise MediaError(f"{name}, line 2: type {kind!r} is neither 'images' nor 'video'")
    return str(kind)


def _read_video(lines: Iterator[tuple[int, Any]], name: str) -> Manifest:
    number, first = next(lines, (3, None))
    properties = first.get("properties") if isinstance(first, dict) else None
    video = _convert((number, properties), ManifestVideo, name)
    keyframes = [_convert(line, ManifestKeyframe, name) for line in lines]
    if video.length < 1 or not keyframes:
        raise MediaError(f"{name}: a video has at least one frame and one keyframe")
    for before, after in pairwise(keyframes):
        if after.number <= before.number or after.pts <= before.pts:
            raise MediaError(f"{name}: keyframe {after.number} does not come after keyframe {before.number}")
    return Manifest(MediaKind.VIDEO, video=video, keyframes=keyframes)


def _convert(line: tuple[int, Any], kind: type[T], name: str) -> T:
    try:
        return msgspec.convert(line[1], kind)
    except msgspec.ValidationError as error:
        raise MediaError(f"{name}, line {line[0]}: {error}") from error
