import type { InvitationWrite, MembershipRead, OrganizationRead } from '@cvat-lab/schema';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure, FakeServer, pageOf } from '../../testing/FakeServer';
import { ANN, BOB, makeInvitation, makeMember, makeOrganization } from '../../testing/records';
import { type Mounted, mountRoute } from '../../testing/render';
import { checkSlug } from './CreateOrganizationPage';

const CAT = { ...BOB, id: 3, username: 'cat' };

let organization: OrganizationRead;
let members: MembershipRead[];
let server: FakeServer;

const bodies = (route: string) => server.callsOf(route).map(({ body }) => body);

beforeEach(() => {
  organization = makeOrganization({ owner: ANN });
  members = [
    makeMember({ role: 'owner' }),
    makeMember({ id: 32, user: BOB }),
    makeMember({ id: 33, user: CAT, is_active: false, joined_date: null, invitation: 'k1' }),
  ];
  server = new FakeServer()
    .on('GET api/organizations', () => pageOf([organization]))
    .on('PATCH api/organizations/3', ({ body }) => {
      organization = { ...organization, ...(body as Partial<OrganizationRead>) };
      return organization;
    })
    .on('DELETE api/organizations/3', () => undefined)
    .on('GET api/memberships', ({ query }) =>
      pageOf(
        'filter' in query && query['filter'] ? members.filter(({ user }) => user.id === ANN.id) : members,
      ),
    )
    .on('PATCH api/memberships/32', () => members[1])
    .on('DELETE api/memberships/31', () => undefined)
    .on('DELETE api/memberships/32', () => undefined)
    .on('GET api/invitations', () => pageOf([makeInvitation({ user: CAT })]))
    .on('POST api/invitations', ({ body }) => {
      if ((body as InvitationWrite).email === 'known@x.org') throw new Failure(400, 'he is a member already');
      return makeInvitation();
    })
    .on('POST api/invitations/k1/resend', () => undefined)
    .on('GET api/projects', () => pageOf([]));
});

afterEach(cleanup);

const open = () => mountRoute(server, { page: 'organization' }, 'lab');
const press = async (user: Mounted['user'], name: string | RegExp) =>
  user.click(await screen.findByRole('button', { name }));

describe('page of an organization', () => {
  it('R2.5 shows and changes its name, description and contact', async () => {
    const { user } = open();
    await press(user, /Change full name/);
    await user.keyboard('Laboratory{Enter}');
    await press(user, /Change phone/);
    await user.keyboard('112{Enter}');
    await waitFor(() =>
      expect(bodies('PATCH api/organizations/3')).toEqual([
        { name: 'Laboratory' },
        { contact: { phoneNumber: '112' } },
      ]),
    );
    expect(await screen.findByText('Laboratory')).toBeTruthy();
  });

  it('R2.7 lists members and those who are invited, with who invited them', async () => {
    open();
    const row = (await screen.findByText('cat')).closest('tr')!;
    expect(row.textContent).toMatch(/Invited .* by bob/);
    expect(screen.getByText('bob').closest('tr')!.textContent).toContain('Joined');
    expect(
      server.callsOf('GET api/memberships').every(({ headers }) => headers['X-Organization'] === 'lab'),
    ).toBe(true);
  });

  it('R2.9 changes roles and removes members, but not the owner', async () => {
    const { user } = open();
    await user.selectOptions(await screen.findByLabelText('Role of bob'), 'Maintainer');
    await waitFor(() => expect(bodies('PATCH api/memberships/32')).toEqual([{ role: 'maintainer' }]));
    await press(user, 'Actions of bob');
    await user.click(await screen.findByRole('menuitem', { name: 'Remove member' }));
    await press(user, 'Remove');
    await waitFor(() => expect(server.callsOf('DELETE api/memberships/32')).toHaveLength(1));
    expect(screen.queryByRole('button', { name: 'Actions of ann' })).toBeNull();
    expect(screen.queryByLabelText('Role of ann')).toBeNull();
  });

  it('R2.8 sends an invitation again', async () => {
    const { user } = open();
    await press(user, 'Actions of cat');
    await user.click(await screen.findByRole('menuitem', { name: 'Resend invitation' }));
    await waitFor(() => expect(server.callsOf('POST api/invitations/k1/resend')).toHaveLength(1));
  });

  it('R2.6 invites several people at once; who could not be invited stays, with the reason', async () => {
    const { user } = open();
    await press(user, 'Invite members');
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      [...(dialog.getByLabelText('Role 1') as HTMLSelectElement).options].map(({ value }) => value),
    ).toEqual(['worker', 'supervisor', 'maintainer']);
    await user.type(dialog.getByLabelText('Email 1'), 'new@x.org');
    await user.click(dialog.getByRole('button', { name: 'Invite more' }));
    await user.type(dialog.getByLabelText('Email 2'), 'known@x.org');
    await user.selectOptions(dialog.getByLabelText('Role 2'), 'Supervisor');
    await user.click(dialog.getByRole('button', { name: 'Invite' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('member already');
    expect(bodies('POST api/invitations')).toEqual([
      { email: 'new@x.org', role: 'worker' },
      { email: 'known@x.org', role: 'supervisor' },
    ]);
    expect(dialog.queryByDisplayValue('new@x.org')).toBeNull();
  });

  it('R2.14 any member but the owner can leave', async () => {
    members[0]!.role = 'worker';
    const { user, switched } = open();
    await press(user, 'Actions');
    await user.click(await screen.findByRole('menuitem', { name: 'Leave organization' }));
    await press(user, 'Leave');
    await waitFor(() => expect(switched).toEqual(['']));
    expect(server.callsOf('DELETE api/memberships/31')).toHaveLength(1);
  });

  it('R2.15 is removed only when the short name is typed', async () => {
    const { user, switched } = open();
    await press(user, 'Actions');
    expect(screen.queryByRole('menuitem', { name: 'Leave organization' })).toBeNull();
    await user.click(await screen.findByRole('menuitem', { name: 'Remove organization' }));
    await user.type(await screen.findByLabelText('Short name'), 'la{Enter}');
    expect(server.callsOf('DELETE api/organizations/3')).toHaveLength(0);
    await user.keyboard('b{Enter}');
    await waitFor(() => expect(switched).toEqual(['']));
    expect(server.callsOf('DELETE api/organizations/3')).toHaveLength(1);
  });

  it('R2.11 is for reading only to a supervisor', async () => {
    members[0]!.role = 'supervisor';
    server.on('GET api/invitations', () => {
      throw new Failure(403, 'maintainers may see invitations');
    });
    open();
    expect(await screen.findByText('bob')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Invite members' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Change full name/ })).toBeNull();
    expect(screen.queryByLabelText('Role of bob')).toBeNull();
  });

  it('says when it is gone', async () => {
    server.on('GET api/organizations', () => pageOf([]));
    open();
    expect(await screen.findByText('You are not in lab')).toBeTruthy();
  });
});

describe('a new organization', () => {
  it('R2.2 R2.3 needs a short name; the full name is the same where none is given', async () => {
    server.on('POST api/organizations', () => organization);
    const { user, visited, switched } = mountRoute(server, { page: 'create-organization' }, '');
    await press(user, 'Create');
    expect((await screen.findByRole('alert')).textContent).toContain('short name');
    await user.type(screen.getByLabelText('Short name'), 'lab');
    await user.type(screen.getByLabelText('Email'), 'lab@x.org');
    await press(user, 'Create');
    await waitFor(() => expect(switched).toEqual(['lab']));
    expect(visited).toEqual([{ page: 'organization' }]);
    expect(bodies('POST api/organizations')).toEqual([
      {
        slug: 'lab',
        name: 'lab',
        description: '',
        contact: { email: 'lab@x.org', phoneNumber: '', location: '' },
      },
    ]);
  });

  it('R2.3 refuses short names that are none', () => {
    for (const slug of ['', 'a b', 'ü', 'x'.repeat(17)]) expect(checkSlug(slug)).not.toBeNull();
    expect(checkSlug('Lab_1-x')).toBeNull();
  });
});

describe('invitations', () => {
  it('R2.8 are accepted, which leads into the organization, or declined', async () => {
    const mine = [makeInvitation(), makeInvitation({ key: 'k2', organization_info: { id: 4, slug: 'zoo' } })];
    server
      .on('GET api/invitations', () => pageOf([...mine, makeInvitation({ key: 'k3', user: BOB })]))
      .on('POST api/invitations/k1/accept', () => ({ organization_slug: 'lab' }))
      .on('POST api/invitations/k2/decline', () => undefined);
    const { user, switched } = mountRoute(server, { page: 'invitations' }, '');
    const list = await screen.findByRole('list', { name: 'invitations' });
    expect(within(list).getAllByRole('article')).toHaveLength(2);
    await user.click(within(list).getAllByRole('button', { name: 'Decline' })[1]!);
    await waitFor(() => expect(server.callsOf('POST api/invitations/k2/decline')).toHaveLength(1));
    await user.click(screen.getAllByRole('button', { name: 'Accept' })[0]!);
    await waitFor(() => expect(switched).toEqual(['lab']));
  });
});
