import { describe, expect, it, vi } from 'vitest';
import { isAbort, NetworkError } from './errors';
import { multipart, planUpload, tusUpload, uploadTaskData } from './index';
import { Rest } from './rest';
import { UploadServer } from './testing/uploadServer';
import { Transfers } from './transfers';
import type { UploadProgress } from './tus';

const noise = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 13) & 255);
const file = (name: string, size: number) => ({ name, blob: new Blob([noise(size, name.length)]) });

function server() {
  const made = new UploadServer();
  return { server: made, rest: new Rest(made.transport) };
}

describe('TUS', () => {
  it('sends a file in chunks, and returns the name of the server', async () => {
    const { server: target, rest } = server();
    const progress: UploadProgress[] = [];
    const options = { chunkSize: 10, onProgress: (p: UploadProgress) => progress.push(p) };
    expect(await tusUpload(rest, 'api/tasks/5/data/', file('Ünï.zip', 25), options)).toMatch(/^stored-/);
    expect(target.steps).toEqual(['create', 'chunk 10', 'chunk 10', 'chunk 5']);
    expect([...target.files.values()]).toEqual([noise(25, 7)]);
    expect(progress.at(-1)).toEqual({ sent: 25, total: 25 });
    expect(progress.map(({ sent }) => sent)).toEqual(
      [...progress.map(({ sent }) => sent)].sort((a, b) => a - b),
    );
  });

  it('follows the Location below our own base, whatever host it names', async () => {
    const { server: target, rest } = server();
    await tusUpload(rest, 'api/tasks/5/data/', file('a', 3));
    expect(target.transport.calls.map(({ path }) => path)).toEqual([
      'api/tasks/5/data/',
      'api/tasks/5/data/0',
    ]);
  });

  it('sends one empty chunk for an empty file', async () => {
    const { server: target, rest } = server();
    await tusUpload(rest, 'api/tasks/5/data/', file('empty', 0));
    expect(target.steps).toEqual(['create', 'chunk 0']);
    expect(target.files.has('empty')).toBe(true);
  });

  it('goes on where the server is when a chunk or its answer is lost', async () => {
    const { server: target, rest } = server();
    target.transport.faults.push(undefined, undefined, 'lost-answer', undefined, 'lost-request', undefined);
    await tusUpload(rest, 'api/tasks/5/data/', file('a', 30), { chunkSize: 10, retryDelay: 1 });
    expect(target.steps).toEqual(['create', 'chunk 10', 'chunk 10', 'head', 'head', 'chunk 10']);
    expect(target.files.get('a')).toEqual(noise(30, 1));
  });

  it('resumes after a conflict and after a server error', async () => {
    const { server: target, rest } = server();
    target.chunkFailures.push({ status: 409 }, { status: 503 }, undefined);
    await tusUpload(rest, 'api/tasks/5/data/', file('a', 5), { retryDelay: 1 });
    expect(target.files.get('a')).toEqual(noise(5, 1));
  });

  it('does not repeat what the server refuses', async () => {
    const { server: target, rest } = server();
    target.chunkFailures.push({ status: 413, json: { detail: 'Too large.' } });
    await expect(tusUpload(rest, 'api/tasks/5/data/', file('a', 5))).rejects.toThrow('Too large.');
    expect(target.steps).toEqual(['create']);
  });

  it('gives up when the connection stays away', async () => {
    const { server: target, rest } = server();
    target.transport.faults.push(undefined, ...Array.from({ length: 20 }, () => 'lost-request' as const));
    const call = tusUpload(rest, 'api/tasks/5/data/', file('a', 5), { retries: 2, retryDelay: 1 });
    await expect(call).rejects.toBeInstanceOf(NetworkError);
    expect(target.files.size).toBe(0);
  });

  it('can be cancelled', async () => {
    const { server: target, rest } = server();
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const options = { chunkSize: 10, signal: controller.signal, onProgress };
    const error = await tusUpload(rest, 'api/tasks/5/data/', file('a', 30), options).catch(
      (caught: unknown) => caught,
    );
    expect(isAbort(error)).toBe(true);
    expect(target.files.size).toBe(0);
  });
});

describe('the files of a task', () => {
  const limits = { batchBytes: 100, batchFiles: 3 };

  it('are divided into batches, large ones apart', () => {
    const files = [
      file('a', 60),
      file('b', 60),
      file('big', 101),
      file('c', 40),
      file('d', 0),
      file('e', 0),
      file('f', 0),
    ];
    const plan = planUpload(files, limits);
    expect(plan.large.map(({ name }) => name)).toEqual(['big']);
    expect(plan.batches.map((batch) => batch.map(({ name }) => name))).toEqual([
      ['a'],
      ['b', 'c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('arrive whole, in the order Start, batches, large files, Finish', async () => {
    const { server: target, rest } = server();
    const files = [file('a.png', 60), file('b b".png', 60), file('video.mp4', 150)];
    const progress: UploadProgress[] = [];
    const options = { ...limits, onProgress: (p: UploadProgress) => progress.push(p) };
    expect(await uploadTaskData(rest, 5, files, { image_quality: 95 }, options)).toBe('r1');
    expect(target.steps).toEqual([
      'start',
      'batch 1 quality 95',
      'batch 1 quality 95',
      'create',
      'chunk 150',
      'finish',
    ]);
    expect(target.files.get('a.png')).toEqual(noise(60, 5));
    expect(target.files.get('video.mp4')).toEqual(noise(150, 9));
    expect(target.files.size).toBe(3);
    expect(target.finish!.json).toEqual({ image_quality: 95 });
    expect(progress.at(-1)).toEqual({ sent: 270, total: 270 });
  });

  it('keep their order when it is asked for', async () => {
    const { server: target, rest } = server();
    await uploadTaskData(rest, 5, [file('b', 1), file('a', 1)], { sorting_method: 'predefined' });
    expect(target.finish!.json).toMatchObject({ upload_file_order: ['b', 'a'] });
  });

  it('are sent again when a connection is lost', async () => {
    const { server: target, rest } = server();
    target.transport.faults.push(undefined, 'lost-answer', 'lost-request', undefined);
    await uploadTaskData(rest, 5, [file('a', 5)], {}, { retryDelay: 1 });
    expect(target.files.get('a')).toEqual(noise(5, 1));
    expect(target.steps).toEqual(['start', 'batch 1 quality 70', 'batch 1 quality 70', 'finish']);
  });

  it('are not sent at all when two have one name', async () => {
    const { server: target, rest } = server();
    await expect(uploadTaskData(rest, 5, [file('x/a.png', 1), file('y/a.png', 1)], {})).rejects.toThrow(
      'named a.png',
    );
    await expect(uploadTaskData(rest, 5, [], {})).rejects.toThrow('at least one file');
    expect(target.steps).toEqual([]);
  });

  it('are not finished after a cancel', async () => {
    const { server: target, rest } = server();
    const controller = new AbortController();
    const options = { ...limits, signal: controller.signal, onProgress: () => controller.abort() };
    await expect(uploadTaskData(rest, 5, [file('a', 60), file('b', 60)], {}, options)).rejects.toSatisfy(
      isAbort,
    );
    expect(target.steps).not.toContain('finish');
  });

  it('form a body that browsers and servers read alike', async () => {
    const body = multipart({ image_quality: '70' }, [
      { name: 'a"\r\n.png', blob: new Blob(['x'], { type: 'image/png' }) },
    ]);
    const form = await new Response(body).formData();
    expect(form.get('image_quality')).toBe('70');
    expect((form.get('client_files[0]') as File).type).toBe('image/png');
    expect(await body.text()).toContain('filename="a%22%0D%0A.png"');
  });
});

describe('imports and exports', () => {
  it('R20.8 send a file of annotations in three steps, and wait', async () => {
    const { server: target, rest } = server();
    const request = await new Transfers(rest).importAnnotations(
      { kind: 'job', id: 4 },
      'COCO 1.0',
      file('ann.json', 9),
    );
    expect(request.status).toBe('finished');
    expect(target.steps).toEqual(['start', 'create', 'chunk 9', 'finish']);
    expect(target.finish!.query).toMatchObject({ format: 'COCO 1.0', filename: 'stored-ann.json' });
    expect(target.transport.calls[0]!.query).toMatchObject({ format: 'COCO 1.0', filename: 'ann.json' });
  });

  /** A server whose request goes through the given states. */
  function exporting(...states: object[]) {
    const made = new UploadServer();
    vi.spyOn(made.transport, 'request').mockImplementation(async ({ method, path }) => {
      const json =
        method === 'POST' ? { rq_id: 'r/1' } : path.startsWith('api/requests/') ? states.shift() : {};
      const headers = {
        'content-disposition': 'attachment; filename="task_5.zip"',
        'content-type': 'application/zip',
      };
      return { status: 200, headers, body: new TextEncoder().encode(JSON.stringify(json)) };
    });
    return {
      transfers: new Transfers(new Rest(made.transport)),
      calls: vi.mocked(made.transport.request).mock.calls,
    };
  }

  it('R20.5 poll an export until it is there, and download it', async () => {
    const result = {
      id: 'r/1',
      status: 'finished',
      result_url: 'http://inner/api/tasks/5/dataset/download?rq_id=r%2F1',
    };
    const { transfers, calls } = exporting(
      { status: 'queued' },
      { status: 'started', progress: 0.5 },
      result,
    );
    const seen: string[] = [];
    const request = await transfers.exportDataset({ kind: 'task', id: 5 }, 'COCO 1.0', {
      saveImages: true,
      onProgress: ({ status }) => seen.push(status),
    });
    expect(seen).toEqual(['queued', 'started', 'finished']);
    expect(calls[0]![0]).toMatchObject({
      path: 'api/tasks/5/dataset/export',
      query: { format: 'COCO 1.0', save_images: true, location: 'local' },
    });
    const { name, blob } = await transfers.download(request);
    expect([name, blob.type]).toEqual(['task_5.zip', 'application/zip']);
    expect(calls.at(-1)![0]).toMatchObject({ path: 'api/tasks/5/dataset/download', query: { rq_id: 'r/1' } });
  });

  it('fail with the explanation of the server', async () => {
    const { transfers } = exporting({ status: 'failed', message: 'Frame 3 has no size.' });
    const call = transfers.exportDataset({ kind: 'task', id: 5 }, 'COCO 1.0');
    await expect(call).rejects.toThrow('Frame 3 has no size.');
  });

  it('stop polling when they are cancelled', async () => {
    const { transfers, calls } = exporting({ status: 'started' }, { status: 'started' });
    const controller = new AbortController();
    const call = transfers.wait('r1', { signal: controller.signal, onProgress: () => controller.abort() });
    expect(isAbort(await call.catch((error: unknown) => error))).toBe(true);
    expect(calls).toHaveLength(1);
  });
});
