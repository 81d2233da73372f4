"""Runs every benchmark and writes docs/benchmarks.md: ``python -m benchmarks [NAME ...]``."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.report import as_markdown, as_text

NAMES = ("canvas", "media", "tracks", "server", "lists", "team", "formats", "notebook")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Written by `make bench` on a machine with {machine}.

All values are medians. They hold for that machine: compare the columns with each other, not with another machine. What
a row measures, and where its limit and its peer come from, is in the first lines of the file named above its table.
"""


def machine() -> str:
    """Return the machine in words that fit any."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def main(names: tuple[str, ...]) -> None:
    """Run benchmarks by name, print their rows, and write the page when all of them ran."""
    parts = [HEAD.format(machine=machine())]
    for name in names:
        module = import_module(f"benchmarks.{name}")
        rows = module.run()
        print(f"\n{name}\n{as_text(rows, *module.COLUMNS)}", flush=True)
        purpose = (module.__doc__ or "").partition(":")[0]
        parts.append(f"## {purpose}\n\n`benchmarks/{name}.py`\n\n{as_markdown(rows, *module.COLUMNS)}\n")
    if names == NAMES:
        PAGE.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)
