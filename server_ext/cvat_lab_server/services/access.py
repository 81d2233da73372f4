"""Checks rights against the store, once per call and before anything else happens."""

from __future__ import annotations

from cvat_lab.errors import NotFoundError
from cvat_lab_server.auth.caller import Caller
from cvat_lab_server.auth.policy import READING, Action, Relation, require, require_creator
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.relations import (
    comment_relations,
    issue_relations,
    job_relations,
    organization_relations,
    organization_role,
    project_relations,
    task_relations,
)
from cvat_lab_server.store.tables import COMMENTS, ISSUES, JOBS, MEMBERSHIPS, ORGANIZATIONS, PROJECTS, TASKS

_TIES = (PROJECTS, TASKS, JOBS, MEMBERSHIPS, ORGANIZATIONS)
_FINDERS = {
    "project": (project_relations, _TIES),
    "task": (task_relations, _TIES),
    "job": (job_relations, _TIES),
    "issue": (issue_relations, (*_TIES, ISSUES)),
    "comment": (comment_relations, (*_TIES, ISSUES, COMMENTS)),
    "organization": (organization_relations, _TIES),
}
"""What finds a user's relations to a thing, and the tables that it reads."""


class Access:
    """Answers whether a caller may do something to a project, task, job, issue or organization."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def require(self, caller: Caller, action: Action, target_id: int) -> None:
        """Refuse unless the caller may do ``action`` to the object that the action's name ends in.

        Raises
        ------
        NotFoundError
            There is no such object.
        NotPermittedError
            The caller lacks the right, or his token may only read.
        """
        thing = action.value.rsplit(" ", 1)[-1]
        finder, ties = _FINDERS[thing]
        found = await self._database.recall_async(
            ("relations", thing, caller.id, target_id), ties, lambda cursor: finder(cursor, caller.id, target_id)
        )
        if found is None:
            raise NotFoundError(f"there is no {thing} {target_id}")
        require(caller, action, {Relation(name) for name in found})
        if action not in READING:
            caller.require_write()

    async def require_creator(self, caller: Caller, thing: str) -> None:
        """Refuse unless the caller may create projects or tasks in the place he works in."""
        await self.require_creator_in(caller, thing, caller.new_organization)

    async def require_creator_in(self, caller: Caller, thing: str, place: int | None) -> None:
        """Refuse unless the caller may create projects or tasks in an organization, None = his personal workspace."""
        caller.require_write()
        role = (
            await self._database.read_async(lambda cursor: organization_role(cursor, caller.id, place))
            if place is not None
            else None
        )
        require_creator(caller, thing, place, role)
