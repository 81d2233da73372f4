"""Saving without losing anything: offline, two tabs, scripts, closing."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, expect

from cvat_lab.client import Job
from cvat_lab_server.embedded import EmbeddedServer
from tests.e2e.browser import MISSING, is_ready
from tests.e2e.editor.steps import close_to, open_editor, saved_shapes
from tests.e2e.editor_page import EditorPage

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_ready(), reason=MISSING)]


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
