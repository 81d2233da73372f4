"""Stills: frames with their annotations drawn on them.

A still shows itself as a picture, which also GitHub, nbconvert and a notebook opened next year can show. Its
:meth:`Still.canvas` is alive: the shape under the cursor is highlighted, and the kernel can draw on it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cvat_lab.client.annotated import Annotated
from cvat_lab.client.visible import shapes_on, tags_on
from cvat_lab.media.images import encode_jpeg, encode_png, fit, resize
from cvat_lab.model.shape import Shape
from cvat_lab_widgets.drawing import draw_outlines
from cvat_lab_widgets.outlines import Outline, outline_of

if TYPE_CHECKING:
    from ipycanvas import MultiCanvas

JPEG_QUALITY: Final = 85


class Still:
    """A frame with its annotations drawn on it.

    Parameters
    ----------
    source
        A task or a job.
    number
        Number of the frame.
    annotated
        Draw the annotations.
    live
        Show the canvas instead of the picture; see :meth:`canvas`.
    max_side
        Longer side of the picture in pixels; larger frames are scaled down.

    Attributes
    ----------
    shapes
        What can be seen on the frame, tracks interpolated.
    tags
        Names of the labels of the whole frame.
    """

    def __init__(
        self, source: Annotated[Any], number: int, *, annotated: bool = True, live: bool = False, max_side: int = 1280
    ) -> None:
        frame = source.image(number, "compressed")
        self._title = f"frame {number} of {source.kind} {source.id}"
        self._picture = resize(frame, *fit(frame.shape[1], frame.shape[0], max_side))
        self._live = live
        self.shapes: list[Shape] = []
        self.tags: list[str] = []
        self.outlines: list[Outline] = []
        if annotated:
            data, labels = source.annotations(), source.labels
            scale = self._picture.shape[1] / frame.shape[1]
            self.shapes = shapes_on(data, number)
            self.tags = [labels.by_id(tag.label_id).name for tag in tags_on(data, number)]
            self.outlines = [outline_of(shape, labels).scaled(scale) for shape in self.shapes]

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The frame without annotations: RGB, shape (height, width, 3), uint8."""
        return self._picture

    def draw(self) -> NDArray[np.uint8]:
        """Return the frame with its annotations: RGB, shape (height, width, 3), uint8."""
        return draw_outlines(self._picture, self.outlines)

    def png(self) -> bytes:
        """Return the annotated frame as a PNG file."""
        return encode_png(self.draw())

    def canvas(self) -> MultiCanvas:
        """Return the frame as an ipycanvas that highlights the shape under the cursor."""
        from cvat_lab_widgets.canvas import make_canvas

        return make_canvas(self._picture, self.outlines)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self.draw(), dtype=dtype)

    def __repr__(self) -> str:
        tags = f", tags: {', '.join(self.tags)}" if self.tags else ""
        return f"<Still: {self._title}, {len(self.shapes)} shapes{tags}>"

    def mimebundle(self) -> dict[str, Any]:
        """Return text and picture. JPEG keeps a notebook with many photographs ten times smaller than PNG would."""
        picture = base64.b64encode(encode_jpeg(self.draw(), JPEG_QUALITY)).decode()
        return {"text/plain": repr(self), "image/jpeg": picture}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.mimebundle()
        if not self._live:
            return bundle
        return {**bundle, **self.canvas()._repr_mimebundle_()}
