"""The editor as an annotator's hands see it: places on the image, tools, cards of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from playwright.sync_api import Locator, Page, expect

PATIENCE = 15_000


class EditorPage:
    """One editor within a page.

    Parameters
    ----------
    page
        The page.
    size
        Width and height of the frames in pixels.
    home
        Where the editor is, in a page with several.
    """

    def __init__(self, page: Page, size: tuple[int, int], home: Locator | None = None) -> None:
        self.page = page
        self.size = size
        self.view = (home or page.locator("body")).locator(".cvl-ed").first
        self.canvas = self.view.locator(".cvl-ed-canvas")
        self.status = self.view.locator(".cvl-ed-status")
        self.cards = self.view.locator(".cvl-ed-card")

    def wait_open(self) -> EditorPage:
        """Wait until a frame is shown."""
        expect(self.view.locator(".cvl-ed-stage[data-frame]")).to_be_visible(timeout=PATIENCE)
        return self

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of an image pixel in the page, while the image fits the canvas."""
        box = self.canvas.bounding_box()
        assert box is not None
        width, height = self.size
        zoom = min(box["width"] / width, box["height"] / height)
        left = box["x"] + (box["width"] - width * zoom) / 2
        top = box["y"] + (box["height"] - height * zoom) / 2
        return left + x * zoom, top + y * zoom

    def move(self, x: float, y: float) -> None:
        """Move the mouse to a place of the image."""
        self.page.mouse.move(*self.at(x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at one place of the image and let go at another."""
        self.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=4)
        self.page.mouse.up()

    def click(self, x: float, y: float, button: Literal["left", "middle", "right"] = "left") -> None:
        """Click a place of the image."""
        self.move(x, y)
        self.page.mouse.click(*self.at(x, y), button=button)

    def start(self, tool: str, kind: str = "Shape", label: str | None = None, points: int | None = None) -> None:
        """Choose a tool: ``rectangles`` or ``polygons``."""
        self.view.get_by_label(f"Draw {tool}").click()
        form = self.page.locator(".cvl-ed-draw")
        if label is not None:
            form.get_by_label("Label").select_option(label=label)
        if points is not None:
            form.get_by_label("Number of points").fill(str(points))
        form.get_by_role("button", name=kind).click()

    def draw_box(self, points: Sequence[float], kind: str = "Shape", label: str | None = None) -> None:
        """Draw a rectangle by dragging."""
        self.start("rectangles", kind, label)
        left, top, right, bottom = points
        self.drag((left, top), (right, bottom))

    def draw_polygon(
        self, corners: Sequence[tuple[float, float]], kind: str = "Shape", label: str | None = None
    ) -> None:
        """Draw a polygon by clicks, and end it with N."""
        self.start("polygons", kind, label)
        for corner in corners:
            self.click(*corner)
        self.page.keyboard.press("n")

    def go_to(self, frame: int) -> None:
        """Show another frame by its number."""
        field = self.view.get_by_label("Frame number")
        field.fill(str(frame))
        field.press("Enter")
        self.wait_frame(frame)

    def wait_frame(self, frame: int) -> None:
        """Wait until a frame is shown."""
        expect(self.view.locator(".cvl-ed-stage")).to_have_attribute("data-frame", str(frame), timeout=PATIENCE)

    def wait_state(self, state: str) -> None:
        """Wait until the status is ``saved``, ``saving`` or ``at-risk``."""
        expect(self.status).to_have_attribute("data-state", state, timeout=PATIENCE)

    def card(self, number: int) -> Locator:
        """Return the card of an object by its number in the editor."""
        return self.view.locator(f'.cvl-ed-card[data-client-id="{number}"]')
