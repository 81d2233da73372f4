/** Puts the editor into an element of any host. */

import { createRoot } from 'react-dom/client';
import { addStyles, installStyles } from '../styles/install';
import { EditorApp } from './EditorApp';
import type { EditorHandle, EditorOptions } from './options';
import { EditorController } from './session/EditorController';
import { editorStyles } from './styles';

/** Show a job in an element; the element's size is the size of the editor. */
export function mountEditor(element: HTMLElement, options: EditorOptions): EditorHandle {
  installStyles(element);
  addStyles(element, 'editor', editorStyles);
  element.classList.add('cvl-root', 'cvl-host');
  const root = createRoot(element);
  const controller = new EditorController(options);
  root.render(<EditorApp controller={controller} />);
  return {
    flush: () => controller.flush(),
    goTo: (frame) => controller.goTo(frame),
    focus: () => element.querySelector<HTMLElement>('.cvl-ed-canvas')?.focus({ preventScroll: true }),
    dispose() {
      root.unmount();
      element.classList.remove('cvl-root', 'cvl-host');
      return controller.close();
    },
  };
}
