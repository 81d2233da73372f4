/** The server's side of uploads, in memory, as CVAT's contract has it. For tests. */

import type { Bytes } from '../transport';
import { type FakeAnswer, type FakeCall, FakeServer } from './fakeServer';

interface TusUpload {
  name: string;
  length: number;
  data: Bytes;
  offset: number;
}

export class UploadServer {
  /** Files that arrived completely. */
  readonly files = new Map<string, Bytes>();
  readonly steps: string[] = [];
  readonly transport = new FakeServer((call) => this.serve(call));
  finish: { query: FakeCall['query']; json: unknown } | null = null;
  /** Answers to give instead of serving, one per chunk. */
  readonly chunkFailures: (FakeAnswer | undefined)[] = [];
  private readonly uploads: TusUpload[] = [];

  /** Bytes that have arrived although the client did not hear of it. */
  give(number: number, data: Bytes): void {
    const upload = this.uploads[number]!;
    upload.data.set(data, upload.offset);
    upload.offset += data.length;
  }

  /** Forget what is on its way. */
  lose(): void {
    this.uploads.length = 0;
  }

  private async serve(call: FakeCall): Promise<FakeAnswer> {
    const { headers } = call;
    if (call.method === 'PATCH') return this.patch(call);
    if (call.method === 'HEAD') return this.head(call);
    if ('Upload-Finish' in headers) return this.end(call);
    if ('Upload-Start' in headers) return this.step('start', 202);
    if ('Upload-Length' in headers) return this.create(call);
    if ('Upload-Multiple' in headers) return this.multiple(call);
    return { json: { id: 'r1', status: 'finished', message: '', progress: 1 } };
  }

  private step(name: string, status: number): FakeAnswer {
    this.steps.push(name);
    return { status };
  }

  private end({ query, body }: FakeCall): FakeAnswer {
    this.finish = { query, json: body.length ? JSON.parse(new TextDecoder().decode(body)) : null };
    return { ...this.step('finish', 202), json: { rq_id: 'r1' } };
  }

  private create({ headers, path }: FakeCall): FakeAnswer {
    const name = atob(headers['Upload-Metadata']!.split(' ')[1]!);
    const length = Number(headers['Upload-Length']);
    this.uploads.push({ name, length, data: new Uint8Array(length), offset: 0 });
    const location = `https://inner.host:1234/base/${path}${this.uploads.length - 1}`;
    return { ...this.step('create', 201), headers: { location, 'upload-filename': `stored-${name}` } };
  }

  private patch({ path, headers, body }: FakeCall): FakeAnswer {
    const failure = this.chunkFailures.shift();
    if (failure) return failure;
    const upload = this.upload(path);
    if (Number(headers['Upload-Offset']) !== upload.offset) {
      return { ...this.step('conflict', 409), headers: { 'upload-offset': String(upload.offset) } };
    }
    upload.data.set(body, upload.offset);
    upload.offset += body.length;
    if (upload.offset === upload.length) this.files.set(upload.name, upload.data);
    return { ...this.step(`chunk ${body.length}`, 204), headers: { 'upload-offset': String(upload.offset) } };
  }

  private head({ path }: FakeCall): FakeAnswer {
    if (!this.upload(path))
      return { ...this.step('head of an unknown upload', 404), json: { detail: 'gone' } };
    const { offset, length } = this.upload(path);
    return {
      ...this.step('head', 200),
      headers: { 'upload-offset': String(offset), 'upload-length': String(length) },
    };
  }

  private upload(path: string): TusUpload {
    return this.uploads[Number(path.split('/').at(-1))]!; // only `head` is asked for uploads that are not there
  }

  private async multiple({ headers, body }: FakeCall): Promise<FakeAnswer> {
    const form = await new Response(body, {
      headers: { 'Content-Type': headers['Content-Type']! },
    }).formData();
    const files = [...form.entries()].filter(
      (entry): entry is [string, File] => typeof entry[1] !== 'string',
    );
    for (const [i, [field, file]] of files.entries()) {
      if (field !== `client_files[${i}]`) return { status: 400, json: [`${field} at place ${i}`] };
      this.files.set(file.name, new Uint8Array(await file.arrayBuffer()));
    }
    return this.step(`batch ${files.length} quality ${String(form.get('image_quality'))}`, 200);
  }
}
