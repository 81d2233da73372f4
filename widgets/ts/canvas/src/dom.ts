/** Puts an editor into a page: listens to an element, draws into it, sets the cursor. The only file that knows DOM events. */

import type { Editor } from './editor';
import type { KeyInput, Modifiers, PointerInput } from './events';
import { Canvas2DRenderer } from './render/Canvas2DRenderer';
import type { Renderer, RendererFactory } from './render/Renderer';

export interface CanvasHostOptions {
  /** The element whose key presses are shortcuts; the whole editor view as a rule. Default: the canvas element. */
  readonly keyTarget?: HTMLElement;
  /** Whether a key press may be a shortcut; the others are left to the element that has the focus. */
  readonly isShortcut?: (event: KeyboardEvent) => boolean;
  readonly renderer?: RendererFactory;
}

/** Pixels of a line or page, for wheels that count in those. */
const WHEEL_UNITS = [1, 16, 400] as const;

export class CanvasHost {
  readonly renderer: Renderer;
  private readonly ended = new AbortController();
  private readonly observer: ResizeObserver;
  private readonly unsubscribe: () => void;
  private screenQuery: MediaQueryList | null = null;

  /** @param element - Gets the canvases as children; its size is the viewport. */
  constructor(
    private readonly editor: Editor,
    private readonly element: HTMLElement,
    options: CanvasHostOptions = {},
  ) {
    prepare(element);
    this.renderer = (options.renderer ?? ((...args) => new Canvas2DRenderer(...args)))(editor, element);
    this.listenToPointer();
    this.listenToKeys(options.keyTarget ?? element, options.isShortcut);
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(element);
    this.watchPixelRatio();
    this.measure();
    this.unsubscribe = editor.topics.subscribe(['overlay'], () => this.setCursor());
  }

  destroy(): void {
    this.ended.abort();
    this.observer.disconnect();
    this.unsubscribe();
    this.renderer.destroy();
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.editor.view.setViewport({ width, height });
    this.renderer.resize({ width, height }, globalThis.devicePixelRatio || 1);
  }

  /** The ratio changes with the browser's zoom and when the window moves to another screen. */
  private watchPixelRatio(): void {
    if (this.ended.signal.aborted) return;
    this.screenQuery = matchMedia(`(resolution: ${globalThis.devicePixelRatio}dppx)`);
    const changed = () => {
      this.measure();
      this.watchPixelRatio();
    };
    this.screenQuery.addEventListener('change', changed, { once: true, signal: this.ended.signal });
  }

  private listenToPointer(): void {
    const { element } = this;
    const options = { signal: this.ended.signal };
    element.addEventListener('pointerdown', (event) => this.pointerDown(event), options);
    element.addEventListener('pointermove', (event) => this.pointer('pointer_move', event), options);
    element.addEventListener('pointerup', (event) => this.pointer('pointer_up', event), options);
    element.addEventListener('pointerleave', (event) => this.pointer('pointer_leave', event), options);
    element.addEventListener('pointercancel', () => this.pointerLost(), options);
    element.addEventListener('dblclick', (event) => this.pointer('double_click', event), options);
    // The right button belongs to the tools, the middle one pans instead of scrolling.
    element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
    element.addEventListener('auxclick', (event) => event.preventDefault(), options);
    element.addEventListener('wheel', (event) => this.wheel(event), { ...options, passive: false });
  }

  private pointerDown(event: PointerEvent): void {
    // Keep hearing of the pointer when it leaves the element in the middle of a drag.
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    if (event.button === 1) event.preventDefault();
    this.pointer('pointer_down', event);
  }

  private pointerLost(): void {
    this.editor.view.endPan();
    this.editor.dispatch({ type: 'interrupt' });
  }

  private pointer(type: PointerInput['type'], event: MouseEvent): void {
    const screen = this.placeOf(event);
    const { x, y } = this.editor.view.camera.toImage({ x: screen.screenX, y: screen.screenY });
    this.editor.dispatch({ type, x, y, ...screen, button: event.button, ...modifiersOf(event) });
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const deltaY = event.deltaY * WHEEL_UNITS[event.deltaMode as 0 | 1 | 2];
    this.editor.dispatch({ type: 'wheel', ...this.placeOf(event), deltaY, ...modifiersOf(event) });
  }

  private placeOf(event: MouseEvent): { screenX: number; screenY: number } {
    const { left, top } = this.element.getBoundingClientRect();
    return { screenX: event.clientX - left, screenY: event.clientY - top };
  }

  private listenToKeys(target: HTMLElement, isShortcut: CanvasHostOptions['isShortcut']): void {
    const options = { signal: this.ended.signal };
    const keyDown = (event: KeyboardEvent) => {
      if (isShortcut?.(event) ?? true) this.key('key_down', event);
    };
    target.addEventListener('keydown', keyDown, options);
    target.addEventListener('keyup', (event) => this.key('key_up', event), options);
    target.addEventListener('focusout', () => this.editor.commands.keys.releaseAll(), options);
    // JupyterLab listens before us and would run its own shortcuts; Lumino leaves marked elements alone.
    target.dataset['lmSuppressShortcuts'] = 'true';
  }

  private key(type: KeyInput['type'], event: KeyboardEvent): void {
    if (isTyping(event)) return;
    const { key, code, repeat } = event;
    if (!this.editor.dispatch({ type, key, code, repeat, ...modifiersOf(event) })) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private setCursor(): void {
    const { cursor } = this.editor.feedback.shown;
    if (this.element.style.cursor !== cursor) this.element.style.cursor = cursor;
  }
}

function prepare(element: HTMLElement): void {
  if (element.tabIndex < 0) element.tabIndex = 0;
  const { style } = element;
  if (getComputedStyle(element).position === 'static') style.position = 'relative';
  Object.assign(style, { overflow: 'hidden', touchAction: 'none', outline: 'none', userSelect: 'none' });
}

function modifiersOf(event: MouseEvent | KeyboardEvent): Modifiers {
  return { shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey };
}

/** Whether a key press goes into a field. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (event.isComposing) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && !NOT_TYPED_INTO.has(target.type);
}

const NOT_TYPED_INTO: ReadonlySet<string> = new Set([
  'checkbox',
  'radio',
  'button',
  'submit',
  'reset',
  'range',
  'color',
  'file',
  'image',
]);
