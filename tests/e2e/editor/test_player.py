"""Going through the frames of a job."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browser import MISSING, is_ready
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


@pytest.mark.req("R24.9", "R24.10", "R24.11", "R24.12", "R24.15", "R24.16", "R24.17")
def test_the_player_goes_through_the_job(editor: EditorPage) -> None:
    keyboard = editor.page.keyboard
    editor.canvas.focus()
    for key, frame in (("f", 1), ("f", 2), ("d", 1), ("v", 11), ("c", 1)):
        keyboard.press(key)
        editor.wait_frame(frame)
    keyboard.press("`")
    keyboard.type("40")
    keyboard.press("Enter")
    editor.wait_frame(40)
    expect(editor.canvas).to_be_focused()
    keyboard.press(" ")
    expect(editor.view.get_by_label("Pause")).to_be_visible()
    editor.page.wait_for_function("heard.frames.at(-1) > 42")
    keyboard.press(" ")
    editor.view.get_by_label("Go to the last frame").click()
    editor.wait_frame(59)
    keyboard.press("f")
    editor.wait_frame(59)
    editor.view.get_by_label("Frame", exact=True).fill("30")
    editor.wait_frame(30)
    shown = editor.page.evaluate("heard.frames")
    assert shown[0] == 0
    assert {41, 42, 43} <= set(shown)


def test_a_frame_that_cannot_be_had_is_told_with_its_address(editor: EditorPage) -> None:
    page = editor.page

    def refuse(route: Route) -> None:
        route.fulfill(status=500, body=json.dumps({"detail": "the disk is gone"}), content_type="application/json")

    page.route("**/api/jobs/*/data*", refuse)
    page.route("**/gops/*", refuse)
    editor.view.get_by_label("Go to the last frame").click()
    notice = editor.view.locator(".cvl-ed-notice")
    expect(notice).to_contain_text("Frame 59 cannot be shown: the disk is gone (status 500)", timeout=15_000)
    page.unroute_all()
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_have_count(0)
    editor.wait_frame(59)
