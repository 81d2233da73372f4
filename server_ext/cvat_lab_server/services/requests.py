"""Background requests as their owners see them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from cvat_lab.errors import InvalidInputError, NotFoundError, NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.request import Operation, Request, RequestRead, RequestStatus, UserIdentifiers
from cvat_lab.model.server import Page
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.requests import find_requests, requests_in
from cvat_lab_server.store.tables import REQUESTS
from cvat_lab_server.work.queue import RequestQueue


class RequestService:
    """Starts, lists, shows and cancels background requests."""

    def __init__(self, database: Database, queue: RequestQueue) -> None:
        self._database = database
        self._queue = queue

    async def start(self, caller: Caller, kind: str, target: str, **fields: Any) -> Request:
        """Start a request of a type such as ``export:dataset`` on a target such as ``task``."""
        request = Request(
            id="",
            type=kind,
            target=target,
            status=RequestStatus.QUEUED,
            owner_id=caller.id,
            created_date=utc_now(),
            **fields,
        )
        return await self._queue.submit(request)

    async def list(self, caller: Caller, query: ListQuery) -> Page[RequestRead]:
        """Return a page of the caller's requests, newest first."""
        where = f"owner_id = {caller.id:d} AND {requests_in(caller.organization_id)}"
        total, requests = await self._database.read_async(lambda cursor: find_requests(cursor, query, where))
        return query.make_page(caller.base_url, total, [self._show(caller, request) for request in requests])

    async def read(self, caller: Caller, request_id: str) -> RequestRead:
        """Return one of the caller's requests."""
        return self._show(caller, await self.find(caller, request_id))

    async def cancel(self, caller: Caller, request_id: str) -> None:
        """Cancel a request that has not ended."""
        request = await self.find(caller, request_id)
        if request.status in (RequestStatus.FAILED, RequestStatus.FINISHED):
            raise InvalidInputError(f"request {request_id} has ended already ({request.status})")
        await self._queue.cancel(request)

    async def find(self, caller: Caller, request_id: str) -> Request:
        """Return a stored request, once it is clear that it is the caller's."""
        request = await self._database.read_async(lambda cursor: cursor.get(REQUESTS, Request, request_id))
        if request is None:
            raise NotFoundError(f"there is no request {request_id!r}")
        if request.owner_id != caller.id and not caller.is_admin:
            raise NotPermittedError(f"request {request_id} belongs to another user")
        return request

    def _show(self, caller: Caller, request: Request) -> RequestRead:
        request = self._queue.with_progress(request)
        return RequestRead(
            status=request.status,
            id=request.id,
            operation=Operation(
                type=request.type,
                target=request.target,
                project_id=request.project_id,
                task_id=request.task_id,
                job_id=request.job_id,
                format=request.format,
                lightweight=request.params.get("lightweight"),
            ),
            created_date=request.created_date,
            started_date=request.started_date,
            finished_date=request.finished_date,
            expiry_date=request.expiry_date,
            message=request.message,
            progress=request.progress,
            owner=UserIdentifiers(id=caller.id, username=caller.user.username),
            result_url=_result_url(caller, request) or UNSET,
            result_id=UNSET if request.result_id is None else request.result_id,
            losses=request.losses,
        )


def _result_url(caller: Caller, request: Request) -> str:
    if not request.result_path or request.status is not RequestStatus.FINISHED:
        return ""
    target_id = {"project": request.project_id, "task": request.task_id, "job": request.job_id}[request.target]
    part = "backup" if request.type.endswith(":backup") else "dataset"
    return caller.url(f"/api/{request.target}s/{target_id}/{part}/download?rq_id={request.id}")
