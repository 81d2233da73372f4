"""Organizations, and the place that a call works in."""

from __future__ import annotations

import asyncio

import msgspec

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab.model.base import utc_now
from cvat_lab.model.organization import (
    Membership,
    Organization,
    OrganizationPatch,
    OrganizationRead,
    OrganizationWrite,
    Role,
)
from cvat_lab.model.server import Page
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.policy import Action, require_founder
from cvat_lab_server.services.access import Access
from cvat_lab_server.services.workspace import Workspace
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.organizations import (
    OrganizationRow,
    find_organizations,
    organizations_of,
    read_organization,
)
from cvat_lab_server.store.relations import find_organization
from cvat_lab_server.store.removal import remove_organization
from cvat_lab_server.store.tables import MEMBERSHIPS, ORGANIZATIONS


class OrganizationService:
    """Founds, lists, changes and removes organizations."""

    def __init__(self, database: Database, access: Access, workspace: Workspace) -> None:
        self._database = database
        self._access = access
        self._workspace = workspace

    async def create(self, caller: Caller, body: OrganizationWrite) -> OrganizationRead:
        """Found an organization; the caller becomes its owner."""
        caller.require_write()
        require_founder(caller)
        now = utc_now()
        founded = Organization(
            id=0,
            slug=body.slug,
            name=body.name or body.slug,
            description=body.description,
            contact=body.contact,
            owner_id=caller.id,
            created_date=now,
            updated_date=now,
        )

        def work(cursor: Cursor) -> None:
            if find_organization(cursor, "slug", body.slug) is not None:
                raise InvalidInputError(f"there is an organization {body.slug!r} already; choose another", field="slug")
            cursor.insert(ORGANIZATIONS, founded)
            owner = Membership(id=0, organization_id=founded.id, user_id=caller.id, role=Role.OWNER, joined_date=now)
            cursor.insert(MEMBERSHIPS, owner)

        await self._database.write_async(work)
        return await self._show(caller, founded.id)

    async def list(self, caller: Caller, query: ListQuery) -> Page[OrganizationRead]:
        """Return a page of the organizations that the caller is a member of; administrators see all."""
        where = organizations_of(caller.id, caller.is_admin)
        total, rows = await self._database.read_async(lambda cursor: find_organizations(cursor, query, where))
        return query.make_page(caller.base_url, total, [show_organization(caller, row) for row in rows])

    async def read(self, caller: Caller, organization_id: int) -> OrganizationRead:
        """Return one organization."""
        await self._access.require(caller, Action.VIEW_ORGANIZATION, organization_id)
        return await self._show(caller, organization_id)

    async def update(self, caller: Caller, organization_id: int, body: OrganizationPatch) -> OrganizationRead:
        """Change name, description or contacts."""
        await self._access.require(caller, Action.UPDATE_ORGANIZATION, organization_id)
        fields = body.changes()
        if fields.pop("slug", None) is not None:
            raise InvalidInputError("the short name of an organization cannot be changed; leave it out", field="slug")
        fields["updated_date"] = utc_now()
        await self._database.write_async(lambda cursor: cursor.update(ORGANIZATIONS, organization_id, **fields))
        return await self._show(caller, organization_id)

    async def delete(self, caller: Caller, organization_id: int) -> None:
        """Remove an organization with all its projects, tasks and annotations."""
        await self._access.require(caller, Action.DELETE_ORGANIZATION, organization_id)
        left = await self._database.write_async(lambda cursor: remove_organization(cursor, organization_id))
        await asyncio.to_thread(self._workspace.remove_leftovers, left)

    async def _show(self, caller: Caller, organization_id: int) -> OrganizationRead:
        row = await self._database.read_async(lambda cursor: read_organization(cursor, organization_id))
        if row is None:
            raise NotFoundError(f"there is no organization {organization_id}")
        return show_organization(caller, row)

    async def place_of(self, header: str | None, slug: str | None, number: str | None) -> int | None:
        """Return the id of the organization a request names, 0 for the personal workspace, None for no restriction.

        Parameters
        ----------
        header, slug, number
            Header ``X-Organization`` and query values ``org`` and ``org_id``.

        Raises
        ------
        InvalidInputError
            Two of them differ.
        NotFoundError
            There is no such organization.
        """
        if header is not None and slug is not None and header != slug:
            raise InvalidInputError(f"header X-Organization ({header!r}) and query org ({slug!r}) differ")
        name = slug if slug is not None else header
        if number and name:
            raise InvalidInputError("name the organization either by slug or by org_id, not both")
        if number:
            return await self._by("id", number)
        if name is None:
            return None
        return await self._by("slug", name) if name else 0

    async def _by(self, column: str, value: str) -> int:
        found = await self._database.read_async(lambda cursor: find_organization(cursor, column, value))
        if found is None:
            raise NotFoundError(f"there is no organization with {column} {value!r}")
        return found


def show_organization(caller: Caller, row: OrganizationRow) -> OrganizationRead:
    """Return an organization as it is answered."""
    return OrganizationRead(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        contact=msgspec.json.decode(row.contact),
        created_date=row.created_date,
        updated_date=row.updated_date,
        owner=show_user(caller, row.owner),
    )
