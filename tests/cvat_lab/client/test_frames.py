"""Frames as arrays and as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from cvat_lab.client import Lab, Task
from cvat_lab.errors import InvalidInputError
from tests.media_samples import decoded, photo, photo_file


def test_original_pixels_are_exact(photo_task: Task) -> None:
    names = [frame.name for frame in photo_task.meta().frames]
    for number, name in enumerate(names):
        np.testing.assert_array_equal(photo_task.image(number), photo(name))
    assert photo_task.frame_file(0).data == photo_file(names[0]).read_bytes()
    assert photo_task.frame_file(0).extension == ".png"


def test_video_frames_by_number(video_task: Task, video: Path) -> None:
    truth = decoded(video)
    for number in (0, 59, 31):
        difference = np.abs(video_task.image(number).astype(int) - truth[number])
        assert difference.max() <= 2


def test_compressed_frames_are_jpeg(video_task: Task) -> None:
    assert video_task.frame_file(3, "compressed").mime == "image/jpeg"


def test_frames_come_in_order(video_task: Task) -> None:
    numbers = [number for number, _ in video_task.frames()]
    assert numbers == list(range(60))
    picked = dict(video_task.jobs()[0].frames([40, 7]))
    assert list(picked) == [40, 7]
    assert picked[7].shape == (120, 160, 3)


def test_an_iteration_may_be_left(video_task: Task) -> None:
    for number, _ in video_task.frames():
        if number == 3:
            break
    assert video_task.image(0).shape == (120, 160, 3)


def test_exif_orientation_is_applied(lab: Lab, tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(photo_file("china.jpg")).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    task = lab.create_task("turned", ["car"], files=[tmp_path / "turned.jpg"])
    upright = cv2.rotate(photo("china.jpg"), cv2.ROTATE_90_CLOCKWISE)
    assert task.image(0).shape == upright.shape == (640, 427, 3)
    assert np.abs(task.image(0).astype(int) - upright).mean() < 5


def test_wrong_numbers_are_named(photo_task: Task) -> None:
    with pytest.raises(InvalidInputError, match="7"):
        photo_task.image(7)
    with pytest.raises(InvalidInputError, match="original or compressed"):
        photo_task.frame_file(0, "best")  # type: ignore[arg-type]
