"""Archives as the releases of CVAT wrote them over the years, made by hand from the description of the layout."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import pytest

from cvat_lab.backup.annotations import block_folder
from cvat_lab.backup.media_in import ORIGINALS
from cvat_lab.backup.reading import ReadBackup, ReadTask, read_project_backup, read_task_backup
from cvat_lab.errors import FormatError, TooLargeError
from cvat_lab.formats.columns import Annotations
from cvat_lab.media.image_index import ImageIndex
from cvat_lab.media.index import load_index
from cvat_lab.model.changes import LabeledData
from cvat_lab.model.job import JobStage, JobState, JobType
from tests.media_samples import encode_video, moving, photo

SVG = (
    '<line data-type="edge" data-node-from="1" data-node-to="2"></line>'
    '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"></circle>'
    '<circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tail"></circle>'
)
LABELS = [
    {
        "name": "car",
        "color": "#2080c0",
        "type": "any",
        "attributes": [
            {
                "name": "kind",
                "mutable": False,
                "input_type": "select",
                "default_value": "suv",
                "values": ["suv", "van"],
            },
            {
                "name": "speed",
                "mutable": True,
                "input_type": "number",
                "default_value": "0",
                "values": ["0", "9", "1"],
            },
        ],
    },
    {
        "name": "cat",
        "color": "#00ff00",
        "type": "skeleton",
        "svg": SVG,
        "attributes": [],
        "sublabels": [
            {"name": name, "color": "#0000ff", "type": "points", "attributes": []} for name in ("head", "tail")
        ],
    },
]
EMPTY = {"version": 0, "tags": [], "shapes": [], "tracks": []}

Files = dict[str, Any]


def picture(number: int) -> bytes:
    _, data = cv2.imencode(".png", photo("china.jpg")[number : number + 20, :30])
    return bytes(data.tobytes())


def job(start: int, stop: int, **fields: Any) -> dict[str, Any]:
    return {"start_frame": start, "stop_frame": stop, "status": "annotation", **fields}


def task(*jobs: dict[str, Any], data: Files | None = None, **fields: Any) -> Files:
    return {"name": "old", "labels": LABELS, "data": data or {}, "jobs": list(jobs), **fields}


def images(*names: str) -> Files:
    return {f"data/{name}": picture(number) for number, name in enumerate(names)}


def manifest(*names: str | None, version: str = "1.1") -> bytes:
    lines: list[Any] = [{"version": version}, {"type": "images"}]
    for name in names:
        path = Path(name or "")
        lines.append({"name": str(path.with_suffix("")), "extension": path.suffix} if name else {})
    return b"\n".join(json.dumps(line).encode() for line in lines) + b"\n"


def packed(folder: Path, files: Files) -> Path:
    path = folder / "backup.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def read(folder: Path, files: Files) -> tuple[ReadTask, ReadBackup]:
    work = folder / "work"
    work.mkdir()
    found = read_task_backup(packed(folder, files), work, lambda part: None)
    return found.tasks[0], found


def names_of(found: ReadTask) -> list[str]:
    """Return the files that the frames show."""
    index = load_index(Path(found.folder))
    assert isinstance(index, ImageIndex)
    first, last, step = found.sources
    return [index[number].name for number in range(first, last + 1, step)]


def annotations_of(found: ReadTask, job: int = 0) -> LabeledData:
    whole = LabeledData()
    for block in range(found.blocks[job]):
        part = Annotations.load(block_folder(Path(found.folder), job, block)).to_labeled_data()
        whole.tags += part.tags
        whole.shapes += part.shapes
        whole.tracks += part.tracks
    return whole


@pytest.mark.req("R19.13")
def test_the_least_there_can_be(tmp_path: Path) -> None:
    """No version, no manifest, no keys that came later, labels without type and attributes without anything."""
    labels = [{"name": "car", "attributes": [{"name": "note", "input_type": "text"}]}]
    files = {"task.json": {"name": "old", "labels": labels, "data": {}, "jobs": [{"start_frame": 0, "stop_frame": 1}]}}
    found, backup = read(tmp_path, {**files, "annotations.json": [{}], **images("b.png", "a.png")})
    assert names_of(found) == ["a.png", "b.png"]
    assert [(made.stage, made.state, made.type) for made in found.jobs] == [
        (JobStage.ANNOTATION, JobState.NEW, JobType.ANNOTATION)
    ]
    assert (found.segment_size, found.overlap, backup.losses) == (2, 0, [])


def test_files_that_later_releases_do_not_write(tmp_path: Path) -> None:
    """The index of the manifest and the old folder with copies of everything are passed over, unknown keys as well."""
    files = {
        "task.json": task(job(0, 0), consensus_replicas=0, owner="ann", version="1.0", dimension="2d"),
        "annotations.json": [{**EMPTY, "intervals": []}],
        "data/index.json": {"0": 44},
        "data/manifest.jsonl": manifest("a.png", version="1.0"),
        "task/data/z.png": picture(9),
        "task/task.json": b"{",
        **images("a.png"),
    }
    assert names_of(read(tmp_path, files)[0]) == ["a.png"]


@pytest.mark.parametrize(
    ("sorting", "expected"),
    [("natural", ["2.png", "10.png"]), ("lexicographical", ["10.png", "2.png"]), (None, ["10.png", "2.png"])],
)
def test_order_without_a_manifest(tmp_path: Path, sorting: str | None, expected: list[str]) -> None:
    files = {"task.json": task(job(0, 1), data={"sorting_method": sorting}), "annotations.json": [EMPTY]}
    assert names_of(read(tmp_path, {**files, **images("10.png", "2.png")})[0]) == expected


@pytest.mark.req("R19.10")
def test_segments_of_any_size(tmp_path: Path) -> None:
    jobs = [job(0, 0, files=["c.png"]), job(1, 3, files=["a.png", "d.png", "b.png"])]
    data = {"sorting_method": "predefined", "custom_segments": True}
    files = {"task.json": task(*jobs, data=data), "annotations.json": [EMPTY, EMPTY]}
    found, _ = read(tmp_path, {**files, **images("a.png", "b.png", "c.png", "d.png")})
    assert names_of(found) == ["c.png", "a.png", "d.png", "b.png"]
    assert [made.frame_ranges for made in found.jobs] == [[0, 0], [1, 3]]
    assert found.segment_size == 0


def test_frames_that_were_left_out(tmp_path: Path) -> None:
    """Empty lines stand for files that no frame shows; without a range what is listed are the frames."""
    files = {
        "task.json": task(job(0, 1), data={"deleted_frames": [1]}),
        "annotations.json": [EMPTY],
        "data/manifest.jsonl": manifest(None, "b.png", None, "d.png"),
        **images("b.png", "d.png"),
    }
    found, _ = read(tmp_path, files)
    assert (names_of(found), found.task.data.deleted_frames) == (["b.png", "d.png"], [1])


def test_sources_keep_their_numbers(tmp_path: Path) -> None:
    files = {
        "task.json": task(job(0, 1), data={"start_frame": 1, "stop_frame": 3, "frame_filter": "step=2"}),
        "annotations.json": [EMPTY],
        "data/manifest.jsonl": manifest(None, "b.png", None, "a.png"),
        **images("a.png", "b.png", "c.png", "d.png"),
    }
    found, _ = read(tmp_path, files)
    assert (names_of(found), found.sources) == (["b.png", "a.png"], (1, 3, 2))


def test_a_range_whose_other_frames_are_missing(tmp_path: Path) -> None:
    files = {
        "task.json": task(job(0, 1), data={"start_frame": 1, "stop_frame": 3, "frame_filter": "step=2"}),
        "annotations.json": [EMPTY],
        "data/manifest.jsonl": manifest(None, "b.png", None, "a.png"),
        **images("a.png", "b.png"),
    }
    assert names_of(read(tmp_path, files)[0]) == ["b.png", "a.png"]


def test_context_images(tmp_path: Path) -> None:
    names = ("a.png", "related_images/a_png/side.png")
    files = {"task.json": task(job(0, 0)), "annotations.json": [EMPTY], "data/manifest.jsonl": manifest("a.png")}
    found, _ = read(tmp_path, {**files, **images(*names)})
    index = load_index(Path(found.folder))
    assert isinstance(index, ImageIndex)
    assert [entry.name for entry in index.related(0)] == ["related_images/a_png/side.png"]
    assert (Path(found.folder) / ORIGINALS / "related_images/a_png/side.png").read_bytes() == picture(1)


@pytest.mark.parametrize("with_manifest", [True, False])
def test_a_video_with_a_frame_filter(tmp_path: Path, *, with_manifest: bool) -> None:
    path = encode_video(tmp_path / "v.mp4", moving("china.jpg", 30))
    data = {"start_frame": 3, "stop_frame": 29, "frame_filter": "step=5", "chunk_type": "video"}
    files = {"task.json": task(job(0, 5), data=data), "annotations.json": [EMPTY], "data/v.mp4": path.read_bytes()}
    lines = [
        {"version": "1.0"},
        {"type": "video"},
        {"properties": {"name": "v.mp4", "resolution": [160, 120], "length": 30}},
        {"number": 0, "pts": 0, "checksum": "x"},
    ]
    if with_manifest:
        files["data/manifest.jsonl"] = b"\n".join(json.dumps(line).encode() for line in lines)
    found, _ = read(tmp_path, files)
    assert found.sources == (3, 28, 5)
    assert (Path(found.folder) / ORIGINALS / "v.mp4").read_bytes() == path.read_bytes()


def test_ground_truth_and_replicas(tmp_path: Path) -> None:
    jobs = [
        job(0, 1, type="annotation", frames=[]),
        job(0, 1, type="replica", frames=[]),
        job(2, 3, type="annotation", status="completed"),
        job(2, 3, type="replica", status="validation"),
        job(0, 3, type="ground_truth", frames=[3, 0, 1]),
    ]
    names = ("a.png", "b.png", "c.png", "d.png")
    truth = {**EMPTY, "tags": [{"label": "car", "frame": 3}]}
    files = {"task.json": task(*jobs, consensus_replicas=1), "annotations.json": [EMPTY] * 4 + [truth]}
    found, _ = read(tmp_path, {**files, **images(*names)})
    assert [made.frame_ranges for made in found.jobs] == [[0, 1], [0, 1], [2, 3], [2, 3], [0, 1, 3, 3]]
    assert [made.parent_job_id for made in found.jobs] == [None, 1, None, 3, None]
    assert [(made.stage, made.state) for made in found.jobs[2:4]] == [
        (JobStage.ACCEPTANCE, JobState.COMPLETED),
        (JobStage.VALIDATION, JobState.NEW),
    ]
    assert [tag.frame for tag in annotations_of(found, 4).tags] == [3]
    assert (found.segment_size, found.overlap) == (2, 0)


def test_annotations_get_numbers(tmp_path: Path) -> None:
    """Labels and attributes are counted in their order: car 1, cat 2, head 3, tail 4; kind 1, speed 2."""
    points = [{"type": "points", "label": name, "frame": 0, "points": [1, 2]} for name in ("tail", "head")]
    tracked = [{"type": "points", "frame": 0, "points": [3, 4]}, {"type": "points", "frame": 1, "points": [5, 6]}]
    given = {
        "shapes": [
            {"type": "skeleton", "label": "cat", "frame": 0, "points": None, "elements": points, "attributes": []},
            {
                "type": "rectangle",
                "label": "car",
                "frame": 1,
                "points": [0, 0, 5, 5],
                "group": None,
                "attributes": [{"name": "speed", "value": "7"}, {"name": "kind", "value": "van"}],
            },
        ],
        "tracks": [
            {
                "label": "cat",
                "frame": 0,
                "shapes": [{"type": "skeleton", "frame": 0, "points": []}],
                "elements": [{"label": "head", "frame": 0, "shapes": tracked}],
            }
        ],
    }
    files = {"task.json": task(job(0, 1)), "annotations.json": [given], **images("a.png", "b.png")}
    found = annotations_of(read(tmp_path, files)[0])
    assert [element.label_id for element in found.shapes[0].elements] == [4, 3]
    assert [(value.spec_id, value.value) for value in found.shapes[1].attributes] == [(2, "7"), (1, "van")]
    assert [track.label_id for track in (found.tracks[0], found.tracks[0].elements[0])] == [2, 3]
    assert [shape.points for shape in found.tracks[0].elements[0].shapes] == [[3, 4], [5, 6]]


def test_what_our_rules_refuse_is_left_out_and_counted(tmp_path: Path) -> None:
    keys = [{"type": "rectangle", "frame": at, "points": [at, 0, at + 9, 9]} for at in (0, 4)]
    given = {
        "tags": [{"label": "car", "frame": 0, "attributes": [{"name": "kind", "value": "bus"}]}],
        "shapes": [{"type": "rectangle", "label": "car", "frame": 3, "points": [0, 0, 5, 5]}],
        "tracks": [{"label": "car", "frame": 0, "shapes": keys}],
    }
    files = {"task.json": task(job(0, 1), job(2, 3)), "annotations.json": [given, EMPTY]}
    found, backup = read(tmp_path, {**files, **images("a.png", "b.png", "c.png", "d.png")})
    kept = annotations_of(found)
    assert (kept.tags[0].attributes, kept.shapes) == ([], [])
    assert [(shape.frame, shape.points[0]) for shape in kept.tracks[0].shapes] == [(0, 0), (1, 1)]
    assert [(loss.kind, loss.name, loss.count) for loss in backup.losses] == [
        ("attribute", "kind", 1),
        ("shape", "outside of the job", 1),
        ("track", "outside of the job", 1),
    ]


def test_many_objects_come_in_blocks(tmp_path: Path) -> None:
    shapes = [{"type": "points", "label": "car", "frame": 0, "points": [n, 1]} for n in range(12_000)]
    files = {"task.json": task(job(0, 0)), "annotations.json": [{**EMPTY, "shapes": shapes}], **images("a.png")}
    found, _ = read(tmp_path, files)
    assert found.blocks == [3]
    assert [shape.points[0] for shape in annotations_of(found).shapes] == list(range(12_000))
    shapes[7_000]["points"] = [1]
    (tmp_path / "again").mkdir()
    with pytest.raises(FormatError, match="job 0: shape 7000 on frame 0"):
        read(tmp_path / "again", files)


def test_a_project(tmp_path: Path) -> None:
    """The labels of the project hold, whatever a task says; tasks come in the order of their numbers."""
    inner = {"annotations.json": [{**EMPTY, "tags": [{"label": "dog", "frame": 0}]}], **images("a.png")}
    parts = {
        f"task_{number}/{name}": content
        for number in (10, 2)
        for name, content in {"task.json": task(job(0, 0), name=f"t{number}"), **inner}.items()
    }
    files = {"project.json": {"name": "p", "labels": [{"name": "dog"}]}, **parts}
    found = read_project_backup(packed(tmp_path, files), tmp_path, lambda part: None)
    assert [part.task.name for part in found.tasks] == ["t2", "t10"]
    assert [label.name for label in found.tasks[0].task.labels] == ["dog"]
    assert annotations_of(found.tasks[1]).tags[0].label_id == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data/manifest.jsonl": manifest("a.png", "gone.png")}, r"data/gone\.png is not in the archive"),
        ({"task.json": task()}, "a task has 1 to 100,000 jobs, not 0"),
        ({"task.json": task(job(1, 0))}, "job 0: stop_frame 0 comes before start_frame 1"),
        ({"task.json": task(job(0, 0), data={"frame_filter": "every"})}, "task.json: data: frame_filter must read"),
        ({"task.json": task(job(0, 0), data={"start_frame": 7})}, "data/: start_frame is 7"),
        ({"task.json": task(job(0, 0), data={"deleted_frames": [5]})}, "frame 5 is deleted, but"),
        ({"task.json": task(job(0, 0), labels=[{"name": "x", "type": "blob"}])}, "Invalid enum value 'blob'"),
        ({"annotations.json": b"[" * 100_000}, "annotations.json"),
        ({"annotations.json": [{"tags": 7}]}, r"annotations.json, job 0: Expected `array`"),
        ({"data/a.png/b.png": picture(1)}, "has the name of another file"),
        ({"data/a.png": b"\x89PNG nothing"}, r"data/: a\.png"),
    ],
)
def test_errors_name_file_and_reason(tmp_path: Path, change: Files, message: str) -> None:
    files = {"task.json": task(job(0, 0)), "annotations.json": [EMPTY], **images("a.png")}
    with pytest.raises(FormatError, match=message):
        read(tmp_path, files | change)


def test_media_that_cannot_be_restored(tmp_path: Path) -> None:
    files = {"annotations.json": [EMPTY], "data/manifest.jsonl": manifest("a.png")}
    with pytest.raises(FormatError, match="lightweight backup of a task on cloud storage"):
        read(tmp_path, {**files, "task.json": task(job(0, 0), data={"storage": "cloud_storage"})})
    (tmp_path / "3d").mkdir()
    with pytest.raises(FormatError, match="3D tasks cannot be restored"):
        read(tmp_path / "3d", {**files, "task.json": task(job(0, 0)), "data/a.pcd": b"# .PCD"})


def test_too_many_labels(tmp_path: Path) -> None:
    labels = [{"name": str(number)} for number in range(10_001)]
    files = {"task.json": task(job(0, 0), labels=labels), "annotations.json": [EMPTY], **images("a.png")}
    with pytest.raises(TooLargeError, match="10,001 labels are too many"):
        read(tmp_path, files)


def test_an_archive_of_many_small_bombs(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("task.json", json.dumps(task(job(0, 0))))
        zeros = bytes(60 << 20)
        for number in range(18):
            archive.writestr(f"data/{number}.png", zeros)
    with pytest.raises(TooLargeError, match="more than 200 times as many"):
        read_task_backup(path, tmp_path, lambda part: None)
