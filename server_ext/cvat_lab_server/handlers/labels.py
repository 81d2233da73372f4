"""Labels."""

from __future__ import annotations

from cvat_lab.model.label import LabelRead, LabelWrite
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/labels")
async def list_labels(call: Call) -> Page[LabelRead]:
    """Return the labels of a project, task or job."""
    return await call.services.labels.list(call.caller, call.list_query())


@routes.get("/api/labels/{id:int}")
async def read_label(call: Call, id: int) -> LabelRead:
    """Return a label."""
    return await call.services.labels.read(call.caller, id)


@routes.patch("/api/labels/{id:int}")
async def update_label(call: Call, id: int, body: LabelWrite) -> LabelRead:
    """Change a label."""
    return await call.services.labels.update(call.caller, id, body)


@routes.delete("/api/labels/{id:int}")
async def delete_label(call: Call, id: int) -> None:
    """Remove a label with its annotations."""
    await call.services.labels.delete(call.caller, id)
