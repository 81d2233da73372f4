"""Labels and their attributes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record, Whole

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class LabelType(StrEnum):
    """Which shapes a label may be given to; ``any`` = every kind but skeletons."""

    ANY = "any"
    TAG = "tag"
    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    POLYLINE = "polyline"
    POINTS = "points"
    ELLIPSE = "ellipse"
    CUBOID = "cuboid"
    MASK = "mask"
    SKELETON = "skeleton"


class InputType(StrEnum):
    """How an attribute is entered."""

    CHECKBOX = "checkbox"
    RADIO = "radio"
    NUMBER = "number"
    TEXT = "text"
    SELECT = "select"


class AttributeSpec(Record, kw_only=True):
    """An attribute that objects with a certain label have.

    Attributes
    ----------
    mutable
        The value may change from frame to frame of a track.
    values
        Choices of a select or radio; ``[min, max, step]`` as text for a number; ``["true", "false"]`` for a checkbox.
    """

    id: int
    label_id: int
    name: Name
    mutable: bool
    input_type: InputType
    default_value: Annotated[str, Meta(max_length=128)] = ""
    values: list[str] = []


class Label(Record, kw_only=True):
    """A class of objects. It belongs to a project, or to a task without project; a sublabel also to a skeleton.

    Attributes
    ----------
    color
        ``#rrggbb``.
    svg
        Drawing of a skeleton in a 0..100 box; empty for every other type.
    """

    id: int
    name: Name
    color: str
    type: LabelType = LabelType.ANY
    project_id: int | None = None
    task_id: int | None = None
    parent_id: int | None = None
    svg: str = ""


class AttributeRead(Record, kw_only=True):
    """An attribute on the wire."""

    id: int
    name: str
    mutable: bool
    input_type: InputType
    default_value: str
    values: list[str]


class LabelRead(Record, kw_only=True):
    """A label on the wire, with its attributes and sublabels. Exactly one of the two owners is present."""

    id: int
    name: str
    color: str
    type: LabelType
    attributes: list[AttributeRead]
    sublabels: list[LabelRead]
    has_parent: bool
    parent_id: int | None = None
    task_id: int | UnsetType = UNSET
    project_id: int | UnsetType = UNSET
    svg: str | UnsetType = UNSET


class AttributeWrite(Record, kw_only=True):
    """An attribute to create, or with ``id`` to change."""

    name: Name
    mutable: bool
    input_type: InputType
    values: list[str]
    default_value: Annotated[str, Meta(max_length=128)] | None = None
    id: Whole | None = None
    deleted: bool = False


class LabelWrite(Record, kw_only=True):
    """A label to create, or with ``id`` to change; ``deleted`` removes it with its annotations."""

    name: Name | None = None
    color: str = ""
    type: LabelType | None = None
    attributes: list[AttributeWrite] | None = None
    sublabels: list[LabelWrite] | None = None
    svg: str = ""
    id: Whole | None = None
    deleted: bool = False
    parent_id: Whole | None = None
    has_parent: bool = False
    task_id: Any = None
    project_id: Any = None
