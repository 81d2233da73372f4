/** The form for a new organization. */

import { type FormEvent, useState } from 'react';
import { Button, describeError, Notice, TextArea, TextField } from '../../components';
import { announceChange } from '../../data/freshness';
import { usePages } from '../context';
import { Page, Panel } from '../PageShell';

const EMPTY = { slug: '', name: '', description: '', email: '', phoneNumber: '', location: '' };
const LONGEST_SLUG = 16;

export function CreateOrganizationPage() {
  const { home, navigate, switchOrganization } = usePages();
  const [form, setForm] = useState(EMPTY);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const field = (name: keyof typeof EMPTY) => ({
    value: form[name],
    onChange: (value: string) => setForm((before) => ({ ...before, [name]: value })),
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (checkSlug(form.slug)) return;
    setBusy(true);
    setFailure(null);
    try {
      const { slug, name, description, ...contact } = form;
      // The full name is the short one where nobody gives another.
      const written = { slug: slug.trim(), name: name.trim() || slug.trim(), description, contact };
      const made = await home.teams.createOrganization(written);
      announceChange();
      navigate({ page: 'organization' });
      switchOrganization?.(made.slug);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Page title={<h2>Create an organization</h2>} narrow>
      <form className="cvl-form" noValidate onSubmit={submit}>
        <Panel title="Organization">
          <div className="cvl-form-grid">
            <TextField
              label="Short name"
              required
              autoFocus
              maxLength={LONGEST_SLUG}
              hint="Stands in the menu, and cannot be changed later."
              error={checked ? checkSlug(form.slug) : null}
              {...field('slug')}
            />
            <TextField label="Full name" maxLength={64} {...field('name')} />
          </div>
          <TextArea label="Description" rows={3} {...field('description')} />
        </Panel>
        <Panel title="Contact">
          <div className="cvl-form-grid">
            <TextField label="Email" type="email" {...field('email')} />
            <TextField label="Phone" type="tel" {...field('phoneNumber')} />
            <TextField label="Location" {...field('location')} />
          </div>
        </Panel>
        {failure !== null && <Notice tone="bad">{describeError(failure)}</Notice>}
        <div className="cvl-row">
          <Button type="submit" kind="primary" busy={busy}>
            Create
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** What is wrong with a short name. */
export function checkSlug(text: string): string | null {
  const slug = text.trim();
  if (!slug) return 'Give it a short name';
  if (slug.length > LONGEST_SLUG) return `At most ${LONGEST_SLUG} characters`;
  return /^[-a-zA-Z0-9_]+$/.test(slug) ? null : 'Only letters, digits, - and _ can be used';
}
