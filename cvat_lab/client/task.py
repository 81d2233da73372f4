"""Tasks: one video or set of images, and the labels for it."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

from cvat_lab.client.annotated import Annotated
from cvat_lab.client.backups import BackedUp
from cvat_lab.client.guide import Guided
from cvat_lab.client.job import Job
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.job import JobRead, JobType
from cvat_lab.model.task import TaskPatch, TaskRead


class Task(Annotated[TaskRead], Guided[TaskRead], BackedUp[TaskRead]):
    """A task of a running server. Fields of :class:`cvat_lab.model.task.TaskRead` are attributes of it."""

    kind: ClassVar[str] = "task"
    read_type = TaskRead
    patch_type = TaskPatch
    _aliases: ClassVar[dict[str, str]] = {"assignee": "assignee_id", "owner": "owner_id", "project": "project_id"}

    def __repr__(self) -> str:
        record = self.record
        return f"<Task {self.id} {record.name!r}: {record.size} frames, {record.jobs.count} jobs, {record.status}>"

    def _repr_html_(self) -> str:
        record = self.record
        facts = {
            "project": record.project_name or "",
            "frames": f"{record.size} ({record.mode or 'no media yet'})",
            "jobs": f"{record.jobs.count}, {record.jobs.completed} completed",
            "status": record.status,
            "labels": ", ".join(self.labels.names),
        }
        rows = "".join(
            f"<tr><th>{name}</th><td>{escape(str(value))}</td></tr>" for name, value in facts.items() if value
        )
        return f"<h4>Task {self.id}: {escape(record.name)}</h4><table>{rows}</table>"

    @property
    def project(self) -> Any:
        """The project of the task, or None."""
        number = self.record.project_id
        return None if number is None else self.lab.project(number)

    def jobs(self) -> list[Job]:
        """Return the jobs, in the order of their frames."""
        found = self.lab.transport.pages("api/jobs", JobRead, task_id=self.id, sort="id")
        return [Job(self.lab, record) for record in found]

    def job_of(self, frame: int | None = None) -> Job:
        """Return the job that a frame is annotated in; without a frame, the first one.

        Raises
        ------
        InvalidInputError
            The task has no such frame, or no media yet.
        """
        jobs = [job for job in self.jobs() if job.record.type is JobType.ANNOTATION]
        for job in jobs:
            if frame is None or job.record.start_frame <= frame <= job.record.stop_frame:
                return job
        if not jobs:
            raise InvalidInputError(f"task {self.id} has no frames yet; upload data first")
        raise InvalidInputError(f"task {self.id} has no frame {frame}; its frames are 0..{self.record.size - 1}")

    def frame_numbers(self) -> list[int]:
        """Return the numbers of all frames that are not deleted, ascending."""
        deleted = set(self.meta().deleted_frames)
        return [number for number in range(self.record.size) if number not in deleted]

    def annotate(self, frame: int | None = None, **options: Any) -> Any:
        """Open the editor on the job that has a frame; see :meth:`cvat_lab.client.job.Job.annotate`."""
        return self.job_of(frame).annotate(frame, **options)
