"""The registry of formats: names, aliases, clashes."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import cvat_lab.formats as registry
from cvat_lab.errors import NotFoundError, WorkspaceError
from cvat_lab.formats.base import Format
from cvat_lab.formats.coco import Coco


@pytest.fixture
def foreign(monkeypatch):
    """Install further plug-ins for one test."""

    def install(*plugins: EntryPoint) -> None:
        monkeypatch.setattr(registry, "_foreign_plugins", lambda: iter(plugins))
        registry._plugins.cache_clear()
        registry.get_format.cache_clear()

    yield install
    monkeypatch.undo()
    registry._plugins.cache_clear()
    registry.get_format.cache_clear()


class Misnamed(Format):
    name = "Something"
    version = "3.0"


@pytest.mark.req("R22.4")
def test_names_are_matched_exactly():
    assert isinstance(registry.get_format("COCO 1.0"), Coco)
    with pytest.raises(NotFoundError, match=r"no format 'coco 1\.0'; there are: .*COCO 1\.0"):
        registry.get_format("coco 1.0")


@pytest.mark.req("R22.5")
def test_aliases_are_accepted_and_never_shown():
    assert registry.get_format("COCO 1.1") is registry.get_format("COCO 1.0")
    assert registry.get_format("CVAT XML 1.1") is registry.get_format("CVAT 1.1")
    assert "COCO 1.1" not in registry.format_names()


@pytest.mark.req("R22.1")
@pytest.mark.req("R22.3")
@pytest.mark.req("R22.4")
def test_formats_on_the_wire():
    listed = registry.dataset_formats()
    exporters = {info.name: info for info in listed.exporters}
    importers = {info.name: info for info in listed.importers}
    assert {"CVAT for images 1.1", "CVAT for video 1.1", "COCO 1.0"} <= set(exporters)
    assert "CVAT 1.1" not in exporters
    assert {"CVAT for images 1.1", "CVAT for video 1.1"}.isdisjoint(importers)
    assert {info.ext for info in listed.exporters} == {"ZIP"}
    assert (importers["CVAT 1.1"].ext, importers["COCO 1.0"].ext) == ("XML, ZIP", "JSON, ZIP")
    assert (exporters["COCO 1.0"].version, exporters["COCO 1.0"].dimension) == ("1.0", "2d")
    assert exporters["COCO 1.0"].enabled


def test_two_formats_of_one_name_are_an_error(foreign):
    foreign(EntryPoint("COCO 1.0", "elsewhere:Coco", registry.GROUP))
    with pytest.raises(WorkspaceError, match=r"Two formats are called 'COCO 1\.0': .*elsewhere:Coco"):
        registry.format_names()


def test_a_plugin_must_call_itself_as_it_is_registered(foreign, monkeypatch):
    monkeypatch.setattr(EntryPoint, "load", lambda self: Misnamed)
    foreign(EntryPoint("Other 1.0", "elsewhere:Other", registry.GROUP))
    with pytest.raises(WorkspaceError, match=r"calls itself 'Something 3\.0' but is registered as 'Other 1\.0'"):
        registry.get_format("Other 1.0")


def test_a_foreign_plugin_is_found_by_its_name(foreign, monkeypatch):
    monkeypatch.setattr(EntryPoint, "load", lambda self: Misnamed)
    foreign(EntryPoint("Something 3.0", "elsewhere:Something", registry.GROUP))
    assert "Something 3.0" in registry.format_names()
    assert isinstance(registry.get_format("Something 3.0"), Misnamed)


def test_formats_are_detected(tmp_path: Path):
    (tmp_path / "a.xml").write_text("<?xml version='1.0'?>\n<annotations>\n</annotations>")
    (tmp_path / "b.json").write_text('{"images": [], "annotations": [], "categories": []}')
    assert registry.detect_formats(tmp_path / "a.xml") == ["CVAT 1.1"]
    assert registry.detect_formats(tmp_path / "b.json") == ["COCO 1.0"]
