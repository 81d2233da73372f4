/**
 * Organizations, their members and invitations.
 *
 * Members and invitations are those of the organization that the calls work in (`Rest.organization`).
 */

import type { UserBasic } from '@cvat-lab/schema';
import type { ListQuery, Page, Rest } from './rest';

export type Role = 'worker' | 'supervisor' | 'maintainer' | 'owner';

export interface Contact {
  email?: string;
  phoneNumber?: string;
  location?: string;
}

export interface OrganizationRead {
  id: number;
  slug: string;
  name: string;
  description: string;
  contact: Contact;
  owner: UserBasic | null;
  created_date: string;
  updated_date: string;
}

export type OrganizationPatch = Partial<Pick<OrganizationRead, 'name' | 'description' | 'contact'>>;
export type OrganizationWrite = OrganizationPatch & Pick<OrganizationRead, 'slug'>;

export interface MembershipRead {
  id: number;
  user: UserBasic;
  organization: number;
  is_active: boolean;
  joined_date: string | null;
  role: Role;
  /** Key of the invitation that the member came by. */
  invitation: string | null;
}

export interface InvitationRead {
  key: string;
  created_date: string;
  owner: UserBasic | null;
  role: Role;
  user: UserBasic;
  organization: number;
  organization_info: { id: number; slug: string };
  expired: boolean | null;
  accepted: boolean;
}

export interface InvitationWrite {
  email: string;
  role: Role;
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

  acceptInvitation(key: string): Promise<{ organization_slug: string }> {
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
