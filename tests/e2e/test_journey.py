"""From a video to queried labels: one user's whole way through a real JupyterLab, by mouse and keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.browser import MISSING, is_ready

if not is_ready():
    pytest.skip(MISSING, allow_module_level=True)

from datumaro.components.annotation import AnnotationType
from datumaro.components.dataset import Dataset
from playwright.sync_api import expect

from tests.e2e.browser import chromium, wait_until
from tests.e2e.editor_page import EditorPage
from tests.e2e.lab import NOT_BUILT, LabPage, is_built, lab_page, start_lab

if TYPE_CHECKING:
    from cvat_lab.client import Job, Task

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not is_built(), reason=NOT_BUILT)]

SIZE = (160, 120)
FRAMES = range(30)
"""Frames on which the track can be seen; its keyframes are the first, the middle and the last one."""
BOXES = {0: (20.0, 20.0, 60.0, 50.0), 15: (50.0, 35.0, 90.0, 65.0), 29: (78.0, 35.0, 118.0, 65.0)}
POLYGON = [(100.0, 70.0), (145.0, 75.0), (120.0, 110.0)]

LOAD = "%load_ext cvat_lab_kernel"
COUNT = """%%cvat_sql --out counted
SELECT (SELECT count(*) FROM track_shapes) AS track_shapes, (SELECT count(*) FROM shapes) AS shapes,
       (SELECT count(*) FROM tracks) AS tracks"""
PRINT = "print(counted.iloc[0].to_dict())"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPage]:
    with (
        start_lab(tmp_path_factory.mktemp("journey")) as server,
        chromium() as browser,
        lab_page(browser, server) as opened,
    ):
        yield opened.goto_lab()


def close_to(points: object) -> object:
    return pytest.approx(points, abs=0.6)


def create_project(lab: LabPage) -> None:
    lab.execute("cvat-lab:new-project")
    page = lab.page
    page.get_by_label("Name", exact=True).fill("Street")
    page.get_by_role("button", name="Add label").click()
    form = page.get_by_role("group", name="New label")
    form.get_by_label("Label name").fill("car")
    form.get_by_role("button", name="Continue").click()
    form.get_by_label("Label name").fill("lane")
    form.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Submit and open").click()
    expect(page.get_by_role("heading", name="Tasks 0")).to_be_visible()


def create_task(lab: LabPage, video: Path) -> None:
    page = lab.page
    page.get_by_role("button", name="Create a task").first.click()
    page.get_by_label("Name", exact=True).fill("Crossing")
    page.locator('input[type="file"]').set_input_files(video)
    page.get_by_text("Advanced configuration").click()
    page.get_by_label("Stop frame").fill(str(FRAMES[-1]))
    page.get_by_role("button", name="Submit and open").click()
    expect(page.get_by_role("heading", name="Jobs 1")).to_be_visible()


def annotate(editor: EditorPage, job: Job) -> None:
    """Draw a track with three keyframes and a polygon; take one step back and do it again."""
    start, middle, end = BOXES
    editor.draw_box(BOXES[start], "Track", "car")
    for before, frame in ((start, middle), (middle, end)):
        editor.go_to(frame)
        editor.drag(center(BOXES[before]), center(BOXES[frame]))
    editor.draw_polygon(POLYGON, label="lane")
    expect(editor.cards).to_have_count(2)
    keyboard = editor.page.keyboard
    keyboard.press("Control+z")
    expect(editor.cards).to_have_count(1)
    wait_until(lambda: not job.annotations().shapes)
    keyboard.press("Control+Shift+z")
    expect(editor.cards).to_have_count(2)
    editor.wait_state("saved")


def center(box: tuple[float, ...]) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2


def check_stored(job: Job) -> None:
    [track] = job.annotations().tracks
    assert {shape.frame: shape.points for shape in track.shapes} == {
        frame: close_to(box) for frame, box in BOXES.items()
    }
    [polygon] = job.annotations().shapes
    assert (polygon.type, polygon.frame) == ("polygon", FRAMES[-1])
    assert polygon.points == close_to([value for corner in POLYGON for value in corner])


def export(lab: LabPage, task: Task, name: str, target: Path) -> Path:
    """Export through the dialog of the task's page, and unpack what the browser downloads."""
    page = lab.page
    lab.execute("cvat-lab:open-page", route={"page": "task", "id": task.id})
    page.get_by_role("button", name="Actions", exact=True).click()
    page.get_by_role("menuitem", name="Export task dataset").click()
    dialog = page.get_by_role("dialog", name="Export")
    dialog.get_by_label("Format").select_option(label=name)
    dialog.get_by_label("Save images").check()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    shutil.unpack_archive(download.value.path(), target, "zip")
    dialog.get_by_role("button", name="Close").last.click()
    return target


def read(dataset: Dataset, label: str, kind: AnnotationType) -> dict[str, list[float]]:
    """Return the points of the object with a label and of a type on every frame, by the frame's name."""
    number = dataset.categories()[AnnotationType.label].find(label)[0]
    return {
        item.id.rsplit("/")[-1]: found.points
        for item in dataset
        for found in item.annotations
        if (found.label, found.type) == (number, kind)
    }


@pytest.mark.req("R1.4", "R5.5", "R8.1", "R9.1", "R20.1", "R20.3", "R24.6", "R24.7")
def test_from_a_video_to_queried_labels(lab: LabPage, video: Path, tmp_path: Path) -> None:
    page, connection = lab.page, lab.server.connect()
    create_project(lab)
    create_task(lab, video)
    task = connection.tasks()[0]
    assert (task.size, task.project_id) == (len(FRAMES), connection.projects()[0].id)
    [job] = task.jobs()

    page.get_by_role("button", name=f"Job #{job.id}").first.click()
    annotate(EditorPage(page, SIZE).wait_open(), job)
    check_stored(job)
    lab.reload()
    editor = EditorPage(page, SIZE).wait_open()
    editor.go_to(FRAMES[-1])
    expect(editor.cards).to_have_count(2)
    check_stored(job)

    lab.open_notebook(lab.server.write_notebook("count.ipynb", LOAD, COUNT, PRINT))
    lab.run_cell(0)
    lab.run_cell(1)
    expect(lab.run_cell(2)).to_have_text(str({"track_shapes": len(FRAMES), "shapes": 1, "tracks": 1}))

    track = [shape.points for frame in FRAMES for shape in job.shapes_on(frame) if shape.type == "rectangle"]
    for name, format in (("COCO 1.0", "coco"), ("CVAT for video 1.1", "cvat")):
        dataset = Dataset.import_from(str(export(lab, task, name, tmp_path / format)), format)
        boxes = read(dataset, "car", AnnotationType.bbox)
        assert [boxes[key] for key in sorted(boxes)] == [close_to(points) for points in track], name
        [points] = read(dataset, "lane", AnnotationType.polygon).values()
        assert points == close_to([value for corner in POLYGON for value in corner]), name
