"""Tags: labels of whole frames."""

from __future__ import annotations

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.shape import AttributeValue, NonNegative, Source


class Tag(Record, kw_only=True):
    """A label of a whole frame."""

    label_id: NonNegative
    frame: NonNegative
    group: NonNegative | None = 0
    source: str = Source.MANUAL
    attributes: list[AttributeValue] = []
    id: Whole | None = None
