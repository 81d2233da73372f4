"""Backups by the Python API."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.errors import CvatLabError, InvalidInputError
from tests.conftest import LABELS

BOX = {"label": "car", "type": "rectangle", "frame": 1, "points": [10, 10, 50, 40], "attributes": {"parked": "yes"}}


def texts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.req("R19.1", "R19.6")
def test_task(lab: Lab, photo_task: Task, tmp_path: Path) -> None:
    photo_task.set_annotations([BOX])
    path = photo_task.backup(tmp_path)
    assert path.parent == tmp_path
    assert path.name.startswith("task_photos_backup_")
    task = lab.restore_task(path)
    assert task != photo_task
    assert (task.name, task.size, task.labels.names) == ("photos", 3, ["car", "person"])
    assert texts(task.backup(tmp_path / "again.zip")) == texts(path)


@pytest.mark.req("R19.1")
def test_project(lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    project = lab.create_project("zoo", LABELS)
    project.create_task("one", files=photos[:1]).set_annotations([BOX | {"frame": 0}])
    path = project.backup(tmp_path / "zoo.zip", progress=False)
    again = lab.restore_project(path)
    assert [task.name for task in again.tasks()] == ["one"]
    assert texts(again.backup(tmp_path / "again.zip")) == texts(path)


def test_what_is_left_out_is_a_warning(lab: Lab, photo_task: Task, tmp_path: Path) -> None:
    files = texts(photo_task.backup(tmp_path / "a.zip"))
    tag = {"label": "car", "frame": 9}
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, json.dumps([{"tags": [tag]}]) if name == "annotations.json" else data)
    with pytest.warns(UserWarning, match=r"b\.zip: tag outside of the job, 1 times: its job does not have its frame"):
        assert lab.restore_task(tmp_path / "b.zip").size == 3


def test_errors(lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="there is no file"):
        lab.restore_task(tmp_path / "gone.zip")
    with pytest.raises(CvatLabError, match="not a readable zip"):
        lab.restore_task(photos[0])
    with pytest.raises(InvalidInputError, match="upload data first"):
        lab.create_task("empty", LABELS).backup(tmp_path)
    assert list(tmp_path.iterdir()) == []
