"""The editor widget: an address for state, and a picture for pages that cannot run it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from cvat_lab.client import Task
from cvat_lab.errors import InvalidInputError, UnsupportedError
from cvat_lab_widgets import Annotator, annotator

BOXES = [
    {"label": "car", "type": "rectangle", "frame": number % 3, "points": [number, 5, number + 9, 30]}
    for number in range(300)
]


def test_a_task_opens_the_job_of_a_frame(lab, video: Path) -> None:  # type: ignore[no-untyped-def]
    task = lab.create_task("segments", ["car"], files=[video], segment_size=20, overlap=0)
    editor = task.annotate(45, height=400)
    assert isinstance(editor, Annotator)
    assert (editor.job, editor.frame, editor.height) == (task.jobs()[2].id, 45, 400)
    assert task.annotate().frame == 0
    with pytest.raises(InvalidInputError, match="no frame 60"):
        task.annotate(60)
    with pytest.raises(InvalidInputError, match=r"frames are 0\.\.19"):
        task.jobs()[0].annotate(45)


def test_the_state_is_an_address(photo_task: Task) -> None:
    photo_task.set_annotations(BOXES)
    editor = photo_task.annotate()
    own = {name: value for name, value in editor.get_state().items() if not name.startswith("_") and name != "layout"}
    assert set(own) == {"server", "job", "frame", "selection", "height", "revision", "status", "tabbable", "tooltip"}
    assert len(json.dumps(own)) < 300
    assert own["revision"] == photo_task.jobs()[0].revision > 0


def test_the_page_is_told_the_path_of_its_own_server(photo_task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    assert photo_task.annotate().server == ""
    monkeypatch.setenv("CVAT_LAB_URL", photo_task.lab.url + "/")
    monkeypatch.setenv("CVAT_LAB_PATH", "/user/ann/cvat-lab")
    assert photo_task.annotate().server == "/user/ann/cvat-lab"


def test_a_picture_stands_in_where_widgets_do_not_run(photo_task: Task) -> None:
    photo_task.set_annotations([{"label": "car", "type": "rectangle", "frame": 0, "points": [100, 100, 300, 300]}])
    bundle, _ = photo_task.annotate()._repr_mimebundle_() or ({}, {})
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(bundle["image/jpeg"]), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (512, 512, 3)
    blue, green, red = picture[100, 200].tolist()
    assert red - max(blue, green) > 60
    assert len(json.dumps(bundle)) < 200_000


def test_the_output_keeps_the_address_for_pages_that_reach_the_server(
    photo_task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, _ = photo_task.annotate()._repr_mimebundle_() or ({}, {})
    assert annotator.JOB_MIME not in bundle
    monkeypatch.setenv("CVAT_LAB_URL", photo_task.lab.url)
    monkeypatch.setenv("CVAT_LAB_PATH", "/cvat-lab")
    bundle, _ = photo_task.annotate(1, height=400)._repr_mimebundle_() or ({}, {})
    job = photo_task.jobs()[0]
    created = job.record.created_date.isoformat()
    assert bundle[annotator.JOB_MIME] == {"job": job.id, "created": created, "frame": 1, "height": 400}


def test_without_a_server_the_widget_still_shows(tmp_path: Path, photos: list[Path]) -> None:
    import cvat_lab

    with cvat_lab.open(tmp_path / "workspace") as lab:
        editor = lab.create_task("gone", ["car"], files=photos[:1]).annotate()
    bundle, _ = editor._repr_mimebundle_() or ({}, {})
    assert "image/jpeg" not in bundle
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_an_editor_that_was_not_built_says_how(
    photo_task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotator, "BUNDLE", tmp_path / "missing.js")
    with pytest.raises(UnsupportedError, match="npm run build"):
        photo_task.annotate()
