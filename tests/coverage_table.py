"""Writes docs/coverage.md: every requirement of the manual, the tests that cover it, and what is open.

Usage: ``python -m tests.coverage_table``. Python tests name requirements with ``@pytest.mark.req("R9.14")``, TypeScript
tests in their titles.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "coverage.md"
_REQUIREMENT = re.compile(r"R\d{1,2}\.\d{1,3}")
_MARK = re.compile(r"pytest\.mark\.req\(([^)]*)\)", re.DOTALL)
_TITLE = re.compile(r"\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*[`'\"]([^`'\"]*)[`'\"]", re.DOTALL)


def covered() -> dict[str, list[str]]:
    """Return the files of tests by requirement."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        _collect(found, path, _MARK)
    for folder in ("widgets/ts", "server_ext/labextension"):
        for pattern in ("*.test.ts", "*.test.tsx"):
            for path in sorted((ROOT / folder).rglob(pattern)):
                if "node_modules" not in path.parts:
                    _collect(found, path, _TITLE)
    return {name: sorted(files) for name, files in found.items()}


def _collect(found: dict[str, set[str]], path: Path, pattern: re.Pattern[str]) -> None:
    for match in pattern.finditer(path.read_text(encoding="utf-8")):
        for name in _REQUIREMENT.findall(match[1]):
            found[name].add(path.relative_to(ROOT).as_posix())


def requirements(chapters: dict[int, tuple[str, int]]) -> list[str]:
    """Return all requirement names, chapter by chapter."""
    return [f"R{chapter}.{number}" for chapter, (_, count) in chapters.items() for number in range(1, count + 1)]


CHAPTERS: dict[int, tuple[str, int]] = {
    1: ("Projects", 20),
    2: ("Organization", 23),
    3: ("Search", 12),
    4: ("Shape mode (advanced)", 9),
    5: ("Track mode (advanced)", 20),
    6: ("3D Object annotation (advanced)", 12),
    7: ("Attribute annotation mode (advanced)", 8),
    8: ("Annotation with rectangles", 8),
    9: ("Annotation with polygons", 31),
    10: ("Annotation with polylines", 6),
    11: ("Annotation with points", 6),
    12: ("Annotation with ellipses", 4),
    13: ("Annotation with cuboids", 14),
    14: ("Annotation with tags", 6),
    15: ("Models", 5),
    16: ("AI Tools", 26),
    17: ("OpenCV tools", 9),
    18: ("Automatic annotation", 12),
    19: ("Backup Task and Project", 13),
    20: ("Export/import datasets and upload annotation", 16),
    21: ("Task synchronization with a repository", 11),
    22: ("Formats", 127),
    23: ("XML annotation format", 16),
    24: ("Shortcuts", 75),
    25: ("Filter", 22),
    26: ("Review", 17),
    27: ("Context images for 2D task", 6),
    28: ("Shape grouping", 7),
    29: ("Analytics Monitoring", 7),
    30: ("Command line interface", 29),
    31: ("Dataset manifest command line", 10),
    32: ("Data preparation on the fly", 8),
    33: ("Serverless tutorial", 20),
}


def table() -> str:
    """Return the text of docs/coverage.md."""
    tests = covered()
    lines = [
        "# Requirements and their tests",
        "",
        "Written by `make coverage-table`. A requirement without a test is open.",
        "",
        "| chapter | title | covered | of |",
        "|---|---|---|---|",
    ]
    for chapter, (title, count) in CHAPTERS.items():
        done = sum(f"R{chapter}.{number}" in tests for number in range(1, count + 1))
        lines.append(f"| {chapter} | {title} | {done} | {count} |")
    names = requirements(CHAPTERS)
    lines += [f"| | Total | {sum(name in tests for name in names)} | {len(names)} |", ""]
    for chapter, (title, count) in CHAPTERS.items():
        lines += [f"## {chapter} {title}", "", "| requirement | tests |", "|---|---|"]
        for number in range(1, count + 1):
            name = f"R{chapter}.{number}"
            lines.append(f"| {name} | {'<br>'.join(tests.get(name, [])) or 'open'} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Write the table and name marks that point to no requirement."""
    known = set(requirements(CHAPTERS))
    unknown = sorted(set(covered()) - known)
    if unknown:
        sys.exit(f"tests name requirements that do not exist: {', '.join(unknown)}")
    TABLE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
