"""Tasks."""

from __future__ import annotations

from cvat_lab.model.server import Page
from cvat_lab.model.task import TaskPatch, TaskRead, TaskStatus, TaskWrite
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/tasks")
async def list_tasks(call: Call) -> Page[TaskRead]:
    """Return a page of tasks."""
    return await call.services.tasks.list(call.caller, call.list_query())


@routes.post("/api/tasks", status=201)
async def create_task(call: Call, body: TaskWrite) -> TaskRead:
    """Create a task without media."""
    return await call.services.tasks.create(call.caller, body)


@routes.get("/api/tasks/{id:int}")
async def read_task(call: Call, id: int) -> TaskRead:
    """Return a task."""
    return await call.services.tasks.read(call.caller, id)


@routes.patch("/api/tasks/{id:int}")
async def update_task(call: Call, id: int, body: TaskPatch) -> TaskRead:
    """Change a task."""
    return await call.services.tasks.update(call.caller, id, body)


@routes.delete("/api/tasks/{id:int}")
async def delete_task(call: Call, id: int) -> None:
    """Remove a task with its data and annotations."""
    await call.services.tasks.delete(call.caller, id)


@routes.get("/api/tasks/{id:int}/status")
async def read_status(call: Call, id: int) -> TaskStatus:
    """Return how far the creation of a task is, in CVAT's old form."""
    await call.services.tasks.read(call.caller, id)
    return await call.services.media.creation_status(id)
