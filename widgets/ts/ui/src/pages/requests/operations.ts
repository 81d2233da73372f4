/** What a background request does, in words. */

import type { RequestRead, RequestStatus } from '@cvat-lab/schema';

export const STATUS_TEXT: Record<RequestStatus, string> = {
  queued: 'Waiting',
  started: 'Running',
  finished: 'Finished',
  failed: 'Failed',
};

export const STATUS_TONES: Record<RequestStatus, string> = {
  queued: 'new',
  started: 'progress',
  finished: 'good',
  failed: 'bad',
};

export function isActive({ status }: RequestRead): boolean {
  return status === 'queued' || status === 'started';
}

/** Whether it makes something new; there is no target then until it has finished. */
export function isRestore({ operation }: RequestRead): boolean {
  return operation.type === 'import:backup';
}

/** What comes before the target: `Create` (task #5), `Export dataset of` (task #5). */
export function describeOperation(request: RequestRead): string {
  const { type, target } = request.operation;
  if (isRestore(request)) return `Create a ${target} from a backup`;
  const [action = '', what = ''] = type.split(':');
  const verb = action.charAt(0).toUpperCase() + action.slice(1);
  if (!what || what === target) return verb;
  return `${verb} ${what} ${action === 'import' ? 'into' : 'of'}`;
}
