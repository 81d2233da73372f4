import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeServer, pageOf } from '../testing/FakeServer';
import { makeInvitation, makeOrganization } from '../testing/records';
import { mountRoute } from '../testing/render';

afterEach(cleanup);

function menuServer(): FakeServer {
  return new FakeServer()
    .on('GET api/tasks', () => pageOf([]))
    .on('GET api/organizations', () => pageOf([makeOrganization(), makeOrganization({ id: 4, slug: 'zoo' })]))
    .on('GET api/invitations', () => pageOf([makeInvitation()]));
}

const places = () =>
  screen
    .getAllByRole('menuitemradio')
    .map((item) => `${item.textContent} ${item.getAttribute('aria-checked')}`);

describe('user menu', () => {
  it('R2.4 ticks where one works, and switches to another place', async () => {
    const server = menuServer();
    const { user, switched } = mountRoute(server, { page: 'tasks' }, '');
    await user.click(await screen.findByRole('button', { name: 'User menu' }));
    await waitFor(() => expect(places()).toEqual(['Personal workspace true', 'lab false', 'zoo false']));
    await user.click(screen.getByRole('menuitemradio', { name: 'zoo' }));
    expect(switched).toEqual(['zoo']);
    await waitFor(() =>
      expect(server.callsOf('GET api/tasks').at(-1)?.headers['X-Organization']).toBe('zoo'),
    );
    await user.click(await screen.findByRole('button', { name: 'User menu' }));
    await waitFor(() => expect(places()).toEqual(['Personal workspace false', 'lab false', 'zoo true']));
  });

  it('R2.2 R2.5 leads to the forms of organizations, and to the account', async () => {
    const { user, visited } = mountRoute(menuServer(), { page: 'tasks' }, 'lab');
    for (const name of [/^Create an organization/, /^Organization settings/, /^Invitations 1/, /^Account/]) {
      await user.click(await screen.findByRole('button', { name: 'User menu' }));
      await user.click(await screen.findByRole('menuitem', { name }));
    }
    expect(visited.map(({ page }) => page)).toEqual([
      'create-organization',
      'organization',
      'invitations',
      'account',
    ]);
  });

  it('asks about itself outside of any organization, so that a lost one can be left', async () => {
    const server = menuServer();
    const { user } = mountRoute(server, { page: 'tasks' }, 'gone');
    await user.click(await screen.findByRole('button', { name: 'User menu' }));
    await waitFor(() => expect(server.callsOf('GET api/organizations')).not.toHaveLength(0));
    const calls = [...server.callsOf('GET api/organizations'), ...server.callsOf('GET api/users/self')];
    expect(new Set(calls.map(({ headers }) => headers['X-Organization']))).toEqual(new Set([undefined]));
  });
});
