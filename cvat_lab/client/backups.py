"""Backups: whole tasks and projects as a file, and new ones made from it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cvat_lab.client.background import wait_for
from cvat_lab.client.entity import Entity
from cvat_lab.client.exporting import save_answer
from cvat_lab.client.progress import report
from cvat_lab.client.uploads import upload_file
from cvat_lab.errors import CvatLabError, InvalidInputError
from cvat_lab.model.base import Record
from cvat_lab.model.data import RequestId

if TYPE_CHECKING:
    from cvat_lab.client.http import Transport

RecordT = TypeVar("RecordT", bound=Record)


class BackedUp(Entity[RecordT]):
    """A project or task, which can be backed up."""

    def backup(self, path: str | os.PathLike[str] = ".", *, progress: bool | None = None) -> Path:
        """Save everything in it: media, labels, jobs, annotations and the guide, in CVAT's layout.

        Parameters
        ----------
        path
            File to write, or folder to write it into under the name that the server gives it.
        progress
            Show a bar; None = where somebody watches.

        Returns
        -------
        Path
            The archive. ``lab.restore_task`` or ``lab.restore_project`` makes a new task or project of it, here, on
            another server, or on one of CVAT's own.

        Raises
        ------
        InvalidInputError
            The task has no media yet.
        """
        transport = self.lab.transport
        with report(progress) as reporter:
            started = transport.post(f"{self.path}/backup/export", {}, RequestId, location="local")
            done = wait_for(transport, started, reporter, f"Backing up {self.kind} {self.id}")
            if not isinstance(done.result_url, str):
                raise CvatLabError(f"the backup of {self.kind} {self.id} has ended without a file; try again")
            with transport.send("GET", done.result_url, stream=True) as answer:
                return save_answer(answer, Path(path).expanduser(), reporter)


def restore(transport: Transport, kind: str, file: str | os.PathLike[str], progress: bool | None) -> int:
    """Make a ``task`` or ``project`` from a backup and return its id; what had to be left out is a warning.

    Raises
    ------
    InvalidInputError
        There is no such file.
    CvatLabError
        The file is no such backup, or is damaged; nothing was made.
    """
    path = Path(file).expanduser()
    if not path.is_file():
        raise InvalidInputError(f"there is no file {str(path)!r}", field="file")
    with report(progress) as reporter:
        started = upload_file(transport, f"api/{kind}s/backup", path, {}, reporter)
        done = wait_for(transport, started, reporter, f"Restoring the {kind}")
    if not isinstance(done.result_id, int):
        raise CvatLabError(f"the restore of {path.name} has ended without a {kind}; try again")
    for loss in done.losses:
        warnings.warn(f"{path.name}: {loss.kind} {loss.name}, {loss.count} times: {loss.reason}", stacklevel=3)
    return done.result_id
