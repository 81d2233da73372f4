"""Dataset formats: the registry, by the names that users see.

Formats are plug-ins. Each is an entry point in the group ``cvat_lab.formats`` whose name is the display name, such as
``COCO 1.0``, and whose value is a subclass of :class:`cvat_lab.formats.base.Format`. A format is imported when it is
asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_lab.errors import NotFoundError, WorkspaceError

if TYPE_CHECKING:
    from cvat_lab.formats.base import Format
    from cvat_lab.model.server import DatasetFormats

GROUP = "cvat_lab.formats"
_OWN = "cvat-lab"


def format_names() -> list[str]:
    """Return the display names of all formats, sorted."""
    return sorted(_plugins())


@cache
def get_format(name: str) -> Format:
    """Return the format called ``name``; aliases such as ``COCO 1.1`` are accepted, case matters.

    Raises
    ------
    NotFoundError
        There is none; the message lists the names there are.
    """
    plugin = _plugins().get(name)
    if plugin is not None:
        return _load(plugin)
    for other in _plugins():
        if name in get_format(other).aliases:
            return get_format(other)
    raise NotFoundError(f"There is no format {name!r}; there are: {', '.join(format_names())}")


def exporters() -> list[Format]:
    """Return the formats that can be written, by name."""
    return [plugin for name in format_names() if (plugin := get_format(name)).can_export]


def importers() -> list[Format]:
    """Return the formats that can be read, by name."""
    return [plugin for name in format_names() if (plugin := get_format(name)).can_import]


def dataset_formats() -> DatasetFormats:
    """Return the answer of ``GET /api/server/annotation/formats``."""
    from cvat_lab.model.server import DatasetFormats

    return DatasetFormats(
        importers=[plugin.info(plugin.import_ext) for plugin in importers()],
        exporters=[plugin.info("ZIP") for plugin in exporters()],
    )


def detect_formats(path: Path) -> list[str]:
    """Return the names of the formats that a file may be in."""
    return [plugin.display_name for plugin in importers() if plugin.sniff(path)]


@cache
def _plugins() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for plugin in (*_own_plugins(), *_foreign_plugins()):
        other = found.setdefault(plugin.name, plugin)
        if other.value != plugin.value:
            raise WorkspaceError(
                f"Two formats are called {plugin.name!r}: {other.value} and {plugin.value}; uninstall one of them"
            )
    return found


def _own_plugins() -> Iterator[EntryPoint]:
    """Yield our own formats. In a source checkout the project file counts: installed metadata may be older."""
    project = Path(__file__).parents[2] / "pyproject.toml"
    if project.is_file():
        listed = tomllib.loads(project.read_text()).get("project", {})
        if listed.get("name") == _OWN:
            lines = listed["entry-points"][GROUP]
            yield from (EntryPoint(name, value, GROUP) for name, value in lines.items())
            return
    yield from (plugin for plugin in entry_points(group=GROUP) if _is_own(plugin))


def _foreign_plugins() -> Iterator[EntryPoint]:
    yield from (plugin for plugin in entry_points(group=GROUP) if not _is_own(plugin))


def _is_own(plugin: EntryPoint) -> bool:
    return plugin.dist is not None and plugin.dist.name == _OWN


def _load(plugin: EntryPoint) -> Format:
    found: Format = plugin.load()()
    if found.display_name != plugin.name:
        raise WorkspaceError(
            f"The format {plugin.value} calls itself {found.display_name!r} but is registered as {plugin.name!r}; "
            "make the two names equal"
        )
    return found
