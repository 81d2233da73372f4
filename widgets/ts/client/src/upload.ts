/**
 * Sending the files of a new task from the browser: many small ones in batches, large ones with TUS.
 *
 * The order is CVAT's: Start, batches, large files, Finish. Nothing becomes a frame before Finish, so an upload that was
 * cancelled leaves a task without data. With a memory, an upload that a page has left unfinished goes on in the next one.
 */

import type { DataWrite, RequestId } from '@cvat-lab/schema';
import { uuid } from './ids';
import { decodeText, type Rest } from './rest';
import { retry } from './timing';
import { findOffset, tusUpload, type UploadProgress } from './tus';
import type { UploadMemory } from './uploadMemory';

export interface UploadOptions {
  /** Files above this size go through TUS, in bytes; also the size of a batch. */
  batchBytes?: number;
  /** Files per batch. */
  batchFiles?: number;
  /** How often a batch is tried. */
  attempts?: number;
  /** Wait before the second try, in ms; doubles every time. */
  retryDelay?: number;
  /** What an earlier page has sent. */
  memory?: UploadMemory | null;
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
}

export interface UploadFile {
  name: string;
  blob: Blob;
}

const DEFAULTS = { batchBytes: 16 * 2 ** 20, batchFiles: 200, attempts: 4, retryDelay: 500 };

/**
 * Upload the media of a task, and start to make frames of it.
 *
 * @param files in the order in which they were chosen; names are base names and differ from each other
 * @param data how to turn the files into frames
 * @returns id of the request that makes the frames, for `Transfers.wait`
 * @throws TypeError when two files have the same name, before anything is sent
 */
export async function uploadTaskData(
  rest: Rest,
  taskId: number,
  files: UploadFile[],
  data: DataWrite,
  options: UploadOptions = {},
): Promise<string> {
  const settings = { ...DEFAULTS, ...options };
  checkNames(files);
  const path = `api/tasks/${taskId}/data/`;
  const { signal, memory } = settings;
  const { large, batches } = planUpload(files, settings);
  const progress = new Progress(files, settings.onProgress);
  if (!(memory && (await isUnderWay(rest, memory, taskId, large, signal)))) {
    await rest.send({ method: 'POST', path, headers: { 'Upload-Start': '' }, signal });
    memory?.begin(taskId);
  }
  for (const batch of batches) await sendBatch(rest, path, batch, data, settings, progress);
  for (const file of large) await sendLarge(rest, path, file, settings, progress);
  const request = await finish(rest, path, files, data, signal);
  memory?.forget();
  return request;
}

/** Whether the server still has what was sent before: a new Start would have dropped every file that it began with. */
async function isUnderWay(
  rest: Rest,
  memory: UploadMemory,
  taskId: number,
  large: UploadFile[],
  signal?: AbortSignal,
): Promise<boolean> {
  if (memory.taskId !== taskId) return false;
  for (const { name } of large) {
    const location = memory.file(name)?.location;
    if (location && (await findOffset(rest, location, signal)) !== null) return true;
  }
  return false;
}

/** Which files are sent together, and which on their own. */
export function planUpload(
  files: UploadFile[],
  { batchBytes, batchFiles }: Pick<Required<UploadOptions>, 'batchBytes' | 'batchFiles'>,
): { large: UploadFile[]; batches: UploadFile[][] } {
  const large = files.filter(({ blob }) => blob.size > batchBytes);
  const batches: UploadFile[][] = [];
  let room = 0;
  for (const file of files) {
    if (file.blob.size > batchBytes) continue;
    const last = batches.at(-1);
    if (last && file.blob.size <= room && last.length < batchFiles) last.push(file);
    else {
      batches.push([file]);
      room = batchBytes;
    }
    room -= file.blob.size;
  }
  return { large, batches };
}

type Settings = UploadOptions & typeof DEFAULTS;

async function sendBatch(
  rest: Rest,
  path: string,
  batch: UploadFile[],
  data: DataWrite,
  { attempts, retryDelay, signal, memory }: Settings,
  progress: Progress,
): Promise<void> {
  const size = batch.reduce((sum, { blob }) => sum + blob.size, 0);
  if (memory && batch.every(({ name }) => memory.file(name))) return progress.complete(size);
  const body = multipart({ image_quality: String(data.image_quality ?? 70) }, batch);
  const headers = { 'Upload-Multiple': '', 'Content-Type': body.type };
  const onUploadProgress = (sent: number) => progress.report(Math.min(sent, size));
  // The server knows a file that it has already by name and content: a batch that arrives twice does no harm.
  await retry(() => rest.send({ method: 'POST', path, headers, body, signal, onUploadProgress }), {
    attempts,
    delay: retryDelay,
    signal,
  });
  memory?.remember(Object.fromEntries(batch.map(({ name }) => [name, { filename: name }])));
  progress.complete(size);
}

async function sendLarge(
  rest: Rest,
  path: string,
  file: UploadFile,
  { retryDelay, signal, memory }: Settings,
  progress: Progress,
): Promise<void> {
  const known = memory?.file(file.name);
  await tusUpload(rest, path, file, {
    resume: known?.location ? { location: known.location, filename: known.filename } : undefined,
    onCreated: (upload) => memory?.remember({ [file.name]: upload }),
    onProgress: ({ sent }) => progress.report(sent),
    retryDelay,
    signal,
  });
  progress.complete(file.blob.size);
}

async function finish(
  rest: Rest,
  path: string,
  files: UploadFile[],
  data: DataWrite,
  signal?: AbortSignal,
): Promise<string> {
  const order =
    data.sorting_method === 'predefined' ? { upload_file_order: files.map(({ name }) => name) } : {};
  const { body } = await rest.send({
    method: 'POST',
    path,
    headers: { 'Upload-Finish': '', 'Content-Type': 'application/json' },
    body: JSON.stringify({ image_quality: 70, ...order, ...data }),
    signal,
  });
  return (JSON.parse(decodeText(body)) as RequestId).rq_id;
}

/** Sums up the bytes of several transfers that follow each other. */
class Progress {
  private readonly total: number;
  private completed = 0;

  constructor(
    files: UploadFile[],
    private readonly listener: UploadOptions['onProgress'],
  ) {
    this.total = files.reduce((sum, { blob }) => sum + blob.size, 0);
  }

  report(sent: number): void {
    this.listener?.({ sent: this.completed + sent, total: this.total });
  }

  complete(bytes: number): void {
    this.completed += bytes;
    this.report(0);
  }
}

/**
 * A form with text fields and files, as one blob that refers to the files instead of copying them.
 *
 * `FormData` would do, but only `fetch` understands it; this body can also go through the kernel.
 */
export function multipart(
  fields: Record<string, string>,
  files: UploadFile[],
  fileField = (i: number) => `client_files[${i}]`,
): Blob {
  const boundary = `cvat-lab-${uuid()}`;
  const parts: BlobPart[] = [];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  }
  files.forEach(({ name, blob }, i) => {
    const disposition = `form-data; name="${fileField(i)}"; filename="${escapeQuotes(name)}"`;
    const type = blob.type || 'application/octet-stream';
    parts.push(
      `--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
      blob,
      '\r\n',
    );
  });
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}

/** As HTML prescribes it for file names in forms. */
function escapeQuotes(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The server keeps only base names, so two files of one name would overwrite each other. */
function checkNames(files: UploadFile[]): void {
  const seen = new Set<string>();
  for (const { name } of files) {
    const base = name.split('/').at(-1)!;
    if (seen.has(base))
      throw new TypeError(`Two files are named ${base}. Rename one, or upload an archive of the folder.`);
    seen.add(base);
  }
  if (files.length === 0) throw new TypeError('Choose at least one file to upload.');
}
