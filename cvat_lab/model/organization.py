"""Organizations, their members and invitations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from cvat_lab.model.base import Record


class Role(StrEnum):
    """What a member may do, from least to most."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    MAINTAINER = "maintainer"
    OWNER = "owner"


class Organization(Record, kw_only=True):
    """A team that owns projects and tasks together."""

    id: int
    slug: Annotated[str, Meta(pattern=r"^[-a-zA-Z0-9_]+$", min_length=1, max_length=16)]
    name: str = ""
    description: str = ""
    contact: dict[str, Any] = {}
    owner_id: int
    created_date: datetime
    updated_date: datetime


class Membership(Record, kw_only=True):
    """A user in an organization."""

    id: int
    organization_id: int
    user_id: int
    role: Role
    is_active: bool = True
    joined_date: datetime | None = None
