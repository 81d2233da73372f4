"""The menu of the job, and the room that the editor has."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cvat_lab.client import Job
from cvat_lab_server.embedded import EmbeddedServer
from tests.e2e.browser import MISSING, is_ready, wait_until
from tests.e2e.editor.steps import open_editor, saved_shapes
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


def test_the_menu_changes_the_state_removes_and_exports(editor: EditorPage, job: Job) -> None:
    page = editor.page
    editor.draw_box([20, 20, 60, 60])
    editor.go_to(8)
    editor.draw_box([20, 20, 60, 60], "Track")
    menu = editor.view.get_by_label("Menu of the job")
    menu.click()
    page.get_by_role("menuitem", name="State: completed").click()
    expect(page.locator(".cvl-toast")).to_contain_text(f"Job #{job.id} is completed now.")
    assert job.refresh().state == "completed"
    assert len(job.annotations().tracks) == 1
    menu.click()
    page.get_by_role("menuitem", name="Export job dataset").click()
    dialog = page.get_by_role("dialog", name=re.compile("Export job"))
    dialog.get_by_label("Format").select_option(label="COCO 1.0")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename.endswith(".zip")
    dialog.get_by_role("button", name="Close").last.click()
    menu.click()
    page.get_by_role("menuitem", name="Remove annotations").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove all").click()
    wait_until(lambda: not job.annotations().shapes and not job.annotations().tracks)
    page.keyboard.press("Control+z")
    assert len(saved_shapes(job, 1)) == 1


def test_there_is_room_in_a_small_cell(page: Page, server: EmbeddedServer, job: Job) -> None:
    page.set_viewport_size({"width": 700, "height": 450})
    editor = open_editor(page, server, job)
    expect(editor.view.locator(".cvl-ed-sidebar")).to_have_count(0)
    canvas = editor.canvas.bounding_box()
    assert canvas is not None
    assert canvas["width"] > 600
    assert canvas["height"] > 350
    editor.draw_box([20, 20, 60, 60])
    editor.view.get_by_label("Objects").click()
    editor.card(1).get_by_label("Mark as occluded").click()
    wait_until(lambda: [shape.occluded for shape in job.annotations().shapes] == [True])
    for button in editor.view.locator(".cvl-ed-topbar button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 700


def test_the_sidebar_is_resized_and_folded(editor: EditorPage) -> None:
    sidebar = editor.view.locator(".cvl-ed-sidebar")
    before = sidebar.bounding_box()
    assert before is not None
    mouse = editor.page.mouse
    mouse.move(before["x"], before["y"] + 200)
    mouse.down()
    mouse.move(before["x"] - 80, before["y"] + 200, steps=3)
    mouse.up()
    after = sidebar.bounding_box()
    assert after is not None
    assert after["width"] == pytest.approx(before["width"] + 80, abs=6)
    editor.view.get_by_label("Fold the sidebar").click()
    expect(sidebar).to_have_count(0)
    editor.view.get_by_label("Unfold the sidebar").click()
    expect(sidebar).to_be_visible()
    editor.page.evaluate("localStorage.clear()")


def test_a_job_that_is_not_there_is_told(page: Page, server: EmbeddedServer) -> None:
    page.goto(f"{server.url}/plain.html?job=9999&token={server.token}")
    expect(page.locator(".cvl-ed")).to_contain_text("Cannot load job #9999", timeout=15_000)
