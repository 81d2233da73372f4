"""Functions of the user's own that annotate a task, frame by frame, on this machine.

A function is written for ``cvat_sdk.auto_annotation``, or in plain Python of the same form: an object with

* ``spec.labels``: what it finds, as CVAT's label fields with an ``id`` that is the function's own;
* ``detect(context, image)``: gets a PIL image and returns shapes and tags with ``frame`` 0 and those ids.

Records may be mappings, or anything with a ``to_dict()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from cvat_lab.client.progress import report
from cvat_lab.errors import CvatLabError, InvalidInputError
from cvat_lab.model.base import convert
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.label import LabelRead
from cvat_lab.model.shape import Shape, ShapeType, Source
from cvat_lab.model.tag import Tag

if TYPE_CHECKING:
    from cvat_lab.client.task import Task

_MANY = 10_000
"""Objects that are sent in one request."""


class DetectionFunction(Protocol):
    """What finds objects on a frame."""

    spec: Any

    def detect(self, context: Any, image: Any) -> Sequence[Any]:
        """Return the shapes and tags on an image."""


@dataclass(frozen=True)
class LabelMap:
    """Where one label of a function goes: to a label of the task, or nowhere.

    Attributes
    ----------
    label
        The task's label; None = what has this label is dropped.
    attributes
        The function's ids to the task's; ids that lead nowhere are None.
    elements
        The same for the elements of a skeleton.
    """

    label: LabelRead | None
    attributes: Mapping[int, int | None] = field(default_factory=dict)
    elements: Mapping[int, LabelMap] = field(default_factory=dict)


def annotate_task(
    task: Task,
    function: DetectionFunction,
    *,
    clear_existing: bool = False,
    allow_unmatched_labels: bool = False,
    conf_threshold: float | None = None,
    conv_mask_to_poly: bool = False,
    progress: bool | None = None,
) -> int:
    """Run a function over all frames of a task and save what it finds.

    Parameters
    ----------
    clear_existing
        Replace the annotations that are there; otherwise keep them.
    allow_unmatched_labels
        Drop objects, elements and attributes that the task has no labels for, instead of refusing the function.
    conf_threshold, conv_mask_to_poly
        Handed to the function.
    progress
        Show a bar; None = where somebody watches.

    Returns
    -------
    int
        How many shapes and tags were saved.

    Raises
    ------
    InvalidInputError
        The function is none, or its labels or results do not fit the task; then nothing is saved.
    CvatLabError
        The function failed on a frame; then nothing is saved.
    """
    maps = map_labels(_labels_of(function), task.labels, lenient=allow_unmatched_labels)
    names = [frame.name for frame in task.meta().frames]
    numbers = task.frame_numbers()
    found = LabeledData()
    with report(progress) as reporter:
        reporter.stage("Annotating", len(numbers))
        for number, pixels in task.frames(numbers, "original"):
            name = names[number] if number < len(names) else names[0]
            context = SimpleNamespace(
                frame_name=name, conf_threshold=conf_threshold, conv_mask_to_poly=conv_mask_to_poly
            )
            for item in _detect(function, context, pixels, number):
                _add(found, item, maps, number, conv_mask_to_poly)
            reporter.advance(1)
        reporter.stage("Saving", 1)
        _save(task, found, clear_existing)
    return len(found.shapes) + len(found.tags)


def map_labels(specs: Iterable[Any], labels: Iterable[LabelRead], *, lenient: bool) -> dict[int, LabelMap]:
    """Find the labels of a task that a function means.

    Parameters
    ----------
    specs
        The function's labels.
    lenient
        Labels and attributes that the task lacks lead nowhere, instead of being an error.

    Raises
    ------
    InvalidInputError
        The task lacks a label or attribute, or its label is for another kind of shape.
    """
    known = {label.name: label for label in labels}
    maps = {}
    for spec in map(_plain, specs):
        label = known.get(spec["name"])
        if label is None and not lenient:
            raise InvalidInputError(
                f"the function finds {spec['name']!r}, which the task has no label for; it has: "
                f"{', '.join(known) or 'none'}. Add the label, or allow unmatched labels to drop it"
            )
        maps[int(spec["id"])] = LabelMap(None) if label is None else _map_label(spec, label, lenient)
    return maps


def _map_label(spec: Mapping[str, Any], label: LabelRead, lenient: bool) -> LabelMap:
    known = {attribute.name: attribute.id for attribute in label.attributes}
    attributes = {int(entry["id"]): known.get(entry["name"]) for entry in map(_plain, spec.get("attributes") or ())}
    if None in attributes.values() and not lenient:
        raise InvalidInputError(
            f"the function sets an attribute that label {label.name!r} does not have; it has: {', '.join(known)}"
        )
    return LabelMap(label, attributes, map_labels(spec.get("sublabels") or (), label.sublabels, lenient=lenient))


def _labels_of(function: DetectionFunction) -> Iterable[Any]:
    labels = getattr(getattr(function, "spec", None), "labels", None)
    if labels is None or not callable(getattr(function, "detect", None)):
        raise InvalidInputError("this is no detection function: it needs spec.labels and detect(context, image)")
    found: Iterable[Any] = labels
    return found


def _detect(function: DetectionFunction, context: Any, pixels: Any, number: int) -> Iterator[dict[str, Any]]:
    from PIL import Image

    try:
        found = [_plain(item) for item in function.detect(context, Image.fromarray(pixels))]
    except Exception as error:
        raise CvatLabError(f"the function failed on frame {number}: {type(error).__name__}: {error}") from error
    yield from found


def _plain(item: Any) -> dict[str, Any]:
    return dict(item.to_dict() if hasattr(item, "to_dict") else item)


def _add(found: LabeledData, item: dict[str, Any], maps: Mapping[int, LabelMap], number: int, polygons: bool) -> None:
    """Turn what a function returned into a record of the task."""
    where = f"what the function returned for frame {number}"
    if item.get("type") == ShapeType.MASK and polygons:
        raise InvalidInputError(f"{where} has a mask, although polygons were asked for")
    fields = _mapped(item, maps, number, where)
    if fields is None:
        return
    if "type" in item:
        found.shapes.append(convert(fields, Shape, what=where))
    else:
        found.tags.append(convert(fields, Tag, what=where))


def _mapped(
    item: dict[str, Any], maps: Mapping[int, LabelMap], number: int, where: str, *, in_skeleton: bool = False
) -> dict[str, Any] | None:
    """Return an object with the task's ids; None when its label leads nowhere."""
    place = maps.get(item.get("label_id", -1))
    if place is None:
        raise InvalidInputError(f"{where} has label_id {item.get('label_id')!r}, which its spec does not name")
    if place.label is None:
        return None
    if item.get("frame", 0) != 0 and not in_skeleton:
        raise InvalidInputError(f"{where} has frame {item['frame']}; functions see one frame and leave it at 0")
    fields = {**item, "label_id": place.label.id, "frame": number, "source": Source.AUTO}
    if "attributes" in item:
        fields["attributes"] = _values(item["attributes"], place)
    if "elements" in item:
        parts = (_mapped(_plain(part), place.elements, number, where, in_skeleton=True) for part in item["elements"])
        fields["elements"] = [part for part in parts if part is not None]
    return fields


def _values(values: Iterable[Any], place: LabelMap) -> list[dict[str, Any]]:
    found = ((place.attributes.get(value["spec_id"]), value["value"]) for value in map(_plain, values))
    return [{"spec_id": number, "value": value} for number, value in found if number is not None]


def _save(task: Task, found: LabeledData, clear_existing: bool) -> None:
    if clear_existing:
        task.set_annotations(found)
        return
    for start in range(0, max(len(found.shapes), len(found.tags)), _MANY):
        end = start + _MANY
        task.append_annotations(LabeledData(tags=found.tags[start:end], shapes=found.shapes[start:end]))
