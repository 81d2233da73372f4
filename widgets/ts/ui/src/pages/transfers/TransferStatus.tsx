/** What a running, finished or failed transfer looks like, and what it lost on the way. */

import type { Loss } from '@cvat-lab/schema';
import { CircleCheck } from 'lucide-react';
import { describeError, Notice, ProgressBar } from '../../components';
import { formatCount } from '../../format';
import type { TransferState } from './useTransfer';

export function TransferStatus({ state, finished }: { state: TransferState; finished: string }) {
  switch (state.step) {
    case 'running':
      return <TransferProgress label={state.label} progress={state.progress} />;
    case 'failed':
      return <Notice tone="bad">{describeError(state.error)}</Notice>;
    case 'finished':
      return (
        <>
          <div className="cvl-notice cvl-tone-good" role="status">
            <CircleCheck size={16} aria-hidden />
            <div>{finished}</div>
          </div>
          <Losses losses={state.request.losses} />
        </>
      );
    default:
      return null;
  }
}

export function TransferProgress({ label, progress }: { label: string; progress: number | null }) {
  return (
    <div className="cvl-transfer" role="status">
      <div className="cvl-transfer-label">
        <span className="cvl-ellipsis">{label}</span>
        {progress !== null && <span>{Math.floor(progress * 100)} %</span>}
      </div>
      <ProgressBar value={progress} label={label} />
    </div>
  );
}

/** What the format could not hold, or an import has skipped. */
export function Losses({ losses }: { losses: readonly Loss[] }) {
  if (losses.length === 0) return null;
  const total = losses.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="cvl-losses">
      <Notice tone="warn">{formatCount(total, 'item was', 'items were')} left out or changed:</Notice>
      <div className="cvl-table-scroll">
        <table className="cvl-table">
          <thead>
            <tr>
              <th>What</th>
              <th className="cvl-number">Times</th>
              <th>Why</th>
              <th>First at</th>
            </tr>
          </thead>
          <tbody>
            {losses.map(({ kind, name, count, example, reason }) => (
              <tr key={`${kind} ${name} ${reason}`}>
                <td>
                  {kind} <strong>{name}</strong>
                </td>
                <td className="cvl-number">{count.toLocaleString('en')}</td>
                <td>{reason}</td>
                <td className="cvl-soft">{example}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
