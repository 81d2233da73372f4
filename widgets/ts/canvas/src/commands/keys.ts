/**
 * Shortcuts: how they are written and which keys they match.
 *
 * `ctrl+shift+z` is a chord: modifiers and a key. `shift+b+=` is a chord of several keys: B is held while = is pressed. `t l` is
 * a sequence: T, then L. The plus key is written `plus`. Cmd counts as Ctrl.
 */

import type { KeyInput } from '../events';

export interface Chord {
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** The keys besides the modifiers; the last one is pressed while the others are held. */
  readonly keys: readonly string[];
}

/** One chord, or several to be pressed one after the other. */
export type Shortcut = readonly Chord[];

const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  '+': 'plus',
  arrowleft: 'left',
  arrowright: 'right',
  arrowup: 'up',
  arrowdown: 'down',
  del: 'delete',
  esc: 'escape',
};

/** Names of keys by their place, for keyboards whose letters are not Latin. */
const CODE_NAMES: Readonly<Record<string, string>> = {
  Minus: '-',
  Equal: '=',
  Slash: '/',
  Backquote: '`',
};

export function parseShortcut(text: string): Shortcut {
  const chords = text.trim().toLowerCase().split(/\s+/).map(parseChord);
  if (chords.some((chord) => chord.keys.length === 0)) {
    throw new Error(`"${text}" is no shortcut; write for example "ctrl+shift+z", "t l" or "shift+b+=".`);
  }
  return chords;
}

function parseChord(text: string): Chord {
  const parts = text.split('+').filter((part) => part !== '');
  const modifiers = new Set(['ctrl', 'shift', 'alt']);
  return {
    ctrl: parts.includes('ctrl'),
    shift: parts.includes('shift'),
    alt: parts.includes('alt'),
    keys: parts.filter((part) => !modifiers.has(part)),
  };
}

/**
 * What a key is called in shortcuts. The character counts, wherever it is on the keyboard; the place counts only when the
 * character cannot: on a Cyrillic keyboard, or when Shift or Alt turned it into something else.
 */
export function keyName(input: Pick<KeyInput, 'key' | 'code' | 'shift'>): string {
  const { key, code, shift } = input;
  const isForeign =
    (key.length === 1 && key > '\u007f') || key === 'Dead' || key === 'Unidentified' || key === 'Process';
  if (isForeign || (shift && code.startsWith('Digit'))) return codeName(code) ?? key.toLowerCase();
  const name = key.toLowerCase();
  return KEY_NAMES[name] ?? name;
}

function codeName(code: string): string | undefined {
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? CODE_NAMES[code];
}

/** Whether pressing `input`, while other keys are held, is this chord. */
export function matchesChord(chord: Chord, input: KeyInput, held: ReadonlySet<string>): boolean {
  const key = chord.keys.at(-1)!;
  const name = keyName(input);
  if (name !== key && !(chord.shift && codeName(input.code) === key)) return false;
  if (chord.ctrl !== (input.ctrl || input.meta) || chord.alt !== input.alt) return false;
  // A character like _ or ~ takes Shift to type, so Shift says nothing about it.
  const needsShift = /^(?:plus|[^a-z0-9])$/.test(key) && !chord.shift;
  if (chord.shift !== input.shift && !(needsShift && name === key)) return false;
  return chord.keys.slice(0, -1).every((other) => held.has(other));
}

const DISPLAY: Readonly<Record<string, string>> = {
  plus: '+',
  escape: 'Esc',
  delete: 'Del',
  pageup: 'PageUp',
  pagedown: 'PageDown',
};

/** A shortcut for people: `Ctrl+Shift+Z`, `T then L`. */
export function displayShortcut(text: string): string {
  const chord = ({ ctrl, alt, shift, keys }: Chord) =>
    [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', ...keys.map(displayKey)].filter(Boolean).join('+');
  return parseShortcut(text).map(chord).join(' then ');
}

function displayKey(key: string): string {
  return DISPLAY[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
}
