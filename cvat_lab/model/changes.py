"""Annotations as a whole, and the change sets that lead from one revision of them to the next.

A job's annotations have a *revision*: the number of the last transaction that changed them. Revisions grow over the
whole workspace, so any set of jobs can be read as of one number.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, field

from cvat_lab.model.base import Record, Whole
from cvat_lab.model.shape import Shape
from cvat_lab.model.tag import Tag
from cvat_lab.model.track import Track


class LabeledData(Record, kw_only=True):
    """All annotations of a job or task; frames are numbers within the task.

    ``version`` is always 0 and ``intervals`` (audio) always empty: both are there because CVAT's clients expect them.
    """

    version: int = 0
    tags: list[Tag] = []
    shapes: list[Shape] = []
    tracks: list[Track] = []
    intervals: list[Any] = []

    def __len__(self) -> int:
        return len(self.tags) + len(self.shapes) + len(self.tracks)


class Ids(Record, kw_only=True):
    """Ids of annotations, per kind, because ids are unique within a kind only."""

    tags: list[Whole] = []
    shapes: list[Whole] = []
    tracks: list[Whole] = []

    def __len__(self) -> int:
        return len(self.tags) + len(self.shapes) + len(self.tracks)


class ChangeSet(Record, kw_only=True):
    """One transaction on the annotations of one job.

    Attributes
    ----------
    base_revision
        The revision the author saw. ``None`` = apply to whatever is stored.
    change_id
        Chosen by the author, unique. Sending the same change set again, after a lost answer, applies it only once.
    created
        New objects, without ids; the answer lists their ids in the same order.
    updated
        Whole objects, with ids; every one replaces the stored object of that id.
    deleted
        Ids of objects to remove. Ids that are gone already are ignored.
    """

    base_revision: Whole | None = None
    change_id: Annotated[str, Meta(max_length=100)] | None = None
    created: LabeledData = field(default_factory=LabeledData)
    updated: LabeledData = field(default_factory=LabeledData)
    deleted: Ids = field(default_factory=Ids)


class ChangeResult(Record, kw_only=True):
    """Answer to a change set: the new revision and the ids of the created objects, in the order they were sent."""

    revision: int
    created: Ids = field(default_factory=Ids)
