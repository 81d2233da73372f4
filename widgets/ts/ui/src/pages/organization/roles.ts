/** What members of an organization may do to each other; the server has the last word. */

import type { MembershipRead, Role, UserRead } from '@cvat-lab/schema';
import type { Option } from '../../components';

export const ROLE_TEXT: Record<Role, string> = {
  worker: 'Worker',
  supervisor: 'Supervisor',
  maintainer: 'Maintainer',
  owner: 'Owner',
};

export const ROLE_HINTS: Record<Role, string> = {
  worker: 'works on what is assigned to him',
  supervisor: 'creates and assigns projects, tasks and jobs',
  maintainer: 'sees everything, and manages the members',
  owner: 'may do everything',
};

/** What the user is in the organization: `admin` is an administrator of the whole server. */
export type Standing = Role | 'admin' | null;

export function standingOf(me: UserRead | null, members: readonly MembershipRead[]): Standing {
  if (me?.groups.includes('admin')) return 'admin';
  return members.find(({ user, is_active }) => is_active && user.id === me?.id)?.role ?? null;
}

/** The roles that one may give to others. Nobody can be made owner. */
export function rolesToGive(standing: Standing): readonly Role[] {
  if (standing === 'owner' || standing === 'admin') return ['worker', 'supervisor', 'maintainer'];
  return standing === 'maintainer' ? ['worker', 'supervisor'] : [];
}

/** Whether one may change the role of a member, or remove him. */
export function mayManage(standing: Standing, role: Role): boolean {
  return rolesToGive(standing).includes(role);
}

/** Whether one may change the organization's name, description and contact, and invite. */
export function mayChange(standing: Standing): boolean {
  return rolesToGive(standing).length > 0;
}

export function mayRemoveOrganization(standing: Standing): boolean {
  return standing === 'owner' || standing === 'admin';
}

export function roleOptions(roles: readonly Role[]): Option<Role>[] {
  return roles.map((value) => ({ value, label: ROLE_TEXT[value] }));
}
