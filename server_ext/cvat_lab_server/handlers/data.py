"""Media: uploading it, and reading frames, chunks and meta data."""

from __future__ import annotations

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.data import DataMeta, DataMetaPatch, DataWrite, RequestId
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.handlers.uploading import BATCH_LIMIT, receive
from cvat_lab_server.services.media import Picture, Quality
from cvat_lab_server.services.uploads import Place

routes = Routes()


@routes.post("/api/tasks/{id:int}/data", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def upload_data(call: Call, id: int) -> Reply | RequestId:
    """Take part in the upload of a task's media; the last step starts its creation."""
    await call.services.access.require(call.caller, Action.UPLOAD_DATA, id)
    await call.services.creation.require_empty(id)
    place = Place("task", id, "data")
    if reply := await receive(call, place):
        return reply
    request = await call.services.creation.start(call.caller, id, call.parse(DataWrite), place)
    return RequestId(rq_id=request.id)


@routes.get("/api/tasks/{id:int}/data")
async def read_of_task(call: Call, id: int) -> Reply:
    """Return a frame, a chunk or the context images of a frame."""
    await call.services.access.require(call.caller, Action.VIEW_TASK, id)
    return await _read(call, id, None)


@routes.get("/api/jobs/{id:int}/data")
async def read_of_job(call: Call, id: int) -> Reply:
    """Return a frame, a chunk or the context images of a frame of a job."""
    await call.services.access.require(call.caller, Action.VIEW_JOB, id)
    job = await call.services.jobs.show(call.caller, id)
    return await _read(call, job.task_id, id)


async def _read(call: Call, task_id: int, job_id: int | None) -> Reply:
    media = call.services.media
    kind, quality = call.query.get("type", ""), _quality(call)
    if kind == "frame":
        picture = await media.frame(task_id, call.number("number"), quality, job_id=job_id)
    elif kind == "context_image":
        picture = await media.context_images(task_id, call.number("number"), job_id=job_id)
    elif kind == "chunk":
        if job_id is not None and "index" in call.query:
            number = await media.chunk_number(job_id, call.number("index"))
        else:
            number = call.number("number")
        picture = await media.chunk(task_id, number, quality)
    else:
        raise InvalidInputError(f"type must be frame, chunk or context_image, not {kind!r}", field="type")
    return show_picture(call, picture)


def show_picture(call: Call, picture: Picture) -> Reply:
    """Return a picture, or the note that the client's copy is still good."""
    headers = {"Cache-Control": "private, max-age=3600", "ETag": picture.etag}
    if call.headers.get("If-None-Match") == picture.etag:
        return Reply(status=304, headers=headers)
    return Reply(picture.data, content_type=picture.mime, headers=headers)


def _quality(call: Call) -> Quality:
    text = call.query.get("quality", Quality.COMPRESSED.value)
    if text not in list(Quality):
        raise InvalidInputError(f"quality must be one of {', '.join(Quality)}, not {text!r}", field="quality")
    return Quality(text)


@routes.get("/api/tasks/{id:int}/data/meta")
async def meta_of_task(call: Call, id: int) -> DataMeta:
    """Return what a client must know about the frames of a task."""
    await call.services.access.require(call.caller, Action.VIEW_TASK, id)
    return await call.services.media.meta(id)


@routes.patch("/api/tasks/{id:int}/data/meta")
async def patch_meta_of_task(call: Call, id: int, body: DataMetaPatch) -> DataMeta:
    """Delete and restore frames of a task."""
    await call.services.access.require(call.caller, Action.UPDATE_TASK, id)
    return await call.services.media.patch_meta(id, body)


@routes.get("/api/jobs/{id:int}/data/meta")
async def meta_of_job(call: Call, id: int) -> DataMeta:
    """Return what a client must know about the frames of a job."""
    await call.services.access.require(call.caller, Action.VIEW_JOB, id)
    job = await call.services.jobs.show(call.caller, id)
    return await call.services.media.meta(job.task_id, id)


@routes.patch("/api/jobs/{id:int}/data/meta")
async def patch_meta_of_job(call: Call, id: int, body: DataMetaPatch) -> DataMeta:
    """Delete and restore frames of a job."""
    await call.services.access.require(call.caller, Action.ANNOTATE_JOB, id)
    job = await call.services.jobs.show(call.caller, id)
    return await call.services.media.patch_meta(job.task_id, body, id)


@routes.get("/api/tasks/{id:int}/preview")
async def preview_of_task(call: Call, id: int) -> Reply:
    """Return a small picture of the first frame of a task."""
    await call.services.access.require(call.caller, Action.VIEW_TASK, id)
    return show_picture(call, await call.services.media.preview(id))


@routes.get("/api/jobs/{id:int}/preview")
async def preview_of_job(call: Call, id: int) -> Reply:
    """Return a small picture of the first frame of a job."""
    await call.services.access.require(call.caller, Action.VIEW_JOB, id)
    job = await call.services.jobs.show(call.caller, id)
    return show_picture(call, await call.services.media.preview(job.task_id, job.start_frame))
