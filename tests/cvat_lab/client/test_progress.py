"""Progress: a bar where somebody watches, nothing that stays."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from cvat_lab.client.progress import Silence, report

WORK = """
import time
from cvat_lab.client.progress import report

def work(seconds):
    with report() as reporter:
        reporter.stage("Uploading <b>", 4)
        for _ in range(4):
            time.sleep(seconds / 4)
            reporter.advance(1)
"""


def test_nobody_watches_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    with report() as reporter:
        assert isinstance(reporter, Silence)
        reporter.stage("Uploading", 10)
        reporter.advance(10)
        reporter.reach(10)
    assert capfd.readouterr() == ("", "")


def test_a_bar_in_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with report(True) as reporter:
        reporter.stage("Uploading", 10)
        reporter.advance(5)
        reporter.stage("Reading media", 1)
        reporter.reach(0.5, "Reading media 5 of 10")
    assert "Reading media 5 of 10" in capsys.readouterr().err


def test_a_line_in_the_notebook_that_goes_away() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in (WORK, "work(1.2)", "work(0)")]
    )
    seen = []
    client = NotebookClient(notebook, timeout=60)
    handle = client.process_message

    def watch(message, cell, cell_index):  # type: ignore[no-untyped-def]
        if message["msg_type"] in ("display_data", "update_display_data"):
            seen.append(message["content"]["data"])
        return handle(message, cell, cell_index)

    client.process_message = watch  # type: ignore[method-assign]
    client.execute()
    assert any("Uploading &lt;b&gt;" in data["text/html"] for data in seen)
    assert seen[-1] == {"text/html": "", "text/plain": ""}
    assert not any("widget" in kind for data in seen for kind in data)
    assert notebook.cells[2].outputs == []
