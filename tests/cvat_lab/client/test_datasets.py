"""Datasets out of the server and back in."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.errors import CvatLabError, InvalidInputError
from cvat_lab.model.request import RequestStatus

BOX = {"label": "car", "type": "rectangle", "frame": 0, "points": [10.5, 20, 60, 80], "score": 0.5}


@pytest.mark.req("R20.1")
@pytest.mark.parametrize("kind", ["project", "task", "job"])
def test_export_of_everything(lab: Lab, photos: list[Path], tmp_path: Path, kind: str) -> None:
    project = lab.create_project("exported", ["car"])
    task = project.create_task("photos", files=photos)
    task.set_annotations([BOX])
    source = {"project": project, "task": task, "job": task.jobs()[0]}[kind]
    done = source.export("COCO 1.0", tmp_path / "out.zip")
    with zipfile.ZipFile(done) as archive:
        assert any(name.endswith(".json") for name in archive.namelist())
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]


def test_losses_are_told(photo_task: Task, tmp_path: Path) -> None:
    photo_task.set_annotations([BOX])
    done = photo_task.export("CVAT for images 1.1", tmp_path)
    assert done.path.parent == tmp_path
    assert done.path.name.startswith(f"task_{photo_task.id}_annotations_")
    assert [(loss.name, loss.count) for loss in done.losses] == [("score", 1)]
    assert "<td>score</td>" in done._repr_html_()
    assert os.fspath(done) == str(done.path)


def test_images_come_along(photo_task: Task, photos: list[Path], tmp_path: Path) -> None:
    done = photo_task.export("CVAT for images 1.1", tmp_path / "out.zip", save_images=True)
    with zipfile.ZipFile(done) as archive:
        names = {Path(name).name for name in archive.namelist()}
    assert {path.name for path in photos} <= names


def test_an_unknown_format_is_refused(photo_task: Task, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"'Coco'; there are: COCO 1\.0"):
        photo_task.export("Coco", tmp_path / "out.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("R20.8")
def test_round_trip(photo_task: Task, tmp_path: Path) -> None:
    photo_task.set_annotations([BOX, {**BOX, "frame": 2, "label": "person"}])
    before = photo_task.to_df()[["frame", "label", "type"]]
    file = photo_task.export("CVAT for images 1.1", tmp_path / "out.zip")
    photo_task.remove_annotations()
    done = photo_task.import_annotations(file)
    assert done.message.startswith("2 shapes")
    assert photo_task.to_df()[["frame", "label", "type"]].equals(before)
    photo_task.import_annotations(file, "CVAT 1.1", mode="append")
    assert len(photo_task.annotations().shapes) == 4
    photo_task.import_annotations(file, mode="replace")
    assert len(photo_task.annotations().shapes) == 2


def test_a_file_that_does_not_fit_changes_nothing(photo_task: Task, tmp_path: Path) -> None:
    photo_task.set_annotations([BOX])
    broken = tmp_path / "broken.xml"
    broken.write_text("<annotations><image", encoding="utf-8")
    with pytest.raises(CvatLabError, match=r"broken\.xml"):
        photo_task.import_annotations(broken, "CVAT 1.1")
    assert len(photo_task.annotations().shapes) == 1
    with pytest.raises(InvalidInputError, match="no file"):
        photo_task.import_annotations(tmp_path / "missing.xml")
    with pytest.raises(InvalidInputError, match="replace or append"):
        photo_task.import_annotations(broken, mode="merge")  # type: ignore[arg-type]


def test_requests_are_listed(photo_task: Task, tmp_path: Path) -> None:
    photo_task.export("COCO 1.0", tmp_path)
    newest = photo_task.lab.requests()[0]
    assert (newest.status, newest.operation.task_id) == (RequestStatus.FINISHED, photo_task.id)


def test_formats_are_listed(lab: Lab) -> None:
    assert "COCO 1.0" in {known.name for known in lab.formats().exporters}
