import { beforeEach, describe, expect, it } from 'vitest';
import { Rest } from './rest';
import { UploadServer } from './testing/uploadServer';
import { uploadTaskData } from './upload';
import { UploadMemory, uploadKey } from './uploadMemory';

class MapStorage implements Storage {
  [name: string]: unknown;
  private readonly items = new Map<string, string>();
  get length() {
    return this.items.size;
  }
  clear = () => this.items.clear();
  getItem = (name: string) => this.items.get(name) ?? null;
  key = (place: number) => [...this.items.keys()][place] ?? null;
  removeItem = (name: string) => void this.items.delete(name);
  setItem = (name: string, value: string) => void this.items.set(name, value);
}

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
const file = (name: string, size: number) => new File([noise(size)], name, { lastModified: 1000 });
const FILES = [file('a.png', 50), file('video.mp4', 150), file('second.mp4', 120)];
const SENT = FILES.map((each) => ({ name: each.name, blob: each }));
const LIMITS = { batchBytes: 100, retryDelay: 1 };

let storage: MapStorage;
let server: UploadServer;

beforeEach(() => {
  storage = new MapStorage();
  server = new UploadServer();
});

/** A page that uploads, and is left as soon as the server has done so many steps. */
async function page(leaveAfter = Number.POSITIVE_INFINITY, taskId = 5) {
  const memory = (await UploadMemory.open(uploadKey('Lot', FILES), storage))!;
  const leaving = new AbortController();
  const before = server.steps.length;
  const onProgress = () => {
    if (server.steps.length - before >= leaveAfter) leaving.abort();
  };
  const options = { ...LIMITS, memory, onProgress, signal: leaving.signal };
  try {
    return await uploadTaskData(new Rest(server.transport), taskId, SENT, {}, options);
  } finally {
    memory.close();
  }
}

describe('an upload that a page has left unfinished', () => {
  it('goes on in the next page: nothing that has arrived is sent again', async () => {
    await expect(page(4)).rejects.toThrow();
    expect(server.steps).toEqual(['start', 'batch 1 quality 70', 'create', 'chunk 150']);
    server.steps.length = 0;
    expect(await page()).toBe('r1');
    expect(server.steps).toEqual(['head', 'head', 'create', 'chunk 120', 'finish']);
    expect(server.files.get('video.mp4')).toEqual(noise(150));
    expect(server.files.get('second.mp4')).toEqual(noise(120));
    expect(storage.length).toBe(0);
  });

  it('goes on in the middle of a file', async () => {
    server.chunkFailures.push({ status: 400, json: { detail: 'stop' } });
    await expect(page()).rejects.toThrow('stop');
    server.give(0, noise(150).slice(0, 60));
    server.steps.length = 0;
    await page();
    expect(server.steps).toEqual(['head', 'head', 'chunk 90', 'create', 'chunk 120', 'finish']);
    expect(server.files.get('video.mp4')).toEqual(noise(150));
  });

  it('begins anew where the server has forgotten it, or for another task', async () => {
    await expect(page(4)).rejects.toThrow();
    server.lose();
    server.steps.length = 0;
    await expect(page(4)).rejects.toThrow();
    expect(server.steps.slice(0, 3)).toEqual(['head of an unknown upload', 'start', 'batch 1 quality 70']);
    server.steps.length = 0;
    await page(undefined, 6);
    expect(server.steps[0]).toBe('start');
  });

  it('is left to the tab that is at it, and forgotten after a week', async () => {
    const key = uploadKey('Lot', FILES);
    const first = (await UploadMemory.open(key, storage))!;
    first.begin(5);
    expect(await UploadMemory.open(key, storage)).toBeNull();
    first.close();
    const second = (await UploadMemory.open(key, storage))!;
    expect(second.taskId).toBe(5);
    second.close();
    const name = storage.key(0)!;
    storage.setItem(name, storage.getItem(name)!.replace(/"time":\d+/, '"time":1'));
    const third = (await UploadMemory.open(key, storage))!;
    expect(third.taskId).toBeNull();
    third.close();
  });

  it('is known by names, sizes and dates of the files, and by what was typed', () => {
    const key = uploadKey('Lot', FILES);
    expect(uploadKey('Lot', [file('a.png', 50), ...FILES.slice(1)])).toBe(key);
    const others = [
      uploadKey('Lot 2', FILES),
      uploadKey('Lot', FILES.slice(1)),
      uploadKey('Lot', [file('b.png', 50), ...FILES.slice(1)]),
      uploadKey('Lot', [file('a.png', 51), ...FILES.slice(1)]),
      uploadKey('Lot', [new File([noise(50)], 'a.png', { lastModified: 1001 }), ...FILES.slice(1)]),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });
});
