/** The table of all commands, and the keys that run them. */

import type { Command } from './Command';
import { DRAWING_COMMANDS } from './drawing';
import { GENERAL_COMMANDS } from './general';
import { IMAGE_COMMANDS } from './image';
import { Keymap } from './Keymap';
import { LABEL_COMMANDS } from './labels';
import { OBJECT_COMMANDS } from './objects';
import { PLAYER_COMMANDS } from './player';
import { TRACK_COMMANDS } from './tracks';
import { VIEW_COMMANDS } from './view';

export type { Command, CommandGroup } from './Command';
export { displayShortcut } from './keys';

export const COMMANDS: readonly Command[] = [
  ...GENERAL_COMMANDS,
  ...PLAYER_COMMANDS,
  ...DRAWING_COMMANDS,
  ...OBJECT_COMMANDS,
  ...TRACK_COMMANDS,
  ...LABEL_COMMANDS,
  ...VIEW_COMMANDS,
  ...IMAGE_COMMANDS,
];

export class CommandTable {
  readonly keys = new Keymap();
  private readonly commands = new Map<string, Command>();

  constructor() {
    this.register(...COMMANDS);
  }

  /** Add commands of another package; ids must be new. */
  register(...commands: Command[]): void {
    for (const command of commands) {
      if (this.commands.has(command.id)) throw new Error(`There is a command "${command.id}" already.`);
      this.commands.set(command.id, command);
    }
    this.keys.load(this.commands.values());
  }

  get(id: string): Command {
    const command = this.commands.get(id);
    if (!command) throw new Error(`There is no command "${id}".`);
    return command;
  }

  all(): Iterable<Command> {
    return this.commands.values();
  }
}
