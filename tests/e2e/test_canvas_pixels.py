"""In a real browser, the pixels that edits leave behind are those of a full drawing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
HARNESS = ROOT / "widgets" / "ts" / "canvas" / "bench" / "pixels.ts"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None or not ESBUILD.exists(), reason="needs chromium and `npm install`"),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    command = [ESBUILD, HARNESS, "--bundle", "--format=esm"]
    script = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content("<!doctype html><body style='margin: 0'></body>")
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => globalThis.harness")
        yield page
        browser.close()


def open_scene(page: Any, count: int, seed: int, **settings: Any) -> None:
    page.evaluate("([count, seed, settings]) => harness.open(count, seed, settings)", [count, seed, settings])


SETTINGS = {
    "plain": {},
    "filled": {"opacity": 40, "colorBy": "label"},
    "outlined": {"outlineColor": "#000000"},
    "texts": {"alwaysShowText": True},
    "grid": {"grid": True, "gridSize": 50},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
@pytest.mark.parametrize("zoom", [1.0, 2.7, 0.6])
def test_dirty_rectangles_equal_a_full_drawing(page: Any, settings: dict[str, Any], zoom: float) -> None:
    open_scene(page, 250, seed=3, **settings)
    page.evaluate("(zoom) => { harness.editor.view.zoomBy(zoom); harness.host.renderer.flush(); }", zoom)
    kinds = set()
    for step in range(25):
        kinds.add(page.evaluate("(seed) => harness.edit(seed)", 1000 + step))
        # Several edits between two frames are drawn together.
        if step % 3 == 0:
            difference = page.evaluate("() => harness.compare()")
            assert difference == {"largest": 0, "pixels": 0}, (step, kinds)
    assert len(kinds) >= 6, f"the script is too tame: {kinds}"


def test_an_edit_is_drawn_at_all(page: Any) -> None:
    """Guards the test above against comparing two empty drawings."""
    open_scene(page, 40, seed=5)
    before = page.evaluate("() => harness.paintedPixels()")
    page.evaluate(
        """() => {
            const item = harness.editor.scene.drawingOrder[0];
            harness.editor.annotations.remove('test', 0, [item.state.clientId]);
        }"""
    )
    page.evaluate("() => harness.painted()")
    after = page.evaluate("() => harness.paintedPixels()")
    assert 0 < after < before


def test_the_picture_is_sharp_after_a_zoom_gesture(page: Any) -> None:
    open_scene(page, 400, seed=4)
    page.mouse.move(800, 450)
    for _ in range(3):
        page.mouse.wheel(0, -100)
    page.wait_for_function(
        "() => [...document.querySelectorAll('canvas')].every((canvas) => canvas.style.transform === '')"
    )
    assert page.evaluate("() => harness.editor.view.camera.zoom / (1600 / 1920)") == pytest.approx(1.2**3)
    assert page.evaluate("() => harness.compare()") == {"largest": 0, "pixels": 0}
