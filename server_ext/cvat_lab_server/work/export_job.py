"""What a worker process does for an export: it reads a snapshot and the media, never the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cvat_lab.formats import get_format
from cvat_lab.formats.dataset import Dataset
from cvat_lab.media.frames import FrameSource, open_frames
from cvat_lab.media.index import load_index
from cvat_lab.model.base import Record, decode_json, encode_json
from cvat_lab.model.request import Loss

SPEC = "export.json"


class MediaPlace(Record, kw_only=True):
    """Where the media of a task lies, and which source each of its frames shows.

    Attributes
    ----------
    sources
        Media position of frame n.
    """

    task_id: int
    root: str
    index_folder: str
    sources: list[int]
    is_video: bool


class ExportSpec(Record, kw_only=True):
    """What to export, and to which file."""

    format_name: str
    target: str
    media: list[MediaPlace]
    save_images: bool


def write_spec(folder: Path, spec: ExportSpec) -> None:
    """Leave the description of an export where the worker looks for it."""
    (folder / SPEC).write_bytes(encode_json(spec))


def run_export(folder: Path, report: Callable[[float], None]) -> list[Loss]:
    """Write the archive that a folder describes and return what it could not hold."""
    spec = decode_json((folder / SPEC).read_bytes(), ExportSpec)
    dataset = Dataset.load(folder)
    images = TaskImages(spec.media) if spec.save_images else None
    try:
        losses = get_format(spec.format_name).write(dataset, Path(spec.target), images, report)
    finally:
        if images:
            images.close()
    return losses.rows()


class TaskImages:
    """Originals of the frames of some tasks."""

    def __init__(self, places: list[MediaPlace]) -> None:
        self._places = {place.task_id: place for place in places}
        self._open: dict[int, FrameSource] = {}

    def image(self, task_id: int, number: int) -> tuple[bytes, str]:
        """Return the file of a frame and its extension."""
        place = self._places[task_id]
        if task_id not in self._open:
            self._open[task_id] = open_frames(Path(place.root), load_index(Path(place.index_folder)))
        picture = self._open[task_id].original(place.sources[number])
        return picture.data, ".PNG" if place.is_video else picture.extension

    def close(self) -> None:
        """Close the media."""
        for frames in self._open.values():
            frames.close()
