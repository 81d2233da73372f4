"""What can be seen on one frame: its shapes, and the tracks as they are there."""

from __future__ import annotations

from cvat_lab.model.changes import LabeledData
from cvat_lab.model.shape import Shape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track
from cvat_lab.ops.tracks import attributes_at, track_at


def shapes_on(data: LabeledData, frame: int) -> list[Shape]:
    """Return the shapes on a frame, those of tracks interpolated, the nearest to the viewer last.

    A shape that comes from a track carries the track's id. Hidden ones are left out.
    """
    shapes = [shape for shape in data.shapes if shape.frame == frame and not shape.outside]
    tracked = [shape for track in data.tracks if (shape := _shape_of(track, frame)) is not None]
    return sorted([*shapes, *tracked], key=lambda shape: shape.z_order)


def tags_on(data: LabeledData, frame: int) -> list[Tag]:
    """Return the tags of a frame."""
    return [tag for tag in data.tags if tag.frame == frame]


def _shape_of(track: Track, frame: int) -> Shape | None:
    shape = track_at(track, frame)
    if shape is None or shape.outside:
        return None
    elements = [part for element in track.elements if (part := _shape_of(element, frame)) is not None]
    return Shape(
        id=track.id,
        type=shape.type,
        frame=frame,
        points=shape.points,
        rotation=shape.rotation,
        occluded=shape.occluded,
        z_order=shape.z_order,
        attributes=attributes_at(track, frame),
        label_id=track.label_id,
        group=track.group,
        source=track.source,
        elements=elements,
    )
