from cvat_lab.testing.formats import FormatTests


class TestCvatForImages(FormatTests):
    exporter = "CVAT for images 1.1"
    importer = "CVAT 1.1"


class TestCvatForVideo(FormatTests):
    exporter = "CVAT for video 1.1"
    importer = "CVAT 1.1"
