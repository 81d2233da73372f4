"""Datasets out of the server, as files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from html import escape
from pathlib import Path
from typing import TypeVar

import requests

from cvat_lab.client.background import wait_for
from cvat_lab.client.entity import Labeled
from cvat_lab.client.progress import Reporter, report
from cvat_lab.errors import CvatLabError, ServerUnavailableError
from cvat_lab.model.base import Record
from cvat_lab.model.data import RequestId
from cvat_lab.model.request import Loss

RecordT = TypeVar("RecordT", bound=Record)

_READ_BYTES = 2**20


@dataclass(frozen=True)
class Exported(os.PathLike[str]):
    """A file that was written, and what its format could not hold.

    Attributes
    ----------
    path
        The archive.
    losses
        What is in cvat_lab but not in the file; empty = nothing was lost.
    """

    path: Path
    losses: Sequence[Loss]

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<Exported {self.path}, {len(self.losses) or 'no'} kinds of losses>"

    def _repr_html_(self) -> str:
        return f"<code>{escape(str(self.path))}</code>{losses_html(self.losses)}"


class Exportable(Labeled[RecordT]):
    """A project, task or job, which can become a dataset."""

    def export(
        self,
        format: str,
        path: str | os.PathLike[str] = ".",
        *,
        save_images: bool = False,
        progress: bool | None = None,
    ) -> Exported:
        """Write a dataset.

        Parameters
        ----------
        format
            Name of a format, for example ``COCO 1.0``; see ``lab.formats()``.
        path
            File to write, or folder to write it into under the name that the server gives it.
        save_images
            Put the images into the archive, too.
        progress
            Show a bar; None = where somebody watches.

        Returns
        -------
        Exported
            Where the file is, and what the format could not hold.

        Raises
        ------
        InvalidInputError
            There is no such format, or there is nothing to export.
        """
        target = Path(path).expanduser()
        with report(progress) as reporter:
            query = {"format": format, "save_images": save_images, "location": "local"}
            started = self.lab.transport.post(f"{self.path}/dataset/export", {}, RequestId, **query)
            done = wait_for(self.lab.transport, started, reporter, f"Exporting {format}")
            if not isinstance(done.result_url, str):
                raise CvatLabError(f"the export of {self.kind} {self.id} has ended without a file; export again")
            with self.lab.transport.send("GET", done.result_url, stream=True) as answer:
                return Exported(save_answer(answer, target, reporter), done.losses)


def save_answer(answer: requests.Response, target: Path, reporter: Reporter) -> Path:
    """Write the body of an answer to a file, which appears only when it is complete.

    Parameters
    ----------
    target
        A file; or a folder, then the answer names the file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ServerUnavailableError
        The connection broke.
    """
    if target.is_dir():
        target = target / _offered_name(answer)
    size = int(answer.headers.get("Content-Length") or 0)
    reporter.stage(f"Downloading {target.name}", size)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            for piece in answer.iter_content(_READ_BYTES):
                file.write(piece)
                reporter.advance(len(piece))
        if size and part.stat().st_size != size:
            raise ServerUnavailableError(f"{target.name} broke off at {part.stat().st_size} of {size} bytes; try again")
        part.replace(target)
    except requests.RequestException as error:
        raise ServerUnavailableError(f"the download of {target.name} broke off ({error}); try again") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def losses_html(losses: Sequence[Loss]) -> str:
    """Return what was lost as a table, or that nothing was."""
    if not losses:
        return "<p>Nothing was lost.</p>"
    rows = "".join(
        f"<tr><td>{escape(loss.kind)}</td><td>{escape(loss.name)}</td><td>{loss.count}</td>"
        f"<td>{escape(loss.reason)}</td><td>{escape(loss.example)}</td></tr>"
        for loss in losses
    )
    head = "".join(f"<th>{name}</th>" for name in ("lost", "name", "count", "why", "for example"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _offered_name(answer: requests.Response) -> str:
    """Return the file name in ``Content-Disposition``, without any folders."""
    header = Message()
    header["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    return Path(header.get_filename() or "dataset.zip").name
