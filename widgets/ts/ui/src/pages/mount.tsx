/** Puts the pages into an element of any host: a JupyterLab widget, a plain page. */

import { createRoot } from 'react-dom/client';
import { announceChange } from '../data/freshness';
import { installStyles } from '../styles/install';
import { AppPages, type AppPagesProps } from './app';

export type MountPagesOptions = AppPagesProps;

export interface PagesHandle {
  /** Change some of the options, for example the route after `onNavigate`. */
  update(options: Partial<MountPagesOptions>): void;
  /** Load again what is shown, for example when the page comes to the front. */
  refresh(): void;
  dispose(): void;
}

/**
 * Mount the pages.
 *
 * The host owns the route: `onNavigate` says where the user wants to go, and `update({ route })` goes there.
 */
export function mountPages(element: HTMLElement, options: MountPagesOptions): PagesHandle {
  installStyles(element);
  element.classList.add('cvl-root', 'cvl-host');
  const root = createRoot(element);
  let current = options;
  const render = () => root.render(<AppPages {...current} />);
  render();
  return {
    update(changes) {
      current = { ...current, ...changes };
      render();
    },
    refresh: announceChange,
    dispose() {
      root.unmount();
      element.classList.remove('cvl-root', 'cvl-host');
    },
  };
}
