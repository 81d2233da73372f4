"""Issues that reviewers open on jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from cvat_lab.client.entity import Entity
from cvat_lab.errors import InvalidInputError
from cvat_lab.model.issue import CommentRead, CommentWrite, IssuePatch, IssueRead


class Issue(Entity[IssueRead]):
    """An issue on a running server. Fields of :class:`cvat_lab.model.issue.IssueRead` are attributes of it."""

    kind: ClassVar[str] = "issue"
    read_type = IssueRead
    patch_type = IssuePatch

    def __repr__(self) -> str:
        record = self.record
        state = "resolved" if record.resolved else "open"
        return f"<Issue {self.id} of job {record.job}, frame {record.frame}: {state}, {record.comments.count} comments>"

    def comments(self) -> list[CommentRead]:
        """Return what was said, the oldest first; the first comment is the issue's own text."""
        return list(self.lab.transport.pages("api/comments", CommentRead, issue_id=self.id, sort="id"))

    def comment(self, message: str) -> CommentRead:
        """Say something about the issue."""
        made = self.lab.transport.post("api/comments", CommentWrite(issue=self.id, message=message), CommentRead)
        self.refresh()
        return made

    def resolve(self) -> Self:
        """Mark the issue as resolved."""
        return self.update(resolved=True)

    def reopen(self) -> Self:
        """Mark the issue as open again."""
        return self.update(resolved=False)


def flatten(position: Iterable[Any]) -> list[float]:
    """Return a position as flat pixels.

    Parameters
    ----------
    position
        ``x, y, ...``, or pairs of them; lists or arrays.

    Raises
    ------
    InvalidInputError
        It has something else in it than numbers.
    """
    try:
        return [float(number) for part in position for number in (part if isinstance(part, Iterable) else (part,))]
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"position must be x, y pairs in pixels, not {position!r}", field="position") from error
