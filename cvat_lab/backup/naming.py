"""From the names in ``annotations.json`` back to numbers, with everything checked that will be stored.

What CVAT stores but our rules refuse is left out and counted: values that an attribute does not allow, objects on
frames that their job does not have. Anything else that is wrong is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cvat_lab.backup.named import NamedKeyframe, NamedShape, NamedTag, NamedTrack, NamedValue
from cvat_lab.errors import FormatError, InvalidInputError
from cvat_lab.formats.losses import Losses
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.job import Job
from cvat_lab.model.label import AttributeRead, LabelRead
from cvat_lab.model.shape import AttributeValue, Shape, TrackedShape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab.ops.merge import slice_track
from cvat_lab.ops.rules import AnnotationRules, check_value
from cvat_lab.ops.tracks import normalize_track


class Numberer:
    """Turns named annotations of one job into checked ones.

    Parameters
    ----------
    labels
        From :func:`cvat_lab.backup.labels.number_labels`.
    job
        Its frames.
    where
        Begin of messages.
    losses
        Takes what is left out.
    """

    def __init__(self, labels: Sequence[LabelRead], job: Job, where: str, losses: Losses) -> None:
        self._labels = {label.name: label for label in labels}
        self._parts = {label.id: {part.name: part for part in label.sublabels} for label in labels}
        every = [part for label in labels for part in (label, *label.sublabels)]
        self._specs = {label.id: {spec.name: spec for spec in label.attributes} for label in every}
        self._job, self._where, self._losses = job, where, losses
        frames = f"the job's frames {job.start_frame}..{job.stop_frame}"
        self._rules = AnnotationRules(labels, job.has_frame, frames)

    def number(
        self,
        tags: Sequence[NamedTag] = (),
        shapes: Sequence[NamedShape] = (),
        tracks: Sequence[NamedTrack] = (),
        *,
        start: int = 0,
    ) -> LabeledData:
        """Return annotations with numbers.

        Parameters
        ----------
        start
            Position of the first object in its list, for messages.

        Raises
        ------
        FormatError
            A label or attribute is unknown, or an object breaks a rule.
        """
        try:
            data = LabeledData(
                tags=[self._tag(tag, f"tag {n}") for n, tag in enumerate(tags, start) if self._keeps(tag.frame, "tag")],
                shapes=[
                    self._shape(shape, self._labels, f"shape {n}")
                    for n, shape in enumerate(shapes, start)
                    if self._keeps(shape.frame, "shape")
                ],
                tracks=self._tracks(tracks, start),
            )
            self._rules.check(data, start=start)
        except InvalidInputError as error:
            raise FormatError(f"{self._where}: {error}") from error
        return data

    def _keeps(self, frame: int, kind: str) -> bool:
        if self._job.has_frame(frame):
            return True
        reason = "its job does not have its frame"
        self._losses.add(kind, "outside of the job", reason, example=f"{self._where}, frame {frame}")
        return False

    def _tracks(self, tracks: Iterable[NamedTrack], start: int) -> list[Track]:
        numbered = (self._track(track, self._labels, f"track {n}") for n, track in enumerate(tracks, start))
        return [part for track in numbered if (part := self._inside(track)) is not None]

    def _inside(self, track: Track) -> Track | None:
        """Return a track, or the part of it that lies within the job."""
        frames = {track.frame, *(shape.frame for part in (track, *track.elements) for shape in part.shapes)}
        beyond = sorted(frame for frame in frames if not self._job.has_frame(frame))
        if not beyond:
            return track
        reason = "it was cut to the frames of its job"
        self._losses.add("track", "outside of the job", reason, example=f"{self._where}, frame {beyond[0]}")
        return slice_track(normalize_track(track), self._job.start_frame, self._job.stop_frame)

    def _tag(self, tag: NamedTag, where: str) -> Tag:
        label = _find(self._labels, tag.label, where)
        return Tag(
            label_id=label.id,
            frame=tag.frame,
            group=tag.group or 0,
            source=tag.source,
            attributes=self._values(label, tag.attributes, where),
        )

    def _shape(self, shape: NamedShape, labels: dict[str, LabelRead], where: str) -> Shape:
        label = _find(labels, shape.label, where)
        parts = self._parts.get(label.id, {})
        return Shape(
            type=shape.type,
            frame=shape.frame,
            points=shape.points or [],
            rotation=shape.rotation,
            occluded=shape.occluded,
            outside=shape.outside,
            z_order=shape.z_order,
            attributes=self._values(label, shape.attributes, where),
            label_id=label.id,
            group=shape.group or 0,
            source=shape.source,
            score=shape.score,
            elements=[self._shape(part, parts, f"{where}, element {n}") for n, part in enumerate(shape.elements)],
        )

    def _track(self, track: NamedTrack, labels: dict[str, LabelRead], where: str) -> Track:
        label = _find(labels, track.label, where)
        parts = self._parts.get(label.id, {})
        return Track(
            label_id=label.id,
            frame=track.frame,
            shapes=[self._keyframe(label, shape, where) for shape in track.shapes],
            group=track.group or 0,
            source=track.source,
            attributes=self._values(label, track.attributes, where),
            elements=[self._track(part, parts, f"{where}, element {n}") for n, part in enumerate(track.elements)],
        )

    def _keyframe(self, label: LabelRead, shape: NamedKeyframe, where: str) -> TrackedShape:
        return TrackedShape(
            type=shape.type,
            frame=shape.frame,
            points=shape.points or [],
            rotation=shape.rotation,
            occluded=shape.occluded,
            outside=shape.outside,
            z_order=shape.z_order,
            attributes=self._values(label, shape.attributes, where),
        )

    def _values(self, label: LabelRead, values: Iterable[NamedValue], where: str) -> list[AttributeValue]:
        specs = self._specs[label.id]
        found = []
        for given in values:
            spec = specs.get(given.name)
            if spec is None:
                known = ", ".join(map(repr, specs)) or "none"
                raise FormatError(f"{where}: label {label.name!r} has no attribute {given.name!r}; it has: {known}")
            if self._allows(spec, given.value, where):
                found.append(AttributeValue(spec_id=spec.id, value=given.value))
        return found

    def _allows(self, spec: AttributeRead, value: str, where: str) -> bool:
        try:
            check_value(spec, value, where)
        except InvalidInputError as error:
            reason = "its value is not allowed, so the default takes its place"
            self._losses.add("attribute", spec.name, reason, example=f"{self._where}, {error}")
            return False
        return True


def _find(labels: dict[str, LabelRead], name: str, where: str) -> LabelRead:
    found = labels.get(name)
    if found is None:
        known = ", ".join(map(repr, labels)) or "none"
        raise FormatError(f"{where}: there is no label {name!r}; there are: {known}")
    return found
