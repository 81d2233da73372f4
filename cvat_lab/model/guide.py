"""Annotation guides: what annotators shall do, in Markdown, and the files that the text shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from cvat_lab.model.base import Record
from cvat_lab.model.user import UserBasic

Markdown = Annotated[str, Meta(max_length=1_000_000)]


class Guide(Record, kw_only=True):
    """The guide of a project or of a task; a task of a project without one of its own has that of its project."""

    id: int
    project_id: int | None = None
    task_id: int | None = None
    markdown: str = ""
    created_date: datetime
    updated_date: datetime


class Asset(Record, kw_only=True):
    """A file of a guide. The text refers to it as ``/api/assets/<uuid>``; its bytes lie in a file of that name."""

    id: int
    uuid: str
    guide_id: int
    filename: str
    owner_id: int | None = None
    created_date: datetime


class AnnotationGuideRead(Record, kw_only=True):
    """A guide as it is answered."""

    id: int
    task_id: int | None
    project_id: int | None
    created_date: datetime
    updated_date: datetime
    markdown: str


class AnnotationGuideWrite(Record, kw_only=True):
    """A guide to make, for either a task or a project."""

    task_id: int | None = None
    project_id: int | None = None
    markdown: Markdown = ""


class AnnotationGuidePatch(Record, kw_only=True):
    """Another text. A guide stays with its task or project."""

    markdown: Markdown | UnsetType = UNSET


class AssetRead(Record, kw_only=True):
    """A file of a guide as it is answered."""

    uuid: str
    filename: str
    created_date: datetime
    owner: UserBasic | None
    guide_id: int
