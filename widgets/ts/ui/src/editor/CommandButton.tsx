/** A button that runs a command; title, shortcut and whether it can run come from the table of commands. */

import type { LucideIcon } from 'lucide-react';
import { classes } from '../components';
import { useCommand } from './hooks';

interface CommandButtonProps {
  id: string;
  icon: LucideIcon;
  /** In place of the command's title, before the shortcut. */
  title?: string;
  /** What it does is in force; also what screen readers hear of a switch. */
  pressed?: boolean;
  size?: number;
  className?: string;
}

export function CommandButton({ id, icon: Icon, title, pressed, size = 17, className }: CommandButtonProps) {
  const { command, tip, canRun, run } = useCommand(id);
  const label = title ?? command.title;
  return (
    <button
      type="button"
      className={classes('cvl-ed-button', className)}
      aria-label={label}
      aria-pressed={pressed}
      title={title ? tip.replace(command.title, title) : tip}
      disabled={!canRun}
      onClick={run}
    >
      <Icon size={size} aria-hidden />
    </button>
  );
}
