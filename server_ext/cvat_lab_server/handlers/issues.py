"""Issues and comments."""

from __future__ import annotations

from cvat_lab.model.issue import (
    CommentPatch,
    CommentRead,
    CommentWrite,
    IssuePatch,
    IssueRead,
    IssueWrite,
)
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/issues")
async def list_issues(call: Call) -> Page[IssueRead]:
    """Return a page of issues."""
    return await call.services.issues.list(call.caller, call.list_query())


@routes.post("/api/issues", status=201)
async def create_issue(call: Call, body: IssueWrite) -> IssueRead:
    """Open an issue."""
    return await call.services.issues.create(call.caller, body)


@routes.get("/api/issues/{id:int}")
async def read_issue(call: Call, id: int) -> IssueRead:
    """Return an issue."""
    return await call.services.issues.read(call.caller, id)


@routes.patch("/api/issues/{id:int}")
async def update_issue(call: Call, id: int, body: IssuePatch) -> IssueRead:
    """Change an issue."""
    return await call.services.issues.update(call.caller, id, body)


@routes.delete("/api/issues/{id:int}")
async def delete_issue(call: Call, id: int) -> None:
    """Remove an issue."""
    await call.services.issues.delete(call.caller, id)


@routes.get("/api/comments")
async def list_comments(call: Call) -> Page[CommentRead]:
    """Return a page of comments."""
    return await call.services.issues.list_comments(call.caller, call.list_query())


@routes.post("/api/comments", status=201)
async def create_comment(call: Call, body: CommentWrite) -> CommentRead:
    """Add a comment."""
    return await call.services.issues.comment(call.caller, body)


@routes.get("/api/comments/{id:int}")
async def read_comment(call: Call, id: int) -> CommentRead:
    """Return a comment."""
    return await call.services.issues.read_comment(call.caller, id)


@routes.patch("/api/comments/{id:int}")
async def update_comment(call: Call, id: int, body: CommentPatch) -> CommentRead:
    """Change a comment."""
    return await call.services.issues.update_comment(call.caller, id, body)


@routes.delete("/api/comments/{id:int}")
async def delete_comment(call: Call, id: int) -> None:
    """Remove a comment."""
    await call.services.issues.delete_comment(call.caller, id)
