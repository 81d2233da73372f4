"""The records of a COCO file."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Id = int | str
"""COCO has integers; some tools write text."""


Run = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
"""Pixels; far more than any image has."""


class Category(msgspec.Struct):
    """A class of objects."""

    id: Id
    name: str
    supercategory: str | None = ""


class Image(msgspec.Struct, gc=False):
    """An image. ``file_name`` is relative to the folder of the subset."""

    id: Id
    width: float | None = 0
    height: float | None = 0
    file_name: str = ""
    license: Any = 0
    flickr_url: str | None = ""
    coco_url: str | None = ""
    date_captured: Any = 0


class Rle(msgspec.Struct):
    """A mask: run lengths column by column, first background; ``size`` is height, width."""

    counts: list[Run] | str
    size: tuple[Run, Run]


class Annotation(msgspec.Struct, omit_defaults=True, gc=False):
    """An object, as it is written."""

    id: int
    image_id: int
    category_id: int
    segmentation: list[list[float]] | Rle
    area: float
    bbox: list[float]
    iscrowd: int
    attributes: dict[str, Any]
    score: float | msgspec.UnsetType = msgspec.UNSET


class ReadAnnotation(msgspec.Struct, gc=False):
    """An object, as it is read: everything may be missing, and outlines are decoded when their turn comes."""

    image_id: Id
    category_id: Id
    id: Id | None = None
    segmentation: msgspec.Raw = msgspec.Raw()
    bbox: list[float] | None = None
    iscrowd: int | bool | None = 0
    attributes: dict[str, Any] | None = None
    score: float | None = None
    keypoints: msgspec.Raw = msgspec.Raw()


class CocoFile(msgspec.Struct):
    """A whole file."""

    images: list[Image]
    annotations: list[ReadAnnotation] = []
    categories: list[Category] = []


class CategoriesOnly(msgspec.Struct):
    """The classes of a file; everything else is passed over."""

    categories: list[Category] = []
