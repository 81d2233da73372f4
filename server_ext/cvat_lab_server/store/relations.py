"""How a user is tied to the objects of a workspace, for one object and, as SQL conditions, for all of them."""

from __future__ import annotations

from cvat_lab_server.store.cursor import Cursor

_JOINED = "(SELECT organization_id FROM store.memberships WHERE user_id = {user:d} AND is_active)"
_MAINTAINED = _JOINED.removesuffix(")") + " AND role IN ('owner', 'maintainer'))"
_SUPERVISED = _JOINED.removesuffix(")") + " AND role = 'supervisor')"
_HEADED_PROJECTS = (
    "(SELECT id FROM store.projects WHERE owner_id = {user:d} OR assignee_id = {user:d} "
    "OR organization_id IN " + _MAINTAINED + ")"
)
_HEADED_TASK = (
    "(t.owner_id = {user:d} OR t.assignee_id = {user:d} OR t.project_id IN "
    + _HEADED_PROJECTS
    + " OR t.organization_id IN "
    + _MAINTAINED
    + ")"
)


def _reachable(row: str) -> str:
    """Return the condition that a row is in the personal workspace, or in an organization that the user is in.

    Whoever leaves an organization leaves everything in it, also what he owns or is assigned to.
    """
    return f"({row}.organization_id IS NULL OR {row}.organization_id IN {_JOINED})"


def visible_tasks(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``t`` of ``store.tasks`` is visible to a user."""
    if is_admin:
        return "true"
    own_jobs = "t.id IN (SELECT task_id FROM store.jobs WHERE assignee_id = {user:d})"
    return f"({_reachable('t')} AND ({_HEADED_TASK} OR {own_jobs}))".format(user=user_id)


def visible_jobs(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``j`` of ``store.jobs``, joined with its task ``t``, is visible to a user."""
    return _visible_work("j.assignee_id = {user:d}", user_id, is_admin)


def visible_issues(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``i`` of ``store.issues``, joined with job ``j`` and task ``t``, is visible."""
    own = "i.owner_id = {user:d} OR i.assignee_id = {user:d} OR j.assignee_id = {user:d}"
    return _visible_work(own, user_id, is_admin)


def visible_comments(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``c`` of ``store.comments``, joined with its issue as above, is visible."""
    own = "c.owner_id = {user:d} OR i.owner_id = {user:d} OR i.assignee_id = {user:d} OR j.assignee_id = {user:d}"
    return _visible_work(own, user_id, is_admin)


def _visible_work(own: str, user_id: int, is_admin: bool) -> str:
    return "true" if is_admin else f"({_reachable('t')} AND ({own} OR {_HEADED_TASK}))".format(user=user_id)


def visible_projects(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``p`` of ``store.projects`` is visible to a user."""
    if is_admin:
        return "true"
    at_work = f"p.id IN (SELECT t.project_id FROM store.tasks t WHERE {visible_tasks(user_id, False)})"
    headed = f"{_reachable('p')} AND p.id IN {_HEADED_PROJECTS}".format(user=user_id)
    return f"(({headed}) OR {at_work})"


def in_organization(alias: str, organization_id: int | None) -> str:
    """Return the condition that a row belongs to a place: None = any, 0 = the personal workspace."""
    if organization_id is None:
        return "true"
    return f"{alias}.organization_id = {organization_id:d}" if organization_id else f"{alias}.organization_id IS NULL"


_PROJECT_RELATIONS = {
    "owner of the project": "p.owner_id = {user:d}",
    "assignee of the project": "p.assignee_id = {user:d}",
}
_TASK_RELATIONS = {
    "maintainer or owner of the organization": "t.organization_id IN " + _MAINTAINED,
    "owner of the task": "t.owner_id = {user:d}",
    "assignee of the task": "t.assignee_id = {user:d}",
    "assignee of a job of the task": (
        "EXISTS (SELECT 1 FROM store.jobs j WHERE j.task_id = t.id AND j.assignee_id = {user:d})"
    ),
}


def project_relations(cursor: Cursor, user_id: int, project_id: int) -> set[str] | None:
    """Return a user's relations to a project, or None if there is no such project."""
    tests = {
        **_PROJECT_RELATIONS,
        "maintainer or owner of the organization": "p.organization_id IN " + _MAINTAINED,
        "supervisor of the organization": "p.organization_id IN " + _SUPERVISED,
        "at work in a task of the project": (
            "EXISTS (SELECT 1 FROM store.tasks t WHERE t.project_id = p.id AND " + visible_tasks(user_id, False) + ")"
        ),
    }
    return _relations(cursor, tests, "store.projects p", "p", f"p.id = {project_id:d}", user_id)


def task_relations(cursor: Cursor, user_id: int, task_id: int) -> set[str] | None:
    """Return a user's relations to a task and its project, or None if there is no such task."""
    source = "store.tasks t LEFT JOIN store.projects p ON p.id = t.project_id"
    return _relations(cursor, _PROJECT_RELATIONS | _TASK_RELATIONS, source, "t", f"t.id = {task_id:d}", user_id)


def job_relations(cursor: Cursor, user_id: int, job_id: int) -> set[str] | None:
    """Return a user's relations to a job, its task and project, or None if there is no such job."""
    return _relations(cursor, _JOB_RELATIONS, f"store.jobs x {_TASK_OF_JOB}", "t", f"x.id = {job_id:d}", user_id)


def issue_relations(cursor: Cursor, user_id: int, issue_id: int) -> set[str] | None:
    """Return a user's relations to an issue and its job, or None if there is no such issue."""
    source = f"store.issues i {_JOB_OF_ISSUE}"
    return _relations(cursor, _JOB_RELATIONS | _ISSUE_RELATIONS, source, "t", f"i.id = {issue_id:d}", user_id)


def comment_relations(cursor: Cursor, user_id: int, comment_id: int) -> set[str] | None:
    """Return a user's relations to a comment and its issue, or None if there is no such comment."""
    tests = _JOB_RELATIONS | _ISSUE_RELATIONS | {"owner of the comment": "c.owner_id = {user:d}"}
    source = f"store.comments c JOIN store.issues i ON i.id = c.issue_id {_JOB_OF_ISSUE}"
    return _relations(cursor, tests, source, "t", f"c.id = {comment_id:d}", user_id)


_JOB_RELATIONS = _PROJECT_RELATIONS | _TASK_RELATIONS | {"assignee of the job": "x.assignee_id = {user:d}"}
_ISSUE_RELATIONS = {"owner of the issue": "i.owner_id = {user:d}", "assignee of the issue": "i.assignee_id = {user:d}"}
_TASK_OF_JOB = "JOIN store.tasks t ON t.id = x.task_id LEFT JOIN store.projects p ON p.id = t.project_id"
_JOB_OF_ISSUE = f"JOIN store.jobs x ON x.id = i.job_id {_TASK_OF_JOB}"


def _relations(
    cursor: Cursor, tests: dict[str, str], source: str, place: str, where: str, user_id: int
) -> set[str] | None:
    """Return which ties hold, none outside the user's organizations.

    Parameters
    ----------
    place
        Alias of the table that says which organization the object belongs to.
    """
    every = [_reachable(place), *tests.values()]
    columns = ", ".join(f"coalesce({test.format(user=user_id)}, false)" for test in every)
    found = cursor.rows(f"SELECT {columns} FROM {source} WHERE {where}")
    if not found:
        return None
    is_reachable, *holds = found[0]
    return {name for name, held in zip(tests, holds, strict=True) if held and is_reachable}


def members_of(organization_id: int) -> str:
    """Return the ids of an organization's members, as a subquery."""
    return f"(SELECT user_id FROM store.memberships WHERE organization_id = {organization_id:d} AND is_active)"


def organization_relations(cursor: Cursor, user_id: int, organization_id: int) -> set[str] | None:
    """Return a user's relation to an organization, or None if there is no such organization."""
    if cursor.value("SELECT id FROM store.organizations WHERE id = ?", [organization_id]) is None:
        return None
    role = organization_role(cursor, user_id, organization_id)
    return {f"{role} of the organization"} if role else set()


def organization_role(cursor: Cursor, user_id: int, organization_id: int) -> str | None:
    """Return a user's role in an organization, or None if he is no member."""
    role: str | None = cursor.value(
        "SELECT role FROM store.memberships WHERE user_id = ? AND organization_id = ? AND is_active",
        [user_id, organization_id],
    )
    return role


def find_organization(cursor: Cursor, column: str, value: str) -> int | None:
    """Return the id of the organization whose ``id`` or ``slug`` has a value, given as text."""
    found: int | None = cursor.value(f"SELECT id FROM store.organizations WHERE CAST({column} AS VARCHAR) = ?", [value])
    return found
