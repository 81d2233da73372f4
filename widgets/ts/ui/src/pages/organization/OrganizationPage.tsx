/** The organization that the user works in: what it is, its members, and how to leave or remove it. */

import type { Contact } from '@cvat-lab/client';
import type { OrganizationPatch, OrganizationRead } from '@cvat-lab/schema';
import { Building2 } from 'lucide-react';
import { Button, EmptyState, InlineEdit, LoadError, ProgressBar } from '../../components';
import { useLoad } from '../../data/useLoad';
import { formatDate } from '../../format';
import { usePages } from '../context';
import { Detail } from '../DetailFields';
import { Page, Panel } from '../PageShell';
import { useChange } from '../useChange';
import { MembersPanel } from './MembersPanel';
import { OrganizationActions } from './OrganizationActions';
import { mayChange, type Standing, standingOf } from './roles';

export function OrganizationPage() {
  const { api, home, me, navigate } = usePages();
  const slug = api.organization ?? '';
  const organizations = useLoad('organizations', (signal) => home.teams.organizations(signal));
  // The own membership says what one may do. Members come in pages, and a large organization has many.
  const own = useLoad(`own membership ${slug} ${me?.id}`, async (signal) => {
    if (!slug || !me) return [];
    const filter = { '==': [{ var: 'user' }, me.username] };
    return (await api.teams.members({ filter, page_size: 1 }, signal)).results;
  });
  const error = organizations.error || own.error;
  if (error) {
    return (
      <Page>
        <LoadError
          what="the organization"
          error={error}
          onRetry={() => {
            organizations.reload();
            own.reload();
          }}
        />
      </Page>
    );
  }
  if (!organizations.data || !own.data) {
    return (
      <Page>
        <ProgressBar value={null} label="Loading the organization" />
      </Page>
    );
  }
  const organization = organizations.data.find((one) => one.slug === slug);
  if (!organization) {
    return (
      <Page>
        <EmptyState icon={Building2} title={slug ? `You are not in ${slug}` : 'No organization is chosen'}>
          <span className="cvl-soft">Choose one in the menu at the top, or create your own.</span>
          <Button onClick={() => navigate({ page: 'create-organization' })}>Create an organization</Button>
        </EmptyState>
      </Page>
    );
  }
  const membership = own.data[0] ?? null;
  const standing = standingOf(me, own.data);
  return <LoadedOrganization {...{ organization, standing }} ownId={membership?.id ?? null} />;
}

interface LoadedOrganizationProps {
  organization: OrganizationRead;
  standing: Standing;
  /** The user's own membership. */
  ownId: number | null;
}

function LoadedOrganization({ organization, standing, ownId }: LoadedOrganizationProps) {
  const { home } = usePages();
  const change = useChange();
  const { name, slug, owner, created_date } = organization;
  const patch = (fields: OrganizationPatch) =>
    change('change the organization', () => home.teams.updateOrganization(organization.id, fields));
  const editable = mayChange(standing);
  return (
    <Page
      title={
        editable ? (
          <InlineEdit
            label="Full name"
            value={name || slug}
            maxLength={64}
            required
            onSave={(text) => patch({ name: text })}
          />
        ) : (
          <h2>{name || slug}</h2>
        )
      }
      actions={<OrganizationActions {...{ organization, standing, ownId }} />}
    >
      <Panel
        title={
          <>
            <Building2 size={15} aria-hidden /> {slug}
          </>
        }
      >
        <dl className="cvl-facts">
          <Detail label="Owner">{owner?.username ?? 'Nobody'}</Detail>
          <Detail label="Created">{formatDate(created_date)}</Detail>
          <OrganizationFields organization={organization} onSave={editable ? patch : null} />
        </dl>
      </Panel>
      <MembersPanel standing={standing} />
    </Page>
  );
}

interface OrganizationFieldsProps {
  organization: OrganizationRead;
  /** Null = the user may only read. */
  onSave: ((patch: OrganizationPatch) => void) | null;
}

const CONTACTS = [
  { field: 'email', label: 'Email' },
  { field: 'phoneNumber', label: 'Phone' },
  { field: 'location', label: 'Location' },
] as const;

function OrganizationFields({ organization, onSave }: OrganizationFieldsProps) {
  const { description } = organization;
  const contact: Contact = organization.contact;
  return (
    <>
      <TextDetail
        label="Description"
        value={description}
        onSave={onSave && ((text) => onSave({ description: text }))}
      />
      {CONTACTS.map(({ field, label }) => (
        <TextDetail
          key={field}
          label={label}
          value={contact[field] ?? ''}
          onSave={onSave && ((text) => onSave({ contact: { ...contact, [field]: text } }))}
        />
      ))}
    </>
  );
}

interface TextDetailProps {
  label: string;
  value: string;
  onSave: ((text: string) => void) | null;
}

function TextDetail({ label, value, onSave }: TextDetailProps) {
  return (
    <Detail label={label}>
      {onSave ? (
        <InlineEdit label={label} value={value} placeholder="None" onSave={onSave} />
      ) : (
        value || <span className="cvl-soft">None</span>
      )}
    </Detail>
  );
}
