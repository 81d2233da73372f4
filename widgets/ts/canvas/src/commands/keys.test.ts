import { describe, expect, it } from 'vitest';
import type { KeyInput } from '../events';
import type { Command } from './Command';
import { COMMANDS, displayShortcut } from './index';
import { Keymap } from './Keymap';
import { keyName, parseShortcut } from './keys';

function press(key: string, more: Partial<KeyInput> = {}): KeyInput {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  return {
    type: 'key_down',
    key,
    code,
    shift: false,
    ctrl: false,
    alt: false,
    meta: false,
    repeat: false,
    ...more,
  };
}

function keymapOf(shortcuts: Record<string, string[]>, more: Partial<Command> = {}) {
  const keymap = new Keymap();
  keymap.load(
    Object.entries(shortcuts).map(([id, keys]) => ({
      id,
      title: id,
      group: 'General',
      keys,
      run: () => undefined,
      ...more,
    })),
  );
  return (input: KeyInput, time = 0) => keymap.press(input, 'standard', time).map((command) => command.id);
}

describe('shortcuts', () => {
  it('are parsed and shown', () => {
    expect(parseShortcut('Ctrl+Shift+Z')).toEqual([{ ctrl: true, shift: true, alt: false, keys: ['z'] }]);
    expect(['ctrl+shift+z', 't l', 'shift+b+=', 'plus', 'escape'].map(displayShortcut)).toEqual([
      'Ctrl+Shift+Z',
      'T then L',
      'Shift+B+=',
      '+',
      'Esc',
    ]);
    expect(() => parseShortcut('ctrl+')).toThrow('"ctrl+" is no shortcut');
  });

  it('every default shortcut can be parsed, and no two commands share one', () => {
    const all = COMMANDS.flatMap((command) => command.keys);
    for (const keys of all) expect(parseShortcut(keys).length).toBeGreaterThan(0);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('Keymap', () => {
  it('tells modifiers apart; Cmd is Ctrl', () => {
    const match = keymapOf({ undo: ['ctrl+z'], redo: ['ctrl+shift+z'], zed: ['z'] });
    expect(match(press('z', { ctrl: true }))).toEqual(['undo']);
    expect(match(press('z', { meta: true }))).toEqual(['undo']);
    expect(match(press('Z', { ctrl: true, shift: true }))).toEqual(['redo']);
    expect(match(press('z'))).toEqual(['zed']);
    expect(match(press('z', { alt: true }))).toEqual([]);
  });

  it('accepts characters that take Shift', () => {
    const match = keymapOf({ closer: ['=', 'plus'], farther: ['-', '_'] });
    expect(match(press('+', { shift: true, code: 'Equal' }))).toEqual(['closer']);
    expect(match(press('_', { shift: true, code: 'Minus' }))).toEqual(['farther']);
    expect(match(press('=', { code: 'Equal' }))).toEqual(['closer']);
  });

  it('R24.44 understands sequences, which win over their last key', () => {
    const match = keymapOf({ all: ['t l'], one: ['l'] });
    expect(match(press('l'), 0)).toEqual(['one']);
    expect(match(press('t'), 100)).toEqual([]);
    expect(match(press('l'), 400)).toEqual(['all']);
    expect(match(press('t'), 1000)).toEqual([]);
    expect(match(press('l'), 3000)).toEqual(['one']);
  });

  it('R24.28 understands keys that are held together', () => {
    const keymap = new Keymap();
    keymap.load(COMMANDS);
    const match = (input: KeyInput) => keymap.press(input, 'standard', 0).map((command) => command.id);
    const held = press('B', { shift: true });
    expect(match(held)).toEqual([]);
    expect(match(press('+', { shift: true, code: 'Equal' }))).toEqual(['image.increase-brightness']);
    keymap.release(held);
    expect(match(press('+', { shift: true, code: 'Equal' }))).toEqual(['objects.closer']);
  });

  it('uses the place of the key on keyboards with other letters, the character on Latin ones', () => {
    const match = keymapOf({ next: ['f'], quit: ['q'], a: ['a'] });
    expect(match(press('а', { code: 'KeyF' }))).toEqual(['next']);
    // On a French keyboard A is where Q is on an English one.
    expect(match(press('a', { code: 'KeyQ' }))).toEqual(['a']);
    expect(keyName({ key: '!', code: 'Digit1', shift: true })).toBe('1');
  });

  it('repeats only commands that may be repeated', () => {
    expect(keymapOf({ toggle: ['k'] })(press('k', { repeat: true }))).toEqual([]);
    expect(keymapOf({ next: ['f'] }, { repeats: true })(press('f', { repeat: true }))).toEqual(['next']);
  });

  it('works only in the workspaces of a command', () => {
    const match = keymapOf({ value: ['1'] }, { workspaces: ['attribute'] });
    expect(match(press('1'))).toEqual([]);
  });

  it('can be changed, and back', () => {
    const keymap = new Keymap();
    keymap.load(COMMANDS);
    const next = COMMANDS.find((command) => command.id === 'player.next')!;
    const match = (key: string) => keymap.press(press(key), 'standard', 0).map((command) => command.id);
    keymap.setKeys(next.id, ['x']);
    expect([match('x'), match('f')]).toEqual([['player.next'], []]);
    keymap.setKeys(next.id, null);
    expect([match('x'), match('f')]).toEqual([[], ['player.next']]);
    expect(() => keymap.setKeys(next.id, [''])).toThrow('no shortcut');
  });
});
