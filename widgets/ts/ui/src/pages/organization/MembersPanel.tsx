/** The members of an organization and those who are invited, with their roles. */

import { ApiError } from '@cvat-lab/client';
import type { InvitationRead, MembershipRead } from '@cvat-lab/schema';
import { MailPlus, RotateCw, UserMinus, Users } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  ConfirmDialog,
  LoadError,
  Menu,
  type MenuItem,
  Pager,
  Person,
  ProgressBar,
  SearchField,
  Select,
  useToasts,
} from '../../components';
import { useLoad } from '../../data/useLoad';
import { formatAge, formatDate } from '../../format';
import { usePages } from '../context';
import { Panel } from '../PageShell';
import { useChange } from '../useChange';
import { InviteDialog } from './InviteDialog';
import { mayChange, mayManage, ROLE_TEXT, roleOptions, rolesToGive, type Standing } from './roles';

const PAGE_SIZE = 20;

export function MembersPanel({ standing }: { standing: Standing }) {
  const { api } = usePages();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const [inviting, setInviting] = useState(false);
  const query = { search: search || undefined, page, page_size: PAGE_SIZE, sort: 'id' };
  const members = useLoad(`members ${JSON.stringify(query)}`, async (signal) => {
    const [found, invitations] = await Promise.all([
      api.teams.members(query, signal),
      api.teams.invitations({}, signal).catch(noneIfForbidden),
    ]);
    return { ...found, invitations: new Map(invitations.map((invitation) => [invitation.key, invitation])) };
  });
  return (
    <Panel
      title={
        <>
          <Users size={15} aria-hidden /> Members{' '}
          {members.data && <span className="cvl-soft">{members.data.count}</span>}
        </>
      }
      end={
        mayChange(standing) && (
          <Button size="small" icon={MailPlus} onClick={() => setInviting(true)}>
            Invite members
          </Button>
        )
      }
    >
      <SearchField
        label="Search members"
        placeholder="Search members"
        value={search}
        onSearch={(text) => {
          setSearch(text);
          setPage(1);
        }}
      />
      {members.error ? (
        <LoadError what="the members" error={members.error} onRetry={members.reload} />
      ) : !members.data ? (
        <ProgressBar value={null} label="Loading the members" />
      ) : (
        <MemberTable
          {...{ standing }}
          members={members.data.results}
          invitations={members.data.invitations}
        />
      )}
      {members.data && (
        <Pager page={page} pageSize={PAGE_SIZE} count={members.data.count} onChange={setPage} />
      )}
      {inviting && <InviteDialog standing={standing} onClose={() => setInviting(false)} />}
    </Panel>
  );
}

/** Not everybody may see who was invited by whom; the members are shown without it then. */
function noneIfForbidden(error: unknown): InvitationRead[] {
  if (error instanceof ApiError && error.status === 403) return [];
  throw error;
}

interface MemberTableProps {
  standing: Standing;
  members: readonly MembershipRead[];
  invitations: ReadonlyMap<string, InvitationRead>;
}

function MemberTable({ standing, members, invitations }: MemberTableProps) {
  if (members.length === 0) return <p className="cvl-soft">No members match.</p>;
  return (
    <table className="cvl-table cvl-members" aria-label="Members">
      <thead>
        <tr>
          <th>Name</th>
          <th>Role</th>
          <th>Since</th>
          <th>
            <span className="cvl-visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.id}>
            <td>
              <Person user={member.user} />
            </td>
            <td>
              <RoleField member={member} standing={standing} />
            </td>
            <td className="cvl-soft">
              <Since member={member} invitation={invitations.get(member.invitation ?? '')} />
            </td>
            <td>{mayManage(standing, member.role) && <MemberActions member={member} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RoleField({ member, standing }: { member: MembershipRead; standing: Standing }) {
  const { api } = usePages();
  const change = useChange();
  if (!mayManage(standing, member.role)) return <>{ROLE_TEXT[member.role]}</>;
  return (
    <Select
      label={`Role of ${member.user.username}`}
      hideLabel
      quiet
      value={member.role}
      options={roleOptions(rolesToGive(standing))}
      onChange={(role) =>
        change(`change the role of ${member.user.username}`, () => api.teams.setRole(member.id, role))
      }
    />
  );
}

/** When the member joined, else who invited him and when. */
function Since({ member, invitation }: { member: MembershipRead; invitation: InvitationRead | undefined }) {
  const by = invitation?.owner ? ` by ${invitation.owner.username}` : '';
  const invited = invitation && `Invited ${formatAge(invitation.created_date)}${by}`;
  if (member.is_active && member.joined_date) {
    const title = [formatDate(member.joined_date), invited].filter(Boolean).join('. ');
    return <span title={title}>Joined {formatAge(member.joined_date)}</span>;
  }
  return (
    <>
      {invited ?? 'Invited'}
      {invitation?.expired && <span className="cvl-chip cvl-chip-end">expired</span>}
    </>
  );
}

function MemberActions({ member }: { member: MembershipRead }) {
  const { api } = usePages();
  const change = useChange();
  const toasts = useToasts();
  const [asking, setAsking] = useState(false);
  const { username } = member.user;
  const resend = async (key: string) => {
    if (await change(`invite ${username} again`, () => api.teams.resendInvitation(key)))
      toasts.say(`${username} is invited again`, 'good');
  };
  const remove = async () => {
    await change(`remove ${username}`, () => api.teams.deleteMembership(member.id));
    setAsking(false);
  };
  const pending = !member.is_active && member.invitation !== null;
  const items: MenuItem[] = [
    ...(pending
      ? [{ label: 'Resend invitation', icon: RotateCw, onSelect: () => resend(member.invitation!) }]
      : []),
    {
      label: pending ? 'Remove invitation' : 'Remove member',
      icon: UserMinus,
      onSelect: () => setAsking(true),
      danger: true,
    },
  ];
  return (
    <>
      <Menu label={`Actions of ${username}`} compact size="small" items={items} />
      {asking && (
        <ConfirmDialog
          title={`Remove ${username}?`}
          action="Remove"
          danger
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        >
          {pending
            ? 'The invitation can no longer be accepted.'
            : 'What is assigned stays assigned, but can no longer be opened.'}
        </ConfirmDialog>
      )}
    </>
  );
}
