/** What the mouse and the keys do in the present state, in one line. */

import type { Editor } from '@cvat-lab/canvas';

const HINTS: readonly (readonly [path: string, hint: string])[] = [
  ['root.rectangle.drawing', 'Click the opposite corner · Esc cancels'],
  ['root.rectangle', 'Click or drag from a corner · Esc cancels'],
  [
    'root.polygon.drawing',
    'Click adds a point · Shift + move draws along · right click takes back · N finishes · Esc cancels',
  ],
  ['root.polygon', 'Click the first point · Esc cancels'],
  ['root.paste', 'Click pastes · Ctrl + click pastes again and again · Esc ends'],
  ['root.hand', 'Drag moves the image · Esc ends'],
];

/** The hint for the active state; null when there is nothing special. */
export function hintFor({ path, drawing }: Pick<Editor, 'path' | 'drawing'>): string | null {
  const hint = HINTS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null;
  return hint && drawing.redrawing !== null ? `Draw the object anew: ${hint}` : hint;
}
