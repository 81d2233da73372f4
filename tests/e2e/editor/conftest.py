"""The editor in a plain page, against the real server and a real video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from cvat_lab.client import Job, Lab
from cvat_lab_server.embedded import EmbeddedServer
from tests.e2e.browser import chromium, collect_errors, serve_plain_page
from tests.e2e.editor.steps import open_editor
from tests.e2e.editor_page import EditorPage

LABELS: list[Any] = [
    {
        "name": "car",
        "color": "#f94144",
        "attributes": [
            {"name": "brand", "input_type": "text", "values": [""]},
            {"name": "colour", "input_type": "select", "values": ["red", "blue"]},
            {"name": "speed", "input_type": "number", "values": ["0", "100", "5"], "mutable": True},
            {"name": "turn", "input_type": "radio", "values": ["left", "none", "right"], "mutable": True},
            {"name": "parked", "input_type": "checkbox", "values": ["false", "true"], "mutable": True},
        ],
    },
    {"name": "person", "color": "#43aa8b"},
    {"name": "lane", "color": "#577590", "type": "polygon"},
]


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with chromium() as browser:
        opened = browser.new_context(viewport={"width": 1200, "height": 700})
        serve_plain_page(opened)
        yield opened


@pytest.fixture
def job(lab: Lab, video: Path) -> Job:
    return lab.create_task("street", LABELS, files=[video]).jobs()[0]


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    errors = collect_errors(opened)
    yield opened
    opened.close(run_before_unload=False)
    assert errors == []


@pytest.fixture
def editor(page: Page, server: EmbeddedServer, job: Job) -> EditorPage:
    return open_editor(page, server, job)
