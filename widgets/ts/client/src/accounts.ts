/** The user's own account: access tokens for scripts, and the password of a stand-alone server. */

import type { AccessTokenRead, AccessTokenWrite } from '@cvat-lab/schema';
import type { Rest } from './rest';

export interface PasswordChange {
  old: string;
  next: string;
}

export class Accounts {
  constructor(private readonly rest: Rest) {}

  /** The user's access tokens, without their secrets. */
  tokens(signal?: AbortSignal): Promise<AccessTokenRead[]> {
    return this.rest.all('api/auth/access_tokens', { sort: '-id' }, signal);
  }

  /** Make a token. Its secret, `value`, is in this answer and never again. */
  createToken(token: AccessTokenWrite): Promise<AccessTokenRead> {
    return this.rest.json('POST', 'api/auth/access_tokens', { json: token });
  }

  revokeToken(id: number): Promise<void> {
    return this.rest.json('DELETE', `api/auth/access_tokens/${id}`);
  }

  /** Only where the server keeps passwords itself. */
  changePassword({ old, next }: PasswordChange): Promise<void> {
    const json = { old_password: old, new_password1: next, new_password2: next };
    return this.rest.json('POST', 'api/auth/password/change', { json });
  }
}
