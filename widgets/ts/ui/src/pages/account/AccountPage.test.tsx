import type { AccessTokenRead, AccessTokenWrite } from '@cvat-lab/schema';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure, FakeServer, pageOf } from '../../testing/FakeServer';
import { ANN } from '../../testing/records';
import { mountRoute } from '../../testing/render';
import { checkPasswords } from './PasswordPanel';

const TOKENS = 'api/auth/access_tokens';
const WHEN = '2026-11-20T10:00:00.000001Z';

let tokens: AccessTokenRead[];
let server: FakeServer;

function makeToken(fields: Partial<AccessTokenRead> = {}): AccessTokenRead {
  const dates = { created_date: WHEN, updated_date: WHEN, expiry_date: null, last_used_date: null };
  return { id: 1, name: 'ci', read_only: false, owner: ANN, ...dates, ...fields };
}

const press = async (user: ReturnType<typeof mountRoute>['user'], name: string | RegExp) =>
  user.click(await screen.findByRole('button', { name }));

beforeEach(() => {
  tokens = [makeToken()];
  server = new FakeServer()
    .on(`GET ${TOKENS}`, () => pageOf(tokens))
    .on(`POST ${TOKENS}`, ({ body }) => {
      const token = makeToken({ id: 2, ...(body as AccessTokenWrite) });
      tokens = [token, ...tokens];
      return { ...token, value: 'cvl_secret' };
    })
    .on(`DELETE ${TOKENS}/1`, () => {
      tokens = tokens.filter(({ id }) => id !== 1);
    });
});

afterEach(cleanup);

describe('access tokens', () => {
  it('are made, and show their secret once', async () => {
    const { user } = mountRoute(server, { page: 'account' });
    await press(user, 'New token');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Give it a name');
    await user.type(screen.getByLabelText('Name'), 'notebook');
    await user.selectOptions(screen.getByLabelText('Expires'), 'Never');
    await user.click(screen.getByLabelText('Read only'));
    await user.click(screen.getByRole('button', { name: 'Create' }));
    expect(await screen.findByDisplayValue('cvl_secret')).toBeTruthy();
    expect(server.callsOf(`POST ${TOKENS}`)[0]?.body).toEqual({
      name: 'notebook',
      expiry_date: null,
      read_only: true,
    });
    await press(user, 'Done');
    expect(screen.queryByDisplayValue('cvl_secret')).toBeNull();
    expect(await screen.findByText('notebook')).toBeTruthy();
  });

  it('are revoked after a question', async () => {
    const { user } = mountRoute(server, { page: 'account' });
    await press(user, 'Revoke ci');
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Revoke' }));
    await waitFor(() => expect(screen.queryByText('ci')).toBeNull());
  });
});

describe('password', () => {
  it('is changed; what the server says against it is shown', async () => {
    let refused = true;
    server.on('POST api/auth/password/change', () => {
      if (refused) throw new Failure(400, 'the old password is wrong');
    });
    const { user } = mountRoute(server, { page: 'account' });
    await user.type(await screen.findByLabelText('Old password'), 'old secret');
    await user.type(screen.getByLabelText('New password'), 'new secret');
    await user.type(screen.getByLabelText('New password again'), 'new secret');
    await press(user, 'Change the password');
    expect((await screen.findByRole('alert')).textContent).toContain('The old password is wrong.');
    refused = false;
    await press(user, 'Change the password');
    expect(await screen.findByText('The password is changed')).toBeTruthy();
    expect(server.callsOf('POST api/auth/password/change')[1]?.body).toEqual({
      old_password: 'old secret',
      new_password1: 'new secret',
      new_password2: 'new secret',
    });
  });

  it('must be long enough, and typed twice', () => {
    expect(Object.keys(checkPasswords({ old: '', next: 'short', again: 'shorter' }))).toEqual([
      'old',
      'next',
      'again',
    ]);
    expect(checkPasswords({ old: 'x', next: 'long enough', again: 'long enough' })).toEqual({});
  });
});
