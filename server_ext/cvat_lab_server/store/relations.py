"""How a user is tied to the objects of a workspace, for one object and, as SQL conditions, for all of them."""

from __future__ import annotations

from cvat_lab_server.store.cursor import Cursor

_MAINTAINED = (
    "(SELECT organization_id FROM store.memberships "
    "WHERE user_id = {user:d} AND is_active AND role IN ('owner', 'maintainer'))"
)
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


def visible_tasks(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``t`` of ``store.tasks`` is visible to a user."""
    if is_admin:
        return "true"
    own_jobs = "t.id IN (SELECT task_id FROM store.jobs WHERE assignee_id = {user:d})"
    return f"({_HEADED_TASK} OR {own_jobs})".format(user=user_id)


def visible_jobs(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``j`` of ``store.jobs``, joined with its task ``t``, is visible to a user."""
    if is_admin:
        return "true"
    return f"(j.assignee_id = {{user:d}} OR {_HEADED_TASK})".format(user=user_id)


def visible_issues(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``i`` of ``store.issues``, joined with job ``j`` and task ``t``, is visible."""
    own = f"i.owner_id = {user_id:d} OR i.assignee_id = {user_id:d}"
    return f"({own} OR {visible_jobs(user_id, is_admin)})"


def visible_comments(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``c`` of ``store.comments``, joined with its issue as above, is visible."""
    return f"(c.owner_id = {user_id:d} OR {visible_issues(user_id, is_admin)})"


def visible_projects(user_id: int, is_admin: bool) -> str:
    """Return the condition that a row ``p`` of ``store.projects`` is visible to a user."""
    if is_admin:
        return "true"
    at_work = f"p.id IN (SELECT t.project_id FROM store.tasks t WHERE {visible_tasks(user_id, False)})"
    return f"(p.id IN {_HEADED_PROJECTS.format(user=user_id)} OR {at_work})"


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
        "at work in a task of the project": (
            "EXISTS (SELECT 1 FROM store.tasks t WHERE t.project_id = p.id AND " + visible_tasks(user_id, False) + ")"
        ),
    }
    return _relations(cursor, tests, "store.projects p", f"p.id = {project_id:d}", user_id)


def task_relations(cursor: Cursor, user_id: int, task_id: int) -> set[str] | None:
    """Return a user's relations to a task and its project, or None if there is no such task."""
    tests = {**_PROJECT_RELATIONS, **_TASK_RELATIONS, "maintainer or owner of the organization": _IN_MAINTAINED}
    source = "store.tasks t LEFT JOIN store.projects p ON p.id = t.project_id"
    return _relations(cursor, tests, source, f"t.id = {task_id:d}", user_id)


def job_relations(cursor: Cursor, user_id: int, job_id: int) -> set[str] | None:
    """Return a user's relations to a job, its task and project, or None if there is no such job."""
    return _relations(cursor, _JOB_RELATIONS, f"store.jobs x {_TASK_OF_JOB}", f"x.id = {job_id:d}", user_id)


def issue_relations(cursor: Cursor, user_id: int, issue_id: int) -> set[str] | None:
    """Return a user's relations to an issue and its job, or None if there is no such issue."""
    source = f"store.issues i {_JOB_OF_ISSUE}"
    return _relations(cursor, _JOB_RELATIONS | _ISSUE_RELATIONS, source, f"i.id = {issue_id:d}", user_id)


def comment_relations(cursor: Cursor, user_id: int, comment_id: int) -> set[str] | None:
    """Return a user's relations to a comment and its issue, or None if there is no such comment."""
    tests = _JOB_RELATIONS | _ISSUE_RELATIONS | {"owner of the comment": "c.owner_id = {user:d}"}
    source = f"store.comments c JOIN store.issues i ON i.id = c.issue_id {_JOB_OF_ISSUE}"
    return _relations(cursor, tests, source, f"c.id = {comment_id:d}", user_id)


_IN_MAINTAINED = "coalesce(t.organization_id, p.organization_id) IN " + _MAINTAINED
_JOB_RELATIONS = {
    **_PROJECT_RELATIONS,
    **_TASK_RELATIONS,
    "maintainer or owner of the organization": _IN_MAINTAINED,
    "assignee of the job": "x.assignee_id = {user:d}",
}
_ISSUE_RELATIONS = {"owner of the issue": "i.owner_id = {user:d}", "assignee of the issue": "i.assignee_id = {user:d}"}
_TASK_OF_JOB = "JOIN store.tasks t ON t.id = x.task_id LEFT JOIN store.projects p ON p.id = t.project_id"
_JOB_OF_ISSUE = f"JOIN store.jobs x ON x.id = i.job_id {_TASK_OF_JOB}"


def _relations(cursor: Cursor, tests: dict[str, str], source: str, where: str, user_id: int) -> set[str] | None:
    columns = ", ".join(f"coalesce({test.format(user=user_id)}, false)" for test in tests.values())
    found = cursor.rows(f"SELECT {columns} FROM {source} WHERE {where}")
    return {name for name, holds in zip(tests, found[0], strict=True) if holds} if found else None


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
