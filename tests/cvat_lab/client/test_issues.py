"""Issues and their comments, from Python."""

from __future__ import annotations

import numpy as np
import pytest

from cvat_lab.client import Task
from cvat_lab.errors import InvalidInputError, NotFoundError


def test_a_review(photo_task: Task) -> None:
    [job] = photo_task.jobs()
    issue = job.create_issue(1, (10, 20.5), "There is a cat, too")
    assert (issue.frame, issue.position, issue.resolved) == (1, [10.0, 20.5], False)
    issue.comment("So it is")
    assert [comment.message for comment in issue.comments()] == ["There is a cat, too", "So it is"]
    assert repr(issue) == f"<Issue {issue.id} of job {job.id}, frame 1: open, 2 comments>"
    assert job.issues() == [issue]
    issue.resolve()
    assert job.issues(resolved=False) == []
    assert issue.reopen().resolved is False
    me = photo_task.lab.user
    assert issue.update(assignee=me.username).assignee.id == me.id
    issue.delete()
    assert job.issues() == []
    with pytest.raises(NotFoundError, match="no issue"):
        issue.refresh()


def test_bad_issues_are_refused(photo_task: Task) -> None:
    [job] = photo_task.jobs()
    with pytest.raises(InvalidInputError, match=r"frame 99 is not in job"):
        job.create_issue(99, [1, 2], "?")
    for position in ([1, 2, 3], "here", [[1, 2], [3]], [float("nan"), 1]):
        with pytest.raises(InvalidInputError, match="position"):
            job.create_issue(0, position, "?")
    assert job.issues() == []


def test_positions_are_flat_or_pairs(photo_task: Task) -> None:
    [job] = photo_task.jobs()
    corners = np.array([[1, 2], [30, 4], [5, 6]])
    assert job.create_issue(0, corners, "?").position == corners.ravel().tolist()
    assert job.create_issue(0, corners[:2].ravel(), "?").position == [1, 2, 30, 4]
