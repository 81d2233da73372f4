"""A function of one's own over all pictures of a task, by cvat-sdk's auto-annotation."""

import os
from pathlib import Path

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import Config, make_client, models

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
PICTURES = sorted(Path.cwd().glob("image_*.jpg"))[:6]


class BrightestSpot:
    """Finds the brightest pixel of a picture: a box and a point of a skeleton around it, and a mask."""

    spec = cvataa.DetectionFunctionSpec(
        labels=[
            cvataa.label_spec("spot", 0),
            cvataa.skeleton_label_spec("pin", 1, [cvataa.keypoint_spec("head", 0), cvataa.keypoint_spec("tip", 1)]),
            cvataa.label_spec("area", 2, type="mask"),
        ]
    )

    def detect(self, context, image):
        grey = image.convert("L")
        values = list(grey.getdata())
        y, x = divmod(values.index(max(values)), image.width)
        pin = [cvataa.keypoint(0, [x, y]), cvataa.keypoint(1, [x, y + 5], outside=True)]
        return [
            cvataa.rectangle(0, [x, y, x + 2, y + 2], score=0.75),
            cvataa.skeleton(1, pin),
            cvataa.mask(2, [1, 1, 1, 1, x, y, x + 1, y + 1]),
        ]


SVG = (
    '<line data-type="edge" data-node-from="1" data-node-to="2" x1="10" y1="10" x2="90" y2="90"></line>'
    '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="10" cy="10">'
    '</circle><circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tip" cx="90" '
    'cy="90"></circle>'
)
LABELS = [
    models.PatchedLabelRequest(name="spot"),
    models.PatchedLabelRequest(
        name="pin",
        type="skeleton",
        svg=SVG,
        sublabels=[models.SublabelRequest(name=name, type="points") for name in ("head", "tip")],
    ),
    models.PatchedLabelRequest(name="area", type="mask"),
]

with make_client(URL, credentials=(USER, PASSWORD)) as client:
    client.config = Config(status_check_period=0.1, cache_dir=Path.cwd() / "cache")
    task = client.tasks.create_from_data(models.TaskWriteRequest(name="spots", labels=LABELS), PICTURES)
    ids = {label.name: label.id for label in task.get_labels()}
    for again in range(2):  # the second round replaces the first
        cvataa.annotate_task(client, task.id, BrightestSpot(), clear_existing=True)
        shapes = task.get_annotations().shapes
        assert len(shapes) == 3 * len(PICTURES), (again, len(shapes))
    assert {(shape.frame, shape.label_id) for shape in shapes} == {
        (frame, ids[name]) for frame in range(len(PICTURES)) for name in ids
    }
    assert {shape.source for shape in shapes} == {"auto"}
    [box] = [shape for shape in shapes if shape.frame == 0 and shape.type.value == "rectangle"]
    assert (box.score, box.points[2] - box.points[0]) == (0.75, 2.0)
    pins = [shape for shape in shapes if shape.type.value == "skeleton"]
    assert [[part.outside for part in pin.elements] for pin in pins] == [[False, True]] * len(PICTURES)
    task.remove()
