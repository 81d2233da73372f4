"""Backing up tasks and projects, and restoring them."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.model.data import RequestId
from cvat_lab.model.request import RequestStatus
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.handlers.call import Call, FileReply, Reply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.handlers.uploading import BATCH_LIMIT, Step, receive, step_of
from cvat_lab_server.services.uploads import Place

routes = Routes()


@routes.post("/api/tasks/{id:int}/backup/export", status=202, reads=True)
async def back_up_task(call: Call, id: int) -> RequestId:
    """Start the backup of a task."""
    return await _back_up(call, "task", id, Action.EXPORT_TASK)


@routes.post("/api/projects/{id:int}/backup/export", status=202, reads=True)
async def back_up_project(call: Call, id: int) -> RequestId:
    """Start the backup of a project."""
    return await _back_up(call, "project", id, Action.EXPORT_PROJECT)


@routes.get("/api/tasks/{id:int}/backup")
async def follow_task_backup(call: Call, id: int) -> Reply | FileReply:
    """Make the backup of a task, tell whether it is ready, and hand it out, as older clients ask for it."""
    return await _follow(call, "task", id, Action.EXPORT_TASK)


@routes.get("/api/projects/{id:int}/backup")
async def follow_project_backup(call: Call, id: int) -> Reply | FileReply:
    """Make the backup of a project, tell whether it is ready, and hand it out, as older clients ask for it."""
    return await _follow(call, "project", id, Action.EXPORT_PROJECT)


@routes.get("/api/tasks/{id:int}/backup/download")
async def download_task_backup(call: Call, id: int) -> FileReply:
    """Return the archive that the backup of a task made."""
    return await _download(call, "task", id)


@routes.get("/api/projects/{id:int}/backup/download")
async def download_project_backup(call: Call, id: int) -> FileReply:
    """Return the archive that the backup of a project made."""
    return await _download(call, "project", id)


@routes.post("/api/tasks/backup", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def restore_task(call: Call) -> Reply | RequestId:
    """Take part in the upload of a task's backup; the last step starts its restore."""
    return await _restore(call, "task")


@routes.post("/api/projects/backup", status=202, uploads=True, body_limit=BATCH_LIMIT)
async def restore_project(call: Call) -> Reply | RequestId:
    """Take part in the upload of a project's backup; the last step starts its restore."""
    return await _restore(call, "project")


async def _back_up(call: Call, target: str, target_id: int, action: Action) -> RequestId:
    await call.services.access.require(call.caller, action, target_id)
    _require_local(call)
    request = await call.services.backups.start(
        call.caller,
        target,
        target_id,
        filename=call.query.get("filename", ""),
        lightweight=call.flag("lightweight"),
    )
    return RequestId(rq_id=request.id)


async def _follow(call: Call, target: str, target_id: int, action: Action) -> Reply | FileReply:
    """Answer 202 while a backup is made, 201 when it is ready, and with the file on ``action=download``."""
    await call.services.access.require(call.caller, action, target_id)
    backups = call.services.backups
    if call.query.get("action") == "download":
        request = await backups.finished(call.caller, target, target_id)
        return FileReply(call.services.exports.result(request), request.result_name)
    request = await backups.follow(call.caller, target, target_id)
    is_ready = request.status is RequestStatus.FINISHED
    return Reply(RequestId(rq_id=request.id), status=201 if is_ready else 202)


async def _download(call: Call, target: str, target_id: int) -> FileReply:
    request = await call.services.requests.find(call.caller, call.query.get("rq_id", ""))
    if getattr(request, f"{target}_id") != target_id or not request.type.endswith(":backup"):
        raise NotFoundError(f"request {request.id} is no backup of {target} {target_id}")
    return FileReply(call.services.exports.result(request), request.result_name)


async def _restore(call: Call, target: str) -> Reply | RequestId:
    """Collect an archive. What a user uploads stays his own, and each file keeps a name of its own until it is used."""
    await call.services.access.require_creator(call.caller, target)
    if rq_id := call.query.get("rq_id"):
        return await _follow_restore(call, rq_id)
    _require_local(call)
    step = step_of(call)
    if step is Step.START:
        return Reply(status=202)
    whole = f"-{uuid4().hex}" if step is Step.WHOLE else ""
    place = Place(target, call.caller.id, f"backup{whole}")
    if reply := await receive(call, place):
        return reply
    filename = "" if whole else call.query.get("filename", "")
    try:
        request = await call.services.restores.start(call.caller, target, place, filename)
    finally:
        if whole:
            await asyncio.to_thread(call.services.workspace.remove_upload, place.key)
    return RequestId(rq_id=request.id)


async def _follow_restore(call: Call, rq_id: str) -> Reply:
    """Answer 202 while a restore runs, and 201 with what it made, as older clients ask for it."""
    request = await call.services.requests.find(call.caller, rq_id)
    if request.status is RequestStatus.FAILED:
        raise InvalidInputError(request.message)
    if request.status is RequestStatus.FINISHED:
        return Reply({"id": request.result_id}, status=201)
    return Reply(RequestId(rq_id=request.id), status=202)


def _require_local(call: Call) -> None:
    if call.query.get("location", "local") != "local" or "cloud_storage_id" in call.query:
        raise UnsupportedError("backups cannot go to or come from a cloud storage yet; leave out location")
