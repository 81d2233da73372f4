import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyChange } from './changes';
import { Journal, type JournalEntry, journalScope } from './journal';

function entry(id: string, fields: Partial<JournalEntry> = {}): JournalEntry {
  return { id, scope: 'job 1', session: 's', sent: false, change: emptyChange(), time: 0, ...fields };
}

const ids = async (journal: Journal, scope = 'job 1') => (await journal.list(scope)).map(({ id }) => id);

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the journal', () => {
  it('has its entries after the page was closed', async () => {
    const change = emptyChange();
    change.deleted.shapes = [4];
    const first = await Journal.open();
    await first.write([entry('a', { change })]);
    first.close();
    const second = await Journal.open();
    expect(second.durable).toBe(true);
    expect((await second.list('job 1'))[0]!.change.deleted.shapes).toEqual([4]);
  });

  it('lists a scope session by session, what was sent first', async () => {
    const journal = await Journal.open();
    await journal.write([
      entry('a-tail', { session: 'a' }),
      entry('b', { session: 'b' }),
      entry('a-sent', { session: 'a', sent: true }),
      entry('other', { scope: 'job 2' }),
    ]);
    expect(await ids(journal)).toEqual(['a-sent', 'a-tail', 'b']);
  });

  it('replaces and removes in one step', async () => {
    const journal = await Journal.open();
    await journal.write([entry('a'), entry('b')]);
    await journal.write([entry('b', { time: 7 }), entry('c')], ['a', 'missing']);
    expect(await ids(journal)).toEqual(['b', 'c']);
    expect((await journal.list('job 1'))[0]!.time).toBe(7);
  });

  it('is kept in memory where there is no IndexedDB, and says so', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    const journal = await Journal.open();
    expect(journal.durable).toBe(false);
    await journal.write([entry('a')]);
    await journal.write([entry('b')], ['a']);
    expect(await ids(journal)).toEqual(['b']);
  });

  it('goes on in memory when the disk is full', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const journal = await Journal.open();
    await journal.write([entry('a')]);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await journal.write([entry('b')]);
    expect(journal.durable).toBe(false);
    expect(await ids(journal)).toEqual(['a', 'b']);
  });
});

it('workspaces that were served at one address do not share a scope', () => {
  const scope = (created_date: string) =>
    journalScope('http://localhost:8888/', 'ann', { id: 1, created_date });
  expect(scope('2026-01-01T00:00:00.1Z')).not.toBe(scope('2026-01-01T00:00:00.2Z'));
  expect(scope('x')).toBe(scope('x'));
});
