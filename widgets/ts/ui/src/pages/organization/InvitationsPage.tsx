/** The invitations that the user has, to accept or to decline. */

import type { InvitationRead } from '@cvat-lab/schema';
import { Mail } from 'lucide-react';
import { Button, EmptyState, LoadError, ProgressBar, useToasts } from '../../components';
import { useLoad } from '../../data/useLoad';
import { formatAge } from '../../format';
import { usePages } from '../context';
import { Page } from '../PageShell';
import { useChange } from '../useChange';

export function InvitationsPage() {
  const { home, me } = usePages();
  const query = { accepted: false, user_id: me?.id };
  const invitations = useLoad(`invited ${me?.id}`, (signal) => home.teams.invitations(query, signal));
  const { data, error, reload } = invitations;
  const mine = data?.filter(({ user, accepted }) => user.id === me?.id && !accepted);
  return (
    <Page title={<h2>Invitations</h2>} narrow>
      {error ? (
        <LoadError what="the invitations" error={error} onRetry={reload} />
      ) : !mine ? (
        <ProgressBar value={null} label="Loading the invitations" />
      ) : mine.length === 0 ? (
        <EmptyState icon={Mail} title="No invitations" />
      ) : (
        <ul className="cvl-rows" aria-label="invitations">
          {mine.map((invitation) => (
            <li key={invitation.key}>
              <InvitationRow invitation={invitation} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function InvitationRow({ invitation }: { invitation: InvitationRead }) {
  const { home, switchOrganization } = usePages();
  const change = useChange();
  const toasts = useToasts();
  const { key, owner, role, created_date, expired } = invitation;
  const { slug } = invitation.organization_info;
  const accept = async () => {
    if (!(await change(`join ${slug}`, () => home.teams.acceptInvitation(key)))) return;
    toasts.say(`You are in ${slug} now`, 'good');
    switchOrganization?.(slug);
  };
  const decline = () => change('decline the invitation', () => home.teams.declineInvitation(key));
  return (
    <article className="cvl-item cvl-request">
      <div className="cvl-item-main">
        <div className="cvl-item-title">
          <strong>{slug}</strong>
          <span className="cvl-chip">{role}</span>
          {expired && <span className="cvl-chip">expired</span>}
        </div>
        <div className="cvl-soft">
          Invited {formatAge(created_date)}
          {owner && ` by ${owner.username}`}
        </div>
      </div>
      <div className="cvl-item-end">
        <Button onClick={decline}>Decline</Button>
        <Button kind="primary" disabled={expired === true} onClick={accept}>
          Accept
        </Button>
      </div>
    </article>
  );
}
