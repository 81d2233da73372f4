/** Lends JupyterLab's Markdown renderer to our pages. */

import { type RenderedMarkdown, setMarkdownRenderer } from '@cvat-lab/ui';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { Widget } from '@lumino/widgets';

const MARKDOWN = 'text/markdown';

export function lendMarkdown(rendermime: IRenderMimeRegistry): void {
  setMarkdownRenderer(async (markdown): Promise<RenderedMarkdown> => {
    const renderer = rendermime.createRenderer(MARKDOWN);
    // Not trusted: the sanitizer goes over what comes out, and scripts do not run.
    await renderer.renderModel(rendermime.createModel({ data: { [MARKDOWN]: markdown }, trusted: false }));
    // Lumino would do this when it attaches the widget, which it never does here.
    rendermime.latexTypesetter?.typeset(renderer.node);
    return { node: renderer.node, dispose: () => disposeUnattached(renderer) };
  });
}

/** React has put the node into the page, and takes it out again; Lumino knows nothing of it. */
function disposeUnattached(renderer: Widget): void {
  renderer.node.remove();
  renderer.dispose();
}
