"""``cvat-lab manifest create``, as people type it; no server runs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cvat_lab.cli import main
from cvat_lab.cli.manifest import UNFIT
from cvat_lab.media.manifest import read_manifest
from tests.media_samples import decoded, encode_video, moving, photo, photo_file

Make = Callable[..., list[Any]]

NO_CUTS = {"sc_threshold": "0"}
"""Keeps the encoder from adding keyframes of its own."""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a manifest and return the values of its lines."""

    def call(*words: object) -> list[Any]:
        target = tmp_path / "out"
        assert main(["manifest", "create", "--output-dir", str(target), *map(str, words)]) == 0
        text = (target / "manifest.jsonl").read_text()
        assert not [line for line in text.splitlines() if line != json.dumps(json.loads(line), separators=(",", ":"))]
        read_manifest(target / "manifest.jsonl")
        return [json.loads(line) for line in text.splitlines()]

    return call


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    (root / "sub" / "related_images" / "10_png").mkdir(parents=True)
    for name in ("2.png", "sub/10.png", "sub/9.png", "sub/related_images/10_png/side.png"):
        shutil.copyfile(photo_file("coffee.png"), root / name)
    (root / "notes.txt").write_text("not an image")
    return root


@pytest.mark.req("R31.1", "R31.2", "R31.6", "R31.8", "R31.9", "R31.10")
def test_a_folder_of_images(make: Make, photos: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = make(photos)
    checksum = hashlib.md5(np.ascontiguousarray(photo("coffee.png")).tobytes()).hexdigest()
    entry = {"extension": ".png", "width": 600, "height": 400, "checksum": checksum}
    assert lines == [
        {"version": "1.1"},
        {"type": "images"},
        {"name": "2", **entry, "meta": {"related_images": []}},
        {"name": "sub/10", **entry, "meta": {"related_images": ["sub/related_images/10_png/side.png"]}},
        {"name": "sub/9", **entry, "meta": {"related_images": []}},
    ]
    assert capsys.readouterr().out == f"{tmp_path / 'out' / 'manifest.jsonl'}\n"


@pytest.mark.req("R31.5")
@pytest.mark.parametrize(
    ("sorting", "expected"),
    [("lexicographical", ["2", "sub/10", "sub/9"]), ("natural", ["2", "sub/9", "sub/10"])],
)
def test_sorting(make: Make, photos: Path, sorting: str, expected: list[str]) -> None:
    assert [line["name"] for line in make("--sorting", sorting, photos)[2:]] == expected
    assert sorted(line["name"] for line in make("--sorting", "random", photos)[2:]) == sorted(expected)


@pytest.mark.req("R31.2")
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.png", ["2"]),
        ("sub/[0-9].png", ["9"]),
        ("sub/?.png", ["9"]),
        ("**/*.png", ["2", "sub/10", "sub/9"]),
        ("**", ["2", "sub/10", "sub/9"]),
    ],
)
def test_patterns(make: Make, photos: Path, pattern: str, expected: list[str]) -> None:
    """Names are relative to the folder that all files have in common."""
    assert [line["name"] for line in make(photos / pattern)[2:]] == expected


@pytest.mark.req("R31.2", "R31.7", "R31.9")
def test_a_video(make: Make, tmp_path: Path) -> None:
    path = encode_video(tmp_path / "v.mp4", moving("china.jpg", 30))
    lines = make(path)
    truth = decoded(path)
    assert lines[:3] == [
        {"version": "1.1"},
        {"type": "video"},
        {"properties": {"name": "v.mp4", "resolution": [160, 120], "length": 30}},
    ]
    assert lines[3:] == [
        {"number": n, "pts": n * 512, "checksum": hashlib.md5(truth[n].tobytes()).hexdigest()} for n in (0, 12, 24)
    ]


@pytest.mark.req("R31.3", "R31.4")
def test_a_video_with_too_few_keyframes(make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sparse = encode_video(tmp_path / "s.mp4", moving("china.jpg", 120, 64, 48), gop=110, options=NO_CUTS)
    with pytest.raises(SystemExit) as left:
        make(sparse)
    assert left.value.code == UNFIT
    told = capsys.readouterr().err
    assert "s.mp4 has up to 110 frames from one keyframe to the next; up to 109 are smooth" in told
    assert "--force" in told
    assert not (tmp_path / "out").exists()
    assert [line["number"] for line in make("--force", sparse)[3:]] == [0, 110]
    smooth = encode_video(tmp_path / "t.mp4", moving("china.jpg", 120, 64, 48), gop=109, options=NO_CUTS)
    assert [line["number"] for line in make(smooth)[3:]] == [0, 109]


def test_point_clouds(make: Make, tmp_path: Path) -> None:
    root = tmp_path / "clouds"
    for name in ("pointcloud/b.pcd", "pointcloud/a.pcd", "related_images/a_pcd/left.png", "c.pcd"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(photo_file("coffee.png"), root / name)
    assert make(root)[2:] == [
        {"name": "c", "extension": ".pcd", "meta": {"related_images": []}},
        {
            "name": "pointcloud/a",
            "extension": ".pcd",
            "meta": {"related_images": ["related_images/a_pcd/left.png"]},
        },
        {"name": "pointcloud/b", "extension": ".pcd", "meta": {"related_images": []}},
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("gone", "there is no file or folder"),
        ("*.jpg", "no file fits the pattern"),
        (".", "No media data found"),
    ],
)
def test_errors(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    source: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["manifest", "create", source]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "manifest.jsonl").exists()
