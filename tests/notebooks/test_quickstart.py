"""The notebooks run from top to bottom, against a server with the sample workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cvat_lab.cli import sample
from cvat_lab.client import Lab
from cvat_lab_server.embedded import EmbeddedServer
from cvat_lab_widgets.annotator import BUNDLE
from tests.media_samples import encode_video, moving

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def sampled(lab: Lab, photos: list[Path], tmp_path: Path) -> Lab:
    """A server with the sample's tasks, on video of the same length and size."""
    street = encode_video(tmp_path / "bikes.mp4", moving("china.jpg", 250, 640, 272))
    sample.fill(lab, street, photos)
    return lab


@pytest.fixture
def environment(server: EmbeddedServer) -> Iterator[None]:
    """What a Jupyter server with the extension leaves for its kernels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CVAT_LAB_URL", server.url)
        patch.setenv("CVAT_LAB_TOKEN", server.token)
        yield


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the editor is not built: npm run build")
@pytest.mark.usefixtures("environment")
def test_quickstart_runs(sampled: Lab) -> None:
    notebook = nbformat.read(NOTEBOOKS / "01_quickstart.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    outputs = {
        cell.source: cell.outputs[-1].data for cell in notebook.cells if cell.cell_type == "code" and cell.outputs
    }
    editor = next(data for source, data in outputs.items() if "annotate(" in source)
    assert {WIDGET, "image/jpeg"} <= set(editor)
    stills = [data for source, data in outputs.items() if ".frame(" in source]
    assert len(stills) == 2
    assert all("image/jpeg" in data for data in stills)
    exported = next(data for source, data in outputs.items() if "CVAT for images" in source)
    assert "<td>score</td>" in exported["text/html"]

    assert sampled.task("Street stills").size == 3
    boxes = sampled.sql("SELECT label FROM shapes s JOIN tasks t ON t.id = s.task_id ORDER BY frame").df()
    assert list(boxes["label"]) == ["person", "car", "bicycle"]
    assert sampled.sql("SELECT count(*) FROM track_shapes").scalar() == 50


def test_notebooks_are_committed_clean() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert all(not cell.get("outputs") for cell in notebook.cells), f"{path.name} has outputs: clear them"
