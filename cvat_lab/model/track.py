"""Tracks: one object over many frames."""

from __future__ import annotations

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.shape import AttributeValue, NonNegative, Source, TrackedShape


class Track(Record, kw_only=True):
    """An object that lives on many frames; its shape is stored on keyframes and computed between them.

    Attributes
    ----------
    frame
        First frame of the track.
    shapes
        Keyframes in ascending order of frame, at least one.
    attributes
        Values of immutable attributes only; the mutable ones belong to the keyframes.
    elements
        The tracks of a skeleton's points, one per sublabel.
    """

    label_id: NonNegative
    frame: NonNegative
    shapes: list[TrackedShape]
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    attributes: list[AttributeValue] = []
    elements: list[Track] = []
    id: Whole | None = None
