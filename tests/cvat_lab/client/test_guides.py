"""Annotation guides, from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.errors import InvalidInputError, NotFoundError, TooLargeError


def test_a_task_gets_a_guide(photo_task: Task) -> None:
    assert photo_task.guide is None
    guide = photo_task.set_guide("# Cars\n\nTight boxes.")
    assert photo_task.guide == guide
    assert photo_task.job_of().guide == guide
    assert photo_task.set_guide("# Cars and vans") == guide
    assert repr(guide.refresh()) == f"<Guide {guide.id} of task {photo_task.id}: 15 characters>"
    guide.delete()
    assert photo_task.refresh().guide is None
    with pytest.raises(NotFoundError, match=f"no guide {guide.id}"):
        guide.refresh()


def test_the_guide_of_a_project_holds_for_its_tasks(lab: Lab, photos: list[Path]) -> None:
    project = lab.create_project("guided", ["cat"])
    task = project.create_task("cats", files=photos[-1])
    guide = project.set_guide("Whiskers, too")
    assert project.guide == task.refresh().guide == task.job_of().guide == guide
    with pytest.raises(InvalidInputError, match=rf"belongs to project {project.id}"):
        task.set_guide("No whiskers")
    assert guide.refresh().markdown == "Whiskers, too"


def test_files_of_a_guide(photo_task: Task, photos: list[Path], tmp_path: Path) -> None:
    guide = photo_task.set_guide("")
    address = guide.add_file(photos[0])
    guide.update(markdown=f"![astronaut]({address})")
    answer = photo_task.lab.transport.send("GET", address)
    assert answer.content == photos[0].read_bytes()
    assert photo_task.guide is not None
    assert address in photo_task.guide.markdown
    (tmp_path / "page.html").write_text("<script>alert(1)</script>")
    with pytest.raises(InvalidInputError, match=r"page\.html is none of: PNG"):
        guide.add_file(tmp_path / "page.html")
    (tmp_path / "large.png").write_bytes(photos[0].read_bytes() + bytes(20 * 2**20))
    with pytest.raises(TooLargeError):
        guide.add_file(tmp_path / "large.png")
    with pytest.raises(InvalidInputError, match="there is no file"):
        guide.add_file(tmp_path / "missing.png")
