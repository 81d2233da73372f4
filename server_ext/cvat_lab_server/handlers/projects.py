"""Projects."""

from __future__ import annotations

from cvat_lab.model.project import ProjectPatch, ProjectRead, ProjectWrite
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call, Reply
from cvat_lab_server.handlers.data import show_picture
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/projects")
async def list_projects(call: Call) -> Page[ProjectRead]:
    """Return a page of projects."""
    return await call.services.projects.list(call.caller, call.list_query())


@routes.post("/api/projects", status=201)
async def create_project(call: Call, body: ProjectWrite) -> ProjectRead:
    """Create a project."""
    return await call.services.projects.create(call.caller, body)


@routes.get("/api/projects/{id:int}")
async def read_project(call: Call, id: int) -> ProjectRead:
    """Return a project."""
    return await call.services.projects.read(call.caller, id)


@routes.patch("/api/projects/{id:int}")
async def update_project(call: Call, id: int, body: ProjectPatch) -> ProjectRead:
    """Change a project."""
    return await call.services.projects.update(call.caller, id, body)


@routes.delete("/api/projects/{id:int}")
async def delete_project(call: Call, id: int) -> None:
    """Remove a project with all its tasks."""
    await call.services.projects.delete(call.caller, id)


@routes.get("/api/projects/{id:int}/preview")
async def preview(call: Call, id: int) -> Reply:
    """Return a small picture of the project's first task."""
    return show_picture(call, await call.services.media.project_preview(call.caller, id))
