"""The editor's JavaScript: the built one, or where it is not built, the least that a widget needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvat_lab_widgets import annotator


@pytest.fixture(autouse=True)
def _bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about the kernel's side; what the JavaScript does is tested in the browser."""
    if not annotator.BUNDLE.is_file():
        file = tmp_path / "annotator.js"
        file.write_text("export default { render() {} };")
        monkeypatch.setattr(annotator, "BUNDLE", file)
