"""The editor in a plain page, against the real server and a real video: drawing, saving, a lost connection, keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.browser import MISSING, is_ready

if not is_ready():
    pytest.skip(MISSING, allow_module_level=True)

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.browser import chromium, collect_errors, serve_plain_page, wait_until
from tests.e2e.editor_page import EditorPage

if TYPE_CHECKING:
    from pathlib import Path

    from cvat_lab.client import Job, Lab
    from cvat_lab.model.shape import Shape, TrackedShape
    from cvat_lab_server.embedded import EmbeddedServer

pytestmark = pytest.mark.e2e

SIZE = (160, 120)
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


def open_editor(page: Page, server: EmbeddedServer, job: Job, frame: int | None = None) -> EditorPage:
    start = "" if frame is None else f"&frame={frame}"
    page.goto(f"{server.url}/plain.html?job={job.id}&token={server.token}{start}")
    return EditorPage(page, SIZE).wait_open()


@pytest.fixture
def editor(page: Page, server: EmbeddedServer, job: Job) -> EditorPage:
    return open_editor(page, server, job)


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


# --- drawing and saving -----------------------------------------------------------------------------------------------


@pytest.mark.req("R8.1")
def test_a_box_is_drawn_saved_and_there_after_a_reload(editor: EditorPage, job: Job) -> None:
    editor.draw_box([20, 30, 90, 100])
    (shape,) = saved_shapes(job, 1)
    assert shape.points == close_to([20, 30, 90, 100])
    assert (shape.type, shape.frame, shape.source) == ("rectangle", 0, "manual")
    editor.wait_state("saved")
    editor.page.reload()
    editor.wait_open()
    expect(editor.cards).to_have_count(1)
    expect(editor.card(1).get_by_label("Label of object 1")).to_have_value(str(shape.label_id))


@pytest.mark.req("R5.5", "R5.6", "R5.12", "R24.57", "R5.1")
def test_a_track_is_moved_on_three_keyframes(editor: EditorPage, job: Job) -> None:
    editor.draw_box([10, 10, 50, 50], "Track", "person")
    saved_keyframes(job, 1)
    editor.go_to(10)
    editor.drag((30, 30), (50, 30))
    editor.go_to(20)
    editor.drag((50, 30), (90, 50))
    shapes = saved_keyframes(job, 3)
    assert [shape.frame for shape in shapes] == [0, 10, 20]
    assert shapes[2].points == close_to([70, 30, 110, 70])
    assert job.shapes_on(15)[0].points == close_to([50, 20, 90, 60])
    card = editor.card(1)
    expect(card.get_by_label("Remove the keyframe")).to_be_visible()
    card.get_by_label("Previous keyframe").click()
    editor.wait_frame(10)
    card.get_by_label("First keyframe").click()
    editor.wait_frame(0)
    expect(card.get_by_label("Previous keyframe")).to_be_disabled()
    editor.page.keyboard.press("r")
    editor.wait_frame(10)
    card.get_by_label("Remove the keyframe").click()
    assert [shape.frame for shape in saved_keyframes(job, 2)] == [0, 20]


@pytest.mark.req("R9.1", "R9.2", "R9.5", "R9.11")
def test_polygons_end_with_n_or_by_their_number_of_points(editor: EditorPage, job: Job) -> None:
    editor.draw_polygon([(20, 20), (80, 25), (60, 90)])
    (shape,) = saved_shapes(job, 1)
    assert shape.points == close_to([20, 20, 80, 25, 60, 90])
    editor.start("polygons", points=4)
    for corner in ((100, 20), (140, 20), (140, 60), (100, 60)):
        editor.click(*corner)
    assert len(saved_shapes(job, 2)[1].points) == 8
    expect(editor.view.get_by_label("Select and edit")).to_have_attribute("aria-pressed", "true")


@pytest.mark.req("R24.6", "R24.7", "R24.49")
def test_undo_redo_and_delete(editor: EditorPage, job: Job) -> None:
    keyboard = editor.page.keyboard
    editor.draw_box([20, 20, 60, 60])
    saved_shapes(job, 1)
    keyboard.press("Delete")
    expect(editor.cards).to_have_count(0)
    wait_until(lambda: not job.annotations().shapes)
    keyboard.press("Control+z")
    expect(editor.cards).to_have_count(1)
    saved_shapes(job, 1)
    keyboard.press("Control+z")
    expect(editor.cards).to_have_count(0)
    editor.view.get_by_label("Redo: Draw rectangle").click()
    expect(editor.cards).to_have_count(1)
    assert saved_shapes(job, 1)[0].points == close_to([20, 20, 60, 60])


@pytest.mark.req("R24.49", "R4.3", "R4.9")
def test_locked_objects_are_deleted_after_a_question_only(editor: EditorPage, job: Job) -> None:
    editor.draw_box([20, 20, 60, 60])
    editor.page.keyboard.press("l")
    expect(editor.card(1).get_by_label("Unlock", exact=True)).to_be_visible()
    editor.page.keyboard.press("Delete")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(editor.cards).to_have_count(1)
    editor.card(1).hover()
    editor.page.keyboard.press("Delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(editor.cards).to_have_count(0)
    wait_until(lambda: not job.annotations().shapes)


# --- sidebar ----------------------------------------------------------------------------------------------------------


def test_attributes_of_every_type_and_the_label_are_edited(editor: EditorPage, job: Job) -> None:
    editor.draw_box([20, 20, 60, 60], "Track")
    saved_keyframes(job, 1)
    editor.go_to(5)
    card = editor.card(1)
    card.get_by_role("button", name="Details").click()
    card.get_by_label("brand").fill("Saab")
    card.get_by_label("brand").press("Enter")
    card.get_by_label("colour", exact=True).select_option("blue")
    card.get_by_label("speed").fill("45")
    card.get_by_label("speed").blur()
    card.get_by_label("right").check()
    card.get_by_label("parked").check()
    names = {spec.id: spec.name for label in job.labels for spec in label.attributes}

    def values() -> dict[str, str]:
        (track,) = job.annotations().tracks
        changed = [value for shape in track.shapes if shape.frame == 5 for value in shape.attributes]
        return {names[item.spec_id]: item.value for item in [*track.attributes, *changed]}

    wanted = {"brand": "Saab", "colour": "blue", "speed": "45", "turn": "right", "parked": "true"}
    wait_until(lambda: values() == wanted)
    card.get_by_label("speed").fill("47")
    expect(card.get_by_label("speed")).to_have_attribute("title", "In steps of 5")
    card.get_by_label("speed").press("Escape")
    editor.go_to(0)
    expect(card.get_by_label("parked")).not_to_be_checked()
    expect(card.get_by_label("brand")).to_have_value("Saab")
    card.get_by_label("Label of object 1").select_option(label="person")
    person = job.labels["person"].id
    wait_until(lambda: job.annotations().tracks[0].label_id == person)
    expect(card.get_by_role("button", name="Details")).to_have_count(0)


@pytest.mark.req("R4.1", "R4.4", "R4.8", "R4.9", "R24.44", "R24.46")
def test_switches_sorting_and_the_menu_of_objects(editor: EditorPage, job: Job) -> None:
    for left in (10, 60, 110):
        editor.draw_box([left, 20, left + 30, 60])
    saved_shapes(job, 3)
    numbers = "cards => cards.map(card => Number(card.dataset.clientId))"
    assert editor.cards.evaluate_all(numbers) == [1, 2, 3]
    editor.card(1).get_by_label("Mark as occluded").click()
    wait_until(lambda: [shape.occluded for shape in saved_shapes(job, 3)] == [True, False, False])
    editor.view.get_by_label("Sort by").select_option(label="Updated time")
    expect(editor.cards.first).to_have_attribute("data-client-id", "1")
    editor.view.get_by_label("Sort by").select_option(label="ID descending")
    expect(editor.cards.first).to_have_attribute("data-client-id", "3")
    editor.card(1).get_by_label("Menu of object 1").click()
    editor.page.get_by_role("menuitem", name="To foreground").click()
    wait_until(lambda: saved_shapes(job, 3)[0].z_order == 1)
    editor.view.get_by_label("Lock or unlock all objects").click()
    expect(editor.view.get_by_label("Unlock", exact=True)).to_have_count(3)
    expect(editor.card(2).get_by_label("Label of object 2")).to_be_disabled()
    editor.page.keyboard.press("t")
    editor.page.keyboard.press("h")
    expect(editor.view.get_by_label("Show", exact=True)).to_have_count(3)


@pytest.mark.req("R24.56", "R9.30")
def test_labels_are_hidden_together_and_have_digits(editor: EditorPage, job: Job) -> None:
    editor.draw_box([10, 20, 50, 60])
    editor.draw_box([70, 20, 110, 60], label="person")
    editor.page.keyboard.press("Control+1")
    car = job.labels["car"].id
    wait_until(lambda: [shape.label_id for shape in job.annotations().shapes] == [car, car])
    editor.view.get_by_role("tab", name="Labels").click()
    editor.view.get_by_label("Digit of lane").select_option("7")
    editor.view.get_by_label("Hide car").click()
    expect(editor.view.get_by_label("Show car")).to_be_visible()
    expect(editor.view.get_by_label("Hide person")).to_be_disabled()
    editor.view.get_by_role("tab", name="Objects").click()
    expect(editor.view.get_by_label("Show", exact=True)).to_have_count(2)


@pytest.mark.req("R24.43", "R9.6")
def test_the_right_button_shows_the_object_or_what_to_do_with_a_point(editor: EditorPage, job: Job) -> None:
    editor.draw_polygon([(20, 20), (80, 20), (80, 80), (20, 80)])
    saved_shapes(job, 1)
    editor.click(50, 50, button="right")
    popup = editor.page.locator(".cvl-ed-canvas-menu")
    popup.get_by_label("Mark as occluded").click()
    wait_until(lambda: job.annotations().shapes[0].occluded)
    editor.page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    editor.click(80, 80, button="right")
    editor.page.get_by_role("menuitem", name="Delete point").click()
    wait_until(lambda: job.annotations().shapes[0].points == close_to([20, 20, 80, 20, 20, 80]))


@pytest.mark.req("R5.20", "R24.55", "R4.7")
def test_propagating_asks_how_far(editor: EditorPage, job: Job) -> None:
    editor.draw_box([20, 20, 60, 60])
    editor.page.keyboard.press("Control+b")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_label("Up to frame").fill("3")
    expect(dialog.get_by_label("Number of frames")).to_have_value("3")
    dialog.get_by_role("button", name="Propagate").click()
    assert [shape.frame for shape in saved_shapes(job, 4)] == [0, 1, 2, 3]
    editor.page.keyboard.press("f")
    editor.wait_frame(1)
    expect(editor.cards).to_have_count(1)


def test_a_frame_with_many_objects_lists_only_what_is_in_view(page: Page, server: EmbeddedServer, job: Job) -> None:
    box = {"label": "person", "type": "rectangle", "frame": 0}
    job.set_annotations([{**box, "points": [k % 150, k // 30, k % 150 + 8, k // 30 + 8]} for k in range(3000)])
    editor = open_editor(page, server, job)
    expect(editor.view.locator(".cvl-ed-count")).to_have_text("3000 objects")
    assert editor.cards.count() < 40
    editor.view.get_by_label("Sort by").select_option(label="ID descending")
    expect(editor.cards.first).to_have_attribute("data-client-id", "3000")


# --- player -----------------------------------------------------------------------------------------------------------


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


# --- the connection ---------------------------------------------------------------------------------------------------


def test_offline_changes_are_at_risk_until_the_server_is_back(editor: EditorPage, job: Job) -> None:
    page = editor.page
    page.route("**/api/**", lambda route: route.abort())
    editor.draw_box([20, 30, 90, 100])
    editor.wait_state("at-risk")
    expect(editor.status).to_have_text("1 unsaved")
    editor.status.click()
    detail = page.locator(".cvl-ed-risk")
    expect(detail).to_contain_text("cannot be reached")
    expect(detail).to_contain_text("kept in this browser")
    with page.expect_download() as download:
        detail.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"job-{job.id}-unsaved.json"
    kept = json.loads(download.value.path().read_text())
    assert kept["changes"][0]["created"]["shapes"][0]["points"] == close_to([20, 30, 90, 100])
    page.unroute_all()
    detail.get_by_role("button", name="Try again now").click()
    editor.wait_state("saved")
    assert len(saved_shapes(job, 1)) == 1
    assert page.evaluate("[...new Set(heard.states)]") == ["saved", "saving", "at-risk"]


def test_a_reload_while_offline_keeps_the_change(editor: EditorPage, job: Job) -> None:
    page = editor.page
    page.route("**/api/lab/**", lambda route: route.abort())
    editor.draw_box([20, 30, 90, 100])
    editor.wait_state("at-risk")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(editor.view).to_contain_text(f"Cannot load job #{job.id}")
    assert not job.annotations().shapes
    page.unroute_all()
    editor.wait_open()
    expect(editor.cards).to_have_count(1)
    assert saved_shapes(job, 1)[0].points == close_to([20, 30, 90, 100])
    editor.wait_state("saved")


def test_two_tabs_on_one_job_keep_the_edits_of_both(
    context: BrowserContext, editor: EditorPage, server: EmbeddedServer, job: Job
) -> None:
    other = open_editor(context.new_page(), server, job)
    editor.draw_box([10, 20, 50, 60])
    saved_shapes(job, 1)
    other.draw_box([80, 20, 120, 60], label="person")
    saved_shapes(job, 2)
    expect(other.cards).to_have_count(2)
    expect(other.page.locator(".cvl-toast")).to_contain_text("1 change from elsewhere merged in.")
    other.page.close()
    editor.draw_box([10, 80, 50, 110])
    saved_shapes(job, 3)
    expect(editor.cards).to_have_count(3)


def test_what_a_script_saves_comes_into_the_open_editor(editor: EditorPage, job: Job) -> None:
    job.append_annotations([{"label": "person", "type": "rectangle", "frame": 0, "points": [5, 5, 50, 50]}])
    editor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(editor.cards).to_have_count(1)
    assert editor.page.evaluate("heard.revisions.at(-1)") == job.refresh().revision


def test_what_is_not_saved_yet_is_sent_when_the_editor_is_closed(editor: EditorPage, job: Job) -> None:
    editor.draw_box([20, 30, 90, 100])
    editor.page.evaluate("globalThis.editor.dispose()")
    saved_shapes(job, 1)
    expect(editor.view).to_have_count(0)


# --- keys -------------------------------------------------------------------------------------------------------------

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


# --- the job and the view ---------------------------------------------------------------------------------------------


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
