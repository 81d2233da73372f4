"""cvat-sdk as programs use it: projects, tasks, jobs, labels, annotations of every kind, datasets, access tokens.

Run with the clients' Python in a folder of pictures; the server is told by SERVER_URL, SERVER_USER and SERVER_PASSWORD.
"""

import io
import os
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cvat_sdk import Client, Config, make_client, models
from cvat_sdk.api_client import ApiClient, Configuration, exceptions
from cvat_sdk.core.client import AccessTokenCredentials
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction
from cvat_sdk.core.proxies.tasks import ResourceType
from PIL import Image

URL, USER, PASSWORD = (os.environ[f"SERVER_{name}"] for name in ("URL", "USER", "PASSWORD"))
PICTURES = sorted(Path.cwd().glob("image_*.jpg"))
FAST = Config(status_check_period=0.1, verify_ssl=None)

SVG = (
    '<line data-type="edge" data-node-from="1" data-node-to="2" x1="10" y1="10" x2="90" y2="90"></line>'
    '<circle data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head" cx="10" cy="10">'
    '</circle><circle data-type="element node" data-element-id="2" data-node-id="2" data-label-name="tail" cx="90" '
    'cy="90"></circle>'
)
POINTS = {
    "rectangle": [1.5, 2.0, 30.25, 40.0],
    "ellipse": [20.0, 20.0, 30.0, 15.0],
    "polygon": [1.0, 1.0, 30.0, 2.0, 20.0, 30.5],
    "polyline": [1.0, 1.0, 30.0, 2.0],
    "points": [5.0, 6.0, 7.0, 8.0],
    "cuboid": [float(number) for number in range(16)],
    "mask": [0.0, 4.0, 3.0, 4.0, 4.0, 5.0],
}


@contextmanager
def refused(kind, text):
    """Expect that the client raises an error of a kind, with a text in its message."""
    try:
        yield
    except kind as error:
        if text not in str(error):
            raise
    else:
        raise AssertionError(f"nothing was refused; expected {kind.__name__}")


def labels():
    kind = models.AttributeRequest(name="kind", mutable=False, input_type="select", values=["suv", "van"])
    speed = models.AttributeRequest(name="speed", mutable=True, input_type="number", values=["0", "200", "1"])
    parts = [models.SublabelRequest(name=name, type="points") for name in ("head", "tail")]
    return [
        models.PatchedLabelRequest(name="car", color="#2080c0", attributes=[kind, speed]),
        models.PatchedLabelRequest(name="cat", type="skeleton", svg=SVG, sublabels=parts),
    ]


def annotations(task):
    """One tag, every kind of shape, and tracks, a skeleton's among them."""
    car, cat = task.get_labels()
    [head, tail] = [part.id for part in cat.sublabels]
    kind, speed = (spec.id for spec in car.attributes)
    values = [models.AttributeValRequest(spec_id=kind, value="van")]
    moving = [models.AttributeValRequest(spec_id=speed, value="50")]
    shapes = [
        models.LabeledShapeRequest(type=name, label_id=car.id, frame=number, points=points, attributes=values)
        for number, (name, points) in enumerate(POINTS.items())
    ]
    elements = [
        models.SubLabeledShapeRequest(type="points", label_id=part, frame=0, points=[10.0, 5.0], occluded=part == head)
        for part in (head, tail)
    ]
    shapes.append(models.LabeledShapeRequest(type="skeleton", label_id=cat.id, frame=0, elements=elements))
    keys = [
        models.TrackedShapeRequest(type="rectangle", frame=at, points=[at, 0.0, at + 9.0, 9.0], attributes=moving)
        for at in (0, 5)
    ]
    joints = [
        models.SubLabeledTrackRequest(
            label_id=part,
            frame=0,
            shapes=[models.TrackedShapeRequest(type="points", frame=at, points=[at + 1.0, 5.0]) for at in (0, 4)],
        )
        for part in (head, tail)
    ]
    bones = [models.TrackedShapeRequest(type="skeleton", frame=at, points=[]) for at in (0, 4)]
    return models.LabeledDataRequest(
        tags=[models.LabeledImageRequest(frame=3, label_id=car.id)],
        shapes=shapes,
        tracks=[
            models.LabeledTrackRequest(label_id=car.id, frame=0, shapes=keys, attributes=values),
            models.LabeledTrackRequest(label_id=cat.id, frame=0, shapes=bones, elements=joints),
        ],
    )


def check_task(client):
    """150 files, more than ordinary servers take in one form."""
    spec = models.TaskWriteRequest(name="many", labels=labels(), segment_size=100, overlap=10)
    task = client.tasks.create_from_data(
        spec, PICTURES, resource_type=ResourceType.LOCAL, data_params={"image_quality": 80, "chunk_size": 7}
    )
    assert (task.size, task.mode, task.data_chunk_size, task.jobs.count) == (150, "annotation", 7, 2)
    meta = task.get_meta()
    assert [frame.name for frame in meta.frames] == [path.name for path in PICTURES]
    assert (meta.frames[0].width, meta.frames[0].height) == (64, 48)
    assert task.get_frame(9, quality="original").read() == PICTURES[9].read_bytes()
    assert Image.open(task.get_frame(9, quality="compressed")).size == (64, 48)
    assert Image.open(task.get_preview()).size[0] > 0
    task.download_frames([0, 149], outdir="frames", quality="original")
    assert sorted(path.name for path in Path("frames").iterdir()) == ["frame_000000.jpg", "frame_000149.jpg"]
    chunk = io.BytesIO()
    task.download_chunk(21, chunk, quality="original")
    with zipfile.ZipFile(chunk) as archive:
        assert [Path(name).stem for name in archive.namelist()] == ["000000", "000001", "000002"]
        assert archive.read(archive.namelist()[2]) == PICTURES[149].read_bytes()
    task.remove_frames_by_ids([1, 2])
    assert task.get_meta().deleted_frames == [1, 2]
    task.remove_frames_by_ids([])
    task.update(models.PatchedTaskWriteRequest(name="renamed", bug_tracker="https://example.com/1", subset="Train"))
    assert (task.name, task.bug_tracker, task.subset) == ("renamed", "https://example.com/1", "Train")
    assert task.id in [found.id for found in client.tasks.list()]
    return task


def check_annotations(owner, task):
    """Set, update, create and delete, on a task or a job."""
    owner.set_annotations(annotations(task))
    stored = owner.get_annotations()
    kinds = {shape.type.value: shape for shape in stored.shapes}
    assert set(kinds) == {*POINTS, "skeleton"}
    for name, points in POINTS.items():
        assert list(kinds[name].points) == points, (name, kinds[name].points)
        assert [value.value for value in kinds[name].attributes][:1] == ["van"]
    assert [element.occluded for element in kinds["skeleton"].elements] == [True, False]
    assert len(stored.tags) == 1
    assert [[key.frame for key in track.shapes][:2] for track in stored.tracks] == [[0, 5], [0, 4]]
    assert [len(track.elements) for track in stored.tracks] == [0, 2]

    moved = models.LabeledShapeRequest(**{**kinds["rectangle"].to_dict(), "points": [2.0, 3.0, 12.0, 13.0]})
    owner.update_annotations(models.PatchedLabeledDataRequest(shapes=[moved]))
    boxes = [shape for shape in owner.get_annotations().shapes if shape.type.value == "rectangle"]
    assert [list(shape.points) for shape in boxes] == [[2.0, 3.0, 12.0, 13.0]]

    tag = models.LabeledImageRequest(frame=4, label_id=moved.label_id)
    owner.update_annotations(models.PatchedLabeledDataRequest(tags=[tag]), action=AnnotationUpdateAction.CREATE)
    now = owner.get_annotations()
    assert [tag.frame for tag in now.tags] == [3, 4]
    chosen = [shape.id for shape in now.shapes if shape.type.value in ("mask", "skeleton")]
    owner.remove_annotations(ids=chosen)
    left = owner.get_annotations()
    assert not {"mask", "skeleton"} & {shape.type.value for shape in left.shapes}
    assert not set(chosen) & {item.id for item in (*left.tags, *left.tracks)}
    owner.remove_annotations()
    empty = owner.get_annotations()
    assert [empty.tags, empty.shapes, empty.tracks] == [[], [], []]


def check_datasets(task):
    """Out and in again. In the format for images a track becomes shapes, so it is left out here."""
    data = annotations(task)
    data.tracks = []
    task.set_annotations(data)
    task.export_dataset("CVAT for images 1.1", "plain.zip", include_images=False)
    task.export_dataset("COCO 1.0", Path("coco.zip"), include_images=True)
    with zipfile.ZipFile("coco.zip") as archive:
        assert sum(name.endswith(".jpg") for name in archive.namelist()) == 150
    before = contents(task.get_annotations())
    task.remove_annotations()
    task.import_annotations("CVAT 1.1", "plain.zip", status_check_period=0.1, conv_mask_to_poly=False)
    assert contents(task.get_annotations()) == before
    with refused(BackgroundRequestException, PICTURES[0].name):
        task.import_annotations("CVAT 1.1", PICTURES[0], status_check_period=0.1)
    assert contents(task.get_annotations()) == before


def contents(data):
    """Return what annotations say, without ids and sources."""
    shapes = [
        (shape.type.value, shape.frame, shape.label_id, tuple(shape.points), len(shape.elements))
        for shape in data.shapes
    ]
    return sorted(shapes), sorted((tag.frame, tag.label_id) for tag in data.tags), len(data.tracks)


def check_jobs(client, task):
    first, second = sorted(task.get_jobs(), key=lambda job: job.start_frame)
    assert [(job.start_frame, job.stop_frame) for job in (first, second)] == [(0, 99), (90, 149)]
    user = client.users.retrieve_current_user()
    first.update(models.PatchedJobWriteRequest(stage="validation", state="in progress", assignee=user.id))
    assert (first.stage, first.state, first.assignee.username) == ("validation", "in progress", USER)
    first.update(models.PatchedJobWriteRequest(assignee=None))
    assert client.jobs.retrieve(first.id).assignee is None
    assert first.get_meta().size == 100
    assert first.get_frame(5, quality="original").read() == PICTURES[5].read_bytes()
    assert [label.name for label in first.get_labels()] == ["car", "cat"]
    first.remove_annotations()
    check_annotations(first, task)
    first.export_dataset("COCO 1.0", "job.zip", include_images=False)
    second.remove_frames_by_ids([149])
    assert task.get_meta().deleted_frames == [149]


def check_projects(client):
    project = client.projects.create(models.ProjectWriteRequest(name="mine", labels=labels()))
    task = client.tasks.create_from_data(
        models.TaskWriteRequest(name="inside", project_id=project.id, subset="Val"), PICTURES[:3]
    )
    assert [found.id for found in project.get_tasks()] == [task.id]
    assert (
        [label.name for label in task.get_labels()] == [label.name for label in project.get_labels()] == ["car", "cat"]
    )
    car = project.get_labels()[0]
    project.update(
        models.PatchedProjectWriteRequest(
            name="ours",
            labels=[
                models.PatchedLabelRequest(id=car.id, name="auto", color="#00ff00"),
                models.PatchedLabelRequest(name="tree"),
            ],
        )
    )
    assert [(label.name, label.color) for label in project.get_labels()][:1] == [("auto", "#00ff00")]
    assert [label.name for label in task.get_labels()] == ["auto", "cat", "tree"]
    assert Image.open(project.get_preview()).size[0] > 0
    project.export_dataset("COCO 1.0", "project.zip", include_images=False)
    project.remove()
    with refused(exceptions.NotFoundException, str(task.id)):
        client.tasks.retrieve(task.id)


def check_tokens(client):
    """Access tokens of every sort, in the Bearer header."""
    api = client.api_client.auth_api
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    made, _ = api.create_access_tokens(models.AccessTokenWriteRequest(name="ci", expiry_date=tomorrow))
    reader, _ = api.create_access_tokens(models.AccessTokenWriteRequest(name="look", read_only=True))
    with make_client(URL, access_token=made.value) as bearer:
        own, _ = bearer.api_client.auth_api.retrieve_access_tokens_self()
        assert (own.name, own.owner.username) == ("ci", USER)
        task = bearer.tasks.create(models.TaskWriteRequest(name="by token"))
    with Client(URL, config=FAST) as looking:
        looking.login(AccessTokenCredentials(reader.value))
        assert looking.tasks.retrieve(task.id).name == "by token"
        with refused(exceptions.ForbiddenException, "read-only"):
            looking.tasks.retrieve(task.id).remove()
    api.destroy_access_tokens(made.id)
    with Client(URL, config=FAST) as gone:
        gone.login(AccessTokenCredentials(made.value))
        with refused(exceptions.UnauthorizedException, "token"):
            gone.users.retrieve_current_user()
    task = client.tasks.retrieve(task.id)
    task.remove()


def check_other_ways():
    """HTTP Basic of the low-level client, and the server's own description."""
    with ApiClient(Configuration(host=URL, username=USER, password=PASSWORD)) as api:
        user, _ = api.users_api.retrieve_self()
        assert user.username == USER
        formats, _ = api.server_api.retrieve_annotation_formats()
        assert {"COCO 1.0", "CVAT for images 1.1"} <= {found.name for found in formats.exporters}
        files, _ = api.server_api.list_share(directory="/street")
        assert len(files) == 4
        requests, _ = api.requests_api.list(page_size=100)
        assert {request.status.value for request in requests.results} <= {"finished", "failed"}


with Client(URL, config=FAST, check_server_version=True) as client:
    client.login((USER, PASSWORD))
    task = check_task(client)
    check_annotations(task, task)
    check_datasets(task)
    check_jobs(client, task)
    check_projects(client)
    check_tokens(client)
    check_other_ways()
    client.tasks.remove_by_ids([task.id, 10**9])
    client.logout()
