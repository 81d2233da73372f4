/**
 * Where the keyboard is.
 *
 * Shortcuts work while the focus is anywhere in the view, and the canvas is where it belongs: pressing a button with the mouse
 * does not take it away. Who goes through buttons and fields with the Tab key keeps Tab, Enter, Space and the arrows there.
 */

import type { Editor } from '@cvat-lab/canvas';

const FIELDS = 'input, select, textarea, [contenteditable="true"]';
const KEYS_OF_CONTROLS: ReadonlySet<string> = new Set([
  'Tab',
  'Enter',
  ' ',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);

/** Whether a key press is a shortcut of the editor, rather than for the button or tab that has the focus. */
export function isShortcut(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const isControl = target.matches('button, a[href], [role="tab"], [role="separator"], input');
  return !(isControl && KEYS_OF_CONTROLS.has(event.key));
}

/** Keep the focus on the canvas, and the keys within the view. Returns the function that ends it. */
export function guardKeyboard(root: HTMLElement, canvas: HTMLElement, editor: Editor): () => void {
  const ended = new AbortController();
  const options = { signal: ended.signal };
  let usesMouse = false;
  root.addEventListener(
    'mousedown',
    (event) => {
      usesMouse = true;
      if ((event.target as HTMLElement).closest(`${FIELDS}, label`)) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
    },
    options,
  );
  root.addEventListener(
    'change',
    ({ target }) => {
      const done =
        target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !isText(target));
      if (usesMouse && done) canvas.focus({ preventScroll: true });
    },
    options,
  );
  root.addEventListener(
    'keydown',
    (event) => {
      usesMouse = false;
      if (event.key === 'Escape' && isIdle(editor) && !isField(event.target)) releaseFocus(root);
      else if (isSave(event) && isField(event.target)) saveFromField(event, editor, canvas);
    },
    { ...options, capture: true },
  );
  // What is no shortcut of ours is none of the host either, as long as we have the focus. Stopped above the view: React
  // hears events at its root, which is the parent.
  for (const type of ['keydown', 'keyup', 'keypress'] as const)
    root.parentElement?.addEventListener(type, (event) => event.stopPropagation(), options);
  return () => ended.abort();
}

/** Give the keyboard back: to the nearest element around us that takes it, for example the notebook's cell. */
export function releaseFocus(root: HTMLElement): void {
  const home = root.parentElement?.closest<HTMLElement>('[tabindex]');
  if (home && !home.closest('[data-lm-suppress-shortcuts]')) home.focus({ preventScroll: true });
  else (document.activeElement as HTMLElement | null)?.blur();
}

/** Whether there is nothing that Esc could cancel. */
function isIdle({ path, selection }: Editor): boolean {
  return path === 'root.select.idle' && selection.targets.length === 0;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(FIELDS);
}

function isText(input: HTMLInputElement): boolean {
  return input.type === 'text' || input.type === 'number' || input.type === 'search';
}

function isSave(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';
}

/** Leaving the field takes over what was typed, which is then saved too. */
function saveFromField(event: KeyboardEvent, editor: Editor, canvas: HTMLElement): void {
  event.preventDefault();
  event.stopPropagation();
  canvas.focus({ preventScroll: true });
  editor.execute('general.save');
}
