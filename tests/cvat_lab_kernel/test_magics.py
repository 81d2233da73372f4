"""The magics in a real IPython shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from cvat_lab.client import Lab, Result, Task
from cvat_lab_kernel.parameters import find_parameters
from cvat_lab_server.embedded import EmbeddedServer
from cvat_lab_widgets import annotator


@pytest.fixture
def shell(server: EmbeddedServer, tmp_path: Path) -> Iterator[InteractiveShell]:
    """A shell whose environment is that of a kernel of our Jupyter server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CVAT_LAB_URL", server.url)
        patch.setenv("CVAT_LAB_TOKEN", server.token)
        patch.setenv("IPYTHONDIR", str(tmp_path))
        InteractiveShell.clear_instance()
        opened = InteractiveShell.instance()
        opened.run_line_magic("load_ext", "cvat_lab_kernel")
        yield opened
        InteractiveShell.clear_instance()


def run(shell: InteractiveShell, source: str) -> object:
    return shell.run_cell(source, store_history=False).result


def failure(shell: InteractiveShell, source: str) -> str:
    """Run a cell that must fail without a traceback, and return the line that is shown."""
    error = shell.run_cell(source, store_history=False).error_in_exec
    assert isinstance(error, UsageError), repr(error)
    return str(error)


def test_connect_keeps_the_connection(shell: InteractiveShell, server: EmbeddedServer) -> None:
    lab = run(shell, "%cvat connect")
    assert isinstance(lab, Lab)
    assert lab.url == server.url
    assert shell.user_ns["lab"] is lab


def test_open_a_folder(shell: InteractiveShell, tmp_path: Path) -> None:
    lab = run(shell, f"%cvat open {tmp_path / 'workspace'}")
    assert isinstance(lab, Lab)
    assert (tmp_path / "workspace" / "workspace.duckdb").is_file()
    lab.close()


def test_status_and_help(shell: InteractiveShell, server: EmbeddedServer, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "%cvat status")
    run(shell, "%cvat")
    shown = capsys.readouterr().out
    assert f"connected to {server.url} as" in shown
    assert "%%cvat_sql" in shown


def test_tasks_and_task(shell: InteractiveShell, photo_task: Task) -> None:
    listed = run(shell, "%cvat tasks")
    assert isinstance(listed, Result)
    assert photo_task.id in list(listed.df()["id"])
    assert run(shell, f"%cvat task {photo_task.id}") == photo_task


def test_sql_takes_variables(shell: InteractiveShell, photo_task: Task) -> None:
    shell.user_ns["wanted"] = photo_task.id
    result = run(shell, "%%cvat_sql\nSELECT name, '$wanted' AS text FROM tasks WHERE id = $wanted")
    assert isinstance(result, Result)
    assert list(result) == [{"name": "photos", "text": "$wanted"}]
    assert run(shell, "%cvat_sql --limit 1 SELECT name FROM tasks WHERE id = $wanted").scalar() == "photos"  # type: ignore[union-attr]


def test_variables_are_values_never_text(shell: InteractiveShell) -> None:
    shell.user_ns["name"] = "x' OR '1' = '1"
    assert len(run(shell, "%cvat_sql SELECT * FROM tasks WHERE name = $name")) == 0  # type: ignore[arg-type]


def test_lists_and_numpy_values(shell: InteractiveShell, photo_task: Task) -> None:
    shell.user_ns["ids"] = pd.Series([photo_task.id, -1])
    shell.user_ns["size"] = pd.Series([3]).iloc[0]
    result = run(shell, "%cvat_sql SELECT count(*) FROM tasks WHERE id IN $ids AND size = $size")
    assert isinstance(result, Result)
    assert result.scalar() == 1


def test_out_is_a_data_frame(shell: InteractiveShell, photo_task: Task) -> None:
    assert run(shell, "%%cvat_sql --out found --limit 2\nSELECT * FROM frames ORDER BY frame") is None
    assert isinstance(shell.user_ns["found"], pd.DataFrame)
    assert len(shell.user_ns["found"]) == 2


def test_job_opens_the_editor(shell: InteractiveShell, video_task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    if not annotator.BUNDLE.is_file():
        monkeypatch.setattr(annotator.Annotator, "_esm", "export default { render() {} };")
    job = video_task.jobs()[0]
    editor = run(shell, f"%cvat job {job.id} 12")
    assert isinstance(editor, annotator.Annotator)
    assert (editor.job, editor.frame) == (job.id, 12)
    assert "frames are 0..59" in failure(shell, f"%cvat job {job.id} 60")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("%cvat jump", "there is no such step; there are: connect, open"),
        ("%cvat task", "wrong number of words"),
        ("%cvat task five", "expected a number, not 'five'"),
        ("%cvat task 99999", "99999"),
        ("%cvat job 99999", "99999"),
        ("%%cvat_sql\nDELETE FROM tasks", "only SELECT"),
        ("%%cvat_sql\nSELECT $nowhere", "no variable 'nowhere'"),
        ("%%cvat_sql --out a.b\nSELECT 1", "'a.b'"),
        ("%%cvat_sql --rows 5\nSELECT 1", "--rows"),
        ("%%cvat_sql\n  ", "no query"),
        ("%cvat_sql SELECT $load_ext_module", "no variable"),
    ],
)
def test_mistakes_are_one_line(shell: InteractiveShell, source: str, message: str) -> None:
    assert message in failure(shell, source)


def test_marks_are_found_where_duckdb_finds_them() -> None:
    query = """
    SELECT $a, '$text', "$name", $$raw $b$$, $tag$ $c $tag$  -- $comment
    /* $block */ FROM t WHERE x = $d AND y = $a
    """
    assert find_parameters(query) == ["a", "d"]
