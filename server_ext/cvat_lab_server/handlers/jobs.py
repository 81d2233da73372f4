"""Jobs."""

from __future__ import annotations

from cvat_lab.model.job import JobPatch, JobRead, JobWrite
from cvat_lab.model.server import Page
from cvat_lab.model.validation import JobValidationLayout, TaskValidationLayout
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/jobs")
async def list_jobs(call: Call) -> Page[JobRead]:
    """Return a page of jobs."""
    return await call.services.jobs.list(call.caller, call.list_query())


@routes.post("/api/jobs", status=201)
async def create_job(call: Call, body: JobWrite) -> JobRead:
    """Add a ground-truth job to a task."""
    return await call.services.ground_truth.create(call.caller, body)


@routes.get("/api/jobs/{id:int}")
async def read_job(call: Call, id: int) -> JobRead:
    """Return a job."""
    return await call.services.jobs.read(call.caller, id)


@routes.patch("/api/jobs/{id:int}")
async def update_job(call: Call, id: int, body: JobPatch) -> JobRead:
    """Set assignee, stage or state of a job."""
    return await call.services.jobs.update(call.caller, id, body)


@routes.delete("/api/jobs/{id:int}")
async def delete_job(call: Call, id: int) -> None:
    """Remove a ground-truth job with its annotations and issues."""
    await call.services.ground_truth.delete(call.caller, id)


@routes.get("/api/jobs/{id:int}/validation_layout")
async def validation_layout_of_job(call: Call, id: int) -> JobValidationLayout:
    """Return the ground-truth frames hidden in a job."""
    return await call.services.ground_truth.layout_of_job(call.caller, id)


@routes.get("/api/tasks/{id:int}/validation_layout")
async def validation_layout_of_task(call: Call, id: int) -> TaskValidationLayout:
    """Return which frames of a task have ground truth."""
    return await call.services.ground_truth.layout_of_task(call.caller, id)
