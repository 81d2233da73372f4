"""Keys: the editor has those that are meant for it, and no others."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvat_lab.client import Job
from tests.e2e.browser import MISSING, is_ready, wait_until
from tests.e2e.editor.steps import saved_shapes
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


SPY = """() => {
    globalThis.leaked = [];
    globalThis.undone = [];
    for (const type of ['keydown', 'keypress', 'keyup'])
        document.body.addEventListener(type, (event) => leaked.push(event.key));
    document.addEventListener('keydown', (event) => setTimeout(() => {
        if (!event.defaultPrevented) undone.push((event.ctrlKey ? 'Ctrl+' : '') + event.key);
    }), true);
}"""


@pytest.mark.req("R24.2", "R24.25", "R24.5")
def test_keys_stay_in_the_editor(editor: EditorPage, job: Job) -> None:
    page = editor.page
    page.evaluate(SPY)
    editor.draw_box([20, 20, 60, 60])
    for key in ("Control+s", "Control+r", "Control+Shift+r", "Control+b", "Escape", "Tab", "F2", "F2", "F1", "F1"):
        page.keyboard.press(key)
    for key in ("d", "d", "x", "a", "b", "1", "m", "Enter", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate("leaked") == []
    own = {"Ctrl+s", "Ctrl+r", "Ctrl+R", "Ctrl+b", "Tab", "F1", "F2"}
    assert own.isdisjoint(page.evaluate("undone"))
    assert page.evaluate("document.querySelector('.cvl-ed').dataset.lmSuppressShortcuts") == "true"
    expect(editor.cards).to_have_count(1)


@pytest.mark.req("R24.2")
def test_typing_is_no_shortcut_and_escape_lets_go_of_the_keyboard(editor: EditorPage, job: Job) -> None:
    page = editor.page
    editor.draw_box([20, 20, 60, 60])
    saved_shapes(job, 1)
    card = editor.card(1)
    card.get_by_role("button", name="Details").click()
    card.get_by_label("brand").click()
    page.keyboard.type("fd nlq")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+s")
    expect(card.get_by_label("brand")).to_have_value("fd nlq")
    expect(editor.canvas).to_be_focused()
    wait_until(lambda: "fd nlq" in [item.value for item in job.annotations().shapes[0].attributes])
    editor.wait_frame(0)
    expect(editor.cards).to_have_count(1)
    page.keyboard.press("Escape")
    expect(editor.canvas).to_be_focused()
    page.keyboard.press("Escape")
    expect(editor.canvas).not_to_be_focused()
    page.keyboard.press("f")
    editor.wait_frame(0)


def test_buttons_leave_the_keyboard_with_the_canvas(editor: EditorPage) -> None:
    editor.view.get_by_label("Zoom in").click()
    expect(editor.canvas).to_be_focused()
    editor.view.get_by_label("Sort by").select_option(label="Updated time")
    editor.view.get_by_role("tab", name="Labels").click()
    editor.page.keyboard.press("f")
    editor.wait_frame(1)


@pytest.mark.req("R24.1", "R24.3", "R24.4")
def test_shortcuts_are_listed_and_stand_in_the_tooltips(editor: EditorPage) -> None:
    page = editor.page
    expect(editor.view.get_by_label("Go to the next frame")).to_have_attribute("title", "Go to the next frame (F)")
    editor.canvas.focus()
    page.keyboard.press("F1")
    dialog = page.get_by_role("dialog", name="Shortcuts")
    dialog.get_by_label("Search shortcuts").fill("keyframe")
    expect(dialog.locator("dt")).to_have_text(
        [
            "Make or remove the keyframe",
            "Go to the next keyframe of the track",
            "Go to the previous keyframe of the track",
        ]
    )
    page.keyboard.press("F1")
    expect(dialog).to_have_count(0)
    page.keyboard.press("F2")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_label("Step of V and C").fill("7")
    page.keyboard.press("F2")
    expect(settings).to_have_count(0)
    page.keyboard.press("v")
    editor.wait_frame(7)
    page.reload()
    editor.wait_open()
    expect(editor.view.get_by_label("Go forward 7 frames")).to_be_visible()
    page.evaluate("localStorage.clear()")
