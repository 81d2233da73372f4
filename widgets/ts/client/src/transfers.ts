/**
 * Work that goes on in the background of the server: exports, imports and backups.
 *
 * All of it has the same form: start, poll the request until it ends, take the result.
 */

import type { RequestId, RequestRead } from '@cvat-lab/schema';
import { FormatError, RequestFailedError } from './errors';
import { type Rest, type Target, targetPath } from './rest';
import { pause } from './timing';
import { ownPath, type Query } from './transport';
import { tusUpload, type UploadProgress } from './tus';

export interface WaitOptions {
  signal?: AbortSignal;
  /** Called after every poll: `progress` is 0 to 1, `message` says what is going on. */
  onProgress?: (request: RequestRead) => void;
}

export interface SendOptions extends WaitOptions {
  /** Called while the file is on its way to the server. */
  onUpload?: (progress: UploadProgress) => void;
}

export interface ExportOptions extends WaitOptions {
  saveImages?: boolean;
  filename?: string;
}

export interface ImportOptions extends SendOptions {
  /** Masks become polygons. */
  maskToPolygon?: boolean;
  /** Default is to replace. */
  mode?: 'append' | 'replace';
}

export interface NamedFile {
  name: string;
  blob: Blob;
}

const FIRST_POLL_MS = 150;
const LAST_POLL_MS = 2000;
const POLL_GROWTH = 1.4;

export class Transfers {
  constructor(private readonly rest: Rest) {}

  /**
   * Poll a request until it is finished. Cancelling the signal stops the polling, not the request.
   *
   * @throws RequestFailedError with the server's explanation when it fails
   */
  async wait(id: string, { signal, onProgress }: WaitOptions = {}): Promise<RequestRead> {
    const path = `api/requests/${encodeURIComponent(id)}`;
    for (let delay = FIRST_POLL_MS; ; delay = Math.min(delay * POLL_GROWTH, LAST_POLL_MS)) {
      const request = await this.rest.json<RequestRead>('GET', path, { signal });
      onProgress?.(request);
      if (request.status === 'finished') return request;
      if (request.status === 'failed')
        throw new RequestFailedError(request.message || 'The request failed.', id);
      await pause(delay, signal);
    }
  }

  /** Export the annotations, with `saveImages` also the media. The finished request has the result and the losses. */
  exportDataset(of: Target, format: string, options: ExportOptions = {}): Promise<RequestRead> {
    const { saveImages = false, filename, ...wait } = options;
    const query = { format, save_images: saveImages, filename, location: 'local' };
    return this.start(`${targetPath(of)}/dataset/export`, query, wait);
  }

  /** Make a backup of a task or project. */
  exportBackup(
    of: Target & { kind: 'task' | 'project' },
    options: WaitOptions & { filename?: string } = {},
  ): Promise<RequestRead> {
    const { filename, ...wait } = options;
    return this.start(`${targetPath(of)}/backup/export`, { filename, location: 'local' }, wait);
  }

  /** Import annotations into a task or job. */
  importAnnotations(
    into: Target & { kind: 'task' | 'job' },
    format: string,
    file: NamedFile,
    options: ImportOptions = {},
  ): Promise<RequestRead> {
    const { maskToPolygon, mode, ...send } = options;
    const query = { format, conv_mask_to_poly: maskToPolygon, import_mode: mode };
    return this.sendFile(`${targetPath(into)}/annotations/`, query, file, send);
  }

  /** Import a dataset with its images into a project; makes one task per subset. */
  importDataset(
    projectId: number,
    format: string,
    file: NamedFile,
    options: SendOptions = {},
  ): Promise<RequestRead> {
    return this.sendFile(`api/projects/${projectId}/dataset/`, { format }, file, options);
  }

  /** Make a new task or project from a backup; `result_id` of the finished request is its id. */
  restoreBackup(kind: 'task' | 'project', file: NamedFile, options: SendOptions = {}): Promise<RequestRead> {
    return this.sendFile(`api/${kind}s/backup/`, {}, file, options);
  }

  /** URL of a finished export that the browser can open; null when only `download` gets through. */
  downloadUrl(request: RequestRead): string | null {
    const { path, query } = resultPath(request);
    return this.rest.transport.url(path, query);
  }

  /** The result of a finished export, with the file name that the server chose. */
  async download(request: RequestRead, signal?: AbortSignal): Promise<NamedFile> {
    const { body, headers } = await this.rest.send({ method: 'GET', ...resultPath(request), signal });
    const name = /filename="([^"]+)"/.exec(headers['content-disposition'] ?? '')?.[1] ?? 'export.zip';
    return { name, blob: new Blob([body], { type: headers['content-type'] ?? '' }) };
  }

  private async start(path: string, query: Query, options: WaitOptions): Promise<RequestRead> {
    const { rq_id } = await this.rest.json<RequestId>('POST', path, { query, signal: options.signal });
    return this.wait(rq_id, options);
  }

  /** CVAT's three steps: announce the file, send it with TUS, start the work. */
  private async sendFile(
    path: string,
    query: Query,
    file: NamedFile,
    options: SendOptions,
  ): Promise<RequestRead> {
    const { onUpload, signal } = options;
    const step = { method: 'POST', path } as const;
    const announced = { ...query, filename: file.name };
    await this.rest.send({ ...step, query: announced, headers: { 'Upload-Start': '' }, signal });
    const filename = await tusUpload(this.rest, path, file, {
      query: announced,
      onProgress: onUpload,
      signal,
    });
    const headers = { 'Upload-Finish': '' };
    const { body } = await this.rest.send({ ...step, query: { ...query, filename }, headers, signal });
    const { rq_id } = JSON.parse(new TextDecoder().decode(body)) as RequestId;
    return this.wait(rq_id, options);
  }
}

function resultPath(request: RequestRead): { path: string; query: Query } {
  if (request.result_url) return ownPath(request.result_url);
  throw new FormatError(`Request ${request.id} (${request.status}) has no result to download`);
}
