"""The permission matrix, against the manual's: every action by every relation a user can have to an object."""

from __future__ import annotations

import pytest

from cvat_lab.errors import NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.organization import Role
from cvat_lab.model.user import User
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import (
    RIGHTS,
    Action,
    Relation,
    is_allowed,
    needed_group,
    require,
    require_creator,
    require_role_rights,
)

# Project: owner, assignee. Task: owner, assignee. Job: assignee; assignee of some job of the task. At work in some task
# of the project. Organization: maintainer or owner. Issue: owner, assignee. Comment: owner. Organization: supervisor.
COLUMNS = (
    Relation.PROJECT_OWNER,
    Relation.PROJECT_ASSIGNEE,
    Relation.TASK_OWNER,
    Relation.TASK_ASSIGNEE,
    Relation.JOB_ASSIGNEE,
    Relation.ANY_JOB_ASSIGNEE,
    Relation.ANY_TASK,
    Relation.MAINTAINER,
    Relation.ISSUE_OWNER,
    Relation.ISSUE_ASSIGNEE,
    Relation.COMMENT_OWNER,
    Relation.ORG_SUPERVISOR,
)

# In the order of the columns: x may, - may not.
MANUAL = {
    Action.VIEW_PROJECT: "x x - - - - x x - - - -",
    Action.UPDATE_PROJECT: "x x - - - - - x - - - -",
    Action.EXPORT_PROJECT: "x x - - - - - x - - - -",
    Action.IMPORT_PROJECT: "x x - - - - - x - - - -",
    Action.REASSIGN_PROJECT: "x - - - - - - x - - - -",
    Action.DELETE_PROJECT: "x - - - - - - x - - - -",
    Action.CREATE_TASK_IN_PROJECT: "x x - - - - - x - - - x",
    Action.VIEW_TASK: "x x x x - x - x - - - -",
    Action.UPDATE_TASK: "x x x x - - - x - - - -",
    Action.ANNOTATE_TASK: "x x x x - - - x - - - -",
    Action.UPLOAD_DATA: "x x x x - - - x - - - -",
    Action.EXPORT_TASK: "x x x x - - - x - - - -",
    Action.REASSIGN_TASK: "x x x - - - - x - - - -",
    Action.DELETE_TASK: "x x x - - - - x - - - -",
    Action.VIEW_JOB: "x x x x x - - x - - - -",
    Action.ANNOTATE_JOB: "x x x x x - - x - - - -",
    Action.EXPORT_JOB: "x x x x x - - x - - - -",
    Action.SET_JOB_STATE: "x x x x x - - x - - - -",
    Action.MANAGE_JOB: "x x x x - - - x - - - -",
    Action.ADD_JOB: "x x x x - - - x - - - -",
    Action.DELETE_JOB: "x x x x - - - x - - - -",
    Action.REVIEW_JOB: "x x x x x - - x - - - -",
    Action.VIEW_ISSUE: "x x x x x - - x x x - -",
    Action.ANSWER_ISSUE: "x x x x x - - x x x - -",
    Action.DELETE_ISSUE: "x x x x - - - x x - - -",
    Action.VIEW_COMMENT: "x x x x x - - x x x x -",
    Action.UPDATE_COMMENT: "x x x x x - - x x x x -",
}

CREATING = (Action.CREATE_TASK_IN_PROJECT, Action.ADD_JOB, Action.DELETE_JOB)

ORGANIZATION = (Relation.ORG_WORKER, Relation.ORG_SUPERVISOR, Relation.ORG_MAINTAINER, Relation.ORG_OWNER)
ORGANIZATIONS = {
    Action.VIEW_ORGANIZATION: "x x x x",
    Action.UPDATE_ORGANIZATION: "- - x x",
    Action.DELETE_ORGANIZATION: "- - - x",
    Action.MANAGE_MEMBERS: "- - x x",
}

CELLS = [
    (action, relation, mark == "x")
    for columns, table in ((COLUMNS, MANUAL), (ORGANIZATION, ORGANIZATIONS))
    for action, marks in table.items()
    for relation, mark in zip(columns, marks.split(), strict=True)
]


def caller(*groups: str, is_superuser: bool = False) -> Caller:
    user = User(id=7, username="ada", groups=list(groups), is_superuser=is_superuser, date_joined=utc_now())
    return Caller(user)


def test_the_tables_here_name_every_action_and_relation() -> None:
    assert {*MANUAL, *ORGANIZATIONS} == set(Action) == set(RIGHTS)
    assert {*COLUMNS, *ORGANIZATION} == set(Relation)


@pytest.mark.req("R2.17")
@pytest.mark.req("R2.18")
@pytest.mark.req("R2.19")
@pytest.mark.req("R2.20")
@pytest.mark.req("R2.22")
@pytest.mark.parametrize(("action", "relation", "may"), CELLS)
def test_one_relation_at_a_time(action: Action, relation: Relation, may: bool) -> None:
    for group, least in (("user", ("", "worker", "user")), ("worker", ("", "worker")), ("", ("",))):
        assert is_allowed(caller(group), action, {relation}) is (may and needed_group(action) in least)
    if not may:
        with pytest.raises(NotPermittedError, match=rf"ada may not {action}; needed: "):
            require(caller("user"), action, {relation})


@pytest.mark.req("R2.16")
@pytest.mark.parametrize("action", Action)
def test_strangers_may_nothing_and_administrators_all(action: Action) -> None:
    assert not is_allowed(caller("user"), action, ())
    assert is_allowed(caller("admin"), action, ())
    assert is_allowed(caller("user", is_superuser=True), action, ())


@pytest.mark.req("R2.16")
@pytest.mark.parametrize("action", Action)
def test_groups_that_actions_need(action: Action) -> None:
    reads = action.name.startswith(("VIEW_", "EXPORT_"))
    assert needed_group(action) == ("" if reads else "user" if action in CREATING else "worker")
    if not reads:
        with pytest.raises(NotPermittedError, match=rf"ada may not {action}; needed: group \w+"):
            require(caller(), action, RIGHTS[action])


@pytest.mark.req("R2.23")
@pytest.mark.parametrize("action", Action)
def test_a_refusal_names_everybody_who_may(action: Action) -> None:
    with pytest.raises(NotPermittedError) as refused:
        require(caller("user"), action, ())
    assert all(str(relation) in str(refused.value) for relation in RIGHTS[action])


@pytest.mark.req("R2.11")
@pytest.mark.req("R2.16")
@pytest.mark.parametrize(
    ("groups", "place", "role", "may"),
    [
        (("user",), None, None, True),
        (("worker",), None, None, False),
        (("worker",), 3, "maintainer", False),
        (("user",), 3, None, False),
        (("user",), 3, "worker", False),
        (("user",), 3, "supervisor", True),
        (("user",), 3, "maintainer", True),
        (("user",), 3, "owner", True),
        (("admin",), 3, None, True),
    ],
)
def test_who_creates(groups: tuple[str, ...], place: int | None, role: str | None, may: bool) -> None:
    if may:
        require_creator(caller(*groups), "task", place, role)
    else:
        with pytest.raises(NotPermittedError, match="may not create a task"):
            require_creator(caller(*groups), "task", place, role)


@pytest.mark.req("R2.9")
@pytest.mark.req("R2.13")
@pytest.mark.parametrize("own", [None, *Role])
@pytest.mark.parametrize("role", Role)
def test_roles_above_the_own_one(own: Role | None, role: Role) -> None:
    may = role in (Role.WORKER, Role.SUPERVISOR) or (role is Role.MAINTAINER and own is Role.OWNER)
    if may:
        require_role_rights(caller("user"), own, role)
    else:
        with pytest.raises(NotPermittedError):
            require_role_rights(caller("user"), own, Role.WORKER, role)
