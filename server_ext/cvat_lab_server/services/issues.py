"""Issues that a reviewer opens on a job, and the talk about them."""

from __future__ import annotations

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.base import utc_now
from cvat_lab.model.issue import (
    Comment,
    CommentPatch,
    CommentRead,
    CommentWrite,
    Issue,
    IssuePatch,
    IssueRead,
    IssueWrite,
    check_position,
)
from cvat_lab.model.job import Job
from cvat_lab.model.project import Summary
from cvat_lab.model.server import Page
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.issues import (
    CommentRow,
    IssueRow,
    find_comments,
    find_issues,
    read_comment,
    read_issue,
    remove_issue,
)
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.references import require_references
from cvat_lab_server.store.relations import in_organization, visible_comments, visible_issues
from cvat_lab_server.store.tables import COMMENTS, ISSUES, JOBS


class IssueService:
    """Opens, lists, changes, discusses and removes issues."""

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    # issues

    async def create(self, caller: Caller, body: IssueWrite) -> IssueRead:
        """Open an issue; the message becomes its first comment."""
        await self._access.require(caller, Action.REVIEW_JOB, body.job)
        check_position(body.position)
        now = utc_now()
        issue = Issue(
            id=0,
            job_id=body.job,
            frame=body.frame,
            position=body.position,
            owner_id=caller.id,
            assignee_id=body.assignee,
            resolved=body.resolved,
            created_date=now,
            updated_date=now,
        )

        def work(cursor: Cursor) -> None:
            _require_frame(cursor, issue)
            require_references(cursor, msgspec.structs.asdict(issue))
            cursor.insert(ISSUES, issue)
            first = Comment(
                id=0, issue_id=issue.id, owner_id=caller.id, message=body.message, created_date=now, updated_date=now
            )
            cursor.insert(COMMENTS, first)

        await self._database.write_async(work)
        return show_issue(caller, await self._issue(issue.id))

    async def list(self, caller: Caller, query: ListQuery) -> Page[IssueRead]:
        """Return a page of the issues that the caller may see."""
        where = f"{visible_issues(caller.id, caller.is_admin)} AND {in_organization('t', caller.organization_id)}"

        def work(cursor: Cursor) -> Page[IssueRead]:
            total, rows = find_issues(cursor, query, where)
            return query.make_page(caller.base_url, total, [show_issue(caller, row) for row in rows])

        return await self._database.read_snapshot(work)

    async def read(self, caller: Caller, issue_id: int) -> IssueRead:
        """Return one issue."""
        await self._access.require(caller, Action.VIEW_ISSUE, issue_id)
        return show_issue(caller, await self._issue(issue_id))

    async def update(self, caller: Caller, issue_id: int, body: IssuePatch) -> IssueRead:
        """Move, assign, resolve or reopen an issue."""
        await self._access.require(caller, Action.ANSWER_ISSUE, issue_id)
        fields = body.changes()
        if "assignee" in fields:
            fields["assignee_id"] = fields.pop("assignee")
        if isinstance(body.position, list):
            check_position(body.position)
        fields["updated_date"] = utc_now()

        def work(cursor: Cursor) -> None:
            require_references(cursor, fields)
            cursor.update(ISSUES, issue_id, **fields)

        await self._database.write_async(work)
        return show_issue(caller, await self._issue(issue_id))

    async def delete(self, caller: Caller, issue_id: int) -> None:
        """Remove an issue with its comments."""
        await self._access.require(caller, Action.DELETE_ISSUE, issue_id)
        await self._database.write_async(lambda cursor: remove_issue(cursor, issue_id))

    # comments

    async def comment(self, caller: Caller, body: CommentWrite) -> CommentRead:
        """Add a comment to an issue."""
        await self._access.require(caller, Action.ANSWER_ISSUE, body.issue)
        now = utc_now()
        made = Comment(
            id=0, issue_id=body.issue, owner_id=caller.id, message=body.message, created_date=now, updated_date=now
        )

        def work(cursor: Cursor) -> None:
            if cursor.get(ISSUES, Issue, body.issue) is None:
                raise _no_issue(body.issue)
            cursor.insert(COMMENTS, made)
            cursor.update(ISSUES, body.issue, updated_date=now)

        await self._database.write_async(work)
        return show_comment(caller, await self._comment(made.id))

    async def list_comments(self, caller: Caller, query: ListQuery) -> Page[CommentRead]:
        """Return a page of the comments that the caller may see."""
        where = f"{visible_comments(caller.id, caller.is_admin)} AND {in_organization('t', caller.organization_id)}"

        def work(cursor: Cursor) -> Page[CommentRead]:
            total, rows = find_comments(cursor, query, where)
            return query.make_page(caller.base_url, total, [show_comment(caller, row) for row in rows])

        return await self._database.read_snapshot(work)

    async def read_comment(self, caller: Caller, comment_id: int) -> CommentRead:
        """Return one comment."""
        await self._access.require(caller, Action.VIEW_COMMENT, comment_id)
        return show_comment(caller, await self._comment(comment_id))

    async def update_comment(self, caller: Caller, comment_id: int, body: CommentPatch) -> CommentRead:
        """Change the text of a comment."""
        await self._access.require(caller, Action.UPDATE_COMMENT, comment_id)
        fields = {"message": body.message, "updated_date": utc_now()}
        await self._database.write_async(lambda cursor: cursor.update(COMMENTS, comment_id, **fields))
        return show_comment(caller, await self._comment(comment_id))

    async def delete_comment(self, caller: Caller, comment_id: int) -> None:
        """Remove a comment."""
        await self._access.require(caller, Action.UPDATE_COMMENT, comment_id)
        await self._database.write_async(lambda cursor: cursor.delete(COMMENTS, id=comment_id))

    # helpers

    async def _issue(self, issue_id: int) -> IssueRow:
        row = await self._database.read_async(lambda cursor: read_issue(cursor, issue_id))
        if row is None:
            raise _no_issue(issue_id)
        return row

    async def _comment(self, comment_id: int) -> CommentRow:
        row = await self._database.read_async(lambda cursor: read_comment(cursor, comment_id))
        if row is None:
            raise NotFoundError(f"there is no comment {comment_id}")
        return row


def show_issue(caller: Caller, row: IssueRow) -> IssueRead:
    """Return an issue as it is answered."""
    return IssueRead(
        id=row.id,
        frame=row.frame,
        position=row.position,
        job=row.job_id,
        owner=show_user(caller, row.owner),
        assignee=show_user(caller, row.assignee),
        created_date=row.created_date,
        updated_date=row.updated_date,
        resolved=row.resolved,
        comments=Summary(count=row.comments, url=caller.url(f"/api/comments?issue_id={row.id}")),
    )


def show_comment(caller: Caller, row: CommentRow) -> CommentRead:
    """Return a comment as it is answered."""
    return CommentRead(
        id=row.id,
        issue=row.issue_id,
        owner=show_user(caller, row.owner),
        message=row.message,
        created_date=row.created_date,
        updated_date=row.updated_date,
    )


def _no_issue(issue_id: int) -> NotFoundError:
    return NotFoundError(f"there is no issue {issue_id}")


def _require_frame(cursor: Cursor, issue: Issue) -> None:
    job = cursor.get(JOBS, Job, issue.job_id)
    if job is None:
        raise NotFoundError(f"there is no job {issue.job_id}")
    if not job.has_frame(issue.frame):
        raise InvalidInputError(
            f"frame {issue.frame} is not in job {job.id} ({job.start_frame}..{job.stop_frame})", field="frame"
        )
