"""The structure that docs/architecture.md promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_FOLDERS = ("cvat_lab", "server_ext", "widgets", "kernels_ext")


def python_files() -> list[Path]:
    return [
        path
        for folder in PYTHON_FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


@pytest.mark.parametrize("name", ["widgets", "server_ext", "kernels_ext"])
def test_folders_of_packages_are_no_packages(name: str) -> None:
    script = f"from importlib.util import find_spec; print(find_spec({name!r}))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/")
    assert answer.stdout.strip() == "None"


@pytest.mark.parametrize("name", ["cvat_lab", "cvat_lab_server", "cvat_lab_widgets", "cvat_lab_kernel"])
def test_packages_can_be_found(name: str) -> None:
    assert find_spec(name) is not None


def test_import_contracts() -> None:
    answer = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert answer.returncode == 0, answer.stdout


def test_sql_is_in_the_store_only() -> None:
    statement = re.compile(r"['\"]\s*(SELECT .+ FROM|INSERT INTO|UPDATE \w+[.\w]* SET|DELETE FROM)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        if "cvat_lab_server" in path.parts and "store" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if statement.search(line)
    ]
    assert found == []


def test_generated_types_are_up_to_date() -> None:
    answer = subprocess.run(
        ["node", "widgets/ts/schema/generate.mjs", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable},
    )
    assert answer.returncode == 0, answer.stderr


def test_coverage_table_names_known_requirements_only() -> None:
    from tests.coverage_table import CHAPTERS, covered, requirements

    assert set(covered()) <= set(requirements(CHAPTERS))


def test_no_file_is_much_too_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()
    }
    assert {name: lines for name, lines in long.items() if lines > 450} == {}


def test_import_is_quick() -> None:
    heavy = ("av", "cv2", "datumaro", "duckdb", "numpy", "pandas", "pyarrow", "requests", "tornado", "jupyterlab")
    script = f"import sys, cvat_lab; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
