/** Changing the password, where the server keeps passwords itself: stand-alone, and not below Jupyter or the Hub. */

import { LockKeyhole } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button, describeError, Notice, TextField, useToasts } from '../../components';
import { usePages } from '../context';
import { Panel } from '../PageShell';

const SHORTEST = 8;
const EMPTY = { old: '', next: '', again: '' };

export function PasswordPanel() {
  const { home, me } = usePages();
  const toasts = useToasts();
  const [form, setForm] = useState(EMPTY);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const problems = checkPasswords(form);
  const set = (field: keyof typeof EMPTY) => (value: string) =>
    setForm((before) => ({ ...before, [field]: value }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(problems).length) return;
    setBusy(true);
    setFailure(null);
    try {
      await home.accounts.changePassword({ old: form.old, next: form.next });
      toasts.say('The password is changed', 'good');
      setForm(EMPTY);
      setChecked(false);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const shown = checked ? problems : {};
  return (
    <Panel
      title={
        <>
          <LockKeyhole size={15} aria-hidden /> Password
        </>
      }
    >
      <form className="cvl-form" noValidate onSubmit={submit}>
        {/* Managers of passwords look for the name beside them. */}
        <input type="text" autoComplete="username" value={me?.username ?? ''} readOnly hidden />
        <div className="cvl-form-grid">
          <TextField
            label="Old password"
            type="password"
            autoComplete="current-password"
            value={form.old}
            error={shown.old}
            onChange={set('old')}
          />
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            value={form.next}
            error={shown.next}
            onChange={set('next')}
          />
          <TextField
            label="New password again"
            type="password"
            autoComplete="new-password"
            value={form.again}
            error={shown.again}
            onChange={set('again')}
          />
        </div>
        {failure !== null && <Notice tone="bad">{describeError(failure)}</Notice>}
        <div>
          <Button type="submit" busy={busy}>
            Change the password
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** What is wrong with the three fields. */
export function checkPasswords({ old, next, again }: typeof EMPTY): Partial<typeof EMPTY> {
  return {
    ...(!old && { old: 'Type the password that you have now' }),
    ...(next.length < SHORTEST && { next: `At least ${SHORTEST} characters` }),
    ...(next !== again && { again: 'This is not the same' }),
  };
}
