"""The editor below a notebook's cell, in a real JupyterLab: ``python -m benchmarks.notebook [--rounds N]``.

*save*: from Ctrl+S, right after a box was drawn, until the editor says that it is on the server, which answers once it
is on disk. *frame*: from the key to the picture of another frame of a video, one that the browser has never loaded.
``limit`` is the goal for a save, whatever the kernel does. ``peer`` is the way of other widgets, through the kernel:
the same editor in a page that cannot reach the server by HTTP. The kernel sleeps (``time.sleep``), or computes in
Python without a pause.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.report import Row, as_text
from cvat_lab.client import Task
from tests.e2e.browser import chromium, wait_until
from tests.e2e.editor_page import EditorPage
from tests.e2e.lab import LabPage, lab_page, start_lab
from tests.media_samples import encode_video, moving

COLUMNS = ("goal", "through the kernel")
"""What limit and peer are."""

GOAL_MS = 200
"""For a save, while the kernel is busy."""

SIZE = (640, 360)
FRAMES = 1200
GOP = 25
STEP = 125
"""Frames between those that are shown: farther than the page looks ahead."""

API = "**/cvat-lab/api/**"

WORK = {
    "idle kernel": "pass",
    "kernel sleeps": "import time\ntime.sleep(600)",
    "kernel computes": "while True: sum(range(1000))",
}

WATCH = """() => {
    const view = document.querySelector('.jp-OutputArea .cvl-ed');
    globalThis.times = [];
    const watch = (isBegin, isEnd) => {
        let begun = null;
        document.addEventListener('keydown', (event) => { if (isBegin(event)) begun = performance.now(); }, true);
        const look = () => {
            if (begun === null || !isEnd()) return;
            times.push(performance.now() - begun);
            begun = null;
        };
        new MutationObserver(look).observe(view, { subtree: true, childList: true, attributes: true });
    };
    const state = () => view.querySelector('.cvl-ed-status').dataset.state;
    watch((event) => event.ctrlKey && event.key === 's' && state() !== 'saved', () => state() === 'saved');
    const shown = () => view.querySelector('.cvl-ed-stage').dataset.frame;
    const field = () => view.querySelector('[aria-label="Frame number"]').value;
    watch((event) => event.key === 'Enter', () => shown() === field() && !view.querySelector('.cvl-ed-loading'));
}"""


def save_time(editor: EditorPage, number: int) -> float:
    """Draw a box and save it; return how long that took in ms."""
    left = 10 + 15 * (number % 30)
    editor.draw_box([left, 40, left + 60, 200])
    editor.page.keyboard.press("Control+s")
    return _time(editor)


def frame_time(editor: EditorPage, frame: int) -> float:
    """Go to a frame; return how long that took in ms."""
    field = editor.view.get_by_label("Frame number")
    field.fill(str(frame))
    field.press("Enter")
    return _time(editor)


def _time(editor: EditorPage) -> float:
    found: list[float] = wait_until(lambda: editor.page.evaluate("times.splice(0)"), 60)
    return found[0]


@contextmanager
def open_editor(notebook: LabPage, task: Task, work: str) -> Iterator[EditorPage]:
    """Open a notebook with the editor, and let its kernel do something."""
    show = f"import cvat_lab\neditor = cvat_lab.connect().task({task.id}).annotate()\neditor"
    notebook.open_notebook(notebook.server.write_notebook("Untitled.ipynb", show, work))
    notebook.run_cell(0)
    editor = EditorPage(notebook.page, SIZE, notebook.cell_output(0)).wait_open()
    notebook.page.evaluate(WATCH)
    notebook.start_cell(1)
    try:
        yield editor
    finally:
        notebook.interrupt_kernel()
        notebook.shut_down_notebook()


def measure(notebook: LabPage, task: Task, work: str, first: int, rounds: int) -> tuple[float, float]:
    """Return the medians of a save and of a frame in ms; no frame before ``first``, which the browser may have kept."""
    task.set_annotations([])
    with open_editor(notebook, task, work) as editor:
        saves = [save_time(editor, number) for number in range(rounds + 1)][1:]
        frames = [frame_time(editor, frame) for frame in range(first, FRAMES, STEP)]
    return statistics.median(saves), statistics.median(frames)


def measure_all(notebook: LabPage, task: Task, rounds: int) -> dict[str, tuple[float, float]]:
    """Measure beside every kind of kernel, each time with frames of other groups of pictures."""
    firsts = range(2 * GOP, STEP, GOP)
    return {name: measure(notebook, task, WORK[name], first, rounds) for name, first in zip(WORK, firsts, strict=True)}


def run(rounds: int = 12) -> list[Row]:
    """Measure with HTTP and without."""
    with tempfile.TemporaryDirectory() as name, start_lab(Path(name) / "user") as server, server.connect() as lab:
        video = encode_video(Path(name) / "street.mp4", moving("china.jpg", FRAMES, *SIZE), gop=GOP)
        task = lab.create_task("street", ["car"], files=[video])
        with chromium() as browser, lab_page(browser, server) as notebook:
            notebook.goto_lab()
            ours = measure_all(notebook, task, rounds)
            notebook.page.route(API, _refuse)
            peers = measure_all(notebook, task, rounds)
    saves = [Row(f"save, {work}", ours[work][0], "ms", GOAL_MS, peers[work][0]) for work in WORK]
    frames = [Row(f"frame, {work}", ours[work][1], "ms", None, peers[work][1]) for work in WORK]
    return saves + frames


def _refuse(route: Any) -> None:
    route.abort()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Measure the editor in a notebook.")
    arguments.add_argument("--rounds", type=int, default=12)
    print(as_text(run(arguments.parse_args().rounds), *COLUMNS))
