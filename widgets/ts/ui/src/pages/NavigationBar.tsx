/** The bar above every page: links to the lists, and the menu of the user. */

import type { LucideIcon } from 'lucide-react';
import { Activity, BriefcaseBusiness, FolderKanban, ListTodo } from 'lucide-react';
import { usePages } from './context';
import { type ListRoute, type Route, sectionOf } from './route';
import { UserMenu } from './UserMenu';

const SECTIONS: readonly { page: ListRoute['page']; label: string; icon: LucideIcon }[] = [
  { page: 'projects', label: 'Projects', icon: FolderKanban },
  { page: 'tasks', label: 'Tasks', icon: ListTodo },
  { page: 'jobs', label: 'Jobs', icon: BriefcaseBusiness },
  { page: 'requests', label: 'Requests', icon: Activity },
];

/** Links to the lists, and who is logged in. */
export function NavigationBar({ route }: { route: Route }) {
  const { navigate } = usePages();
  const here = sectionOf(route);
  return (
    <header className="cvl-nav">
      <nav aria-label="Sections">
        {SECTIONS.map(({ page, label, icon: Icon }) => (
          <button
            key={page}
            type="button"
            className="cvl-tab"
            title={label}
            aria-current={page === here ? 'page' : undefined}
            onClick={() => navigate({ page })}
          >
            <Icon size={15} aria-hidden />
            <span>{label}</span>
          </button>
        ))}
      </nav>
      <UserMenu />
    </header>
  );
}
