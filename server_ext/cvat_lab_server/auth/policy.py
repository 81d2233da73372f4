"""The permission matrix: who may do what, in one table.

A user's *relations* to an object come from the store (``store/relations.py``). An action is allowed when one of them is
listed for it, and the user's global group is high enough. Administrators may do everything. Services call
:func:`require`; no handler and no page decides itself.

In an organization only its active members have relations to anything: who leaves it, leaves his work there.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from cvat_lab.errors import NotPermittedError
from cvat_lab.model.organization import Role
from cvat_lab_server.auth.caller import Caller


class Relation(StrEnum):
    """How a user is tied to a project, a task, a job or an issue."""

    PROJECT_OWNER = "owner of the project"
    PROJECT_ASSIGNEE = "assignee of the project"
    TASK_OWNER = "owner of the task"
    TASK_ASSIGNEE = "assignee of the task"
    JOB_ASSIGNEE = "assignee of the job"
    ANY_JOB_ASSIGNEE = "assignee of a job of the task"
    ISSUE_OWNER = "owner of the issue"
    ISSUE_ASSIGNEE = "assignee of the issue"
    COMMENT_OWNER = "owner of the comment"
    ANY_TASK = "at work in a task of the project"
    MAINTAINER = "maintainer or owner of the organization"
    ORG_WORKER = "worker of the organization"
    ORG_SUPERVISOR = "supervisor of the organization"
    ORG_MAINTAINER = "maintainer of the organization"
    ORG_OWNER = "owner of the organization"


class Action(StrEnum):
    """Everything that needs a right on an object."""

    VIEW_PROJECT = "view the project"
    UPDATE_PROJECT = "update the project"
    EXPORT_PROJECT = "export the project"
    IMPORT_PROJECT = "import a dataset into the project"
    REASSIGN_PROJECT = "change owner or assignee of the project"
    DELETE_PROJECT = "delete the project"
    CREATE_TASK_IN_PROJECT = "create a task in the project"
    VIEW_TASK = "view the task"
    UPDATE_TASK = "update the task"
    ANNOTATE_TASK = "annotate the task"
    UPLOAD_DATA = "upload data to the task"
    EXPORT_TASK = "export the task"
    REASSIGN_TASK = "change owner, assignee or project of the task"
    DELETE_TASK = "delete the task"
    VIEW_JOB = "view the job"
    ANNOTATE_JOB = "annotate the job"
    EXPORT_JOB = "export the job"
    SET_JOB_STATE = "set the state of the job"
    MANAGE_JOB = "set stage or assignee of the job"
    ADD_JOB = "add a ground-truth job to the task"
    DELETE_JOB = "delete the job"
    REVIEW_JOB = "open issues on the job"
    VIEW_ISSUE = "view the issue"
    ANSWER_ISSUE = "answer, change or resolve the issue"
    DELETE_ISSUE = "delete the issue"
    VIEW_COMMENT = "view the comment"
    UPDATE_COMMENT = "change or delete the comment"
    VIEW_ORGANIZATION = "view the organization"
    UPDATE_ORGANIZATION = "update the organization"
    DELETE_ORGANIZATION = "delete the organization"
    MANAGE_MEMBERS = "invite, change or remove members of the organization"


_R = Relation
_PROJECT_HEADS = {_R.PROJECT_OWNER, _R.PROJECT_ASSIGNEE, _R.MAINTAINER}
_ORG_HEADS = {_R.ORG_MAINTAINER, _R.ORG_OWNER}
_TASK_HEADS = {_R.TASK_OWNER, _R.TASK_ASSIGNEE, *_PROJECT_HEADS}
_ISSUE_STAFF = {*_TASK_HEADS, _R.JOB_ASSIGNEE, _R.ISSUE_OWNER, _R.ISSUE_ASSIGNEE}

RIGHTS: Final[dict[Action, frozenset[Relation]]] = {
    action: frozenset(relations)
    for action, relations in {
        Action.VIEW_PROJECT: {*_PROJECT_HEADS, _R.ANY_TASK},
        Action.UPDATE_PROJECT: _PROJECT_HEADS,
        Action.EXPORT_PROJECT: _PROJECT_HEADS,
        Action.IMPORT_PROJECT: _PROJECT_HEADS,
        Action.REASSIGN_PROJECT: {_R.PROJECT_OWNER, _R.MAINTAINER},
        Action.DELETE_PROJECT: {_R.PROJECT_OWNER, _R.MAINTAINER},
        Action.CREATE_TASK_IN_PROJECT: {*_PROJECT_HEADS, _R.ORG_SUPERVISOR},
        Action.VIEW_TASK: {*_TASK_HEADS, _R.ANY_JOB_ASSIGNEE},
        Action.UPDATE_TASK: _TASK_HEADS,
        Action.ANNOTATE_TASK: _TASK_HEADS,
        Action.UPLOAD_DATA: _TASK_HEADS,
        Action.EXPORT_TASK: _TASK_HEADS,
        Action.REASSIGN_TASK: _TASK_HEADS - {_R.TASK_ASSIGNEE},
        Action.DELETE_TASK: _TASK_HEADS - {_R.TASK_ASSIGNEE},
        Action.VIEW_JOB: {*_TASK_HEADS, _R.JOB_ASSIGNEE},
        Action.ANNOTATE_JOB: {*_TASK_HEADS, _R.JOB_ASSIGNEE},
        Action.EXPORT_JOB: {*_TASK_HEADS, _R.JOB_ASSIGNEE},
        Action.SET_JOB_STATE: {*_TASK_HEADS, _R.JOB_ASSIGNEE},
        Action.MANAGE_JOB: _TASK_HEADS,
        Action.ADD_JOB: _TASK_HEADS,
        Action.DELETE_JOB: _TASK_HEADS,
        Action.REVIEW_JOB: {*_TASK_HEADS, _R.JOB_ASSIGNEE},
        Action.VIEW_ISSUE: _ISSUE_STAFF,
        Action.ANSWER_ISSUE: _ISSUE_STAFF,
        Action.DELETE_ISSUE: {*_TASK_HEADS, _R.ISSUE_OWNER},
        Action.VIEW_COMMENT: {*_ISSUE_STAFF, _R.COMMENT_OWNER},
        Action.UPDATE_COMMENT: {*_ISSUE_STAFF, _R.COMMENT_OWNER},
        Action.VIEW_ORGANIZATION: {_R.ORG_WORKER, _R.ORG_SUPERVISOR, *_ORG_HEADS},
        Action.UPDATE_ORGANIZATION: _ORG_HEADS,
        Action.DELETE_ORGANIZATION: {_R.ORG_OWNER},
        Action.MANAGE_MEMBERS: _ORG_HEADS,
    }.items()
}


READING: Final = frozenset(
    {
        Action.VIEW_PROJECT,
        Action.VIEW_TASK,
        Action.VIEW_JOB,
        Action.VIEW_ISSUE,
        Action.VIEW_COMMENT,
        Action.VIEW_ORGANIZATION,
        Action.EXPORT_PROJECT,
        Action.EXPORT_TASK,
        Action.EXPORT_JOB,
    }
)
"""Actions that change nothing: for users without a global group, and for access tokens that may only read."""

_CREATING: Final = frozenset({Action.CREATE_TASK_IN_PROJECT, Action.ADD_JOB, Action.DELETE_JOB})
"""Actions that group worker has not."""

_GROUPS: Final = ("worker", "user", "admin")
"""Global groups, from least to most."""


def needed_group(action: Action) -> str:
    """Return the lowest global group whose users may do ``action``; empty = everybody who is logged in."""
    if action in READING:
        return ""
    return "user" if action in _CREATING else "worker"


def is_allowed(caller: Caller, action: Action, relations: Iterable[Relation]) -> bool:
    """Return whether a caller with these relations may do ``action``."""
    if caller.is_admin:
        return True
    return _is_in_group(caller, needed_group(action)) and not RIGHTS[action].isdisjoint(relations)


def require(caller: Caller, action: Action, relations: Iterable[Relation]) -> None:
    """Refuse ``action`` unless the caller's group and one of his relations allow it.

    Raises
    ------
    NotPermittedError
        The message names the action and who may do it.
    """
    _require_group(caller, needed_group(action), str(action))
    if not is_allowed(caller, action, relations):
        allowed = ", ".join(sorted(RIGHTS[action]))
        raise NotPermittedError(f"{caller.user.username} may not {action}; needed: {allowed}")


def _is_in_group(caller: Caller, least: str) -> bool:
    groups = caller.user.groups
    return caller.is_admin or not least or any(name in groups for name in _GROUPS[_GROUPS.index(least) :])


def _require_group(caller: Caller, least: str, action: str) -> None:
    if not _is_in_group(caller, least):
        raise NotPermittedError(f"{caller.user.username} may not {action}; needed: group {least}")


def require_role_rights(caller: Caller, own_role: Role | None, *roles: Role) -> None:
    """Refuse to give, change or take roles above the caller's own: a maintainer deals with workers and supervisors.

    The role of the owner is given with the organization and never changes hands.
    """
    if Role.OWNER in roles:
        raise NotPermittedError("the role owner belongs to who created the organization; it is neither given nor taken")
    if Role.MAINTAINER in roles and own_role is not Role.OWNER and not caller.is_admin:
        raise NotPermittedError(
            f"{caller.user.username} may not give, change or take the role maintainer; needed: {Relation.ORG_OWNER}"
        )


def require_founder(caller: Caller) -> None:
    """Refuse to found organizations to users of group worker."""
    _require_group(caller, "user", "create an organization")


def require_creator(caller: Caller, thing: str, place: int | None, role: str | None) -> None:
    """Refuse to create projects and tasks to users of group worker, and to mere workers of an organization.

    Parameters
    ----------
    place
        Organization the object will belong to; None = the personal workspace.
    role
        The caller's role in that organization; None = he is no member.
    """
    _require_group(caller, "user", f"create a {thing}")
    if place is not None and not caller.is_admin and role not in CREATORS:
        raise NotPermittedError(
            f"{caller.user.username} may not create a {thing} in this organization; needed: role supervisor or higher"
        )


CREATORS: Final = frozenset({Role.SUPERVISOR, Role.MAINTAINER, Role.OWNER})
"""Roles that may create projects and tasks in their organization."""


def require_insider(caller: Caller) -> None:
    """Refuse to work in an organization that the caller is no member of."""
    if caller.is_outsider and not caller.is_admin:
        raise NotPermittedError(
            f"{caller.user.username} may not work in this organization; needed: member of the organization"
        )
