"""Members of organizations, and invitations to become one.

There is no mail server: an invited user finds the invitation in his own list. Somebody who has no account yet is given
one that is called like the e-mail address and has no password: an administrator sets it with ``cvat-lab users
password``, and on JupyterHub whoever logs in under that name has it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from cvat_lab.errors import InvalidInputError, NotFoundError, NotPermittedError
from cvat_lab.model.base import utc_now
from cvat_lab.model.organization import (
    Invitation,
    InvitationAccepted,
    InvitationRead,
    InvitationWrite,
    Membership,
    MembershipPatch,
    MembershipRead,
    OrganizationBasic,
    Role,
)
from cvat_lab.model.server import Page
from cvat_lab.model.user import User
from cvat_lab_server.auth.caller import Caller, show_user
from cvat_lab_server.auth.passwords import new_secret
from cvat_lab_server.auth.policy import Action, require_role_rights
from cvat_lab_server.services.access import Access
from cvat_lab_server.store.cursor import Cursor
from cvat_lab_server.store.database import Database
from cvat_lab_server.store.listing import ListQuery
from cvat_lab_server.store.organizations import (
    MembershipRow,
    find_by_address,
    find_invitations,
    find_memberships,
    invitations_of,
    organizations_of,
    read_invited,
    read_membership,
    renew_invitation,
)
from cvat_lab_server.store.relations import in_organization, organization_role
from cvat_lab_server.store.tables import INVITATIONS, MEMBERSHIPS, USERS

INVITATION_LIFE = timedelta(days=7)


class MemberService:
    """Lists, invites, changes and removes members."""

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    # members

    async def list(self, caller: Caller, query: ListQuery) -> Page[MembershipRead]:
        """Return a page of the members, invited ones included, of the caller's organization or organizations."""
        where = f"{organizations_of(caller.id, caller.is_admin)} AND {in_organization('m', caller.organization_id)}"
        total, rows = await self._database.read_async(lambda cursor: find_memberships(cursor, query, where))
        return query.make_page(caller.base_url, total, [show_membership(caller, row) for row in rows])

    async def read(self, caller: Caller, membership_id: int) -> MembershipRead:
        """Return one membership."""
        row = await self._membership(membership_id)
        if row.user.id != caller.id:
            await self._access.require(caller, Action.VIEW_ORGANIZATION, row.organization_id)
        return show_membership(caller, row)

    async def update(self, caller: Caller, membership_id: int, body: MembershipPatch) -> MembershipRead:
        """Give a member another role."""
        row = await self._membership(membership_id)
        await self._require_over(caller, row, body.role)
        await self._database.write_async(lambda cursor: cursor.update(MEMBERSHIPS, membership_id, role=body.role))
        return show_membership(caller, await self._membership(membership_id))

    async def delete(self, caller: Caller, membership_id: int) -> None:
        """Remove a member; everybody but the owner may remove himself."""
        row = await self._membership(membership_id)
        if row.user.id == caller.id:
            caller.require_write()
            if row.role is Role.OWNER:
                raise NotPermittedError("the owner cannot leave his organization; he can delete it")
        else:
            await self._require_over(caller, row)
        await self._remove(row)

    # invitations

    async def list_invitations(self, caller: Caller, query: ListQuery) -> Page[InvitationRead]:
        """Return a page of invitations: to the caller, by him, and to organizations that he maintains."""
        where = f"{invitations_of(caller.id, caller.is_admin)} AND {in_organization('m', caller.organization_id)}"
        total, rows = await self._database.read_async(lambda cursor: find_invitations(cursor, query, where))
        return query.make_page(caller.base_url, total, [show_invitation(caller, row) for row in rows])

    async def read_invitation(self, caller: Caller, key: str) -> InvitationRead:
        """Return one invitation."""
        row = await self._invited(key)
        if caller.id not in (row.user.id, row.invited_by.id if row.invited_by else None):
            await self._access.require(caller, Action.MANAGE_MEMBERS, row.organization_id)
        return show_invitation(caller, row)

    async def invite(self, caller: Caller, body: InvitationWrite) -> InvitationRead:
        """Invite somebody, by e-mail address, into the organization that the call works in."""
        place = caller.new_organization
        if place is None:
            raise InvalidInputError("say into which organization: org=SLUG, org_id=NUMBER or the header X-Organization")
        await self._access.require(caller, Action.MANAGE_MEMBERS, place)
        own = await self._own_role(caller, place)
        require_role_rights(caller, own, body.role)

        def work(cursor: Cursor) -> str:
            user = _find_or_add_guest(cursor, body.email)
            if known := cursor.find(MEMBERSHIPS, Membership, organization_id=place, user_id=user.id):
                state = (
                    "is a member already" if known[0].is_active else "is invited already; send that invitation again"
                )
                raise InvalidInputError(f"{body.email} {state}", field="email")
            member = Membership(id=0, organization_id=place, user_id=user.id, role=body.role, is_active=False)
            cursor.insert(MEMBERSHIPS, member)
            made = Invitation(
                id=0, key=new_secret(), membership_id=member.id, owner_id=caller.id, created_date=utc_now()
            )
            cursor.insert(INVITATIONS, made)
            return made.key

        return show_invitation(caller, await self._invited(await self._database.write_async(work)))

    async def accept(self, caller: Caller, key: str) -> InvitationAccepted:
        """Become a member."""
        row = await self._own_invitation(caller, key)
        if _is_expired(row):
            raise InvalidInputError("this invitation has expired; ask for it to be sent again")
        fields = {"is_active": True, "joined_date": utc_now()}
        await self._database.write_async(lambda cursor: cursor.update(MEMBERSHIPS, row.id, **fields))
        return InvitationAccepted(organization_slug=row.slug)

    async def decline(self, caller: Caller, key: str) -> None:
        """Say no; the invitation is gone."""
        await self._remove(await self._own_invitation(caller, key))

    async def resend(self, caller: Caller, key: str) -> None:
        """Let an invitation begin anew."""
        row = await self._pending(key)
        await self._access.require(caller, Action.MANAGE_MEMBERS, row.organization_id)
        await self._database.write_async(lambda cursor: renew_invitation(cursor, key))

    async def delete_invitation(self, caller: Caller, key: str) -> None:
        """Take an invitation back; of somebody who accepted it, only the note that he was invited goes."""
        row = await self._invited(key)
        await self._require_over(caller, row)
        if row.is_active:
            await self._database.write_async(lambda cursor: cursor.delete(INVITATIONS, key=key))
        else:
            await self._remove(row)

    # helpers

    async def _require_over(self, caller: Caller, row: MembershipRow, *roles: Role) -> None:
        """Refuse unless the caller may deal with a member, and may give him ``roles``."""
        await self._access.require(caller, Action.MANAGE_MEMBERS, row.organization_id)
        require_role_rights(caller, await self._own_role(caller, row.organization_id), row.role, *roles)

    async def _own_role(self, caller: Caller, organization_id: int) -> Role | None:
        found = await self._database.read_async(lambda cursor: organization_role(cursor, caller.id, organization_id))
        return Role(found) if found else None

    async def _membership(self, membership_id: int) -> MembershipRow:
        row = await self._database.read_async(lambda cursor: read_membership(cursor, membership_id))
        if row is None:
            raise NotFoundError(f"there is no membership {membership_id}")
        return row

    async def _invited(self, key: str) -> MembershipRow:
        row = await self._database.read_async(lambda cursor: read_invited(cursor, key))
        if row is None:
            raise NotFoundError(f"there is no invitation {key[:80]!r}")
        return row

    async def _pending(self, key: str) -> MembershipRow:
        row = await self._invited(key)
        if row.is_active:
            raise InvalidInputError(f"{row.user.username} has accepted this invitation already")
        return row

    async def _own_invitation(self, caller: Caller, key: str) -> MembershipRow:
        caller.require_write()
        row = await self._pending(key)
        if row.user.id != caller.id:
            raise NotPermittedError(f"this invitation is for {row.user.username}")
        return row

    async def _remove(self, row: MembershipRow) -> None:
        def work(cursor: Cursor) -> None:
            cursor.delete(INVITATIONS, membership_id=row.id)
            cursor.delete(MEMBERSHIPS, id=row.id)

        await self._database.write_async(work)


def show_membership(caller: Caller, row: MembershipRow) -> MembershipRead:
    """Return a membership as it is answered."""
    user = show_user(caller, row.user)
    assert user is not None
    return MembershipRead(
        id=row.id,
        user=user,
        organization=row.organization_id,
        is_active=row.is_active,
        joined_date=row.joined_date,
        role=row.role,
        invitation=row.key,
    )


def show_invitation(caller: Caller, row: MembershipRow) -> InvitationRead:
    """Return an invitation as it is answered."""
    user = show_user(caller, row.user)
    assert user is not None
    assert row.key is not None
    assert row.invited_date is not None
    return InvitationRead(
        key=row.key,
        created_date=row.invited_date,
        owner=show_user(caller, row.invited_by),
        role=row.role,
        user=user,
        organization=row.organization_id,
        organization_info=OrganizationBasic(id=row.organization_id, slug=row.slug),
        expired=not row.is_active and _is_expired(row),
        accepted=row.is_active,
    )


def _is_expired(row: MembershipRow) -> bool:
    return row.invited_date is not None and row.invited_date + INVITATION_LIFE < utc_now()


def _find_or_add_guest(cursor: Cursor, email: str) -> User:
    """Return the user with this address, or called like it; add him when there is none."""
    found = find_by_address(cursor, email)
    if len(found) > 1:
        raise InvalidInputError(f"{len(found)} users have the address {email}", field="email")
    if found:
        return found[0]
    name = re.sub(r"[^\w.@+-]", "_", email)[:150]
    if cursor.find(USERS, User, username=name):
        raise InvalidInputError(f"there is a user {name!r} with another address already", field="email")
    user = User(id=0, username=name, email=email, groups=["user"], date_joined=utc_now())
    cursor.insert(USERS, user)
    return user
