"""Chromium for tests: how to start it, and a plain page with nothing but the editor in it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "needs chromium and `npm install`"

PLAIN_PAGE = ROOT / "widgets" / "ts" / "ui" / "src" / "testing" / "plainPage.ts"
_HTML = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>editor</title>
<style>html, body { margin: 0; height: 100% } #editor { height: 100vh }</style>
<body><div id="editor"></div><script type="module" src="/plain.js"></script>"""


def is_ready() -> bool:
    """Return whether browser tests can run here."""
    return CHROMIUM is not None and ESBUILD.exists()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@cache
def bundle(entry: Path) -> str:
    """Return a TypeScript file with everything that it imports, as one script."""
    command = [str(ESBUILD), str(entry), "--bundle", "--format=esm", "--jsx=automatic", "--loader:.css=text"]
    command.append('--define:process.env.NODE_ENV="production"')
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def serve_plain_page(context: BrowserContext) -> None:
    """Let every origin have ``/plain.html?job=1&token=...``, with the editor as the only thing in it."""
    script = bundle(PLAIN_PAGE)

    def page(route: Route) -> None:
        route.fulfill(body=_HTML, content_type="text/html")

    context.route("**/plain.html*", page)
    context.route("**/plain.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))


def wait_until(read: Callable[[], T], timeout: float = 15.0) -> T:
    """Return the first true value of ``read``; fail with the last one."""
    end = time.monotonic() + timeout
    while not (value := read()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout} seconds; the last value was {value!r}")
        time.sleep(0.05)
    return value


def collect_errors(page: Page) -> list[str]:
    """Return a list that fills with everything that goes wrong in the page's scripts."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors
