"""What a dataset file would make of a project: its labels, and its images by subset.

A project import makes one task per subset from the images listed here, creates the labels where the project has none,
and then imports the annotations of each subset into its task (:class:`cvat_lab.formats.resolve.ImportOptions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cvat_lab.formats.archive import SourceLimits, open_source
from cvat_lab.formats.base import Format, Import
from cvat_lab.formats.dataset import DEFAULT_SUBSET
from cvat_lab.formats.items import FrameItem, Item, ShapeItem, TagItem
from cvat_lab.model.label import AttributeWrite, InputType, LabelType, LabelWrite
from cvat_lab.model.shape import ShapeType

BACKGROUND = "background"
"""A label of mask formats that a project import leaves out, unless the project has it."""

_IMAGES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".jp2", ".avif")


@dataclass(frozen=True)
class CatalogImage:
    """An image of the file.

    Attributes
    ----------
    name
        Path that the frame is to have.
    member
        Where the bytes are in the file; empty when the file lists the image without holding it.
    """

    name: str
    member: str


@dataclass
class Catalog:
    """Labels and images of a file; ``subsets`` keeps the order of the file."""

    labels: list[LabelWrite] = field(default_factory=list)
    subsets: dict[str, list[CatalogImage]] = field(default_factory=dict)


def read_catalog(plugin: Format, path: Path, *, limits: SourceLimits | None = None) -> Catalog:
    """Look through a file without a task to import it into.

    Labels that the file declares come first; those that its objects use without a declaration follow, with their
    attributes as texts.

    Raises
    ------
    FormatError
        The file breaks the rules of the format.
    """
    declared = {label.name: label for label in plugin.read_labels(path) if label.name}
    used: dict[str, LabelWrite] = {}
    images: dict[str, dict[str, CatalogImage]] = {}
    track_subsets: set[str] = set()
    for item in plugin.read(path, Import(), limits=limits):
        if isinstance(item, FrameItem):
            name = _frame_name(item)
            images.setdefault(item.subset or DEFAULT_SUBSET, {}).setdefault(name, CatalogImage(name, item.media))
        else:
            track_subsets.add(item.subset or DEFAULT_SUBSET)
        _collect_labels(item, declared, used)
    if not images and track_subsets:
        images = {min(track_subsets): _loose_images(path, limits)}
    return Catalog(
        labels=[*declared.values(), *(label for name, label in used.items() if name != BACKGROUND)],
        subsets={subset: list(found.values()) for subset, found in images.items()},
    )


def _frame_name(item: FrameItem) -> str:
    """Return the name of an item with the extension of its image: video frames are named without one."""
    if not item.media or item.media.endswith(item.name):
        return item.name
    return f"{item.name}.{item.media.rpartition('.')[2]}"


def _loose_images(path: Path, limits: SourceLimits | None) -> dict[str, CatalogImage]:
    """Return all images of a file that speaks of frame numbers only."""
    with open_source(path, limits) as source:
        members = [member for member in source.members if member.lower().endswith(_IMAGES)]
    found = {member.rpartition("images/")[2]: member for member in members}
    return {name: CatalogImage(name, member) for name, member in found.items()}


def _collect_labels(item: Item, declared: dict[str, LabelWrite], used: dict[str, LabelWrite]) -> None:
    """Add the labels of an item that were not declared."""
    objects: Sequence[TagItem | ShapeItem]
    objects = [*item.tags, *item.shapes] if isinstance(item, FrameItem) else item.positions
    for found in objects:
        name = found.label if isinstance(item, FrameItem) else item.label
        if name in declared:
            continue
        label = used.setdefault(name, LabelWrite(name=name, type=LabelType.ANY, attributes=[], sublabels=[]))
        _add_attributes(label, found)
        if isinstance(found, ShapeItem) and found.type is ShapeType.SKELETON:
            parts = found.elements if isinstance(item, FrameItem) else item.elements
            _add_sublabels(label, [part.label for part in parts])


def _add_sublabels(label: LabelWrite, names: Sequence[str]) -> None:
    label.type = LabelType.SKELETON
    known = [sub.name for sub in label.sublabels or ()]
    new = [name for name in dict.fromkeys(names) if name not in known]
    label.sublabels = [
        *(label.sublabels or ()),
        *(LabelWrite(name=name, type=LabelType.POINTS, attributes=[]) for name in new),
    ]


def _add_attributes(label: LabelWrite, found: TagItem | ShapeItem) -> None:
    known = {spec.name for spec in label.attributes or ()}
    label.attributes = [
        *(label.attributes or ()),
        *(
            AttributeWrite(name=name, mutable=True, input_type=InputType.TEXT, values=[], default_value="")
            for name in found.attributes
            if name not in known
        ),
    ]
