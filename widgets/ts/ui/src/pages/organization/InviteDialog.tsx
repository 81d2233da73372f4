/** Invites people to an organization, several at once. */

import type { Role } from '@cvat-lab/schema';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Dialog,
  describeError,
  IconButton,
  Notice,
  Select,
  TextField,
  useToasts,
} from '../../components';
import { announceChange } from '../../data/freshness';
import { formatCount } from '../../format';
import { usePages } from '../context';
import { ROLE_HINTS, roleOptions, rolesToGive, type Standing } from './roles';

interface Row {
  id: number;
  email: string;
  role: Role;
  /** Why this one could not be invited. */
  failure?: string;
}

interface InviteDialogProps {
  standing: Standing;
  onClose: () => void;
}

export function InviteDialog({ standing, onClose }: InviteDialogProps) {
  const { api } = usePages();
  const toasts = useToasts();
  const roles = rolesToGive(standing);
  const [rows, setRows] = useState<Row[]>([emptyRow(0)]);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const set = (id: number, change: Partial<Row>) =>
    setRows((all) => all.map((row) => (row.id === id ? { ...row, failure: undefined, ...change } : row)));

  const submit = async () => {
    setChecked(true);
    if (rows.some(({ email }) => checkEmail(email))) return;
    setBusy(true);
    const left: Row[] = [];
    for (const row of rows) {
      try {
        await api.teams.invite({ email: row.email.trim(), role: row.role });
      } catch (error) {
        left.push({ ...row, failure: describeError(error) });
      }
    }
    const sent = rows.length - left.length;
    if (sent) toasts.say(`${formatCount(sent, 'invitation is', 'invitations are')} sent`, 'good');
    announceChange();
    setBusy(false);
    setRows(left);
    if (left.length === 0) onClose();
  };

  return (
    <Dialog
      title="Invite members"
      onClose={onClose}
      onSubmit={submit}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Invite
          </Button>
        </>
      }
    >
      <ul className="cvl-invites">
        {rows.map((row, i) => (
          <li key={row.id}>
            <TextField
              label={`Email ${i + 1}`}
              hideLabel
              type="email"
              placeholder="Email"
              value={row.email}
              error={row.failure ?? (checked ? checkEmail(row.email) : null)}
              onChange={(email) => set(row.id, { email })}
            />
            <Select
              label={`Role ${i + 1}`}
              hideLabel
              value={row.role}
              options={roleOptions(roles)}
              onChange={(role) => set(row.id, { role })}
            />
            <IconButton
              icon={X}
              size="small"
              label={`Leave out ${i + 1}`}
              disabled={rows.length === 1}
              onClick={() => setRows((all) => all.filter(({ id }) => id !== row.id))}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button size="small" icon={Plus} onClick={() => setRows((all) => [...all, emptyRow(nextId(all))])}>
          Invite more
        </Button>
      </div>
      <Notice tone="progress">
        <ul>
          {roles.map((role) => (
            <li key={role}>
              A {role} {ROLE_HINTS[role]}.
            </li>
          ))}
        </ul>
      </Notice>
    </Dialog>
  );
}

function emptyRow(id: number): Row {
  return { id, email: '', role: 'worker' };
}

function nextId(rows: readonly Row[]): number {
  return Math.max(...rows.map(({ id }) => id)) + 1;
}

function checkEmail(text: string): string | null {
  return /^\S+@\S+$/.test(text.trim()) ? null : 'An email address is needed';
}
