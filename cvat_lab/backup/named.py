"""The records of ``annotations.json``: annotations that name their labels and attributes, and have no ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Raw

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.label import LabelRead
from cvat_lab.model.shape import AttributeValue, Degrees, NonNegative, Shape, ShapeType, Source, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track


class NamedValue(Record, kw_only=True):
    """The value of an attribute."""

    name: str
    value: str


class NamedTag(Record, kw_only=True):
    """A tag."""

    label: str
    frame: NonNegative
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    attributes: list[NamedValue] = []


class NamedKeyframe(Record, kw_only=True):
    """A keyframe of a track."""

    type: ShapeType
    frame: NonNegative
    points: list[float] | None = []
    rotation: Degrees = 0.0
    occluded: bool = False
    outside: bool = False
    z_order: Whole = 0
    attributes: list[NamedValue] = []


class NamedShape(NamedKeyframe, kw_only=True):
    """A shape; the elements of a skeleton name sublabels."""

    label: str
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    score: Annotated[float, Meta(ge=0, le=1)] = 1.0
    elements: list[NamedShape] = []


class NamedTrack(Record, kw_only=True):
    """A track; the elements of a skeleton name sublabels."""

    label: str
    frame: NonNegative
    shapes: list[NamedKeyframe]
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    attributes: list[NamedValue] = []
    elements: list[NamedTrack] = []


class NamedData(Record, kw_only=True):
    """The annotations of one job. Objects are parsed in blocks: a job may have hundreds of thousands."""

    version: int = 0
    tags: list[Raw] = []
    shapes: list[Raw] = []
    tracks: list[Raw] = []


class Namer:
    """Gives annotations the names of their labels and attributes.

    Parameters
    ----------
    labels
        The labels that the ids belong to.
    """

    def __init__(self, labels: Iterable[LabelRead]) -> None:
        every = [part for label in labels for part in (label, *label.sublabels)]
        self._labels = {label.id: label.name for label in every}
        self._attributes = {spec.id: spec.name for label in every for spec in label.attributes}

    def tag(self, tag: Tag) -> NamedTag:
        """Return a tag with names."""
        return NamedTag(
            label=self._labels[tag.label_id],
            frame=tag.frame,
            group=tag.group or 0,
            source=tag.source,
            attributes=self._values(tag.attributes),
        )

    def shape(self, shape: Shape) -> NamedShape:
        """Return a shape with names."""
        return NamedShape(
            type=shape.type,
            frame=shape.frame,
            points=shape.points,
            rotation=shape.rotation,
            occluded=shape.occluded,
            outside=shape.outside,
            z_order=shape.z_order,
            attributes=self._values(shape.attributes),
            label=self._labels[shape.label_id],
            group=shape.group or 0,
            source=shape.source,
            score=shape.score,
            elements=[self.shape(element) for element in shape.elements],
        )

    def track(self, track: Track) -> NamedTrack:
        """Return a track with names."""
        return NamedTrack(
            label=self._labels[track.label_id],
            frame=track.frame,
            shapes=[self._keyframe(shape) for shape in track.shapes],
            group=track.group or 0,
            source=track.source,
            attributes=self._values(track.attributes),
            elements=[self.track(element) for element in track.elements],
        )

    def _keyframe(self, shape: TrackedShape) -> NamedKeyframe:
        return NamedKeyframe(
            type=shape.type,
            frame=shape.frame,
            points=shape.points,
            rotation=shape.rotation,
            occluded=shape.occluded,
            outside=shape.outside,
            z_order=shape.z_order,
            attributes=self._values(shape.attributes),
        )

    def _values(self, values: Iterable[AttributeValue]) -> list[NamedValue]:
        return [NamedValue(name=self._attributes[value.spec_id], value=value.value) for value in values]
