from cvat_lab.testing.formats import FormatTests


class TestCoco(FormatTests):
    exporter = "COCO 1.0"
    importer = "COCO 1.0"
