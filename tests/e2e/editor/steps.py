"""What the tests of the editor do again and again: open it, wait for what it saved, compare places."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from cvat_lab.client import Job
from cvat_lab.model.shape import Shape, TrackedShape
from cvat_lab_server.embedded import EmbeddedServer
from tests.e2e.browser import wait_until
from tests.e2e.editor_page import EditorPage

SIZE = (160, 120)
"""Width and height of the video in pixels."""


def open_editor(page: Page, server: EmbeddedServer, job: Job, frame: int | None = None) -> EditorPage:
    start = "" if frame is None else f"&frame={frame}"
    page.goto(f"{server.url}/plain.html?job={job.id}&token={server.token}{start}")
    return EditorPage(page, SIZE).wait_open()


def saved_shapes(job: Job, count: int) -> list[Shape]:
    """Wait until the server has so many shapes."""
    return wait_until(lambda: found if len(found := job.annotations().shapes) == count else [])


def saved_keyframes(job: Job, count: int) -> list[TrackedShape]:
    """Wait until the server has one track with so many keyframes."""

    def read() -> list[TrackedShape]:
        tracks = job.annotations().tracks
        return tracks[0].shapes if len(tracks) == 1 and len(tracks[0].shapes) == count else []

    return wait_until(read)


def close_to(points: list[float]) -> object:
    return pytest.approx(points, abs=0.5)
