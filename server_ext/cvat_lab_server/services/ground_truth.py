"""Ground-truth jobs: one per task at most, over frames of the author's choice or picked at random."""

from __future__ import annotations

from collections.abc import Sequence

from cvat_lab.errors import InvalidInputError, NotFoundError, UnsupportedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.data import Data
from cvat_lab.model.job import Job, JobRead, JobType, JobWrite
from cvat_lab.model.task import Task
from cvat_lab.model.validation import (
    FrameNumbers,
    FrameSelection,
    JobValidationLayout,
    TaskValidationLayout,
    ValidationMode,
    ValidationParams,
)
from cvat_lab.ops.frame_selection import check_choice, select_frames
from cvat_lab.ops.segments import to_ranges
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import Action
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.jobs import JobService
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.frames import deleted_frames, numbers_by_name
from cvat_lab_server.store.references import require_references
from cvat_lab_server.store.removal import remove_jobs
from cvat_lab_server.store.tables import DATA, JOBS, TASKS


class GroundTruthService:
    """Makes, shows and removes ground-truth jobs."""

    def __init__(self, database: Database, access: Access, jobs: JobService) -> None:
        self._database = database
        self._access = access
        self._jobs = jobs

    async def create(self, caller: Caller, body: JobWrite) -> JobRead:
        """Add a ground-truth job to a task.

        Raises
        ------
        InvalidInputError
            The job is of another type, the task has such a job or no media yet, or the frames cannot be picked.
        """
        if body.type is not JobType.GROUND_TRUTH:
            raise InvalidInputError(
                f"jobs of type {body.type} come with the task; only ground_truth can be added", field="type"
            )
        try:
            await self._access.require(caller, Action.ADD_JOB, body.task_id)
        except NotFoundError as error:
            raise InvalidInputError(str(error), field="task_id") from error
        job = await self._database.write_async(lambda cursor: _create(cursor, body))
        return await self._jobs.show(caller, job.id)

    async def delete(self, caller: Caller, job_id: int) -> None:
        """Remove a ground-truth job with its annotations and issues."""
        await self._access.require(caller, Action.DELETE_JOB, job_id)

        def work(cursor: Cursor) -> None:
            job = cursor.get(JOBS, Job, job_id)
            if job is None:
                raise NotFoundError(f"there is no job {job_id}")
            if job.type is not JobType.GROUND_TRUTH:
                raise InvalidInputError(f"job {job_id} is of type {job.type}; only ground_truth jobs can be removed")
            remove_jobs(cursor, [job_id])
            cursor.update(TASKS, job.task_id, updated_date=utc_now())

        await self._database.write_async(work)

    async def layout_of_task(self, caller: Caller, task_id: int) -> TaskValidationLayout:
        """Return which frames of a task have ground truth; deleted ones are disabled."""
        await self._access.require(caller, Action.VIEW_TASK, task_id)

        def work(cursor: Cursor) -> TaskValidationLayout:
            truth = _ground_truth(cursor, task_id)
            if truth is None:
                return TaskValidationLayout()
            return TaskValidationLayout(
                mode=ValidationMode.GT,
                validation_frames=list(truth.frames),
                disabled_frames=deleted_frames(cursor, task_id, truth.frame_ranges),
            )

        return await self._database.read_snapshot(work)

    async def layout_of_job(self, caller: Caller, job_id: int) -> JobValidationLayout:
        """Return the ground-truth frames hidden in a job."""
        await self._access.require(caller, Action.VIEW_JOB, job_id)
        return JobValidationLayout()


def check_validation(params: ValidationParams | None) -> None:
    """Refuse ground truth that cannot be made whatever the media is, before it is looked at."""
    if params is None:
        return
    if params.mode is not ValidationMode.GT:
        raise UnsupportedError(f"validation_params: the mode {params.mode} is not supported; use {ValidationMode.GT}")
    check_choice(params, names_frames=params.frames is not None)


def add_ground_truth(cursor: Cursor, task_id: int, params: ValidationParams) -> Job:
    """Add a ground-truth job to a task whose media was just attached.

    Raises
    ------
    InvalidInputError
        The frames cannot be picked.
    """
    wanted = None
    if params.frames is not None:
        numbers = numbers_by_name(cursor, task_id, params.frames)
        if strange := [name for name in params.frames if name not in numbers]:
            raise InvalidInputError(f"validation_params: there is no frame {strange[0]!r}", field="validation_params")
        wanted = [numbers[name] for name in params.frames]
    now = utc_now()
    job = Job(id=0, task_id=task_id, frame_ranges=[], created_date=now, updated_date=now)
    return _add(cursor, task_id, params, wanted, job)


def _create(cursor: Cursor, body: JobWrite) -> Job:
    if _ground_truth(cursor, body.task_id) is not None:
        raise InvalidInputError(f"task {body.task_id} has a ground-truth job already; remove it first", field="task_id")
    require_references(cursor, {"assignee_id": body.assignee})
    now = utc_now()
    job = Job(
        id=0,
        task_id=body.task_id,
        frame_ranges=[],
        assignee_id=body.assignee,
        assignee_updated_date=now if body.assignee is not None else None,
        stage=body.stage,
        state=body.state,
        created_date=now,
        updated_date=now,
    )
    return _add(cursor, body.task_id, body, body.frames, job)


def _add(cursor: Cursor, task_id: int, choice: FrameNumbers, wanted: Sequence[int] | None, job: Job) -> Job:
    task = cursor.get(TASKS, Task, task_id)
    data = cursor.get(DATA, Data, task.data_id) if task and task.data_id is not None else None
    if data is None:
        raise InvalidInputError(f"task {task_id} has no frames yet; upload data first", field="task_id")
    by_hand = choice.frame_selection_method is FrameSelection.MANUAL
    gone = set() if by_hand else set(deleted_frames(cursor, task_id, [0, data.size - 1]))
    frames = [number for number in range(data.size) if number not in gone]
    others = cursor.find(JOBS, Job, task_id=task_id, type=JobType.ANNOTATION)
    parts = [range(other.start_frame, other.stop_frame + 1) for other in others]
    job.type = JobType.GROUND_TRUTH
    job.frame_ranges = to_ranges(select_frames(choice, wanted, frames, parts))
    cursor.insert(JOBS, job)
    cursor.update(TASKS, task_id, updated_date=job.created_date)
    return job


def _ground_truth(cursor: Cursor, task_id: int) -> Job | None:
    found = cursor.find(JOBS, Job, task_id=task_id, type=JobType.GROUND_TRUTH)
    return found[0] if found else None
