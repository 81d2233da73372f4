/** Leaving an organization, and removing it. */

import type { OrganizationRead } from '@cvat-lab/schema';
import { LogOut, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, ConfirmDialog, Dialog, Menu, type MenuItem, TextField } from '../../components';
import { usePages } from '../context';
import { useChange } from '../useChange';
import { mayRemoveOrganization, type Standing } from './roles';

interface OrganizationActionsProps {
  organization: OrganizationRead;
  standing: Standing;
  ownId: number | null;
}

export function OrganizationActions({ organization, standing, ownId }: OrganizationActionsProps) {
  const [dialog, setDialog] = useState<'leave' | 'remove' | null>(null);
  const close = () => setDialog(null);
  const items: MenuItem[] = [];
  if (ownId !== null && standing !== 'owner')
    items.push({ label: 'Leave organization', icon: LogOut, onSelect: () => setDialog('leave') });
  if (mayRemoveOrganization(standing))
    items.push({
      label: 'Remove organization',
      icon: Trash2,
      onSelect: () => setDialog('remove'),
      danger: true,
    });
  if (items.length === 0) return null;
  return (
    <>
      <Menu label="Actions" items={items} />
      {dialog === 'leave' && <LeaveDialog {...{ organization, ownId }} onClose={close} />}
      {dialog === 'remove' && <RemoveDialog organization={organization} onClose={close} />}
    </>
  );
}

/** What comes after the organization is gone for the user. */
function useGone(): () => void {
  const { navigate, switchOrganization } = usePages();
  return () => {
    navigate({ page: 'projects' });
    switchOrganization?.('');
  };
}

interface LeaveDialogProps extends Omit<OrganizationActionsProps, 'standing'> {
  onClose: () => void;
}

function LeaveDialog({ organization, ownId, onClose }: LeaveDialogProps) {
  const { api } = usePages();
  const change = useChange();
  const gone = useGone();
  const leave = async () => {
    const left = await change('leave the organization', () => api.teams.deleteMembership(ownId!));
    onClose();
    if (left) gone();
  };
  return (
    <ConfirmDialog
      title={`Leave ${organization.slug}?`}
      action="Leave"
      danger
      onConfirm={leave}
      onCancel={onClose}
    >
      You no longer see its projects and tasks. To come back you need another invitation.
    </ConfirmDialog>
  );
}

interface RemoveDialogProps {
  organization: OrganizationRead;
  onClose: () => void;
}

function RemoveDialog({ organization, onClose }: RemoveDialogProps) {
  const { home } = usePages();
  const change = useChange();
  const gone = useGone();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const matches = typed === organization.slug;
  const remove = async () => {
    if (!matches) return;
    setBusy(true);
    const removed = await change('remove the organization', () =>
      home.teams.deleteOrganization(organization.id),
    );
    onClose();
    if (removed) gone();
  };
  return (
    <Dialog
      title={`Remove ${organization.slug}?`}
      size="narrow"
      onClose={onClose}
      onSubmit={remove}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" busy={busy} disabled={!matches}>
            Remove
          </Button>
        </>
      }
    >
      <p>
        All its projects, tasks, jobs and annotations are deleted. This cannot be undone. Type{' '}
        <strong>{organization.slug}</strong> to go on.
      </p>
      <TextField
        label="Short name"
        hideLabel
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        data-autofocus
      />
    </Dialog>
  );
}
