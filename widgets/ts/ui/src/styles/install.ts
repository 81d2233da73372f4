/**
 * Puts our style sheets into the page: once per document or shadow root, however many roots are mounted.
 *
 * The sheets are plain CSS, bundled as text, because one ESM file has to work in a notebook output, in JupyterLab's
 * bundle and in a plain page alike.
 */

import controls from './controls.css';
import filters from './filters.css';
import guide from './guide.css';
import labels from './labels.css';
import lists from './lists.css';
import overlays from './overlays.css';
import pages from './pages.css';
import team from './team.css';
import tokens from './tokens.css';

const MARK = 'data-cvl-styles';

/** Install the sheets that components and pages need where `element` is. */
export function installStyles(element: Element): void {
  addStyles(
    element,
    'base',
    [tokens, controls, overlays, lists, filters, labels, pages, guide, team].join('\n'),
  );
}

/** Add a sheet under a name, once. */
export function addStyles(element: Element, name: string, css: string): void {
  const root = element.getRootNode();
  const home = root instanceof ShadowRoot ? root : element.ownerDocument.head;
  if (home.querySelector(`style[${MARK}="${name}"]`)) return;
  const style = element.ownerDocument.createElement('style');
  style.setAttribute(MARK, name);
  style.textContent = css;
  home.append(style);
}
