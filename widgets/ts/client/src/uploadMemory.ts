/**
 * What this browser remembers of an upload, so that it goes on after the page was loaded anew.
 *
 * A page cannot keep the files themselves: their owner chooses them again, and the upload is recognized by its key, which
 * is made of what was typed and of the files' names, sizes and dates. Where storage is blocked nothing is remembered.
 */

import { holdSession, openSessions } from './sessions';

export interface SentFile {
  /** Name under which the server keeps the file. */
  filename: string;
  /** Where a large file goes on; without it, the file has arrived as part of a batch. */
  location?: string;
}

interface Entry {
  taskId: number | null;
  files: Record<string, SentFile>;
  /** When it was last written, in ms since 1970. */
  time: number;
}

const PREFIX = 'cvat-lab-upload:';
const SESSION = 'upload:';

/** The server keeps unfinished uploads for a week. */
const LIFE_MS = 7 * 24 * 3600 * 1000;

export class UploadMemory {
  private constructor(
    private readonly name: string,
    private readonly storage: Storage,
    private entry: Entry,
    private readonly release: () => void,
  ) {}

  /** @returns null where nothing can be remembered, or while another tab sends the same files */
  static async open(key: string, storage = browserStorage()): Promise<UploadMemory | null> {
    if (!storage || (await openSessions()).has(SESSION + key)) return null;
    dropOld(storage);
    const entry = readEntry(storage, PREFIX + key) ?? { taskId: null, files: {}, time: 0 };
    return new UploadMemory(PREFIX + key, storage, entry, holdSession(SESSION + key));
  }

  /** The task that an earlier page made for these files. */
  get taskId(): number | null {
    return this.entry.taskId;
  }

  file(name: string): SentFile | undefined {
    return this.entry.files[name];
  }

  /** Forget the files, and remember that they are sent for this task from now on. */
  begin(taskId: number): void {
    this.entry = { taskId, files: {}, time: 0 };
    this.save();
  }

  remember(files: Record<string, SentFile>): void {
    Object.assign(this.entry.files, files);
    this.save();
  }

  /** The upload has ended, well or not. */
  forget(): void {
    this.storage.removeItem(this.name);
  }

  /** Let other tabs go on with this upload. */
  close(): void {
    this.release();
  }

  private save(): void {
    this.entry.time = Date.now();
    try {
      this.storage.setItem(this.name, JSON.stringify(this.entry));
    } catch {
      this.forget(); // the storage is full: half a memory would be wrong, none only costs time
    }
  }
}

/** A short text that tells one set of files, and what is to be made of them, from all others. */
export function uploadKey(purpose: string, files: readonly File[]): string {
  const told = files.map(({ name, size, lastModified }) => `${name}|${size}|${lastModified}`);
  return hash([purpose, ...told].join('\n'));
}

/** FNV-1a in two lanes, 64 bits in all; pages that were not loaded safely have no `crypto.subtle`. */
function hash(text: string): string {
  let [low, high] = [0x811c9dc5, 0x1000193];
  for (const byte of new TextEncoder().encode(text)) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b);
  }
  return [low, high].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

function browserStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // the browser forbids it
  }
}

function readEntry(storage: Storage, name: string): Entry | null {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null') as Entry | null;
  } catch {
    return null; // somebody else's text
  }
}

function dropOld(storage: Storage): void {
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const entry = readEntry(storage, name);
    if (!entry || Date.now() - entry.time > LIFE_MS) storage.removeItem(name);
  }
}
