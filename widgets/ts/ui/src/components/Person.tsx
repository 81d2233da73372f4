/** A user: coloured initials and the name. */

import type { UserBasic } from '@cvat-lab/schema';

type Named = Pick<UserBasic, 'username' | 'first_name' | 'last_name'>;

export function Avatar({ user }: { user: Named }) {
  return (
    <span className="cvl-avatar" style={{ background: personColor(user.username) }} aria-hidden>
      {initials(user)}
    </span>
  );
}

export function Person({ user }: { user: Named }) {
  return (
    <span className="cvl-person" title={fullName(user)}>
      <Avatar user={user} />
      <span>{user.username}</span>
    </span>
  );
}

/** First and last name with the user name in brackets, or the user name alone. */
export function fullName({ username, first_name, last_name }: Named): string {
  const name = `${first_name} ${last_name}`.trim();
  return name ? `${name} (${username})` : username;
}

function initials({ username, first_name, last_name }: Named): string {
  const letters = first_name && last_name ? first_name.charAt(0) + last_name.charAt(0) : username.slice(0, 2);
  return letters.toUpperCase();
}

/** Always the same colour for a name, dark enough for white letters. */
function personColor(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)!) % 360;
  return `hsl(${hash} 45% 42%)`;
}
