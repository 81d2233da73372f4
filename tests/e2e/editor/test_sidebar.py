"""The list of objects: attributes, switches, sorting, menus, many objects."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cvat_lab.client import Job
from cvat_lab_server.embedded import EmbeddedServer
from tests.e2e.browser import MISSING, is_ready, wait_until
from tests.e2e.editor.steps import close_to, open_editor, saved_keyframes, saved_shapes
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


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
