"""Turns the names of labels and attributes into ids, and counts what the target does not have."""

from __future__ import annotations

from collections.abc import Sequence

from cvat_lab.errors import FormatError
from cvat_lab.formats.items import FrameItem, Item, TrackItem
from cvat_lab.formats.labels import LabelEntry, Labels, accepted_value
from cvat_lab.formats.losses import Losses
from cvat_lab.formats.rows import Pairs
from cvat_lab.model.label import LabelType
from cvat_lab.model.shape import ShapeType


class Lookup:
    """Looks up names for one import.

    Parameters
    ----------
    labels
        The labels of the target.
    losses
        Is told attributes that are unknown or have a value that is not allowed.
    skipped
        Unknown labels whose annotations are left out instead of being an error.
    """

    def __init__(self, labels: Labels, losses: Losses, skipped: Sequence[str] = ()) -> None:
        self._labels = labels
        self._losses = losses
        self._skipped = frozenset(name for name in skipped if name not in labels)
        self._entries = {entry.name: entry for entry in labels}
        self._values: dict[tuple[int, str], str | None] = {}

    def title(self, label_id: int) -> str:
        """Name a label in messages."""
        return repr(self._labels.by_id[label_id].name)

    def drop_skipped(self, item: Item) -> bool:
        """Take the annotations whose label is to be skipped out of an item; return whether it is still worth a look."""
        if not self._skipped:
            return True
        if isinstance(item, TrackItem):
            is_skipped = item.label in self._skipped
            self._count_skipped(item, int(is_skipped))
            return not is_skipped
        before = len(item.tags) + len(item.shapes)
        item.tags = [tag for tag in item.tags if tag.label not in self._skipped]
        item.shapes = [shape for shape in item.shapes if shape.label not in self._skipped]
        self._count_skipped(item, before - len(item.tags) - len(item.shapes))
        return True

    def _count_skipped(self, item: FrameItem | TrackItem, count: int) -> None:
        if count:
            name = ", ".join(sorted(self._skipped))
            self._losses.add("label", name, "it is no label here", example=item.title, count=count)

    def label(self, name: str, item: Item, kind: ShapeType | None = None) -> LabelEntry:
        """Return the label called ``name``.

        Raises
        ------
        FormatError
            It is unknown, or is not for shapes of this kind.
        """
        entry = self._entries.get(name) or self._labels.find(name, where=item.title)
        if kind is not None and (kind is ShapeType.SKELETON) is not (entry.label.type is LabelType.SKELETON):
            raise FormatError(f"{item.title}: a {kind} cannot have the label {name!r}, which is for {entry.label.type}")
        return entry

    def pairs(self, entry: LabelEntry, attributes: dict[str, str], item: Item, *, mutable: bool | None = None) -> Pairs:
        """Return attributes by id; with ``mutable`` given, only those that are, or only those that are not."""
        if not attributes:
            return ()
        pairs = []
        for name, value in attributes.items():
            spec = entry.attributes.get(name)
            if spec is None:
                if mutable is not False:  # both halves of a track's attributes are asked for
                    reason = f"the label {entry.name!r} has no such attribute"
                    self._losses.add("attribute", name, reason, example=item.title)
                continue
            if mutable is not None and spec.mutable is not mutable:
                continue
            key = (spec.id, value)
            if key not in self._values:
                self._values[key] = accepted_value(spec, value)
            accepted = self._values[key]
            if accepted is None:
                reason = f"the attribute of {entry.name!r} does not allow the value"
                self._losses.add("attribute", name, reason, example=f"{item.title}, value {value[:40]!r}")
            else:
                pairs.append((spec.id, accepted))
        return pairs


class GroupNumbers:
    """Gives the groups of a file numbers of their own, equal for all members of a group and for nobody else."""

    def __init__(self, *, per_frame: bool) -> None:
        self._per_frame = per_frame
        self._known: dict[tuple[int, int], int] = {}
        self._last = 0

    def number(self, group: int, place: int = -1) -> int:
        """Return the number of a group that the item at ``place`` names; 0 stays 0."""
        if group == 0:
            return 0
        key = (place if self._per_frame else -1, group)
        if key not in self._known:
            self._known[key] = self.new()
        return self._known[key]

    def new(self) -> int:
        """Return the number of a group that the file does not name."""
        self._last += 1
        return self._last
