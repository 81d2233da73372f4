from __future__ import annotations

from cvat_lab.formats.capabilities import Capabilities
from cvat_lab.formats.items import ShapeItem
from cvat_lab.testing.formats import FormatTests


class TestYolo(FormatTests):
    exporter = "YOLO 1.1"
    importer = "YOLO 1.1"

    def _comes_back(self, shape: ShapeItem, can: Capabilities) -> bool:
        return super()._comes_back(shape, can) and shape.rotation == 0
