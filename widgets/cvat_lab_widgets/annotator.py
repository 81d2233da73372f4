"""The editor as a widget.

Its state is an address and nothing more: which server, job and frame. Annotations and pixels travel between page and
server, so a busy kernel does not hold them up and nothing is lost with the widget. The address is also in the output of
the cell, where our JupyterLab extension finds it when kernel and page have forgotten the widget.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import anywidget
from traitlets import Dict, Enum, Int, List, Unicode

from cvat_lab.client import Job
from cvat_lab.errors import CvatLabError, InvalidInputError, UnsupportedError
from cvat_lab_widgets.preview import Still
from cvat_lab_widgets.relay import Relay

BUNDLE: Final = Path(__file__).parent / "static" / "annotator.js"
"""The editor's JavaScript, built by ``npm run build``."""

JOB_MIME: Final = "application/vnd.cvat-lab.job+json"
"""The address of a job in the output of a cell; our JupyterLab extension shows it when the widget is gone."""

STILL_SIDE: Final = 960
"""Longer side, in pixels, of the picture that stands for the editor where it cannot run."""


class Annotator(anywidget.AnyWidget):
    """The editor on one job, below a cell.

    Parameters
    ----------
    job
        A job of a running server.
    frame
        Where to begin; None = the first frame of the job.
    height
        Height of the editor in pixels.

    Raises
    ------
    InvalidInputError
        The job does not have the frame.
    UnsupportedError
        The editor's JavaScript was not built.
    """

    server = Unicode(help="Path or URL of the server as the page sees it; empty = only the kernel can reach it.").tag(
        sync=True
    )
    job = Int(help="Id of the job.").tag(sync=True)
    frame = Int(help="Number of the frame that is shown; set it to go there.").tag(sync=True)
    selection = List(
        Dict(), help='Objects that are selected, as ``{"kind": "shape" | "track" | "tag", "id": number}``.'
    ).tag(sync=True)
    height = Int(640, help="Height of the editor in pixels.").tag(sync=True)
    revision = Int(help="Newest revision of the job that the page has; observe it to hear of saved changes.").tag(
        sync=True
    )
    status = Enum(
        ("closed", "saved", "saving", "at-risk"), "closed", help="Whether everything that was drawn is on the server."
    ).tag(sync=True)

    _relay: Relay | None = None

    def __init__(self, job: Job, *, frame: int | None = None, height: int = 640) -> None:
        first, last = job.record.start_frame, job.record.stop_frame
        if frame is not None and not first <= frame <= last:
            raise InvalidInputError(f"job {job.id} has no frame {frame}; its frames are {first}..{last}", field="frame")
        self._job = job
        super().__init__(
            server=page_address(job.lab.url),
            job=job.id,
            frame=first if frame is None else frame,
            height=height,
            revision=job.record.revision,
        )
        self._relay = Relay(job.lab.transport, self._send_parts)
        self.on_msg(self._receive)

    @property
    def _esm(self) -> str:
        if not BUNDLE.is_file():
            raise UnsupportedError(
                f"the editor's JavaScript is missing ({BUNDLE}); in a source checkout run `npm ci && npm run build`, "
                "else install cvat-lab again"
            )
        return BUNDLE.read_text("utf-8")

    def close(self) -> None:
        """Remove the editor from the page."""
        if self._relay is not None:
            self._relay.close()
        super().close()

    def __repr__(self) -> str:
        return f"<Annotator of job {self.job}, frame {self.frame}>"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return the widget, and a picture for places that cannot run it: GitHub, nbconvert, printed pages."""
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None:
            return None
        data, metadata = bundle
        if self.server:
            data = {JOB_MIME: self._address(), **data}
        try:
            still = Still(self._job, self.frame, max_side=STILL_SIDE)
        except CvatLabError:
            # Without the server the editor says itself what is wrong; a picture cannot.
            return data, metadata
        return {**still.mimebundle(), **data}, metadata

    def _address(self) -> dict[str, Any]:
        created = self._job.record.created_date.isoformat()
        return {"job": self.job, "created": created, "frame": self.frame, "height": self.height}

    def _receive(self, _: Any, content: Any, buffers: Sequence[Any]) -> None:
        if self._relay is not None:
            self._relay.receive(content, buffers)

    def _send_parts(self, content: dict[str, Any], buffers: Sequence[bytes]) -> None:
        self.send(content, list(buffers))


def page_address(url: str) -> str:
    """Return the address of a server as the page sees it.

    The page of a Jupyter server reaches the same server by path, with the cookies of its user. For any other server it
    has no credentials, and goes through the kernel: the address is empty.
    """
    if url == os.environ.get("CVAT_LAB_URL", "").rstrip("/"):
        return os.environ.get("CVAT_LAB_PATH", "")
    return ""
