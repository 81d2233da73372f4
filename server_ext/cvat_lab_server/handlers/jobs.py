"""Jobs."""

from __future__ import annotations

from cvat_lab.model.job import JobPatch, JobRead
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/jobs")
async def list_jobs(call: Call) -> Page[JobRead]:
    """Return a page of jobs."""
    return await call.services.jobs.list(call.caller, call.list_query())


@routes.get("/api/jobs/{id:int}")
async def read_job(call: Call, id: int) -> JobRead:
    """Return a job."""
    return await call.services.jobs.read(call.caller, id)


@routes.patch("/api/jobs/{id:int}")
async def update_job(call: Call, id: int, body: JobPatch) -> JobRead:
    """Set assignee, stage or state of a job."""
    return await call.services.jobs.update(call.caller, id, body)
