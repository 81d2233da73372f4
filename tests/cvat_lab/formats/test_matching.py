"""The order of R20.11, rule by rule."""

import pyarrow as pa
import pytest

from cvat_lab.errors import FormatError
from cvat_lab.formats.dataset import Dataset, DatasetInfo, DatasetKind, TaskInfo
from cvat_lab.formats.matching import FrameIndex, FrameRef

pytestmark = pytest.mark.req("R20.11")


def index(*names: str, start: int = 0, step: int = 1, is_video: bool = False, numbers=None) -> FrameIndex:
    task = TaskInfo(
        id=1,
        mode="interpolation" if is_video else "annotation",
        start_frame=start,
        frame_filter=f"step={step}" if step > 1 else "",
    )
    numbers = list(range(len(names))) if numbers is None else numbers
    frames = pa.table({"number": pa.array(numbers, pa.int64()), "name": list(names), "task_id": [1] * len(names)})
    frames = frames.append_column("width", pa.array([10 * n for n in numbers], pa.int64()))
    frames = frames.append_column("height", pa.array(list(numbers), pa.int64()))
    return FrameIndex(Dataset(DatasetInfo(kind=DatasetKind.TASK, id=1, tasks=[task]), frames))


def match(frames: FrameIndex, *names: str) -> list[int | None]:
    return frames.match([FrameRef(name) for name in names])


def test_1_the_path_without_extension_equals_the_frames():
    frames = index("a/1.jpg", "a/2.jpg", "1.png")
    assert match(frames, "a/1.png", "a/2", "1.jpg", "3.jpg") == [0, 1, 2, None]


def test_1_a_dot_in_a_name_is_no_extension():
    frames = index("img.v1.jpg", "img.jpg", "img.v2.jpg", ".hidden")
    assert match(frames, "img.v2", "img", "img.v1.png", ".hidden") == [2, 1, 0, 3]


def test_1_the_extension_decides_between_frames_that_differ_by_nothing_else():
    frames = index("a.jpg", "a.png")
    assert match(frames, "a.png", "a.jpg") == [1, 0]
    with pytest.raises(FormatError, match=r"a\.bmp fits 2 frames that differ by extension only"):
        match(frames, "a.bmp")


def test_1_backslashes_are_slashes():
    assert match(index("a/b/1.jpg"), "a\\b\\1.jpg", "./a/b/1.jpg") == [0, 0]


def test_2_a_root_folder_is_added():
    frames = index("data/train/a.jpg", "data/train/x/b.jpg", "data/val/a.jpg")
    assert match(frames, "x/b.jpg", "a.jpg") == [1, 0]


def test_2_a_root_folder_is_removed():
    assert match(index("a.jpg", "x/b.jpg"), "set/images/x/b.jpg", "set/images/a.jpg") == [1, 0]


def test_2_the_longest_common_end_counts():
    assert match(index("1.jpg", "a/1.jpg"), "x/a/1.jpg") == [1]


def test_2_two_possible_roots_are_none():
    assert match(index("a/x.jpg", "b/x.jpg"), "x.jpg") == [None]


def test_3_the_frame_number_is_the_sources():
    frames = index(*"abcde", start=100, step=5)
    refs = [FrameRef("", 100), FrameRef("other", 110), FrameRef("", 111), FrameRef("", 125), FrameRef("", 95)]
    assert frames.match(refs) == [0, 2, None, None, None]


def test_3_a_name_may_be_the_number():
    assert match(index("x.jpg", "y.jpg", "z.jpg"), "0.jpg", "000002", "3") == [0, 2, None]


@pytest.mark.req("R23.16")
def test_the_name_comes_before_the_number():
    assert index("a.jpg", "b.jpg").match([FrameRef("b.jpg", 0), FrameRef("gone.jpg", 0)]) == [1, 0]


@pytest.mark.req("R20.16")
def test_4_video_frames_are_named_by_their_number():
    frames = index("v", "v", "v", start=10, step=10, is_video=True)
    assert match(frames, "frame_000020.PNG", "frame_30", "images/frame_000010.png", "frame_000011", "20") == [
        1,
        2,
        0,
        None,
        1,
    ]


def test_4_is_for_video_only():
    assert match(index("a.jpg", "b.jpg"), "frame_000001") == [None]


def test_images_saved_from_a_video_keep_their_number():
    frames = index("frame_000040.png", "frame_000050.png")
    assert frames.match_number(50) == 1
    assert frames.match([FrameRef("", 40)]) == [0]


def test_frames_of_a_job_keep_their_numbers():
    frames = index("c.jpg", "e.jpg", numbers=[2, 4])
    assert match(frames, "e.jpg", "c.jpg", "a.jpg") == [4, 2, None]
    assert frames.match_number(3) is None
    assert frames.size(4) == (40, 4)


def test_many_equal_names_in_other_folders_stay_fast():
    frames = index(*(f"left_{n}/image.jpg" for n in range(3000)))
    assert set(match(frames, *(f"right_{n}/image.jpg" for n in range(3000)))) == {None}


@pytest.mark.req("R20.10")
def test_the_error_names_item_and_target():
    error = index("a.jpg").missing("image 'b.jpg'")
    assert str(error).startswith("image 'b.jpg' matches no frame of task 1; its frames are called like 'a.jpg'")
