"""The editor below a cell of a real JupyterLab: saving, keys, restarts, a busy kernel, pages without HTTP."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from tests.e2e.browser import MISSING, is_ready

if not is_ready():
    pytest.skip(MISSING, allow_module_level=True)

from playwright.sync_api import Locator, Route, expect

from tests.e2e.browser import chromium, collect_errors, wait_until
from tests.e2e.editor_page import EditorPage
from tests.e2e.lab import NOT_BUILT, LabPage, LabServer, is_built, lab_page, start_lab

if TYPE_CHECKING:
    from cvat_lab.client import Job, Lab, Task
    from cvat_lab.model.shape import Shape

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_built(), reason=NOT_BUILT)]

SIZE = (160, 120)
BOX = [20, 30, 90, 100]
EDITOR = 1
"""The cell whose output is the editor."""
HEIGHT = 520

API = "**/cvat-lab/api/**"


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    with start_lab(tmp_path_factory.mktemp("lab") / "user") as server:
        yield server


@pytest.fixture(scope="module")
def lab(jupyter: LabServer) -> Iterator[Lab]:
    with jupyter.connect() as connected:
        yield connected


@pytest.fixture(scope="module")
def jupyterlab(jupyter: LabServer) -> Iterator[LabPage]:
    """One page for all tests; each opens a notebook of its own."""
    with chromium() as browser, lab_page(browser, jupyter, 1280, 900) as page:
        page.goto_lab()
        page.execute("application:toggle-left-area")
        yield page


@pytest.fixture
def notebook(jupyterlab: LabPage) -> Iterator[LabPage]:
    errors = collect_errors(jupyterlab.page)
    yield jupyterlab
    jupyterlab.page.unroute_all()
    jupyterlab.shut_down_notebook()
    assert errors == []


def open_editor(notebook: LabPage, task: Task, call: str = "task.annotate({})", *more: str) -> EditorPage:
    """Open a notebook with the editor on a task in its second cell."""
    connect = f"import cvat_lab\ntask = cvat_lab.connect().task({task.id})"
    show = f"editor = {call.format(f'height={HEIGHT}')}\neditor"
    notebook.open_notebook(notebook.server.write_notebook(f"task-{task.id}.ipynb", connect, show, *more))
    notebook.run_cell(0)
    notebook.run_cell(EDITOR)
    return shown_editor(notebook)


def shown_editor(notebook: LabPage) -> EditorPage:
    return EditorPage(notebook.page, SIZE, notebook.cell_output(EDITOR)).wait_open()


@pytest.fixture
def editor(notebook: LabPage, video_task: Task) -> EditorPage:
    return open_editor(notebook, video_task)


@pytest.fixture
def job(video_task: Task) -> Job:
    return video_task.jobs()[0]


def saved_shapes(job: Job, count: int) -> list[Shape]:
    """Wait until the server has so many shapes."""
    return wait_until(lambda: found if len(found := job.annotations().shapes) == count else [])


def close_to(points: list[float]) -> object:
    return pytest.approx(points, abs=0.5)


# --- saving -----------------------------------------------------------------------------------------------------------


def test_a_box_is_drawn_below_a_cell_and_saved(notebook: LabPage, editor: EditorPage, lab: Lab, job: Job) -> None:
    editor.draw_box(BOX, label="person")
    (shape,) = saved_shapes(job, 1)
    assert shape.points == close_to(BOX)
    editor.wait_state("saved")
    query = "SELECT label, frame, points FROM shapes WHERE job_id = $job"
    assert list(lab.sql(query, {"job": job.id})) == [{"label": "person", "frame": 0, "points": shape.points}]


def test_a_script_hears_of_the_editor_and_moves_it(notebook: LabPage, video_task: Task, job: Job) -> None:
    ask = "editor.status, editor.frame, editor.revision, editor.selection"
    editor = open_editor(notebook, video_task, "task.jobs()[0].annotate(frame=12, {})", "editor.frame = 40", ask)
    editor.wait_frame(12)
    editor.draw_box(BOX)
    (shape,) = saved_shapes(job, 1)
    editor.wait_state("saved")
    expected = f"('saved', 12, {job.refresh().revision}, [{{'kind': 'shape', 'id': {shape.id}}}])"

    wait_until(lambda: notebook.run_cell(3).inner_text().strip() == expected)
    notebook.run_cell(2)
    editor.wait_frame(40)


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.req("R24.2")
def test_keys_of_the_editor_do_nothing_to_the_notebook(notebook: LabPage, editor: EditorPage, job: Job) -> None:
    page = notebook.page
    before = notebook.sources()
    editor.draw_box(BOX)
    saved_shapes(job, 1)
    for key in (*"abddxmmyrzii", "Delete", "Control+z", "Enter", "Shift+Enter", "Control+b", "n"):
        page.keyboard.press(key)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    assert notebook.sources() == before
    assert notebook.cell_types() == ["code", "code"]
    assert not page.evaluate("jupyterapp.shell.leftCollapsed === false"), "Ctrl+B opened the sidebar"
    # They were heard where they belong: Delete and Ctrl+Z cancelled out, and N draws again.
    editor.drag((100, 20), (150, 60))
    second = saved_shapes(job, 2)[1]
    assert second.points == close_to([100, 20, 150, 60])


@pytest.mark.req("R24.2")
def test_keys_of_the_notebook_do_nothing_to_the_editor(notebook: LabPage, editor: EditorPage, job: Job) -> None:
    page = notebook.page
    editor.draw_box(BOX)
    saved_shapes(job, 1)
    notebook.cell(0).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n# ndfx")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    page.keyboard.type(" n")
    assert notebook.sources()[0].splitlines()[-1].endswith(" n")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    wait_until(lambda: len(notebook.sources()) == 3)
    page.keyboard.press("d")
    page.keyboard.press("d")
    wait_until(lambda: len(notebook.sources()) == 2)
    editor.wait_frame(0)
    expect(editor.cards).to_have_count(1)
    assert len(job.annotations().shapes) == 1


@pytest.mark.req("R24.2")
def test_escape_gives_the_keyboard_back_to_the_notebook(notebook: LabPage, editor: EditorPage) -> None:
    editor.click(80, 60)
    expect(editor.canvas).to_be_focused()
    notebook.page.keyboard.press("Escape")
    expect(editor.canvas).not_to_be_focused()
    notebook.page.keyboard.press("b")
    wait_until(lambda: len(notebook.sources()) == 3)


# --- accidents --------------------------------------------------------------------------------------------------------


def test_the_editor_survives_a_restart_of_the_kernel(notebook: LabPage, editor: EditorPage, job: Job) -> None:
    notebook.restart_kernel()
    editor.draw_box(BOX)
    saved_shapes(job, 1)
    editor.wait_state("saved")
    notebook.save()
    notebook.reload().wait_kernel()
    without_widget = shown_editor(notebook)
    expect(stand_in(notebook)).to_be_visible()
    expect(without_widget.cards).to_have_count(1)
    without_widget.draw_box([100, 20, 150, 60])
    saved_shapes(job, 2)
    notebook.run_cell(0)
    notebook.run_cell(EDITOR)
    expect(stand_in(notebook)).to_have_count(0)
    expect(shown_editor(notebook).cards).to_have_count(2)


def test_a_reload_while_the_kernel_is_busy_does_not_wait_for_it(notebook: LabPage, video_task: Task, job: Job) -> None:
    work = "import time, pathlib\nmark = pathlib.Path('works')\nmark.touch()\ntime.sleep(60)\nmark.unlink()"
    editor = open_editor(notebook, video_task, "task.annotate({})", work)
    editor.draw_box(BOX)
    saved_shapes(job, 1)
    notebook.save()
    notebook.start_cell(2)
    wait_until((notebook.server.root / "works").exists)
    notebook.reload()
    expect(shown_editor(notebook).cards).to_have_count(1)
    assert (notebook.server.root / "works").exists()
    notebook.interrupt_kernel()
    expect(stand_in(notebook)).to_have_count(0)
    expect(shown_editor(notebook).cards).to_have_count(1)


def test_a_notebook_from_another_workspace_shows_no_job_of_this_one(notebook: LabPage, editor: EditorPage) -> None:
    notebook.save()
    path = notebook.server.root / notebook.path()
    path.write_text(path.read_text().replace('"created": "2', '"created": "1'))
    notebook.server.trust(path.name)
    notebook.shut_down_notebook()
    notebook.open_notebook(path.name)
    expect(stand_in(notebook)).to_contain_text("in this workspace it is another one. Run the cell again.")


def stand_in(notebook: LabPage) -> Locator:
    """Return the editor that is shown where the widget is gone."""
    return notebook.page.locator('[data-cvat-lab="stand-in"]')


def test_a_reload_of_the_page_shows_the_same_shapes(notebook: LabPage, video_task: Task, job: Job) -> None:
    editor = open_editor(notebook, video_task, "task.annotate({})", "editor.frame")
    editor.draw_box(BOX)
    saved_shapes(job, 1)
    editor.go_to(7)
    wait_until(lambda: notebook.run_cell(2).inner_text().strip() == "7")
    notebook.save()
    notebook.reload().wait_kernel()
    again = shown_editor(notebook)
    again.wait_frame(7)
    again.go_to(0)
    expect(again.cards).to_have_count(1)
    again.draw_box([100, 20, 150, 60])
    saved_shapes(job, 2)
    notebook.close_notebook()
    notebook.open_notebook(f"task-{job.record.task_id}.ipynb")
    expect(shown_editor(notebook).cards).to_have_count(2)


# --- a busy kernel, a page without HTTP -------------------------------------------------------------------------------


def test_a_busy_kernel_holds_up_neither_saving_nor_frames(notebook: LabPage, video_task: Task, job: Job) -> None:
    editor = open_editor(notebook, video_task, "task.annotate({})", "import time\ntime.sleep(60)")
    notebook.start_cell(2)
    wait_until(lambda: notebook.is_running(2))
    for number in range(10):
        left = 10 + 10 * number
        editor.draw_box([left, 20, left + 40, 90])
        saved_shapes(job, number + 1)
        editor.wait_state("saved")
    editor.go_to(33)
    assert notebook.is_running(2)
    notebook.interrupt_kernel()


@contextmanager
def without_http(notebook: LabPage) -> Iterator[list[str]]:
    """Let no request of the page reach cvat_lab; yields the addresses that were tried."""
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    notebook.page.route(API, refuse)
    yield refused
    notebook.page.unroute(API, refuse)


@pytest.mark.parametrize("kernel", ["idle", "busy"])
def test_without_http_everything_goes_through_the_kernel(
    notebook: LabPage, video_task: Task, job: Job, kernel: str
) -> None:
    with without_http(notebook) as refused:
        editor = open_editor(notebook, video_task, "task.annotate({})", "import time\ntime.sleep(60)")
        if kernel == "busy":
            notebook.start_cell(2)
        editor.draw_box(BOX)
        assert saved_shapes(job, 1)[0].points == close_to(BOX)
        editor.wait_state("saved")
        editor.go_to(33)
        assert refused
        assert notebook.is_running(2) is (kernel == "busy")
        notebook.interrupt_kernel()


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_stills_are_shown_and_exported(notebook: LabPage, video_task: Task) -> None:
    video_task.set_annotations([{"label": "car", "type": "rectangle", "frame": 12, "points": [20, 20, 140, 100]}])
    open_editor(notebook, video_task, "task.annotate(12, {})", "task.frame(12)")
    picture = notebook.run_cell(2).locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == list(SIZE)
    notebook.save()
    page, _ = HTMLExporter().from_filename(str(notebook.server.root / f"task-{video_task.id}.ipynb"))
    pictures = [decode_image(found) for found in re.findall(r'src="data:image/(?:jpeg|png);base64,([^"]+)"', page)]
    assert [picture.shape for picture in pictures] == [(120, 160, 3)] * 2
    plain = video_task.frame(12, annotated=False).draw()
    for picture in pictures:
        change = np.abs(picture.astype(int) - plain).max(axis=2)
        assert change[20, 30:130].min() > 40, "the box is missing"
        assert change[:10].max() < 40


def decode_image(text: str) -> npt.NDArray[np.uint8]:
    """Return a picture of an HTML page as RGB."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB"))
