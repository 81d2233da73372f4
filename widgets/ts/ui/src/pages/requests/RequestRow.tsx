/** One background request: what it does, how far it is, why it failed, and its result. */

import type { RequestRead } from '@cvat-lab/schema';
import { Download, X } from 'lucide-react';
import { Button, LinkButton, Notice, useToasts } from '../../components';
import { formatAge, formatDate } from '../../format';
import { usePages } from '../context';
import { saveResult } from '../transfers/download';
import { Losses, TransferProgress } from '../transfers/TransferStatus';
import { useChange } from '../useChange';
import { describeOperation, isActive, isRestore, STATUS_TEXT, STATUS_TONES } from './operations';

export function RequestRow({ request }: { request: RequestRead }) {
  const { status, message, operation, losses } = request;
  return (
    <article className="cvl-item cvl-request">
      <div className="cvl-item-main">
        <div className="cvl-item-title">
          <span className={`cvl-dot cvl-tone-${STATUS_TONES[status]}`} />
          <strong>{describeOperation(request)}</strong>
          <TargetLink request={request} />
          {operation.format && <span className="cvl-chip">{operation.format}</span>}
        </div>
        <RequestTimes request={request} />
        {isActive(request) && (
          <TransferProgress
            label={message || STATUS_TEXT[status]}
            progress={status === 'queued' ? null : request.progress}
          />
        )}
        {status === 'failed' && <Notice tone="bad">{message || 'It failed without saying why.'}</Notice>}
        <Losses losses={losses} />
      </div>
      <RequestButtons request={request} />
    </article>
  );
}

function RequestTimes({
  request: { status, created_date, expiry_date, result_url },
}: {
  request: RequestRead;
}) {
  const keeps = result_url && expiry_date ? ` · kept until ${formatDate(expiry_date)}` : '';
  return (
    <div className="cvl-soft" title={`Asked for on ${formatDate(created_date)}`}>
      {STATUS_TEXT[status]} · {formatAge(created_date)}
      {keeps}
    </div>
  );
}

function RequestButtons({ request }: { request: RequestRead }) {
  const { api } = usePages();
  const change = useChange();
  const toasts = useToasts();
  const cancel = () => change('cancel the request', () => api.cancelRequest(request.id));
  const download = () =>
    saveResult(api, request).catch((error) => toasts.fail('Cannot download the result', error));
  return (
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
  );
}

/** Leads to what the request is about, or to what it has made. */
function TargetLink({ request }: { request: RequestRead }) {
  const { navigate, openJob } = usePages();
  const { target, project_id, task_id, job_id } = request.operation;
  const made = isRestore(request) ? (request.result_id ?? null) : null;
  const job = target === 'job' ? job_id : null;
  const task = target === 'task' ? (made ?? task_id) : null;
  const project = target === 'project' ? (made ?? project_id) : null;
  if (job) return <LinkButton onClick={() => openJob(job)}>job #{job}</LinkButton>;
  if (task) return <LinkButton onClick={() => navigate({ page: 'task', id: task })}>task #{task}</LinkButton>;
  if (!project) return null;
  return (
    <LinkButton onClick={() => navigate({ page: 'project', id: project })}>project #{project}</LinkButton>
  );
}
