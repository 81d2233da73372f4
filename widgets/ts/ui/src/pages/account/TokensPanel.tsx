/** Personal access tokens: what scripts and command lines log in with. */

import type { AccessTokenRead } from '@cvat-lab/schema';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, ConfirmDialog, IconButton, LoadError, ProgressBar } from '../../components';
import { useLoad } from '../../data/useLoad';
import { formatAge, formatDate } from '../../format';
import { usePages } from '../context';
import { Panel } from '../PageShell';
import { useChange } from '../useChange';
import { NewTokenDialog } from './NewTokenDialog';

export function TokensPanel() {
  const { home } = usePages();
  const tokens = useLoad('access tokens', (signal) => home.accounts.tokens(signal));
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title={
        <>
          <KeyRound size={15} aria-hidden /> Access tokens
        </>
      }
      end={
        <Button size="small" icon={Plus} onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      {tokens.error ? (
        <LoadError what="the access tokens" error={tokens.error} onRetry={tokens.reload} />
      ) : !tokens.data ? (
        <ProgressBar value={null} label="Loading the access tokens" />
      ) : tokens.data.length === 0 ? (
        <p className="cvl-soft">
          With a token, scripts and command lines work in your name without your password.
        </p>
      ) : (
        <TokenTable tokens={tokens.data} />
      )}
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function TokenTable({ tokens }: { tokens: readonly AccessTokenRead[] }) {
  return (
    <div className="cvl-table-wide">
      <table className="cvl-table" aria-label="Access tokens">
        <thead>
          <tr>
            <th>Name</th>
            <th>May</th>
            <th>Created</th>
            <th>Last used</th>
            <th>Expires</th>
            <th>
              <span className="cvl-visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td>{token.read_only ? 'Read' : 'Read and write'}</td>
              <Moment date={token.created_date} />
              <Moment date={token.last_used_date} none="Never" />
              <Moment date={token.expiry_date} none="Never" />
              <td>
                <RevokeButton token={token} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Moment({ date, none = '' }: { date: string | null; none?: string }) {
  return (
    <td className="cvl-soft cvl-nowrap" title={date ? formatDate(date) : undefined}>
      {date ? formatAge(date) : none}
    </td>
  );
}

function RevokeButton({ token }: { token: AccessTokenRead }) {
  const { home } = usePages();
  const change = useChange();
  const [asking, setAsking] = useState(false);
  const revoke = async () => {
    await change(`revoke “${token.name}”`, () => home.accounts.revokeToken(token.id));
    setAsking(false);
  };
  return (
    <>
      <IconButton icon={Trash2} size="small" label={`Revoke ${token.name}`} onClick={() => setAsking(true)} />
      {asking && (
        <ConfirmDialog
          title={`Revoke “${token.name}”?`}
          action="Revoke"
          danger
          onConfirm={revoke}
          onCancel={() => setAsking(false)}
        >
          Whatever logs in with this token stops working. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}
