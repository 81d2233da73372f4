"""Review by cvat-sdk: issues, comments and annotation guides."""

from __future__ import annotations

import os
from pathlib import Path

from cvat_sdk import make_client, models
from cvat_sdk.core.proxies.tasks import ResourceType
from PIL import Image

USER = os.environ["SERVER_USER"]

Image.new("RGB", (64, 48), (200, 30, 90)).save("frame.png")

with make_client(os.environ["SERVER_URL"], credentials=(USER, os.environ["SERVER_PASSWORD"])) as client:
    task = client.tasks.create_from_data(
        models.TaskWriteRequest(name="reviewed", labels=[models.PatchedLabelRequest(name="car")]),
        resources=["frame.png"],
        resource_type=ResourceType.LOCAL,
    )
    [job] = task.get_jobs()
    issue = client.issues.create(
        models.IssueWriteRequest(frame=0, position=[1.0, 2.0, 30.0, 40.5], job=job.id, message="Too wide")
    )
    assert (issue.frame, issue.position, issue.owner.username) == (0, [1.0, 2.0, 30.0, 40.5], USER)
    [found] = job.get_issues()
    assert found.id == issue.id
    comment = client.comments.create(models.CommentWriteRequest(issue=issue.id, message="Mended"))
    assert [one.message for one in issue.get_comments()] == ["Mended", "Too wide"]  # newest first
    comment.update(models.PatchedCommentWriteRequest(message="Mended now"))
    assert client.comments.retrieve(comment.id).message == "Mended now"
    comment.remove()
    issue.update(models.PatchedIssueWriteRequest(resolved=True, assignee=client.users.retrieve_current_user().id))
    assert client.issues.retrieve(issue.id).resolved
    issue.remove()
    assert job.fetch().get_issues() == []

    guides = client.api_client.guides_api
    request = models.AnnotationGuideWriteRequest(task_id=task.id, markdown="# Draw cars")
    guide, _ = guides.create(annotation_guide_write_request=request)
    assert task.fetch().guide_id == job.fetch().guide_id == guide.id
    patch = models.PatchedAnnotationGuideWriteRequest(markdown="# Draw all cars")
    guides.partial_update(guide.id, patched_annotation_guide_write_request=patch)
    shown, _ = guides.retrieve(guide.id)
    assert shown.markdown == "# Draw all cars"
    assets = client.api_client.assets_api
    with Path("frame.png").open("rb") as file:
        asset, _ = assets.create(guide.id, file)
    assert (asset.guide_id, asset.filename, asset.owner.username) == (guide.id, "frame.png", USER)
    _, answer = assets.retrieve(asset.uuid)
    assert answer.data == Path("frame.png").read_bytes()
    assets.destroy(asset.uuid)
    guides.destroy(guide.id)
    assert task.fetch().guide_id is None
    task.remove()
