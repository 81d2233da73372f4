"""Jobs: the part of a task that one person annotates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from msgspec.structs import replace

from cvat_lab.client.annotated import Annotated
from cvat_lab.client.guide import Guide, read_guide
from cvat_lab.client.issue import Issue, flatten
from cvat_lab.client.plugins import WIDGETS, load_plugin
from cvat_lab.errors import ServerUnavailableError
from cvat_lab.model.base import Record
from cvat_lab.model.changes import ChangeResult, ChangeSet
from cvat_lab.model.issue import IssueRead, IssueWrite
from cvat_lab.model.job import JobPatch, JobRead


class Changes(Record, kw_only=True):
    """What happened to a job's annotations since a revision.

    Attributes
    ----------
    revision
        The revision that ``missed`` leads to.
    missed
        Objects that were created, updated and deleted.
    """

    revision: int
    missed: ChangeSet


class Job(Annotated[JobRead]):
    """A job of a running server. Fields of :class:`cvat_lab.model.job.JobRead` are attributes of it."""

    kind: ClassVar[str] = "job"
    read_type = JobRead
    patch_type = JobPatch
    _aliases: ClassVar[dict[str, str]] = {"assignee_id": "assignee"}

    def __repr__(self) -> str:
        record = self.record
        who = record.assignee.username if record.assignee else "nobody"
        frames = f"frames {record.start_frame}–{record.stop_frame}"
        return f"<Job {self.id} of task {record.task_id}: {frames}, {record.stage}, {record.state}, {who}>"

    @property
    def task(self) -> Any:
        """The task this job is a part of."""
        return self.lab.task(self.record.task_id)

    @property
    def guide(self) -> Guide | None:
        """The annotation guide of the project or task, or None."""
        return read_guide(self.lab, self.record.guide_id)

    def frame_numbers(self) -> list[int]:
        """Return the numbers of all frames of the job that are not deleted, ascending."""
        deleted = set(self.meta().deleted_frames)
        ranges = self.record.frame_ranges or [self.record.start_frame, self.record.stop_frame]
        pairs = zip(ranges[::2], ranges[1::2], strict=True)
        return [number for first, last in pairs for number in range(first, last + 1) if number not in deleted]

    def changes(self, since: int) -> Changes:
        """Return what happened to the annotations since a revision; ``job.revision`` is the one last read."""
        return self.lab.transport.get(f"api/lab/jobs/{self.id}/changes", Changes, since=since)

    def apply(self, change: ChangeSet) -> ChangeResult:
        """Apply a change set as one transaction.

        With a ``base_revision`` it is optimistic: when somebody else has saved in between, nothing is stored and the
        error carries what was missed. It may be sent again without harm, and is when an answer gets lost.

        Returns
        -------
        ChangeResult
            The new revision and the ids of created objects.

        Raises
        ------
        StaleRevisionError
            ``base_revision`` is not the newest; ``missed`` leads from it to ``revision``.
        InvalidInputError
            An object breaks a rule.
        """
        named = change if change.change_id else replace(change, change_id=str(uuid.uuid4()))
        path = f"api/lab/jobs/{self.id}/annotations"
        try:
            result = self.lab.transport.patch(path, named, ChangeResult)
        except ServerUnavailableError:
            result = self.lab.transport.patch(path, named, ChangeResult)
        self.record.revision = result.revision
        return result

    def issues(self, **filters: Any) -> list[Issue]:
        """Return the job's issues.

        Parameters
        ----------
        filters
            Query of ``GET /api/issues``, for example ``resolved=False`` or ``frame_id=12``.
        """
        query = {"job_id": self.id, "sort": "id", **filters}
        return [Issue(self.lab, found) for found in self.lab.transport.pages("api/issues", IssueRead, **query)]

    def create_issue(
        self, frame: int, position: Iterable[Any], message: str, *, assignee: int | str | None = None
    ) -> Issue:
        """Open an issue.

        Parameters
        ----------
        frame
            Number of the frame within the task.
        position
            Pixels, flat ``x, y, ...`` or pairs of them: one point, two corners of a box, or a polygon.
        message
            What is wrong; the first comment.
        assignee
            User who shall look at it, by name or id.

        Raises
        ------
        InvalidInputError
            The frame is not the job's, or the position is no list of points.
        """
        who = self.lab.user_id(assignee) if isinstance(assignee, str) else assignee
        body = IssueWrite(job=self.id, frame=frame, position=flatten(position), message=message, assignee=who)
        return Issue(self.lab, self.lab.transport.post("api/issues", body, IssueRead))

    def annotate(self, frame: int | None = None, **options: Any) -> Any:
        """Open the editor below the cell.

        Parameters
        ----------
        frame
            Where to begin; None = the first frame.
        options
            Of the widget, see ``cvat_lab_widgets.annotator.Annotator``; for example ``height`` in pixels.
        """
        return load_plugin(WIDGETS, "annotator")(self, frame=frame, **options)
