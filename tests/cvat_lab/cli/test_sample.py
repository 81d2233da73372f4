"""The sample workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvat_lab.cli import main, sample
from cvat_lab.client import Lab


def test_installed_packages_give_their_media(tmp_path: Path) -> None:
    photos = sample.fetch(*sample._PHOTOS, tmp_path)
    assert [path.name for path in photos] == ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"]
    assert all(path.stat().st_size > 10_000 for path in photos)


def test_the_sample_is_made_once(lab: Lab, video: Path, photos: list[Path]) -> None:
    for _ in range(2):
        sample.fill(lab, video, photos)
    assert sorted(task.name for task in lab.tasks()) == [sample.PHOTO_TASK, sample.VIDEO_TASK]
    street = lab.task(sample.VIDEO_TASK)
    assert (street.mode, street.project.name, street.labels.names) == (
        "interpolation",
        sample.PROJECT,
        ["person", "bicycle", "car"],
    )


def test_a_place_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample"]) == 1
    assert "--workspace DIR" in capsys.readouterr().err
