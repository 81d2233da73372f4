"""Jobs."""

from __future__ import annotations

from msgspec import UNSET

from cvat_lab.errors import NotFoundError
from cvat_lab.model.base import utc_now
from cvat_lab.model.data import ChunkType
from cvat_lab.model.job import Job, JobPatch, JobRead, JobStage, JobState, JobType, job_status
from cvat_lab.model.project import Link, Summary
from cvat_lab.model.server import Page
from cvat_lab.model.task import Task
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.jobs import JobRow, find_jobs, read_job
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.references import require_members, require_references
from cvat_lab_server.store.relations import in_organization, visible_jobs
from cvat_lab_server.store.tables import JOBS, TASKS


class JobService:
    """Lists jobs and moves them through the workflow."""

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    async def list(self, caller: Caller, query: ListQuery) -> Page[JobRead]:
        """Return a page of the jobs the caller may see."""
        place = in_organization("t", caller.organization_id)
        where = f"{visible_jobs(caller.id, caller.is_admin)} AND {place}"

        def work(cursor: Cursor) -> Page[JobRead]:
            total, rows = find_jobs(cursor, query, where)
            return query.make_page(caller.base_url, total, [show_job(caller, row) for row in rows])

        return await self._database.read_snapshot(work)

    async def read(self, caller: Caller, job_id: int) -> JobRead:
        """Return one job."""
        await self._access.require(caller, Action.VIEW_JOB, job_id)
        return await self.show(caller, job_id)

    async def update(self, caller: Caller, job_id: int, body: JobPatch) -> JobRead:
        """Set assignee, stage or state. A new stage without a state starts as new."""
        manages = body.assignee is not UNSET or body.stage is not UNSET
        await self._access.require(caller, Action.MANAGE_JOB if manages else Action.SET_JOB_STATE, job_id)
        now = utc_now()
        fields = {name: value for name, value in body.changes().items() if name != "assignee"}
        if "stage" in fields and "state" not in fields:
            fields["state"] = JobState.NEW
        if body.assignee is not UNSET:
            fields |= {"assignee_id": body.assignee, "assignee_updated_date": now}

        def work(cursor: Cursor) -> None:
            require_references(cursor, fields)
            cursor.update(JOBS, job_id, **fields, updated_date=now)
            job = cursor.get(JOBS, Job, job_id)
            assert job is not None
            task = cursor.get(TASKS, Task, job.task_id)
            assert task is not None
            require_members(cursor, task.organization_id, fields)
            cursor.update(TASKS, job.task_id, updated_date=now)

        await self._database.write_async(work)
        return await self.show(caller, job_id)

    async def show(self, caller: Caller, job_id: int) -> JobRead:
        """Return one job without asking for the right to see it."""
        row = await self._database.read_async(lambda cursor: read_job(cursor, job_id))
        if row is None:
            raise NotFoundError(f"there is no job {job_id}")
        return show_job(caller, row)


def show_job(caller: Caller, row: JobRow) -> JobRead:
    """Return a job as it is answered."""
    stage, state = JobStage(row.stage), JobState(row.state)
    pairs = zip(row.frame_ranges[::2], row.frame_ranges[1::2], strict=True)
    return JobRead(
        url=caller.url(f"/api/jobs/{row.id}"),
        id=row.id,
        task_id=row.task_id,
        task_name=row.task_name,
        project_id=row.project_id,
        project_name=row.project_name,
        assignee=show_user(caller, row.assignee),
        assignee_updated_date=row.assignee_updated_date,
        dimension="2d",
        mode=row.mode,
        media_type="image",
        bug_tracker=row.bug_tracker,
        guide_id=row.guide_id,
        status=job_status(stage, state),
        stage=stage,
        state=state,
        type=JobType(row.type),
        frame_count=sum(last - first + 1 for first, last in pairs),
        start_frame=row.frame_ranges[0],
        stop_frame=row.frame_ranges[-1],
        data_chunk_size=row.chunk_size,
        data_compressed_chunk_type=ChunkType(row.compressed_chunk_type) if row.compressed_chunk_type else None,
        data_original_chunk_type=ChunkType(row.original_chunk_type) if row.original_chunk_type else None,
        created_date=row.created_date,
        updated_date=row.updated_date,
        issues=Summary(count=row.issues, url=caller.url(f"/api/issues?job_id={row.id}")),
        labels=Link(url=caller.url(f"/api/labels?job_id={row.id}")),
        organization=row.organization_id,
        revision=row.revision,
        frame_ranges=row.frame_ranges,
        parent_job_id=row.parent_job_id,
    )
