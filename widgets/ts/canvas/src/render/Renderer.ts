/** What a `CanvasHost` needs of a renderer. Canvas2D is the only one so far; a WebGL one would stand behind the same three calls. */

import type { Editor } from '../editor';
import type { Size } from '../geometry';

export interface Renderer {
  /** The element has another size, in CSS pixels, or the screen another number of device pixels per CSS pixel. */
  resize(viewport: Size, pixelRatio: number): void;
  /** Draw everything that is outstanding, sharp, now. */
  flush(): void;
  destroy(): void;
}

/** Makes a renderer that draws into `element` and follows `editor`. */
export type RendererFactory = (editor: Editor, element: HTMLElement) => Renderer;
