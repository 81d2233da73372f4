/** The user's background requests: creations, exports, imports. */

import type { RequestRead, RequestStatus } from '@cvat-lab/schema';
import { Activity, Download, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  Button,
  EmptyState,
  LinkButton,
  LoadError,
  Notice,
  Pager,
  ProgressBar,
  useToasts,
} from '../components';
import { useLoad } from '../data/useLoad';
import { formatAge, formatDate } from '../format';
import { usePages } from './context';
import { Page } from './PageShell';
import { saveResult } from './transfers/download';
import { Losses, TransferProgress } from './transfers/TransferStatus';
import { useChange } from './useChange';

const PAGE_SIZE = 20;
const POLL_MS = 2000;

export function RequestsPage() {
  const { api } = usePages();
  const [page, setPage] = useState(1);
  const requests = useLoad(`requests ${page}`, (signal) =>
    api.requests({ page, page_size: PAGE_SIZE }, signal),
  );
  const { data, error, reload } = requests;
  const active = data?.results.some(isActive) ?? false;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(reload, POLL_MS);
    return () => clearInterval(timer);
  }, [active, reload]);
  return (
    <Page title={<h2>Requests</h2>}>
      {error ? (
        <LoadError what="the requests" error={error} onRetry={reload} />
      ) : !data ? (
        <ProgressBar value={null} label="Loading the requests" />
      ) : data.results.length === 0 ? (
        <EmptyState icon={Activity} title="No requests">
          <span className="cvl-soft">Exports, imports and the creation of tasks are listed here.</span>
        </EmptyState>
      ) : (
        <ul className="cvl-rows" aria-label="requests">
          {data.results.map((request) => (
            <li key={request.id}>
              <RequestRow request={request} />
            </li>
          ))}
        </ul>
      )}
      {data && <Pager page={page} pageSize={PAGE_SIZE} count={data.count} onChange={setPage} />}
    </Page>
  );
}

function RequestRow({ request }: { request: RequestRead }) {
  const { api } = usePages();
  const change = useChange();
  const toasts = useToasts();
  const { id, status, message, operation, losses, created_date } = request;
  const cancel = () => change('cancel the request', () => api.cancelRequest(id));
  const download = () =>
    saveResult(api, request).catch((error) => toasts.fail('Cannot download the result', error));
  return (
    <article className="cvl-item cvl-request">
      <div className="cvl-item-main">
        <div className="cvl-item-title">
          <span className={`cvl-dot cvl-tone-${TONES[status]}`} />
          <strong>{describeOperation(operation)}</strong>
          <TargetLink request={request} />
          {operation.format && <span className="cvl-chip">{operation.format}</span>}
        </div>
        <div className="cvl-soft" title={formatDate(created_date)}>
          {STATUS_TEXT[status]} · {formatAge(created_date)}
        </div>
        {isActive(request) && (
          <TransferProgress
            label={message || STATUS_TEXT[status]}
            progress={status === 'queued' ? null : request.progress}
          />
        )}
        {status === 'failed' && <Notice tone="bad">{message || 'It failed without saying why.'}</Notice>}
        <Losses losses={losses} />
      </div>
      <div className="cvl-item-end">
        {request.result_url && (
          <Button icon={Download} onClick={download}>
            Download
          </Button>
        )}
        {isActive(request) && (
          <Button icon={X} onClick={cancel}>
            Cancel
          </Button>
        )}
      </div>
    </article>
  );
}

function TargetLink({ request: { operation } }: { request: RequestRead }) {
  const { navigate, openJob } = usePages();
  const { target, project_id, task_id, job_id } = operation;
  if (target === 'job' && job_id)
    return <LinkButton onClick={() => openJob(job_id)}>job #{job_id}</LinkButton>;
  if (target === 'task' && task_id)
    return <LinkButton onClick={() => navigate({ page: 'task', id: task_id })}>task #{task_id}</LinkButton>;
  if (target === 'project' && project_id)
    return (
      <LinkButton onClick={() => navigate({ page: 'project', id: project_id })}>
        project #{project_id}
      </LinkButton>
    );
  return null;
}

const STATUS_TEXT: Record<RequestStatus, string> = {
  queued: 'Waiting',
  started: 'Running',
  finished: 'Finished',
  failed: 'Failed',
};

const TONES: Record<RequestStatus, string> = {
  queued: 'new',
  started: 'progress',
  finished: 'good',
  failed: 'bad',
};

function isActive({ status }: RequestRead): boolean {
  return status === 'queued' || status === 'started';
}

/** What comes before the target: `Create` (task #5), `Export dataset of` (task #5). */
function describeOperation({ type, target }: RequestRead['operation']): string {
  const [action = '', what = ''] = type.split(':');
  const verb = action.charAt(0).toUpperCase() + action.slice(1);
  if (!what || what === target) return verb;
  return `${verb} ${what} ${action === 'import' ? 'into' : 'of'}`;
}
