"""What cvat_lab adds to CVAT's API: change sets, history, video by packets, and SQL."""

from __future__ import annotations

from cvat_lab.model.changes import ChangeResult, ChangeSet
from cvat_lab.model.server import SqlQuery
from cvat_lab_server.handlers.call import Call, Reply, StreamReply
from cvat_lab_server.handlers.routing import Routes
from cvat_lab_server.services.annotations import MissedChanges

routes = Routes()

ENVELOPE = "application/vnd.cvat-lab.envelope"
ARROW = "application/vnd.apache.arrow.stream"
_IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


@routes.get("/api/lab/jobs/{id:int}/open")
async def open_job(call: Call, id: int) -> Reply:
    """Return everything an editor needs to show a job."""
    return Reply(await call.services.annotations.open_job(call.caller, id), content_type=ENVELOPE)


@routes.patch("/api/lab/jobs/{id:int}/annotations")
async def change_job(call: Call, id: int, body: ChangeSet) -> ChangeResult:
    """Apply a change set to a job."""
    return await call.services.annotations.change_job(call.caller, id, body)


@routes.get("/api/lab/jobs/{id:int}/changes")
async def changes_of_job(call: Call, id: int) -> MissedChanges:
    """Return what happened to a job's annotations since a revision."""
    return await call.services.annotations.changes_of_job(call.caller, id, call.number("since"))


@routes.get("/api/lab/tasks/{id:int}/video")
async def video_index(call: Call, id: int) -> Reply:
    """Return what a browser needs to decode a task's video itself."""
    return Reply(await call.services.media.video_index(call.caller, id), content_type=ENVELOPE)


@routes.get("/api/lab/tasks/{id:int}/gops/{number:int}")
async def gop(call: Call, id: int, number: int) -> Reply:
    """Return the packets of one group of pictures."""
    data = await call.services.media.gop(call.caller, id, number)
    return Reply(data, content_type="application/octet-stream", headers=_IMMUTABLE)


@routes.post("/api/lab/sql", reads=True)
async def sql(call: Call, body: SqlQuery) -> StreamReply:
    """Answer a query with an Arrow stream."""
    return StreamReply(await call.services.queries.stream(call.caller, body), ARROW)
