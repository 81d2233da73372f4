/** The way from the start page to here. */

import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { LinkButton } from './Button';

export interface Crumb {
  label: string;
  /** Missing = this is the current page. */
  onOpen?: () => void;
}

export function Breadcrumbs({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav className="cvl-crumbs" aria-label="Breadcrumbs">
      {crumbs.map(({ label, onOpen }, i) => (
        <Fragment key={label}>
          {i > 0 && <ChevronRight size={13} aria-hidden />}
          {onOpen ? (
            <LinkButton onClick={onOpen}>{label}</LinkButton>
          ) : (
            <span aria-current="page">{label}</span>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
