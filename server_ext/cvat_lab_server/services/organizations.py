"""Organizations: so far, the place that a call works in."""

from __future__ import annotations

from cvat_lab.errors import InvalidInputError, NotFoundError
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.relations import find_organization


class OrganizationService:
    """Knows the organizations of the workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
