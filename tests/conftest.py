"""What all tests share: real media, and a real server over a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media_samples import encode_video, moving, photo_file

if TYPE_CHECKING:
    from cvat_lab.client import Lab, Task
    from cvat_lab_server.embedded import EmbeddedServer

PHOTOS = ("astronaut.png", "coffee.png", "chelsea.png")
VIDEO_FRAMES = 60

LABELS = [
    {
        "name": "car",
        "color": "#ff0000",
        "attributes": [{"name": "brand"}, {"name": "parked", "mutable": True, "values": ["no", "yes"]}],
    },
    "person",
]


@pytest.fixture(scope="session", autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from servers that happen to run on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CVAT_LAB_URL", "CVAT_LAB_TOKEN", "CVAT_LAB_PATH", "CVAT_LAB_SERVICE_URL", "CVAT_LAB_WORKSPACE"):
            patch.delenv(name, raising=False)
        patch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(scope="session")
def photos() -> list[Path]:
    """Photographs: astronaut 512x512, coffee 600x400, chelsea 451x300."""
    return [photo_file(name) for name in PHOTOS]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An H.264 video, 160x120, of 60 frames that differ from each other."""
    return encode_video(tmp_path_factory.mktemp("video") / "street.mp4", moving("china.jpg", VIDEO_FRAMES))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server on a thread, over an empty workspace."""
    from cvat_lab_server.embedded import EmbeddedServer

    opened = EmbeddedServer(tmp_path_factory.mktemp("workspace"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lab(server: EmbeddedServer) -> Iterator[Lab]:
    """A connection to the server as its administrator."""
    import cvat_lab

    with cvat_lab.connect(server.url, server.token) as connected:
        yield connected


@pytest.fixture
def photo_task(lab: Lab, photos: list[Path]) -> Task:
    """A new task of three photographs with the labels car and person."""
    return lab.create_task("photos", LABELS, files=photos)


@pytest.fixture
def video_task(lab: Lab, video: Path) -> Task:
    """A new task of the video, in one job, with the labels car and person."""
    return lab.create_task("street", LABELS, files=[video])
