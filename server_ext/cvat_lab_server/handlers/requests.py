"""Background requests."""

from __future__ import annotations

from cvat_lab.model.request import RequestRead
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/requests")
async def list_requests(call: Call) -> Page[RequestRead]:
    """Return a page of the caller's requests."""
    return await call.services.requests.list(call.caller, call.list_query())


@routes.get("/api/requests/{id}")
async def read_request(call: Call, id: str) -> RequestRead:
    """Return a request."""
    return await call.services.requests.read(call.caller, id)


@routes.post("/api/requests/{id}/cancel")
async def cancel_request(call: Call, id: str) -> None:
    """Cancel a request."""
    await call.services.requests.cancel(call.caller, id)
