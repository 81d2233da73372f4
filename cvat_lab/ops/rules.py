"""Checks annotations against the labels and frames they are for, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import AttributeRead, AttributeSpec, InputType, LabelRead, LabelType
from cvat_lab.model.shape import AttributeValue, Shape, ShapeType, TrackedShape, check_points
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab.ops.tracks import normalize_track


class AnnotationRules:
    """What annotations of one task must obey.

    Parameters
    ----------
    labels
        The labels of the task, sublabels nested.
    has_frame
        Says whether a frame number belongs to the job or task.
    frames
        The allowed frames in words, for messages, for example ``0..99``.
    """

    def __init__(self, labels: Iterable[LabelRead], has_frame: Callable[[int], bool], frames: str) -> None:
        self._top = {label.id: label for label in labels}
        every = [*self._top.values(), *(part for label in self._top.values() for part in label.sublabels)]
        self._parts = {label.id: {part.id: part for part in label.sublabels} for label in every}
        self._specs = {label.id: {attribute.id: attribute for attribute in label.attributes} for label in every}
        self._has_frame = has_frame
        self._frames = frames

    def check(self, data: LabeledData, *, start: int = 0) -> None:
        """Check all objects; tracks are put in order (see :func:`cvat_lab.ops.tracks.normalize_track`) in place.

        Parameters
        ----------
        start
            Number of the first object of each list in messages, when ``data`` is a part of something larger.

        Raises
        ------
        InvalidInputError
            For the first rule that is broken; the message names the object and the value.
        """
        for number, tag in enumerate(data.tags, start):
            self._check_tag(tag, f"tag {number} on frame {tag.frame}")
        for number, shape in enumerate(data.shapes, start):
            self._check_shape(shape, f"shape {number} on frame {shape.frame}", self._top)
        data.tracks = [self._check_track(track, f"track {number}") for number, track in enumerate(data.tracks, start)]

    def _check_common(self, item: Tag | Shape | Track, where: str, labels: Mapping[int, LabelRead]) -> LabelRead:
        label = labels.get(item.label_id)
        if label is None:
            known = ", ".join(f"{label.id} ({label.name})" for label in labels.values()) or "none"
            raise InvalidInputError(f"{where}: unknown label_id {item.label_id}; known here: {known}", field="label_id")
        self._check_frame(item.frame, where)
        item.group = item.group or 0
        if not item.source:
            raise InvalidInputError(f"{where}: source must not be empty", field="source")
        return label

    def _check_frame(self, frame: int, where: str) -> None:
        if not self._has_frame(frame):
            raise InvalidInputError(f"{where}: frame {frame} is not in {self._frames}", field="frame")

    def _check_tag(self, tag: Tag, where: str) -> None:
        label = self._check_common(tag, where, self._top)
        self._check_attributes(label, tag.attributes, where)

    def _check_shape(self, shape: Shape, where: str, labels: Mapping[int, LabelRead]) -> None:
        label = self._check_common(shape, where, labels)
        _check_type(shape.type, label, where)
        check_points(shape.type, shape.points, where=where)
        self._check_attributes(label, shape.attributes, where)
        for number, element in enumerate(shape.elements):
            inner = f"{where}, element {number}"
            if shape.type is not ShapeType.SKELETON or element.elements:
                raise InvalidInputError(f"{inner}: only skeletons have elements, one level deep", field="elements")
            if element.frame != shape.frame:
                raise InvalidInputError(f"{inner}: frame {element.frame} is not its skeleton's", field="frame")
            self._check_shape(element, inner, self._parts[label.id])

    def _check_track(self, track: Track, where: str) -> Track:
        """Check a track with its elements and return it in order."""
        if any(element.elements for element in track.elements):
            raise InvalidInputError(f"{where}: only skeletons have elements, one level deep", field="elements")
        track = normalize_track(track, where=where)
        label = self._check_one_track(track, where, self._top)
        if track.elements and label.type is not LabelType.SKELETON:
            raise InvalidInputError(f"{where}: only skeletons have elements, one level deep", field="elements")
        for number, element in enumerate(track.elements):
            self._check_one_track(element, f"{where}, element {number}", self._parts[label.id])
        return track

    def _check_one_track(self, track: Track, where: str, labels: Mapping[int, LabelRead]) -> LabelRead:
        label = self._check_common(track, where, labels)
        self._check_attributes(label, track.attributes, where, mutable=False)
        for shape in track.shapes:
            self._check_keyframe(shape, label, f"{where}, keyframe {shape.frame}")
        return label

    def _check_keyframe(self, shape: TrackedShape, label: LabelRead, where: str) -> None:
        if shape.type is ShapeType.MASK:
            raise InvalidInputError(f"{where}: masks cannot be tracks; use shapes", field="type")
        self._check_frame(shape.frame, where)
        _check_type(shape.type, label, where)
        check_points(shape.type, shape.points, where=where)
        self._check_attributes(label, shape.attributes, where, mutable=True)

    def _check_attributes(
        self, label: LabelRead, values: list[AttributeValue], where: str, *, mutable: bool | None = None
    ) -> None:
        specs = self._specs[label.id]
        for given in values:
            spec = specs.get(given.spec_id)
            if spec is None:
                known = ", ".join(f"{spec.id} ({spec.name})" for spec in specs.values()) or "none"
                raise InvalidInputError(
                    f"{where}: unknown spec_id {given.spec_id}; label {label.name!r} has: {known}", field="attributes"
                )
            if mutable is not None and spec.mutable is not mutable:
                place = "on keyframes" if spec.mutable else "on the track itself"
                raise InvalidInputError(f"{where}: attribute {spec.name!r} belongs {place}", field="attributes")
            given.value = check_value(spec, given.value, where)
        if len({given.spec_id for given in values}) != len(values):
            raise InvalidInputError(f"{where}: an attribute is given twice", field="attributes")


def _check_type(kind: ShapeType, label: LabelRead, where: str) -> None:
    """Refuse skeletons without a skeleton label, and skeleton labels on anything else; the rest is left to the user."""
    if (kind is ShapeType.SKELETON) is not (label.type is LabelType.SKELETON):
        raise InvalidInputError(
            f"{where}: a {kind} cannot have label {label.name!r} of type {label.type}", field="type"
        )


def check_value(spec: AttributeRead | AttributeSpec, value: str, where: str) -> str:
    """Return the value of an attribute in its normal spelling.

    Parameters
    ----------
    where
        Begin of the error message.

    Raises
    ------
    InvalidInputError
        The attribute cannot have this value.
    """
    place = f"{where}: attribute {spec.name!r}"
    if spec.input_type is InputType.CHECKBOX:
        if value.lower() not in ("true", "false"):
            raise InvalidInputError(f"{place} must be true or false, not {value!r}", field="attributes")
        return value.lower()
    if spec.input_type in (InputType.SELECT, InputType.RADIO):
        if value not in spec.values and value != spec.default_value:
            choices = ", ".join(map(repr, spec.values))
            raise InvalidInputError(f"{place} must be one of {choices}, not {value!r}", field="attributes")
        return value
    if spec.input_type is InputType.NUMBER and value != "":
        return _checked_number(spec, value, place)
    return value


def _checked_number(spec: AttributeRead | AttributeSpec, value: str, place: str) -> str:
    low, high = (float(bound) for bound in spec.values[:2])
    try:
        number = float(value)
    except ValueError as error:
        raise InvalidInputError(f"{place} must be a number, not {value!r}", field="attributes") from error
    if not low <= number <= high:
        raise InvalidInputError(f"{place} must be between {low:g} and {high:g}, not {value}", field="attributes")
    return value
