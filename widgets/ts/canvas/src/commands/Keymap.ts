/** Which commands a key press means, given the keys before it and the keys that are held. */

import type { KeyInput } from '../events';
import type { Command } from './Command';
import { keyName, matchesChord, parseShortcut, type Shortcut } from './keys';

/** Milliseconds in which the second key of a sequence must follow. */
const SEQUENCE_TIME = 1000;

interface Binding {
  readonly command: Command;
  readonly shortcut: Shortcut;
}

export class Keymap {
  private bindings: Binding[] = [];
  private readonly overrides = new Map<string, readonly string[]>();
  private commands: readonly Command[] = [];
  private readonly held = new Map<string, string>();
  private previous: { input: KeyInput; time: number } | null = null;

  /** Use the shortcuts of these commands. */
  load(commands: Iterable<Command>): void {
    this.commands = [...commands];
    this.bindings = this.commands.flatMap((command) =>
      this.keysOf(command).map((text) => ({ command, shortcut: parseShortcut(text) })),
    );
  }

  /** The shortcuts of a command: those the user set, else its own. */
  keysOf(command: Command): readonly string[] {
    return this.overrides.get(command.id) ?? command.keys;
  }

  /** Replace the shortcuts of a command; null = its own again. */
  setKeys(commandId: string, keys: readonly string[] | null): void {
    for (const text of keys ?? []) parseShortcut(text);
    if (keys) this.overrides.set(commandId, keys);
    else this.overrides.delete(commandId);
    this.load(this.commands);
  }

  /** The commands that a key press means: those with the longest shortcut that matches, none if nothing does. */
  press(input: KeyInput, workspace: string, time: number = performance.now()): Command[] {
    const heldBefore = new Set(this.held.values());
    this.held.set(input.code, keyName(input));
    const candidates = this.bindings.filter(
      ({ command, shortcut }) =>
        worksIn(command, workspace) && this.matches(shortcut, input, heldBefore, time),
    );
    if (!input.repeat && !isModifier(input)) this.previous = { input, time };
    const longest = Math.max(0, ...candidates.map(({ shortcut }) => length(shortcut)));
    const best = candidates
      .filter(({ shortcut }) => length(shortcut) === longest)
      .map(({ command }) => command);
    return input.repeat ? best.filter((command) => command.repeats) : best;
  }

  release(input: KeyInput): void {
    this.held.delete(input.code);
  }

  /** The window lost the focus: no release will be heard. */
  releaseAll(): void {
    this.held.clear();
    this.previous = null;
  }

  private matches(shortcut: Shortcut, input: KeyInput, held: ReadonlySet<string>, time: number): boolean {
    if (!matchesChord(shortcut.at(-1)!, input, held)) return false;
    if (shortcut.length === 1) return true;
    const { previous } = this;
    return (
      previous !== null &&
      time - previous.time <= SEQUENCE_TIME &&
      matchesChord(shortcut[0]!, previous.input, held)
    );
  }
}

function worksIn(command: Command, workspace: string): boolean {
  return command.workspaces?.includes(workspace) ?? true;
}

function isModifier({ key }: KeyInput): boolean {
  return key === 'Control' || key === 'Shift' || key === 'Alt' || key === 'Meta';
}

/** Number of keys that have to be pressed; longer shortcuts win. */
function length(shortcut: Shortcut): number {
  return shortcut.reduce((sum, chord) => sum + chord.keys.length, 0);
}
