/**
 * Who turns Markdown into elements.
 *
 * JupyterLab has a renderer that its users know, with formulas and coloured code, and with a sanitizer that is looked
 * after; we bring none of our own. The panel lends it to everything of ours in the same page, the widget in a notebook
 * included, whose script is another bundle. Where nobody lends one, Markdown is shown as the text that it is.
 */

export interface RenderedMarkdown {
  node: HTMLElement;
  dispose(): void;
}

/** The text may come from anybody: scripts in it must not run, whatever form they have. */
export type MarkdownRenderer = (markdown: string) => Promise<RenderedMarkdown>;

/** Bundles do not share their modules, but they share the page. */
const KEY = Symbol.for('cvat-lab.markdown-renderer');

type Home = { [KEY]?: MarkdownRenderer };

export function setMarkdownRenderer(renderer: MarkdownRenderer): void {
  (globalThis as Home)[KEY] = renderer;
}

export function renderMarkdown(markdown: string): Promise<RenderedMarkdown> {
  return ((globalThis as Home)[KEY] ?? renderPlain)(markdown);
}

async function renderPlain(markdown: string): Promise<RenderedMarkdown> {
  const node = document.createElement('pre');
  node.className = 'cvl-plain-text';
  node.textContent = markdown;
  return { node, dispose: () => undefined };
}
