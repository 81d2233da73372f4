/** The user's own account: who he is here, access tokens for his scripts, and his password. */

import { UserRound } from 'lucide-react';
import { ProgressBar } from '../../components';
import { formatDate } from '../../format';
import { usePages } from '../context';
import { Detail } from '../DetailFields';
import { Page, Panel } from '../PageShell';
import { PasswordPanel } from './PasswordPanel';
import { TokensPanel } from './TokensPanel';

export function AccountPage() {
  const { me, hasPasswords } = usePages();
  if (!me) {
    return (
      <Page title={<h2>Account</h2>}>
        <ProgressBar value={null} label="Loading the account" />
      </Page>
    );
  }
  const name = `${me.first_name} ${me.last_name}`.trim();
  return (
    <Page title={<h2>Account</h2>}>
      <Panel
        title={
          <>
            <UserRound size={15} aria-hidden /> {me.username}
          </>
        }
      >
        <dl className="cvl-facts">
          {name && <Detail label="Name">{name}</Detail>}
          {me.email && <Detail label="Email">{me.email}</Detail>}
          <Detail label="Groups">{me.groups.join(', ') || 'None'}</Detail>
          <Detail label="Since">{formatDate(me.date_joined)}</Detail>
        </dl>
      </Panel>
      <TokensPanel />
      {hasPasswords && <PasswordPanel />}
    </Page>
  );
}
