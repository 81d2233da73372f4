/** Who is working, and in which organization: the menu at the end of the navigation bar. */

import type { OrganizationRead } from '@cvat-lab/client';
import { Building2, ChevronDown, KeyRound, Mail, Plus, Settings, UserRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { Avatar, fullName, type MenuItem, MenuList, Popup, ProgressBar } from '../components';
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
        <Popup
          anchor={anchor}
          align="end"
          onClose={(reason) => (reason === 'escape' ? close() : setOpen(false))}
        >
          <UserMenuContent onClose={close} />
        </Popup>
      )}
    </>
  );
}

function UserMenuContent({ onClose }: { onClose: () => void }) {
  const pages = usePages();
  const { me, home } = pages;
  // A server that cannot tell them has none to choose from; the rest of the menu works all the same.
  const organizations = useLoad('organizations', (signal) => home.teams.organizations(signal));
  const invited = useLoad('invited', (signal) => home.teams.invitations({ accepted: false }, signal));
  const mine = (invited.data ?? []).filter(({ user, accepted }) => user.id === me?.id && !accepted);
  return (
    <>
      {me && (
        <div className="cvl-user-card">
          <strong>{fullName(me)}</strong>
          {me.email && <span className="cvl-soft">{me.email}</span>}
        </div>
      )}
      {organizations.loading && !organizations.data ? (
        <ProgressBar value={null} label="Loading the organizations" />
      ) : (
        <MenuList
          label="User menu"
          items={menuItems(pages, organizations.data ?? null, mine.length)}
          onClose={onClose}
        />
      )}
    </>
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
