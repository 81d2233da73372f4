/** The frame of every page: navigation, heading, content. */

import type { LucideIcon } from 'lucide-react';
import { Activity, BriefcaseBusiness, FolderKanban, ListTodo } from 'lucide-react';
import type { ReactNode } from 'react';
import { Breadcrumbs, type Crumb, classes, Person } from '../components';
import { usePages } from './context';
import { type ListRoute, type Route, sectionOf } from './route';

const SECTIONS: readonly { page: ListRoute['page']; label: string; icon: LucideIcon }[] = [
  { page: 'projects', label: 'Projects', icon: FolderKanban },
  { page: 'tasks', label: 'Tasks', icon: ListTodo },
  { page: 'jobs', label: 'Jobs', icon: BriefcaseBusiness },
  { page: 'requests', label: 'Requests', icon: Activity },
];

/** Links to the lists, and who is logged in. */
export function NavigationBar({ route }: { route: Route }) {
  const { navigate, me } = usePages();
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
      {me && <Person user={me} />}
    </header>
  );
}

interface PageProps {
  crumbs?: Crumb[];
  /** Line above the content: a title on the left, buttons on the right. */
  title?: ReactNode;
  actions?: ReactNode;
  /** Forms are easier to read when they are narrow. */
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ crumbs, title, actions, narrow, children }: PageProps) {
  return (
    <main className={classes('cvl-page', narrow && 'cvl-page-narrow')}>
      {crumbs && <Breadcrumbs crumbs={crumbs} />}
      {(title || actions) && (
        <div className="cvl-page-head">
          <div className="cvl-page-title">{title}</div>
          {actions && <div className="cvl-row">{actions}</div>}
        </div>
      )}
      {children}
    </main>
  );
}

interface PanelProps {
  title: ReactNode;
  /** What stands at the end of the title line. */
  end?: ReactNode;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, end, children }: PanelProps) {
  return (
    <section className="cvl-panel">
      <div className="cvl-panel-head">
        <h3>{title}</h3>
        {end}
      </div>
      {children}
    </section>
  );
}
