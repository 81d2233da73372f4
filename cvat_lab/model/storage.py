"""Where exported files go; kept because CVAT's clients read it on every object."""

from __future__ import annotations

from enum import StrEnum

from cvat_lab.model.base import Record


class Location(StrEnum):
    """Place of a storage."""

    LOCAL = "local"
    CLOUD_STORAGE = "cloud_storage"


class Storage(Record, kw_only=True):
    """Default place of exports and imports of a project or task."""

    id: int = 0
    location: Location = Location.LOCAL
    cloud_storage_id: int | None = None


class StorageWrite(Record, kw_only=True):
    """A storage as clients send it."""

    location: Location = Location.LOCAL
    cloud_storage_id: int | None = None
