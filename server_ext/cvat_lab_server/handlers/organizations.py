"""Organizations, their members and invitations."""

from __future__ import annotations

from cvat_lab.model.organization import (
    InvitationAccepted,
    InvitationRead,
    InvitationWrite,
    MembershipPatch,
    MembershipRead,
    OrganizationPatch,
    OrganizationRead,
    OrganizationWrite,
)
from cvat_lab.model.server import Page
from cvat_lab_server.handlers.call import Call
from cvat_lab_server.handlers.routing import Routes

routes = Routes()


@routes.get("/api/organizations")
async def list_organizations(call: Call) -> Page[OrganizationRead]:
    """Return a page of organizations."""
    return await call.services.organizations.list(call.caller, call.list_query())


@routes.post("/api/organizations", status=201)
async def create_organization(call: Call, body: OrganizationWrite) -> OrganizationRead:
    """Found an organization."""
    return await call.services.organizations.create(call.caller, body)


@routes.get("/api/organizations/{id:int}")
async def read_organization(call: Call, id: int) -> OrganizationRead:
    """Return an organization."""
    return await call.services.organizations.read(call.caller, id)


@routes.patch("/api/organizations/{id:int}")
async def update_organization(call: Call, id: int, body: OrganizationPatch) -> OrganizationRead:
    """Change an organization."""
    return await call.services.organizations.update(call.caller, id, body)


@routes.delete("/api/organizations/{id:int}")
async def delete_organization(call: Call, id: int) -> None:
    """Remove an organization with everything in it."""
    await call.services.organizations.delete(call.caller, id)


@routes.get("/api/memberships")
async def list_memberships(call: Call) -> Page[MembershipRead]:
    """Return a page of members."""
    return await call.services.members.list(call.caller, call.list_query())


@routes.get("/api/memberships/{id:int}")
async def read_membership(call: Call, id: int) -> MembershipRead:
    """Return a membership."""
    return await call.services.members.read(call.caller, id)


@routes.patch("/api/memberships/{id:int}")
async def update_membership(call: Call, id: int, body: MembershipPatch) -> MembershipRead:
    """Give a member another role."""
    return await call.services.members.update(call.caller, id, body)


@routes.delete("/api/memberships/{id:int}")
async def delete_membership(call: Call, id: int) -> None:
    """Remove a member, or leave."""
    await call.services.members.delete(call.caller, id)


@routes.get("/api/invitations")
async def list_invitations(call: Call) -> Page[InvitationRead]:
    """Return a page of invitations."""
    return await call.services.members.list_invitations(call.caller, call.list_query())


@routes.post("/api/invitations", status=201)
async def invite(call: Call, body: InvitationWrite) -> InvitationRead:
    """Invite somebody."""
    return await call.services.members.invite(call.caller, body)


@routes.get("/api/invitations/{key}")
async def read_invitation(call: Call, key: str) -> InvitationRead:
    """Return an invitation."""
    return await call.services.members.read_invitation(call.caller, key)


@routes.delete("/api/invitations/{key}")
async def delete_invitation(call: Call, key: str) -> None:
    """Take an invitation back."""
    await call.services.members.delete_invitation(call.caller, key)


@routes.post("/api/invitations/{key}/accept")
async def accept_invitation(call: Call, key: str) -> InvitationAccepted:
    """Become a member."""
    return await call.services.members.accept(call.caller, key)


@routes.post("/api/invitations/{key}/decline", status=204)
async def decline_invitation(call: Call, key: str) -> None:
    """Say no to an invitation."""
    await call.services.members.decline(call.caller, key)


@routes.post("/api/invitations/{key}/resend", status=204)
async def resend_invitation(call: Call, key: str) -> None:
    """Let an invitation begin anew."""
    await call.services.members.resend(call.caller, key)
