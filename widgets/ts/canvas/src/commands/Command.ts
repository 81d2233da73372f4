/** What a command is. Shortcuts, menus, tooltips, the list on F1 and JupyterLab's settings are all made from these. */

import type { Editor } from '../editor';

export type CommandGroup =
  | 'General'
  | 'Player'
  | 'Modes'
  | 'Image'
  | 'View'
  | 'Objects'
  | 'Tracks'
  | 'Labels';

export interface Command {
  /** Group and verb, for example `player.next`. */
  readonly id: string;
  /** What it does, in the imperative, as menus show it. */
  readonly title: string;
  readonly group: CommandGroup;
  /** Default shortcuts, see `keys.ts` for how they are written. */
  readonly keys: readonly string[];
  /** Workspaces where the keys work; all of them when absent. */
  readonly workspaces?: readonly string[];
  /** Whether it changes annotations, so that a read-only job refuses it. */
  readonly edits?: boolean;
  /** Whether holding the key runs it again and again. */
  readonly repeats?: boolean;
  enabled?(editor: Editor): boolean;
  run(editor: Editor, args?: unknown): void;
}
