/**
 * Resumable uploads: TUS 1.0.0 as CVAT speaks it.
 *
 * A chunk that fails is not sent again blindly: the server is asked how far it got, and the upload goes on from there.
 */

import { ApiError, FormatError } from './errors';
import type { Rest } from './rest';
import { isTemporary, pause } from './timing';
import { ownPath, type Query } from './transport';

export interface UploadProgress {
  sent: number;
  total: number;
}

export interface TusOptions {
  query?: Query;
  /** Bytes per request; the contract allows at most 10 MiB. */
  chunkSize?: number;
  /** How many failures in a row are survived. */
  retries?: number;
  /** Wait after the first failure, in ms; doubles every time. */
  retryDelay?: number;
  onProgress?: (progress: UploadProgress) => void;
  /** An upload of the same file that was begun before; where the server does not know it any more, a new one begins. */
  resume?: TusUpload;
  /** Is told where the file goes before its first chunk is sent. */
  onCreated?: (upload: TusUpload) => void;
  signal?: AbortSignal;
}

export interface TusUpload {
  /** Path of the upload below the server's base. */
  location: string;
  /** Name under which the server keeps the file. */
  filename: string;
}

const VERSION = { 'Tus-Resumable': '1.0.0' };
const CONFLICT = 409;
const GONE = [403, 404, 410];

export const TUS_CHUNK = 10 * 2 ** 20;

/**
 * Upload one file below `path`, and return the name under which the server keeps it.
 *
 * @throws ApiError, NetworkError when the retries are used up or the server refuses the file
 */
export async function tusUpload(
  rest: Rest,
  path: string,
  file: { name: string; blob: Blob },
  options: TusOptions = {},
): Promise<string> {
  const { resume } = options;
  const reached = resume ? await findOffset(rest, resume.location, options.signal) : null;
  const upload = resume && reached !== null ? resume : await createUpload(rest, path, file, options);
  options.onCreated?.(upload);
  await new ChunkSender(rest, upload.location, file.blob, options, reached).run();
  return upload.filename;
}

/** How many bytes of a file the server has; null = it does not know the upload any more. */
export async function findOffset(rest: Rest, location: string, signal?: AbortSignal): Promise<number | null> {
  try {
    const { headers } = await rest.send({ method: 'HEAD', path: location, headers: VERSION, signal });
    return Number(headers['upload-offset'] ?? 0);
  } catch (error) {
    if (error instanceof ApiError && GONE.includes(error.status)) return null;
    throw error;
  }
}

async function createUpload(
  rest: Rest,
  path: string,
  { name, blob }: { name: string; blob: Blob },
  { query, signal }: TusOptions,
): Promise<TusUpload> {
  const headers = {
    ...VERSION,
    'Upload-Length': String(blob.size),
    'Upload-Metadata': `filename ${base64(name)}`,
  };
  const answer = (await rest.send({ method: 'POST', path, query, headers, signal })).headers;
  const location = answer['location'];
  if (!location)
    throw new FormatError(`The server accepted the upload of ${name} but did not say where to send it`);
  return { location: ownPath(location).path, filename: answer['upload-filename'] ?? name };
}

/** Sends the chunks of one upload, in order. */
class ChunkSender {
  private offset = 0;
  private failures = 0;
  private readonly chunkSize: number;
  private readonly retries: number;

  constructor(
    private readonly rest: Rest,
    private readonly location: string,
    private readonly blob: Blob,
    private readonly options: TusOptions,
    /** Bytes that the server has already; null = it has not been sent any. */
    private readonly reached: number | null,
  ) {
    this.offset = reached ?? 0;
    this.chunkSize = options.chunkSize ?? TUS_CHUNK;
    this.retries = options.retries ?? 5;
  }

  async run(): Promise<void> {
    if (this.reached) this.report(this.reached);
    // A file without bytes still needs one request, or the server would never see it complete.
    for (let complete = this.isComplete; !complete; ) {
      try {
        await this.sendChunk();
        this.failures = 0;
        complete = this.offset >= this.blob.size;
      } catch (error) {
        await this.recover(error);
        complete = this.isComplete;
      }
    }
  }

  private get isComplete(): boolean {
    return this.blob.size > 0 && this.offset >= this.blob.size;
  }

  private async sendChunk(): Promise<void> {
    const { offset } = this;
    const chunk = this.blob.slice(offset, offset + this.chunkSize);
    const answer = await this.rest.send({
      method: 'PATCH',
      path: this.location,
      headers: {
        ...VERSION,
        'Upload-Offset': String(offset),
        'Content-Type': 'application/offset+octet-stream',
      },
      body: chunk,
      signal: this.options.signal,
      onUploadProgress: (sent) => this.report(offset + Math.min(sent, chunk.size)),
    });
    this.moveTo(Number(answer.headers['upload-offset'] ?? offset + chunk.size));
  }

  /** Wait, find out what the server has, and let the loop go on; or give up with the error. */
  private async recover(error: unknown): Promise<void> {
    const conflict = error instanceof ApiError && error.status === CONFLICT;
    if ((!conflict && !isTemporary(error)) || this.failures >= this.retries) throw error;
    await pause((this.options.retryDelay ?? 500) * 2 ** this.failures++, this.options.signal);
    try {
      const call = {
        method: 'HEAD',
        path: this.location,
        headers: VERSION,
        signal: this.options.signal,
      } as const;
      this.moveTo(Number((await this.rest.send(call)).headers['upload-offset'] ?? 0));
    } catch (headError) {
      // Still no connection: the next chunk fails too, and the failures are counted there.
      if (!isTemporary(headError)) throw headError;
    }
  }

  private moveTo(offset: number): void {
    this.offset = offset;
    this.report(offset);
  }

  private report(sent: number): void {
    this.options.onProgress?.({ sent, total: this.blob.size });
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
