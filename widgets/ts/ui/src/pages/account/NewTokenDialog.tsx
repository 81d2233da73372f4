/** Makes an access token, and shows its secret this once. */

import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Button, Checkbox, Dialog, Field, Notice, Select, TextField, useToasts } from '../../components';
import { copyText } from '../../components/clipboard';
import { announceChange } from '../../data/freshness';
import { usePages } from '../context';

const DAY_MS = 86_400_000;

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'Never' },
];

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { home } = usePages();
  const toasts = useToasts();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [readOnly, setReadOnly] = useState(false);
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const problem = checked && !name.trim() ? 'Give it a name, so that you know later what it is for' : null;
  const create = async () => {
    setChecked(true);
    if (!name.trim()) return;
    setBusy(true);
    const expiry_date = days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null;
    try {
      const token = await home.accounts.createToken({ name: name.trim(), expiry_date, read_only: readOnly });
      setSecret(token.value ?? '');
      announceChange();
    } catch (error) {
      toasts.fail('Cannot create the token', error);
    } finally {
      setBusy(false);
    }
  };
  if (secret !== null) return <SecretDialog {...{ name, secret, onClose }} />;
  return (
    <Dialog
      title="New access token"
      size="narrow"
      onClose={onClose}
      onSubmit={create}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Create
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        required
        value={name}
        onChange={setName}
        maxLength={50}
        error={problem}
        placeholder="For example: training script"
      />
      <Select label="Expires" value={days} options={LIVES} onChange={setDays} />
      <Checkbox
        label="Read only"
        checked={readOnly}
        onChange={setReadOnly}
        hint="It may look and download, and change nothing."
      />
    </Dialog>
  );
}

interface SecretDialogProps {
  name: string;
  secret: string;
  onClose: () => void;
}

function SecretDialog({ name, secret, onClose }: SecretDialogProps) {
  const toasts = useToasts();
  const copy = () =>
    copyText(secret).then(
      () => toasts.say('The token is on the clipboard', 'good'),
      (error) => toasts.fail('Cannot copy the token', error),
    );
  return (
    <Dialog
      title={`Token “${name.trim()}”`}
      onClose={onClose}
      onSubmit={onClose}
      foot={
        <Button type="submit" kind="primary">
          Done
        </Button>
      }
    >
      <Notice tone="warn">Copy it now: it is shown this once only.</Notice>
      <Field label="Token" hideLabel>
        {(control) => (
          <div className="cvl-row">
            <input
              className="cvl-input cvl-mono cvl-grow"
              readOnly
              {...control}
              value={secret}
              onFocus={(event) => event.target.select()}
            />
            <Button icon={Copy} onClick={copy} data-autofocus>
              Copy
            </Button>
          </div>
        )}
      </Field>
    </Dialog>
  );
}
