"""Annotations of jobs and tasks, in CVAT's form. Importing from files is in ``datasets.py``."""

from __future__ import annotations

from cvat_lab.errors import InvalidInputError
from cvat_lab.model.changes import LabeledData
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.services.annotations import PatchAction

routes = Routes()


def _action(call: Call) -> PatchAction:
    text = call.query.get("action", "")
    if text not in list(PatchAction):
        raise InvalidInputError(f"action must be one of {', '.join(PatchAction)}, not {text!r}", field="action")
    return PatchAction(text)


@routes.get("/api/jobs/{id:int}/annotations")
async def read_of_job(call: Call, id: int) -> Reply:
    """Return the annotations of a job."""
    return Reply(await call.services.annotations.read_job(call.caller, id))


@routes.put("/api/jobs/{id:int}/annotations")
async def replace_of_job(call: Call, id: int, body: LabeledData) -> Reply:
    """Replace the annotations of a job."""
    return Reply(await call.services.annotations.replace_job(call.caller, id, body))


@routes.patch("/api/jobs/{id:int}/annotations")
async def patch_of_job(call: Call, id: int, body: LabeledData) -> Reply:
    """Create, update or delete annotations of a job."""
    return Reply(await call.services.annotations.patch_job(call.caller, id, _action(call), body))


@routes.delete("/api/jobs/{id:int}/annotations")
async def clear_job(call: Call, id: int) -> None:
    """Remove all annotations of a job."""
    await call.services.annotations.replace_job(call.caller, id, LabeledData())


@routes.get("/api/tasks/{id:int}/annotations")
async def read_of_task(call: Call, id: int) -> Reply:
    """Return the annotations of a task."""
    return Reply(await call.services.annotations.read_task(call.caller, id))


@routes.put("/api/tasks/{id:int}/annotations")
async def replace_of_task(call: Call, id: int, body: LabeledData) -> Reply:
    """Replace the annotations of a task."""
    return Reply(await call.services.annotations.replace_task(call.caller, id, body))


@routes.patch("/api/tasks/{id:int}/annotations")
async def patch_of_task(call: Call, id: int, body: LabeledData) -> Reply:
    """Create, update or delete annotations of a task."""
    return Reply(await call.services.annotations.patch_task(call.caller, id, _action(call), body))


@routes.delete("/api/tasks/{id:int}/annotations")
async def clear_task(call: Call, id: int) -> None:
    """Remove all annotations of a task."""
    await call.services.annotations.replace_task(call.caller, id, LabeledData())
