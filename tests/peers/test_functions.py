"""Functions written for CVAT's library, run by our own command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cvat_lab.client import Lab
from cvat_lab_server.embedded import EmbeddedServer
from tests.peers.conftest import PYTHON

pytestmark = pytest.mark.peers

FUNCTION = """
import cvat_sdk.auto_annotation as cvataa

_kind = cvataa.select_attribute_spec("kind", 4, ["suv", "van"])
spec = cvataa.DetectionFunctionSpec(labels=[
    cvataa.label_spec("car", 0, attributes=[_kind]),
    cvataa.skeleton_label_spec("pin", 1, [cvataa.keypoint_spec("head", 0), cvataa.keypoint_spec("tip", 1)]),
    cvataa.label_spec("dark", 2),
    cvataa.label_spec("unknown", 3),
])

def detect(context, image):
    return [
        cvataa.rectangle(0, [1, 2, image.width - 1, 40], attributes=[{"spec_id": 4, "value": "van"}], score=0.75),
        cvataa.skeleton(1, [cvataa.keypoint(1, [5, 6]), cvataa.keypoint(0, [7, 8], outside=True)]),
        cvataa.tag(2),
        cvataa.polygon(3, [1, 1, 9, 1, 5, 9]),
    ]
"""
LABELS = [
    {"name": "car", "attributes": [{"name": "kind", "values": ["suv", "van"]}]},
    {
        "name": "pin",
        "type": "skeleton",
        "sublabels": [{"name": "head", "type": "points"}, {"name": "tip", "type": "points"}],
        "svg": '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="10" '
        'cy="10"></circle><circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tip" '
        'cx="90" cy="90"></circle>',
    },
    "dark",
]


def run(server: EmbeddedServer, *words: str) -> subprocess.CompletedProcess[str]:
    """Run our command with CVAT's library behind our own packages."""
    found = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    start = f"import sys; sys.path.append({found.stdout.strip()!r}); from cvat_lab.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "--url", server.url, "--token", server.token, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.req("R30.20")
def test_a_function_of_cvats_library(server: EmbeddedServer, lab: Lab, photos: list[Path], tmp_path: Path) -> None:
    if not PYTHON.exists():
        pytest.skip(f"{PYTHON} is not there; `make setup-test` installs CVAT's clients, or set CVAT_PEERS_PYTHON")
    (tmp_path / "detector.py").write_text(FUNCTION)
    task = lab.create_task("found", LABELS, files=photos)
    words = ("task", "auto-annotate", str(task.id), "--function-file", str(tmp_path / "detector.py"))
    refused = run(server, *words)
    assert (refused.returncode, "'unknown'" in refused.stderr) == (1, True), refused.stderr
    assert not task.annotations().shapes
    done = run(server, *words, "--allow-unmatched-labels")
    assert done.returncode == 0, done.stderr
    found = task.annotations()
    assert [tag.frame for tag in found.tags] == [0, 1, 2]
    boxes = [shape for shape in found.shapes if shape.type == "rectangle"]
    pins = [shape for shape in found.shapes if shape.type == "skeleton"]
    assert len(found.shapes) == 6
    assert [box.points for box in boxes] == [[1, 2, width - 1, 40] for width in (512, 451, 600)]
    assert {(box.attributes[0].value, box.score, box.source) for box in boxes} == {("van", 0.75, "auto")}
    sublabels = {label.id: label.name for label in task.labels["pin"].sublabels}
    places = {sublabels[part.label_id]: (part.points, part.outside) for part in pins[0].elements}
    assert places == {"tip": ([5, 6], False), "head": ([7, 8], True)}
