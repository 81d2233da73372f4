"""Widgets for notebooks: the editor, and annotated stills."""

from __future__ import annotations

from cvat_lab_widgets.annotator import Annotator
from cvat_lab_widgets.preview import Still

__all__ = ["Annotator", "Still"]
