"""Drawing with the mouse: what is drawn is saved, interpolated, undone and deleted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvat_lab.client import Job
from tests.e2e.browser import MISSING, is_ready, wait_until
from tests.e2e.editor.steps import close_to, saved_keyframes, saved_shapes
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


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
