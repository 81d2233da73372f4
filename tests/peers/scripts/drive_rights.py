"""Two people by cvat-sdk: what is shut to a colleague, what an assigned job opens to her, her access token alone."""

import os
from contextlib import contextmanager
from pathlib import Path

from cvat_sdk import make_client, models
from cvat_sdk.api_client import exceptions

URL, PASSWORD = os.environ["SERVER_URL"], os.environ["SERVER_PASSWORD"]
OWNER, COLLEAGUE = os.environ["SERVER_USER"], os.environ["SERVER_COLLEAGUE"]
PICTURES = sorted(Path.cwd().glob("image_*.jpg"))[:10]


@contextmanager
def forbidden():
    """Expect that the server refuses, and says which right is missing."""
    try:
        yield
    except exceptions.ForbiddenException as error:
        told = error.body
    else:
        raise AssertionError("nothing was refused")
    assert "may not" in told, told


def box(label, frame):
    shape = models.LabeledShapeRequest(type="rectangle", label_id=label, frame=frame, points=[1.0, 2.0, 30.0, 40.0])
    return models.LabeledDataRequest(shapes=[shape])


def check(colleague, task, first, second):
    """What the assignee of the first of two jobs may do, and what she may not."""
    mine = colleague.jobs.retrieve(first.id)
    assert [job.id for job in colleague.jobs.list() if job.task_id == task.id] == [first.id]
    label = mine.get_labels()[0].id
    mine.set_annotations(box(label, 1))
    mine.update(models.PatchedJobWriteRequest(state="completed"))
    assert mine.get_frame(0, quality="original").read() == PICTURES[0].read_bytes()
    with forbidden():
        mine.update(models.PatchedJobWriteRequest(assignee=None))
    with forbidden():
        colleague.jobs.retrieve(second.id)
    with forbidden():
        colleague.api_client.jobs_api.update_annotations(second.id, labeled_data_request=box(label, second.start_frame))
    with forbidden():
        colleague.api_client.tasks_api.destroy(task.id)
    with forbidden():
        colleague.api_client.tasks_api.update_annotations(task.id, labeled_data_request=box(label, 1))


with (
    make_client(URL, credentials=(OWNER, PASSWORD)) as owner,
    make_client(URL, credentials=(COLLEAGUE, PASSWORD)) as colleague,
):
    spec = models.TaskWriteRequest(name="shared", labels=[models.PatchedLabelRequest(name="car")], segment_size=5)
    task = owner.tasks.create_from_data(spec, PICTURES)
    first, second = sorted(task.get_jobs(), key=lambda job: job.start_frame)
    assert task.id not in [found.id for found in colleague.tasks.list()]
    for act in (colleague.tasks.retrieve, colleague.api_client.tasks_api.destroy):
        with forbidden():
            act(task.id)
    with forbidden():
        colleague.jobs.retrieve(first.id)

    first.update(models.PatchedJobWriteRequest(assignee=colleague.users.retrieve_current_user().id))
    check(colleague, task, first, second)
    made, _ = colleague.api_client.auth_api.create_access_tokens(models.AccessTokenWriteRequest(name="alone"))
    with make_client(URL, access_token=made.value) as by_token:
        assert by_token.users.retrieve_current_user().username == COLLEAGUE
        check(by_token, task, first, second)

    assert [shape.frame for shape in task.get_annotations().shapes] == [1]
    first.update(models.PatchedJobWriteRequest(assignee=None))
    with forbidden():
        colleague.jobs.retrieve(first.id)
    task.remove()
