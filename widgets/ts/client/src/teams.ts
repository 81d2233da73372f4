/**
 * Organizations, their members and invitations.
 *
 * Members and invitations are those of the organization that the calls work in (`Rest.organization`).
 */

import type {
  InvitationAccepted,
  InvitationRead,
  InvitationWrite,
  MembershipRead,
  OrganizationPatch,
  OrganizationRead,
  OrganizationWrite,
  Role,
} from '@cvat-lab/schema';
import type { ListQuery, Page, Rest } from './rest';

/** The fields of `contact` that CVAT knows; the server keeps whatever it is given. */
export interface Contact {
  email?: string;
  phoneNumber?: string;
  location?: string;
}

export class Teams {
  constructor(private readonly rest: Rest) {}

  // --- organizations ------------------------------------------------------------------------------------------------

  /** The organizations that the user is a member of. */
  organizations(signal?: AbortSignal): Promise<OrganizationRead[]> {
    return this.rest.all('api/organizations', { sort: 'slug' }, signal);
  }

  createOrganization(organization: OrganizationWrite): Promise<OrganizationRead> {
    return this.rest.json('POST', 'api/organizations', { json: organization });
  }

  updateOrganization(id: number, patch: OrganizationPatch): Promise<OrganizationRead> {
    return this.rest.json('PATCH', `api/organizations/${id}`, { json: patch });
  }

  /** Removes everything that belongs to it. */
  deleteOrganization(id: number): Promise<void> {
    return this.rest.json('DELETE', `api/organizations/${id}`);
  }

  // --- members ------------------------------------------------------------------------------------------------------

  members(query?: ListQuery, signal?: AbortSignal): Promise<Page<MembershipRead>> {
    return this.rest.page('api/memberships', query, signal);
  }

  setRole(membershipId: number, role: Role): Promise<MembershipRead> {
    return this.rest.json('PATCH', `api/memberships/${membershipId}`, { json: { role } });
  }

  /** Remove a member, or leave. */
  deleteMembership(id: number): Promise<void> {
    return this.rest.json('DELETE', `api/memberships/${id}`);
  }

  // --- invitations --------------------------------------------------------------------------------------------------

  invitations(query?: ListQuery, signal?: AbortSignal): Promise<InvitationRead[]> {
    return this.rest.all('api/invitations', query, signal);
  }

  invite(invitation: InvitationWrite): Promise<InvitationRead> {
    return this.rest.json('POST', 'api/invitations', { json: invitation });
  }

  acceptInvitation(key: string): Promise<InvitationAccepted> {
    return this.rest.json('POST', `${invitationPath(key)}/accept`);
  }

  declineInvitation(key: string): Promise<void> {
    return this.rest.json('POST', `${invitationPath(key)}/decline`);
  }

  resendInvitation(key: string): Promise<void> {
    return this.rest.json('POST', `${invitationPath(key)}/resend`);
  }

  deleteInvitation(key: string): Promise<void> {
    return this.rest.json('DELETE', invitationPath(key));
  }
}

function invitationPath(key: string): string {
  return `api/invitations/${encodeURIComponent(key)}`;
}
