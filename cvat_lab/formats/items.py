"""What every format reads and writes: items that speak in names, not in ids.

An item is a frame with all that is on it, or a track over many frames. Exporters get items from
:mod:`cvat_lab.formats.frame_items` and :mod:`cvat_lab.formats.track_items`; importers make them, and
:mod:`cvat_lab.formats.resolve` turns their names into ids. Items live as long as they are looked at: a dataset is never
held as items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from cvat_lab.model.shape import ShapeType, Source


class TagItem(msgspec.Struct, gc=False):
    """A label of a whole frame. ``attributes`` maps names to text values."""

    label: str
    group: int = 0
    source: str = Source.MANUAL
    attributes: dict[str, str] = {}


class ShapeItem(msgspec.Struct, gc=False):
    """A shape on a frame, or one position of a track.

    Attributes
    ----------
    points, rotation
        See :class:`cvat_lab.model.shape.TrackedShape`.
    group
        Equal numbers other than 0 form a group; how far a number reaches, says the format.
    attributes
        Text values by name. On export, all attributes of the label; on import, those that the file has.
    elements
        The points of a skeleton; their ``label`` is the sublabel.
    frame
        Absolute frame number, in tracks only.
    keyframe
        False for a computed position of a track.
    track_id
        On frames: the track that this position belongs to.
    """

    label: str
    type: ShapeType
    points: list[float]
    rotation: float = 0.0
    occluded: bool = False
    outside: bool = False
    z_order: int = 0
    group: int = 0
    source: str = Source.MANUAL
    score: float = 1.0
    attributes: dict[str, str] = {}
    elements: Sequence[ShapeItem] = ()
    frame: int = -1
    keyframe: bool = True
    track_id: int | None = None


class FrameItem(msgspec.Struct, gc=False):
    """A frame, with the tags and shapes on it.

    Attributes
    ----------
    name
        Path of the image, with ``/``; for video ``frame_000042``.
    number
        Absolute frame number (``start + number * step`` of the source media), or ``None`` when the file has none.
    width, height
        Pixels; 0 = unknown.
    subset
        Name of the part of the dataset, such as ``train``; empty = none.
    task_id, frame
        The frame within the workspace, for the image provider. Set on export only.
    extension
        What a file name needs after ``name``: ``.PNG`` for video, nothing for images, whose name has it.
    media
        Member of the archive that holds the image. Set on import only, empty when there is none.
    """

    name: str
    number: int | None = None
    width: int = 0
    height: int = 0
    subset: str = ""
    tags: list[TagItem] = []
    shapes: list[ShapeItem] = []
    task_id: int = 0
    frame: int = 0
    extension: str = ""
    media: str = ""

    @property
    def file_name(self) -> str:
        """Path of the image file."""
        return self.name + self.extension

    @property
    def title(self) -> str:
        """Names the item in messages."""
        return f"image {self.name!r}" if self.name else f"frame {self.number}"


class TrackItem(msgspec.Struct, gc=False):
    """A track: positions in ascending order of frame, at least one.

    Attributes
    ----------
    positions
        Label, group and source of a position mean nothing here. ``attributes`` holds mutable and immutable ones.
    elements
        The tracks of a skeleton's points.
    title
        Names the item in messages.
    """

    label: str
    positions: list[ShapeItem]
    group: int = 0
    source: str = Source.MANUAL
    elements: list[TrackItem] = []
    subset: str = ""
    task_id: int = 0
    title: str = "track"


Item: TypeAlias = FrameItem | TrackItem
