/** Who is working, and in which organization: the menu at the end of the navigation bar. */

import type { OrganizationRead } from '@cvat-lab/schema';
import { Building2, ChevronDown, KeyRound, Mail, Plus, Settings, UserRound } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import {
  Avatar,
  type CloseReason,
  fullName,
  type MenuItem,
  MenuList,
  Popup,
  ProgressBar,
} from '../components';
import { useLoad } from '../data/useLoad';
import { type PagesValue, usePages } from './context';

export function UserMenu() {
  const { me, api } = usePages();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const slug = api.organization ?? '';
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="cvl-user"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="User menu"
        title={[me && fullName(me), slug && `in ${slug}`].filter(Boolean).join(', ')}
        onClick={() => setOpen(!open)}
      >
        {me ? <Avatar user={me} /> : <UserRound size={16} aria-hidden />}
        <span className="cvl-user-names">
          <span className="cvl-ellipsis">{me?.username}</span>
          {slug && <span className="cvl-user-place cvl-ellipsis">{slug}</span>}
        </span>
        <ChevronDown size={13} aria-hidden />
      </button>
      {open && (
        <UserMenuPopup
          anchor={anchor}
          onClose={(reason) => (reason === 'outside' ? setOpen(false) : close())}
        />
      )}
    </>
  );
}

interface UserMenuPopupProps {
  anchor: RefObject<HTMLButtonElement>;
  onClose: (reason: CloseReason | 'chosen') => void;
}

/** The popup itself draws what is loaded, because it finds its place anew whenever it is drawn. */
function UserMenuPopup({ anchor, onClose }: UserMenuPopupProps) {
  const pages = usePages();
  const { me, home } = pages;
  // A server that cannot tell them has none to choose from; the rest of the menu works all the same.
  const organizations = useLoad('organizations', (signal) => home.teams.organizations(signal));
  const query = { accepted: false, user_id: me?.id };
  const invited = useLoad(`invited ${me?.id}`, (signal) => home.teams.invitations(query, signal)).data ?? [];
  const mine = invited.filter(({ user, accepted }) => user.id === me?.id && !accepted);
  const items = menuItems(pages, organizations.data ?? null, mine.length);
  return (
    <Popup anchor={anchor} align="end" onClose={onClose}>
      {me && (
        <div className="cvl-user-card">
          <strong>{fullName(me)}</strong>
          {me.email && <span className="cvl-soft">{me.email}</span>}
        </div>
      )}
      {organizations.loading && !organizations.data ? (
        <ProgressBar value={null} label="Loading the organizations" />
      ) : (
        <MenuList label="User menu" items={items} onClose={() => onClose('chosen')} />
      )}
    </Popup>
  );
}

function menuItems(
  pages: PagesValue,
  organizations: readonly OrganizationRead[] | null,
  invitations: number,
): MenuItem[] {
  const { api, navigate, switchOrganization } = pages;
  const account: MenuItem = {
    label: 'Account and access tokens',
    icon: KeyRound,
    onSelect: () => navigate({ page: 'account' }),
  };
  if (!switchOrganization || !organizations) return [account];
  const items: MenuItem[] = [
    ...placeItems(pages, organizations),
    {
      label: 'Create an organization',
      icon: Plus,
      onSelect: () => navigate({ page: 'create-organization' }),
      separated: true,
    },
  ];
  if (api.organization)
    items.push({
      label: 'Organization settings',
      icon: Settings,
      onSelect: () => navigate({ page: 'organization' }),
    });
  if (invitations)
    items.push({
      label: 'Invitations',
      icon: Mail,
      hint: String(invitations),
      onSelect: () => navigate({ page: 'invitations' }),
    });
  return [...items, { ...account, separated: true }];
}

/** The places to work in: the personal workspace and the organizations. */
function placeItems(
  { api, switchOrganization }: PagesValue,
  organizations: readonly OrganizationRead[],
): MenuItem[] {
  const active = api.organization ?? '';
  return ['', ...organizations.map(({ slug }) => slug)].map((slug, i) => ({
    label: slug || 'Personal workspace',
    icon: slug ? Building2 : UserRound,
    heading: i === 0 ? 'Work in' : undefined,
    checked: slug === active,
    onSelect: () => slug !== active && switchOrganization?.(slug),
  }));
}
