"""Exporting and importing datasets and annotation files."""

from __future__ import annotations

from cvat_lab.errors import NotFoundError
from cvat_lab.model.data import RequestId
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.handlers.call import Call, FileReply, Reply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.handlers.uploading import BATCH_LIMIT, receive
from cvat_lab_server.services.imports import ImportOptions
from cvat_lab_server.services.uploads import Place

routes = Routes()

_EXPORT = {"project": Action.EXPORT_PROJECT, "task": Action.EXPORT_TASK, "job": Action.EXPORT_JOB}


async def _export(call: Call, target: str, target_id: int) -> RequestId:
    await call.services.access.require(call.caller, _EXPORT[target], target_id)
    request = await call.services.exports.start(
        call.caller,
        target,
        target_id,
        format_name=call.query.get("format", ""),
        save_images=call.flag("save_images"),
        filename=call.query.get("filename", ""),
    )
    return RequestId(rq_id=request.id)


async def _download(call: Call, target: str, target_id: int) -> FileReply:
    request = await call.services.requests.find(call.caller, call.query.get("rq_id", ""))
    if getattr(request, f"{target}_id") != target_id:
        raise NotFoundError(f"request {request.id} is not about {target} {target_id}")
    return FileReply(call.services.exports.result(request), request.result_name)


async def _import(call: Call, target: str, target_id: int, action: Action) -> Reply | RequestId:
    await call.services.access.require(call.caller, action, target_id)
    place = Place(target, target_id, "annotations")
    if reply := await receive(call, place):
        return reply
    options = ImportOptions(
        format_name=call.query.get("format", ""),
        filename=call.query.get("filename", ""),
        append=call.query.get("import_mode", "replace") == "append",
        masks_to_polygons=call.flag("conv_mask_to_poly", True),
    )
    if target == "project":
        request = await call.services.project_imports.start(call.caller, target_id, place, options)
    else:
        request = await call.services.imports.start(call.caller, target, target_id, place, options)
    return RequestId(rq_id=request.id)


@routes.post("/api/projects/{id:int}/dataset/export", status=202, reads=True)
async def export_project(call: Call, id: int) -> RequestId:
    """Start the export of a project."""
    return await _export(call, "project", id)


@routes.post("/api/tasks/{id:int}/dataset/export", status=202, reads=True)
async def export_task(call: Call, id: int) -> RequestId:
    """Start the export of a task."""
    return await _export(call, "task", id)


@routes.post("/api/jobs/{id:int}/dataset/export", status=202, reads=True)
async def export_job(call: Call, id: int) -> RequestId:
    """Start the export of a job."""
    return await _export(call, "job", id)


@routes.get("/api/projects/{id:int}/dataset/download")
async def download_project(call: Call, id: int) -> FileReply:
    """Return the archive that an export of a project made."""
    return await _download(call, "project", id)


@routes.get("/api/tasks/{id:int}/dataset/download")
async def download_task(call: Call, id: int) -> FileReply:
    """Return the archive that an export of a task made."""
    return await _download(call, "task", id)


@routes.get("/api/jobs/{id:int}/dataset/download")
async def download_job(call: Call, id: int) -> FileReply:
    """Return the archive that an export of a job made."""
    return await _download(call, "job", id)


@routes.post("/api/tasks/{id:int}/annotations", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def import_into_task(call: Call, id: int) -> Reply | RequestId:
    """Take part in the upload of an annotation file; the last step starts its import."""
    return await _import(call, "task", id, Action.ANNOTATE_TASK)


@routes.post("/api/jobs/{id:int}/annotations", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def import_into_job(call: Call, id: int) -> Reply | RequestId:
    """Take part in the upload of an annotation file; the last step starts its import."""
    return await _import(call, "job", id, Action.ANNOTATE_JOB)


@routes.post("/api/projects/{id:int}/dataset", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def import_into_project(call: Call, id: int) -> Reply | RequestId:
    """Take part in the upload of a dataset; the last step starts its import."""
    return await _import(call, "project", id, Action.IMPORT_PROJECT)
