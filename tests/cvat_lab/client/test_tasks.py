"""Projects, tasks and jobs: creating, finding, changing, removing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvat_lab.client import Lab, Task, uploads
from cvat_lab.errors import CvatLabError, InvalidInputError, NotFoundError
from tests.media_samples import photo


def test_task_of_photos(photo_task: Task, photos: list[Path]) -> None:
    assert photo_task.size == 3
    assert [frame.name for frame in photo_task.meta().frames] == sorted(path.name for path in photos)
    assert photo_task.labels["car"].color == "#ff0000"
    assert [attribute.name for attribute in photo_task.labels["car"].attributes] == ["brand", "parked"]


def test_task_in_a_project_has_its_labels(lab: Lab, photos: list[Path]) -> None:
    project = lab.create_project("zoo", ["cat", {"name": "dog", "color": "#0f0"}])
    task = project.create_task("cats", files=photos[-1])
    assert task.project == project
    assert task.labels.names == ["cat", "dog"]
    assert task.labels["dog"].color == "#00ff00"
    assert [found.id for found in project.tasks()] == [task.id]


def test_files_stay_in_place_without_copy(lab: Lab, photos: list[Path]) -> None:
    task = lab.create_task("in place", ["cat"], files=photos, copy=False)
    assert task.size == 3
    assert task.meta().storage == "share"


def test_a_folder_is_taken_with_its_images_only(lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    for path in photos[:2]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert lab.create_task("folder", ["cat"], files=[tmp_path]).size == 2


def test_range_step_and_segments(lab: Lab, video: Path) -> None:
    task = lab.create_task(
        "cut", ["car"], files=[video], start_frame=10, stop_frame=49, frame_step=2, segment_size=10, overlap=2
    )
    ranges = [(job.start_frame, job.stop_frame) for job in task.jobs()]
    assert task.size == 20
    assert ranges == [(0, 9), (8, 17), (16, 19)]
    assert task.job_of(17).start_frame == 8
    with pytest.raises(InvalidInputError, match=r"no frame 20; its frames are 0\.\.19"):
        task.job_of(20)


@pytest.mark.req("R30.25")
def test_predefined_order_is_kept(lab: Lab, photos: list[Path]) -> None:
    given = [photos[2], photos[0], photos[1]]
    task = lab.create_task("ordered", ["cat"], files=given, sorting="predefined")
    assert [frame.name for frame in task.meta().frames] == [path.name for path in given]


def test_large_files_go_in_pieces(lab: Lab, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BATCH_BYTES", 1000)
    monkeypatch.setattr(uploads, "PIECE_BYTES", 4096)
    assert lab.create_task("pieces", ["car"], files=[video]).size == 60


def test_many_small_files_go_in_batches(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    monkeypatch.setattr(uploads, "BATCH_FILES", 50)
    for number in range(120):
        cv2.imwrite(str(tmp_path / f"{number:03}.jpg"), photo("coffee.png")[number : number + 40, :40])
    task = lab.create_task("many", ["car"], files=[tmp_path])
    assert task.size == 120
    assert task.meta().frames[119].name == "119.jpg"


def test_broken_media_leaves_no_task(lab: Lab, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff not really a photograph")
    before = len(lab.tasks())
    with pytest.raises(CvatLabError, match=r"broken\.jpg"):
        lab.create_task("broken", ["car"], files=[broken])
    assert len(lab.tasks()) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"files": ["/no/such/file.jpg"]}, "no file or folder '/no/such/file.jpg'"),
        ({"image_quality": 101}, "image_quality"),
        ({"sorting": "by size"}, "sorting_method"),
        ({"labels": "car"}, r"labels=\['car'\]"),
        ({"labels": [{"name": "car", "colour": "red"}]}, "unknown field 'colour'"),
        ({"labels": [{"name": "car", "color": "red"}]}, "#rrggbb"),
        ({"assignee": "nobody-here"}, "no user 'nobody-here'"),
    ],
)
def test_wrong_options_create_nothing(lab: Lab, options: dict[str, object], message: str) -> None:
    before = len(lab.tasks())
    with pytest.raises((InvalidInputError, NotFoundError), match=message):
        lab.create_task("wrong", **options)
    assert len(lab.tasks()) == before


def test_two_files_of_one_name_are_refused(lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    twin = tmp_path / photos[0].name
    twin.write_bytes(photos[1].read_bytes())
    with pytest.raises(InvalidInputError, match="same name"):
        lab.create_task("twins", ["cat"], files=[photos[0], twin])


def test_find_by_name(lab: Lab) -> None:
    made = lab.create_task("crossing at night", ["car"])
    assert lab.task("crossing at night") == made
    assert lab.task(made.id).name == "crossing at night"
    with pytest.raises(NotFoundError, match="did you mean 'crossing at night'"):
        lab.task("crosing at night")
    lab.create_task("crossing at night")
    with pytest.raises(InvalidInputError, match="2 tasks are called"):
        lab.task("crossing at night")


def test_update_and_delete(lab: Lab) -> None:
    task = lab.create_task("old", ["car"])
    task.update(name="new", assignee=lab.user.username, subset="train", labels=["van"])
    again = lab.task(task.id)
    assert (again.name, again.subset, again.assignee.id) == ("new", "train", lab.user.id)
    assert again.labels.names == ["car", "van"]
    with pytest.raises(InvalidInputError, match="'nmae' of a task cannot be changed"):
        task.update(nmae="newer")
    task.delete()
    with pytest.raises(NotFoundError):
        task.refresh()


def test_job_stage_and_state(video_task: Task) -> None:
    job = video_task.jobs()[0]
    job.update(stage="validation", state="in progress", assignee=None)
    assert (job.refresh().stage, job.state) == ("validation", "in progress")
    assert job.task == video_task


def test_fields_are_attributes(photo_task: Task) -> None:
    assert photo_task.mode == photo_task.record.mode == "annotation"
    assert {"name", "subset", "annotations"} <= set(dir(photo_task))
    with pytest.raises(AttributeError, match="a task has no attribute 'colour'"):
        _ = photo_task.colour


def test_projects_tell_what_they_are(lab: Lab) -> None:
    project = lab.create_project("described")
    assert repr(project) == f"<Project {project.id} 'described': 0 tasks, annotation>"
    assert "described" in [found.name for found in lab.projects()]
