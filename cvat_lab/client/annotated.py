"""What tasks and jobs have in common: frames, and annotations on them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from cvat_lab.client.background import wait_for
from cvat_lab.client.drafts import Draft, read_drafts
from cvat_lab.client.exporting import Exportable, losses_html
from cvat_lab.client.frames import FrameFile, Quality, decode, read_frame_file, read_frames
from cvat_lab.client.plugins import WIDGETS, load_plugin
from cvat_lab.client.progress import report
from cvat_lab.client.uploads import upload_file
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.base import Record, decode_json
from cvat_lab.model.changes import Ids, LabeledData
from cvat_lab.model.data import DataMeta
from cvat_lab.model.request import Loss
from cvat_lab.model.shape import Shape

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

RecordT = TypeVar("RecordT", bound=Record)

_TABLE = """
SELECT 'shape' AS kind, id, job_id, frame, label, type, points, rotation, occluded, outside, z_order, "group", source,
  score, bbox FROM shapes WHERE {owner} = $id AND parent_id IS NULL
UNION ALL BY NAME
SELECT 'tag' AS kind, id, job_id, frame, label, "group", source FROM tags WHERE {owner} = $id
UNION ALL BY NAME
SELECT 'track' AS kind, track_id AS id, job_id, frame, label, type, points, rotation, occluded, false AS outside,
  z_order, "group", source, bbox, keyframe FROM track_shapes WHERE {owner} = $id AND parent_id IS NULL {keyframes}
ORDER BY frame, kind, id
"""


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    message
        In one sentence.
    losses
        What was in the file but could not be taken over.
    """

    message: str
    losses: Sequence[Loss]

    def _repr_html_(self) -> str:
        return f"<p>{self.message}</p>{losses_html(self.losses)}"


class Annotated(Exportable[RecordT]):
    """A task or a job."""

    # annotations

    def annotations(self) -> LabeledData:
        """Return all annotations; frames are numbers within the task."""
        answer = self.lab.transport.send("GET", self._annotations_path)
        return decode_json(answer.content, LabeledData, what="answer of the server")

    def set_annotations(self, annotations: Draft) -> LabeledData:
        """Replace all annotations, and return them with their ids.

        Parameters
        ----------
        annotations
            In any form that :func:`cvat_lab.client.drafts.read_drafts` takes, for example
            ``[{"label": "car", "type": "rectangle", "frame": 0, "points": [10, 10, 50, 40]}]``.

        Raises
        ------
        InvalidInputError
            An annotation breaks a rule; then nothing is changed.
        """
        return self._send_annotations("PUT", read_drafts(annotations, self.labels))

    def append_annotations(self, annotations: Draft) -> LabeledData:
        """Add annotations to those that are there, and return the new ones; see :meth:`set_annotations`."""
        return self._send_annotations("PATCH", read_drafts(annotations, self.labels), action="create")

    def update_annotations(self, annotations: Draft) -> LabeledData:
        """Replace the objects that have the same ids; see :meth:`set_annotations`."""
        return self._send_annotations("PATCH", read_drafts(annotations, self.labels), action="update")

    def remove_annotations(self, ids: Ids | None = None) -> None:
        """Remove the objects with these ids, or all annotations."""
        if ids is None:
            self.lab.transport.send("DELETE", self._annotations_path)
            return
        # Only the ids count; CVAT's form of the request asks for whole objects.
        body = {
            "tags": [{"id": number, "frame": 0, "label_id": 0} for number in ids.tags],
            "shapes": [{"id": number, "frame": 0, "label_id": 0, "type": "rectangle"} for number in ids.shapes],
            "tracks": [{"id": number, "frame": 0, "label_id": 0, "shapes": []} for number in ids.tracks],
        }
        self.lab.transport.send("PATCH", self._annotations_path, body=body, query={"action": "delete"})

    def shapes_on(self, frame: int) -> list[Shape]:
        """Return what can be seen on a frame: shapes, and tracks interpolated; the nearest to the viewer last."""
        from cvat_lab.client.visible import shapes_on  # numpy and Arrow take longer than all the rest

        return shapes_on(self.annotations(), frame)

    def to_df(self, *, interpolated: bool = False) -> pd.DataFrame:
        """Return the annotations as a table: one row per tag, shape, and keyframe of a track that can be seen.

        Parameters
        ----------
        interpolated
            One row for every frame on which a track can be seen, instead of its keyframes only.

        Returns
        -------
        pandas.DataFrame
            ``kind, id, job_id, frame, label, type, points, rotation, occluded, outside, z_order, group, source, score,
            bbox, keyframe``; what a kind does not have is missing.
        """
        query = _TABLE.format(owner=f"{self.kind}_id", keyframes="" if interpolated else "AND keyframe")
        return self.lab.sql(query, {"id": self.id}).df()

    def import_annotations(
        self,
        path: str | os.PathLike[str],
        format: str | None = None,
        *,
        mode: Literal["replace", "append"] = "replace",
        masks_to_polygons: bool = False,
        progress: bool | None = None,
    ) -> Imported:
        """Read annotations from a file.

        Parameters
        ----------
        path
            An annotation file or dataset.
        format
            Its format, for example ``COCO 1.0``; None = find out from the file.
        mode
            What happens to the annotations that are there.
        masks_to_polygons
            Turn masks into polygons.
        progress
            Show a bar; None = where somebody watches.

        Raises
        ------
        InvalidInputError
            The mode or format does not exist, or the file could be in several formats.
        CvatLabError
            The file breaks the rules of its format, or does not fit the frames or labels; then nothing is changed.
        """
        if mode not in ("replace", "append"):
            raise InvalidInputError(f"mode must be replace or append, not {mode!r}", field="mode")
        file = Path(path).expanduser()
        if not file.is_file():
            raise InvalidInputError(f"there is no file {str(file)!r} to import", field="path")
        query = {
            "format": format or "",
            "filename": file.name,
            "import_mode": mode,
            "conv_mask_to_poly": masks_to_polygons,
        }
        with report(progress) as reporter:
            started = upload_file(self.lab.transport, self._annotations_path, file, query, reporter)
            done = wait_for(self.lab.transport, started, reporter, f"Importing {file.name}")
        return Imported(done.message, done.losses)

    # frames

    def meta(self) -> DataMeta:
        """Return what is known about the frames: names, sizes, which ones are deleted."""
        return self.lab.transport.get(f"{self.path}/data/meta", DataMeta)

    def frame_numbers(self) -> list[int]:
        """Return the numbers of all frames that are not deleted, ascending."""
        raise NotImplementedError

    def frame_file(self, number: int, quality: Quality = "original") -> FrameFile:
        """Return a frame as an image file: the original, or a JPEG of the task's quality."""
        return read_frame_file(self.lab.transport, self.path, number, quality)

    def image(self, number: int, quality: Quality = "original") -> NDArray[np.uint8]:
        """Return the pixels of a frame: RGB, upright, shape (height, width, 3), uint8."""
        return decode(self.frame_file(number, quality), f"frame {number} of {self.kind} {self.id}")

    def frames(
        self, numbers: Iterable[int] | None = None, quality: Quality = "compressed"
    ) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield frames with their numbers, in order; the next ones are fetched meanwhile.

        Parameters
        ----------
        numbers
            Which frames; None = all that are not deleted.
        quality
            ``compressed`` is several times faster for video and large images.
        """
        wanted = self.frame_numbers() if numbers is None else numbers
        return read_frames(self.lab.transport, self.path, wanted, quality)

    def frame(self, number: int, **options: Any) -> Any:
        """Return a frame with its annotations drawn on it, for a notebook; see ``cvat_lab_widgets.preview.Still``."""
        return load_plugin(WIDGETS, "still")(self, number, **options)

    def _send_annotations(self, method: str, data: LabeledData, **query: Any) -> LabeledData:
        answer = self.lab.transport.send(method, self._annotations_path, body=data, query=query)
        return decode_json(answer.content, LabeledData, what="answer of the server")

    @property
    def _annotations_path(self) -> str:
        return f"{self.path}/annotations"
