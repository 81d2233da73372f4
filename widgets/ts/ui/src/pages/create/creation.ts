/**
 * Creates a task with its media: record, upload, frames.
 *
 * A task without media is of no use, so whatever goes wrong on the way removes it again.
 */

import { type Api, RequestFailedError, uploadTaskData } from '@cvat-lab/client';
import type { RequestId, TaskRead } from '@cvat-lab/schema';
import { describeError } from '../../components';
import { dataToCreate, type TaskForm, taskToCreate } from './taskForm';

export interface CreationStage {
  step: 'creating' | 'uploading' | 'processing';
  /** What goes on, in words. */
  label: string;
  /** 0 to 1; null = unknown. */
  progress: number | null;
}

interface CreationOptions {
  /** Cancels the creation and removes the task. */
  signal: AbortSignal;
  onStage: (stage: CreationStage) => void;
}

/** @throws the reason of the failure; by then the task is removed */
export async function createTaskWithData(
  api: Api,
  form: TaskForm,
  options: CreationOptions,
): Promise<TaskRead> {
  const { signal, onStage } = options;
  onStage({ step: 'creating', label: 'Creating the task', progress: null });
  const task = await api.createTask(taskToCreate(form));
  let request: string | null = null;
  try {
    signal.throwIfAborted();
    request = await sendMedia(api, task.id, form, options);
    await waitForFrames(api, request, options);
    return await api.task(task.id);
  } catch (error) {
    await removeTask(api, task, request, error);
    throw error;
  }
}

/** Send or name the files, and start to make frames of them; returns the id of that request. */
async function sendMedia(
  api: Api,
  taskId: number,
  form: TaskForm,
  { signal, onStage }: CreationOptions,
): Promise<string> {
  const data = dataToCreate(form);
  if (form.source === 'share') {
    return (await api.json<RequestId>('POST', `api/tasks/${taskId}/data/`, { json: data, signal })).rq_id;
  }
  const files = form.files.map((file) => ({ name: file.name, blob: file }));
  const onProgress = ({ sent, total }: { sent: number; total: number }) =>
    onStage({ step: 'uploading', label: 'Uploading', progress: total ? sent / total : null });
  onProgress({ sent: 0, total: 0 });
  return uploadTaskData(api, taskId, files, data, { signal, onProgress });
}

async function waitForFrames(api: Api, request: string, { signal, onStage }: CreationOptions): Promise<void> {
  const report = (label: string, progress: number | null) => onStage({ step: 'processing', label, progress });
  report('Waiting for the server', null);
  await api.transfers.wait(request, {
    signal,
    onProgress: ({ status, message, progress }) =>
      status === 'queued'
        ? report('Waiting for other work', null)
        : report(message || 'Reading the media', progress),
  });
}

async function removeTask(api: Api, task: TaskRead, request: string | null, reason: unknown): Promise<void> {
  // Unless it has failed by itself the server still works on it; it may also end in this very moment.
  if (request && !(reason instanceof RequestFailedError))
    await api.cancelRequest(request).catch(() => undefined);
  try {
    await api.deleteTask(task.id);
  } catch (error) {
    throw new Error(
      `${describeError(reason)} Task #${task.id} was left behind without data, because deleting it failed too: ` +
        `${describeError(error)} Delete it on its page.`,
      { cause: reason },
    );
  }
}
