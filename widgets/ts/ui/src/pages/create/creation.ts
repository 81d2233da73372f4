/**
 * Creates a task with its media: record, upload, frames.
 *
 * A task without media is of no use, so whatever goes wrong on the way removes it again. When the page itself is gone,
 * the task waits: the same form with the same files goes on with it.
 */

import {
  type Api,
  ApiError,
  RequestFailedError,
  UploadMemory,
  uploadKey,
  uploadTaskData,
} from '@cvat-lab/client';
import type { RequestId, TaskRead, TaskWrite } from '@cvat-lab/schema';
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
  options.onStage({ step: 'creating', label: 'Creating the task', progress: null });
  const body = taskToCreate(form);
  const memory =
    form.source === 'local' ? await UploadMemory.open(uploadKey(JSON.stringify(body), form.files)) : null;
  try {
    const task = (await unfinishedTask(api, memory)) ?? (await createTask(api, body, memory));
    return await fillTask(api, task, form, memory, options);
  } finally {
    memory?.close();
  }
}

async function createTask(api: Api, body: TaskWrite, memory: UploadMemory | null): Promise<TaskRead> {
  const task = await api.createTask(body);
  memory?.begin(task.id);
  return task;
}

/** The task that an earlier page has made from the same form, and could not fill. */
async function unfinishedTask(api: Api, memory: UploadMemory | null): Promise<TaskRead | null> {
  if (!memory?.taskId) return null;
  try {
    const task = await api.task(memory.taskId);
    return task.data === null ? task : null;
  } catch (error) {
    if (error instanceof ApiError && [403, 404].includes(error.status)) return null;
    throw error;
  }
}

async function fillTask(
  api: Api,
  task: TaskRead,
  form: TaskForm,
  memory: UploadMemory | null,
  options: CreationOptions,
): Promise<TaskRead> {
  let request: string | null = null;
  try {
    options.signal.throwIfAborted();
    request = await sendMedia(api, task.id, form, memory, options);
    await waitForFrames(api, request, options);
    return await api.task(task.id);
  } catch (error) {
    await removeTask(api, task, request, error);
    memory?.forget();
    throw error;
  }
}

/** Send or name the files, and start to make frames of them; returns the id of that request. */
async function sendMedia(
  api: Api,
  taskId: number,
  form: TaskForm,
  memory: UploadMemory | null,
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
  return uploadTaskData(api, taskId, files, data, { signal, onProgress, memory });
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
