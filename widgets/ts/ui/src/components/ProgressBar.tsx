/** Progress of something that takes time. */

import { classes } from './classes';

interface ProgressBarProps {
  /** 0 to 1; null = it goes on, but nobody knows how far it is. */
  value: number | null;
  label: string;
  tone?: 'good' | 'bad';
}

export function ProgressBar({ value, label, tone }: ProgressBarProps) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      className={classes('cvl-progress', value === null && 'cvl-progress-busy', tone && `cvl-tone-${tone}`)}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}

interface StackedBarProps {
  total: number;
  parts: { count: number; tone: 'good' | 'warn' | 'progress'; label: string }[];
}

/** Shares of a whole, for example completed and validated jobs of a task. */
export function StackedBar({ total, parts }: StackedBarProps) {
  const text = parts.map(({ count, label }) => `${count} ${label}`).join(', ');
  return (
    <div className="cvl-progress" role="img" aria-label={`${text} of ${total}`} title={`${text} of ${total}`}>
      {parts.map(({ count, tone, label }) => (
        <i key={label} className={`cvl-tone-${tone}`} style={{ width: `${(100 * count) / (total || 1)}%` }} />
      ))}
    </div>
  );
}

export function Spinner() {
  return <span className="cvl-spinner" aria-hidden />;
}
