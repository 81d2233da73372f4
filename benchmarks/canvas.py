"""The canvas engine in headless Chromium: ``python -m benchmarks.canvas [--rounds N] [--shapes N ...]``.

The scene is the one of our study of canvas engines: seeded, half boxes of 10 to 70 px, half 20-gons, translucent fill
and an outline, ten labels, an image of 1920 x 1080 in a viewport of 1600 x 900, no GPU. A frame switch brings new ids.

``limit`` is what our prototype of the same design reached in that study, ``peer`` the canvas of CVAT 2.20 there. Both
were measured on a shared machine with two cores; compare within a row only with the load of this machine in mind, and
trust ratios between numbers of shapes more than single milliseconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.report import Row, as_text

COLUMNS = ("prototype of the study", "CVAT")
"""What limit and peer are."""

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-frame-rate-limit",
    "--disable-gpu-vsync",
    "--enable-precise-memory-info",
]


# (limit: prototype of this design, peer: CVAT), by operation and number of shapes
STUDY: dict[str, dict[int, tuple[float | None, float | None]]] = {
    "frame switch": {100: (33, 95), 1_000: (63, 300), 10_000: (409, 5514)},
    "frame switch, script": {100: (1.1, 49), 1_000: (7.7, 217), 10_000: (55, 4967)},
    "hover": {100: (21, 30), 1_000: (22, 28), 10_000: (23, 90)},
    "hover, script": {100: (0.2, 6.3), 1_000: (0.2, 9.3), 10_000: (0.2, 35)},
    "drag start": {100: (8, 14), 1_000: (8, 17), 10_000: (10, 38)},
    "drag, per frame": {100: (5.4, 6.0), 1_000: (8.1, 8.5), 10_000: (7.6, 28)},
    "drop": {100: (17, 33), 1_000: (22, 25), 10_000: (17, 143)},
    "zoom gesture, per frame": {100: (13, 40), 1_000: (19, 93), 10_000: (10, 375)},
    "sharp after zoom": {100: (13, 40), 1_000: (36, 93), 10_000: (234, 375)},
    "JS heap": {100: (0.2, 1.0), 1_000: (0.5, 2.6), 10_000: (2.9, 17.6)},
}


@contextmanager
def open_page() -> Iterator[Any]:
    """Yield a Playwright page that has the benchmark loaded."""
    from playwright.sync_api import sync_playwright

    entry = ROOT / "benchmarks" / "canvas" / "page.ts"
    command = [ROOT / "node_modules" / ".bin" / "esbuild", entry, "--bundle", "--format=esm", "--minify"]
    script = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content("<!doctype html><body style='margin: 0'></body>")
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => globalThis.bench")
        yield page
        browser.close()


def heap_mb(page: Any) -> float:
    """Return the JavaScript heap in MB, after a garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return float(metrics["JSHeapUsedSize"]) / 1e6


def medians(run: Callable[[int], dict[str, float]], rounds: int) -> dict[str, float]:
    """Return the median of each value over several runs; the run before the first one warms up."""
    run(rounds)
    results = [run(i) for i in range(rounds)]
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def measure(page: Any, count: int, rounds: int) -> Iterator[tuple[str, float]]:
    """Yield name and value of everything that is measured with ``count`` shapes on a frame."""
    page.evaluate("() => bench.open(0)")
    empty = heap_mb(page)
    page.evaluate("(count) => bench.open(count)", count)
    heap = heap_mb(page) - empty
    floor = medians(lambda _: page.evaluate("() => bench.floor()"), rounds)
    switch = medians(lambda _: page.evaluate("() => bench.switchFrame()"), rounds)
    hover = medians(lambda i: page.evaluate("(seed) => bench.hover(seed)", i), max(rounds // 2, 1))
    drag = medians(lambda i: page.evaluate("(seed) => bench.drag(seed)", 5 + i), rounds)
    zoom = medians(lambda _: page.evaluate("() => bench.zoom()"), rounds)
    yield "two empty animation frames", floor["painted"]
    yield "frame switch", switch["painted"]
    yield "frame switch, script", switch["script"]
    yield "hover", hover["painted"]
    yield "hover, script", hover["script"]
    yield "drag start", drag["start"]
    yield "drag start, script", drag["script"]
    yield "drag, per frame", drag["frame"]
    yield "drop", drag["drop"]
    yield "zoom gesture, per frame", zoom["frame"]
    yield "sharp after zoom", zoom["crisp"]
    yield "longest frame while sharpening", zoom["longest"]
    yield "JS heap", heap


def run(counts: tuple[int, ...] = (100, 1_000, 10_000), rounds: int = 7) -> list[Row]:
    """Measure all operations and return the rows."""
    rows = []
    with open_page() as page:
        for count in counts:
            for name, value in measure(page, count, rounds):
                limit, peer = STUDY.get(name, {}).get(count, (None, None))
                unit = "MB" if name == "JS heap" else "ms"
                rows.append(Row(f"{name}, {count} shapes", round(value, 2), unit, limit, peer))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of the canvas engine.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--shapes", type=int, nargs="+", default=[100, 1_000, 10_000])
    options = parser.parse_args()
    print(as_text(run(tuple(options.shapes), options.rounds), *COLUMNS))


if __name__ == "__main__":
    main()
