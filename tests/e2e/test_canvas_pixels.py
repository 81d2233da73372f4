"""The canvas in a real browser: edits leave the pixels of a full drawing, and input finds its way to the editor."""

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


@pytest.mark.req("R8.1", "R24.6")
def test_mouse_and_keys_reach_the_editor(page: Any) -> None:
    open_scene(page, 0, seed=1)
    page.evaluate("() => harness.editor.drawing.start({ type: 'rectangle', label_id: 2 })")
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(500, 450, steps=4)
    page.mouse.up()
    points = page.evaluate("() => harness.editor.scene.drawingOrder[0].state.points")
    assert points == pytest.approx([360, 360, 600, 540])
    page.keyboard.press("Control+z")
    assert page.evaluate("() => harness.editor.scene.drawingOrder.length") == 0


@pytest.mark.req("R24.2")
def test_keys_do_nothing_while_text_is_typed(page: Any) -> None:
    open_scene(page, 0, seed=1)
    page.evaluate("() => { document.getElementById('canvas').append(document.createElement('input')); }")
    page.locator("input").focus()
    page.keyboard.type("nnf")
    assert page.locator("input").input_value() == "nnf"
    assert page.evaluate("() => [harness.editor.path, harness.editor.frame]") == ["root.select.idle", 0]
    page.locator("#canvas").focus()
    page.keyboard.press("f")
    page.wait_for_function("() => harness.editor.frame === 1")


@pytest.mark.req("R24.8")
def test_the_middle_button_pans(page: Any) -> None:
    open_scene(page, 5, seed=1)
    page.mouse.move(100, 100)
    page.mouse.down(button="middle")
    page.mouse.move(160, 130)
    page.mouse.up(button="middle")
    assert page.evaluate("() => [harness.editor.view.camera.x, harness.editor.view.camera.y]") == [60, 30]
