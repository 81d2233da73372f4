/** Editors of one job, as pages open them: for the tests of saving. */

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { Journal } from '../journal';
import { recoverChanges } from '../recovery';
import { JobSync, type SyncOptions } from '../sync';
import { TestDocument } from './document';
import type { JobServer } from './jobServer';
import { TestLocks } from './locks';

export const SCOPE = 'job 1';
/** Does not try again by itself within a test. */
export const PATIENT = { retryDelay: 60_000, maxRetryDelay: 60_000 };
const FAST = { mergeDelay: 2, retryDelay: 2, maxRetryDelay: 8 };

/** The journal of the running test. */
export let journal: Journal;
const open = new Set<JobSync>();

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { locks: new TestLocks() });
  journal = await Journal.open();
});

afterEach(async () => {
  for (const sync of open) await sync.dispose();
  open.clear();
  journal.close();
  vi.unstubAllGlobals();
});

/** Let the running test use another journal, for example one that is not durable. */
export function useJournal(other: Journal): void {
  journal = other;
}

export interface Editor {
  document: TestDocument;
  sync: JobSync;
}

/** Open the job as a page does: settle what is in the journal, read the job, begin to save. */
export async function edit(server: JobServer, options: Partial<SyncOptions> = {}): Promise<Editor> {
  const leftovers = await recoverChanges(server.api, journal, SCOPE, 1);
  const document = new TestDocument(server);
  const sync = new JobSync({
    api: server.api,
    journal,
    scope: SCOPE,
    jobId: 1,
    source: document,
    ...FAST,
    ...options,
  });
  open.add(sync);
  await sync.start(leftovers);
  return { document, sync };
}

/** The page is gone, from one moment to the next. */
export async function crash({ sync }: Editor): Promise<void> {
  open.delete(sync);
  await sync.dispose();
}

/** Wait until everything is saved. */
export function saved(sync: JobSync): Promise<void> {
  return vi.waitFor(() => expect(sync.status.state).toBe('saved'), { timeout: 3000, interval: 2 });
}
