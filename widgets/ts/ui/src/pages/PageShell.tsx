/** The frame of every page: heading and content. */

import type { ReactNode } from 'react';
import { Breadcrumbs, type Crumb, classes } from '../components';

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
