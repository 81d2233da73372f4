/** Boxes within the page: a message, a failed load, an empty list. */

import { CircleX, Info, type LucideIcon, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { describeError } from './errors';

const ICONS = { progress: Info, warn: TriangleAlert, bad: CircleX };

interface NoticeProps {
  tone: 'progress' | 'warn' | 'bad';
  children: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
}

export function Notice({ tone, children, actions }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`cvl-notice cvl-tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden />
      <div>{children}</div>
      {actions}
    </div>
  );
}

interface LoadErrorProps {
  /** What could not be loaded, for example `the tasks`. */
  what: string;
  error: unknown;
  onRetry: () => void;
}

export function LoadError({ what, error, onRetry }: LoadErrorProps) {
  return (
    <Notice
      tone="bad"
      actions={
        <Button size="small" icon={RotateCw} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <strong>Cannot load {what}.</strong> {describeError(error)}
    </Notice>
  );
}

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What to do about it. */
  children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className="cvl-empty">
      <Icon size={36} strokeWidth={1.2} aria-hidden />
      <strong>{title}</strong>
      {children}
    </div>
  );
}
