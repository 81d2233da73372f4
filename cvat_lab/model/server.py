"""What the server says about itself, and the form of its lists."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from cvat_lab.model.base import Record
from cvat_lab.model.shape import NonNegative

T = TypeVar("T")


class About(Record, kw_only=True):
    """Answer of ``GET /api/server/about``. ``version`` is the version of CVAT's API that is spoken."""

    name: str
    description: str
    version: str
    logo_url: str = ""
    subtitle: str = ""


class FormatInfo(Record, kw_only=True):
    """A dataset format on the wire."""

    name: str
    ext: str
    version: str
    enabled: bool = True
    dimension: str = "2d"


class DatasetFormats(Record, kw_only=True):
    """Formats that can be imported, and those that can be exported."""

    importers: list[FormatInfo]
    exporters: list[FormatInfo]


class Page(Record, Generic[T], kw_only=True):
    """One page of a list."""

    count: int
    results: list[T]
    next: str | None = None
    previous: str | None = None


class Detail(Record, kw_only=True):
    """A plain message."""

    detail: str


class Plugins(Record, kw_only=True):
    """Optional parts of CVAT."""

    ANALYTICS: bool = False
    MODELS: bool = True


class SqlQuery(Record, kw_only=True):
    """Body of ``POST /api/lab/sql``. ``params`` fill the ``?`` or ``$name`` marks; ``limit`` cuts the rows."""

    sql: str
    params: list[Any] | dict[str, Any] | None = None
    limit: NonNegative | None = None
