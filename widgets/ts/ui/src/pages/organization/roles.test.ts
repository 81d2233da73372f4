import { describe, expect, it } from 'vitest';
import { BOB, ME, makeMember } from '../../testing/records';
import { mayChange, mayManage, mayRemoveOrganization, rolesToGive, standingOf } from './roles';

describe('roles', () => {
  it('R2.13 nobody can be made owner', () => {
    for (const standing of ['owner', 'admin', 'maintainer', 'supervisor', 'worker', null] as const)
      expect(rolesToGive(standing)).not.toContain('owner');
  });

  it('R2.9 a maintainer cannot give, change or remove the roles maintainer and owner', () => {
    expect(rolesToGive('maintainer')).toEqual(['worker', 'supervisor']);
    expect(mayManage('maintainer', 'maintainer')).toBe(false);
    expect(mayManage('owner', 'maintainer')).toBe(true);
    expect(mayManage('owner', 'owner')).toBe(false);
  });

  it('R2.11 supervisors and workers neither invite nor change', () => {
    for (const standing of ['supervisor', 'worker', null] as const) {
      expect(mayChange(standing)).toBe(false);
      expect(mayRemoveOrganization(standing)).toBe(false);
    }
  });

  it('come from the own membership, unless one administrates the server', () => {
    const others = makeMember({ user: BOB, role: 'owner' });
    expect(standingOf(ME, [others])).toBeNull();
    expect(standingOf(ME, [others, makeMember({ role: 'supervisor' })])).toBe('supervisor');
    expect(standingOf(ME, [makeMember({ is_active: false })])).toBeNull();
    expect(standingOf({ ...ME, groups: ['admin'] }, [])).toBe('admin');
  });
});
