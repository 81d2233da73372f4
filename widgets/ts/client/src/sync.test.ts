import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, NetworkError } from './errors';
import { Journal } from './journal';
import { recoverChanges } from './recovery';
import { JobSync, type SyncOptions, type SyncStatus } from './sync';
import { TestDocument } from './testing/document';
import { JobServer } from './testing/jobServer';
import { TestLocks } from './testing/locks';

const SCOPE = 'job 1';
/** Does not try again by itself within a test. */
const PATIENT = { retryDelay: 60_000, maxRetryDelay: 60_000 };
const FAST = { mergeDelay: 2, retryDelay: 2, maxRetryDelay: 8 };

let journal: Journal;
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

interface Editor {
  document: TestDocument;
  sync: JobSync;
}

/** Open the job as a page does: settle what is in the journal, read the job, begin to save. */
async function edit(server: JobServer, options: Partial<SyncOptions> = {}): Promise<Editor> {
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
async function crash({ sync }: Editor): Promise<void> {
  open.delete(sync);
  await sync.dispose();
}

const saved = (sync: JobSync) =>
  vi.waitFor(() => expect(sync.status.state).toBe('saved'), { timeout: 3000, interval: 2 });

describe('saving', () => {
  it('sends edits by itself, those that follow each other as one', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server, { mergeDelay: 20 });
    document.add(1);
    document.edit(document.add(2), 3);
    expect(sync.status).toMatchObject({ state: 'saving', unsaved: 2 });
    await saved(sync);
    expect(server.contents).toEqual([1, 3]);
    expect(server.applied).toBe(1);
    expect(await journal.list(SCOPE)).toEqual([]);
  });

  it('has edits in the journal before they are sent', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    const send = vi.spyOn(server.transport, 'request').mockImplementation(async () => {
      const [entry] = await journal.list(SCOPE);
      expect(entry).toMatchObject({ sent: true, session: sync.session });
      expect(entry!.change.created.shapes[0]!.z_order).toBe(1);
      throw new NetworkError('looked');
    });
    document.add(1);
    await vi.waitFor(() => expect(send).toHaveBeenCalled());
    send.mockRestore();
    await saved(sync);
  });

  it('follows what is edited while a change set is on its way', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    const name = document.add(1);
    const flushed = sync.flush();
    document.edit(name, 2);
    document.add(5);
    await flushed;
    expect(server.contents).toEqual([2, 5]);
    document.remove(name);
    await saved(sync);
    expect(server.contents).toEqual([5]);
  });

  it('does not wait for ever while edits go on', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server, { mergeDelay: 15 });
    for (let i = 0; i < 40; i++) {
      document.add(i);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(server.applied).toBeGreaterThan(0);
    await saved(sync);
    expect(server.contents).toHaveLength(40);
  });

  it('R24.5 Ctrl+S saves at once', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server, { autosave: false });
    document.add(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.applied).toBe(0);
    expect(sync.status).toMatchObject({ state: 'at-risk', unsaved: 1 });
    expect(await journal.list(SCOPE)).toHaveLength(1);
    await sync.flush();
    expect(server.contents).toEqual([1]);
    expect(sync.status).toMatchObject({ state: 'saved', unsaved: 0 });
  });

  it('tells its listeners how it goes', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    const states: SyncStatus['state'][] = [];
    const end = sync.subscribe(({ state }) => states.push(state));
    document.add(1);
    await saved(sync);
    expect(states[0]).toBe('saving');
    await vi.waitFor(() => expect(states.at(-1)).toBe('saved'));
    end();
    const length = states.length;
    document.add(2);
    await saved(sync);
    expect(states).toHaveLength(length);
  });

  it('is at risk where there is no durable journal', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubGlobal('indexedDB', undefined);
    journal = await Journal.open();
    const server = new JobServer();
    const { document, sync } = await edit(server);
    document.add(1);
    expect(sync.status.state).toBe('at-risk');
    expect(sync.status.detail).toContain('do not close it');
    await saved(sync);
    expect(server.contents).toEqual([1]);
  });
});

describe('a bad connection', () => {
  it('does not apply a change set twice when its answer gets lost', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.transport.faults.push('lost-answer', 'lost-answer', 'lost-request');
    const name = document.add(1);
    await saved(sync);
    expect(server.applied).toBe(1);
    expect(server.contents).toEqual([1]);
    document.edit(name, 2);
    await saved(sync);
    expect(server.contents).toEqual([2]);
  });

  it('keeps edits of a long time offline, and sends them as one', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.transport.online = false;
    const name = document.add(1);
    await vi.waitFor(() => expect(sync.status.state).toBe('at-risk'));
    expect(sync.status.detail).toContain('kept in this browser');
    for (let i = 2; i <= 20; i++) document.edit(name, i);
    document.add(100);
    expect((await journal.list(SCOPE)).map(({ sent }) => sent)).toEqual([true, false]);
    server.transport.online = true;
    await saved(sync);
    expect(server.contents).toEqual([20, 100]);
    expect(server.applied).toBe(2);
  });

  it('makes flush fail with the reason', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.transport.online = false;
    document.add(1);
    await expect(sync.flush()).rejects.toBeInstanceOf(NetworkError);
    server.transport.online = true;
    await sync.flush();
    expect(server.contents).toEqual([1]);
  });

  it('is tried again when the browser is online', async () => {
    const target = new EventTarget();
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
    const server = new JobServer();
    const { document, sync } = await edit(server, PATIENT);
    server.transport.online = false;
    document.add(1);
    await vi.waitFor(() => expect(sync.status.state).toBe('at-risk'));
    server.transport.online = true;
    target.dispatchEvent(new Event('online'));
    await saved(sync);
    expect(server.contents).toEqual([1]);
  });
});

describe('two annotators', () => {
  it('see and keep the work of each other', async () => {
    const server = new JobServer();
    const ann = await edit(server);
    ann.document.add(1);
    await saved(ann.sync);
    const bob = await edit(server);
    bob.document.add(2);
    await saved(bob.sync);
    ann.document.add(3);
    await saved(ann.sync);
    expect(server.contents).toEqual([1, 2, 3]);
    expect(ann.document.contents).toEqual([1, 2, 3]);
    expect(bob.document.contents).toEqual([1, 2]);
    await bob.sync.pull();
    expect(bob.document.contents).toEqual([1, 2, 3]);
  });

  it('keep an object that one edits and the other deletes', async () => {
    const server = new JobServer();
    const ann = await edit(server);
    const name = ann.document.add(1);
    await saved(ann.sync);
    const bob = await edit(server);
    bob.document.remove([...bob.document.values.keys()][0]!);
    await saved(bob.sync);
    expect(server.contents).toEqual([]);
    ann.document.edit(name, 9);
    await saved(ann.sync);
    expect(server.contents).toEqual([9]);
  });

  it('do not pull while changes are on their way', async () => {
    const server = new JobServer();
    const ann = await edit(server, PATIENT);
    const bob = await edit(server);
    bob.document.add(2);
    await saved(bob.sync);
    server.transport.online = false;
    ann.document.add(1);
    await vi.waitFor(() => expect(ann.sync.status.state).toBe('at-risk'));
    server.transport.online = true;
    await ann.sync.pull();
    expect(ann.document.contents).toEqual([1]);
    await ann.sync.flush();
    expect(ann.document.contents).toEqual([1, 2]);
  });
});

describe('a refusal', () => {
  it.each([400, 403, 404])('with %i keeps the edits, and the next edit tries again', async (status) => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.refusal = status;
    const name = document.add(1);
    await vi.waitFor(() => expect(sync.status.error).toBeInstanceOf(ApiError));
    expect(sync.status).toMatchObject({ state: 'at-risk', unsaved: 1 });
    expect(sync.status.detail).toContain('Refused.');
    const calls = server.transport.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.transport.calls).toHaveLength(calls);
    expect(await journal.list(SCOPE)).toHaveLength(1);
    server.refusal = null;
    document.edit(name, 2);
    await saved(sync);
    expect(server.contents).toEqual([2]);
    expect(await journal.list(SCOPE)).toEqual([]);
  });

  it('vanishes when the edit is undone', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.refusal = 400;
    const name = document.add(1);
    await vi.waitFor(() => expect(sync.status.state).toBe('at-risk'));
    document.remove(name);
    await saved(sync);
    await vi.waitFor(() => expect(sync.status.error).toBeNull());
    expect(await journal.list(SCOPE)).toEqual([]);
  });

  it('goes on by itself when the user has logged in again', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.refusal = 401;
    document.add(1);
    await vi.waitFor(() => expect(sync.status.state).toBe('at-risk'));
    server.refusal = null;
    await saved(sync);
    expect(server.contents).toEqual([1]);
  });

  it('leaves the edits to download', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server);
    server.refusal = 403;
    document.add(42);
    await expect(sync.flush()).rejects.toThrow('Refused.');
    const content = JSON.parse(await sync.exportUnsaved().text()) as {
      job: number;
      changes: TestDocument['peekChanges'][];
    };
    expect(content).toMatchObject({
      job: 1,
      changes: [{ created: { shapes: [{ id: null, z_order: 42 }] } }],
    });
  });
});

describe('after a crash', () => {
  it('edits that were never sent are made again, and saved', async () => {
    const server = new JobServer();
    const before = await edit(server, { autosave: false });
    before.document.add(1);
    await vi.waitFor(async () => expect(await journal.list(SCOPE)).toHaveLength(1));
    await crash(before);
    const after = await edit(server);
    expect(after.document.contents).toEqual([1]);
    await saved(after.sync);
    expect(server.contents).toEqual([1]);
    expect(await journal.list(SCOPE)).toEqual([]);
  });

  it.each(['lost-answer', 'lost-request'] as const)(
    'a change set that was sent is applied once (%s)',
    async (fault) => {
      const server = new JobServer();
      const before = await edit(server, PATIENT);
      server.transport.faults.push(fault);
      const name = before.document.add(1);
      await vi.waitFor(() => expect(before.sync.status.state).toBe('at-risk'));
      before.document.edit(name, 2);
      before.document.add(3);
      await vi.waitFor(async () => expect(await journal.list(SCOPE)).toHaveLength(2));
      await crash(before);
      const after = await edit(server);
      expect(after.document.contents).toEqual([2, 3]);
      await saved(after.sync);
      expect(server.contents).toEqual([2, 3]);
      expect(await journal.list(SCOPE)).toEqual([]);
    },
  );

  it('edits go on top of what others saved meanwhile', async () => {
    const server = new JobServer();
    const before = await edit(server, PATIENT);
    server.transport.faults.push('lost-request');
    before.document.add(1);
    await vi.waitFor(() => expect(before.sync.status.state).toBe('at-risk'));
    const other = await edit(server);
    await crash(before);
    other.document.add(2);
    await saved(other.sync);
    const after = await edit(server);
    expect(after.document.contents).toEqual([1, 2]);
    await saved(after.sync);
    expect(server.contents).toEqual([1, 2]);
  });

  it('nothing is taken from an editor that is still open in another tab', async () => {
    const server = new JobServer();
    const first = await edit(server, { autosave: false });
    first.document.add(1);
    await vi.waitFor(async () => expect(await journal.list(SCOPE)).toHaveLength(1));
    const second = await edit(server);
    expect(second.document.contents).toEqual([]);
    await first.sync.flush();
    expect(server.contents).toEqual([1]);
  });

  it('the journal stays as it is when the server cannot be reached', async () => {
    const server = new JobServer();
    const before = await edit(server, PATIENT);
    server.transport.online = false;
    before.document.add(1);
    await vi.waitFor(() => expect(before.sync.status.state).toBe('at-risk'));
    await crash(before);
    await expect(recoverChanges(server.api, journal, SCOPE, 1)).rejects.toBeInstanceOf(NetworkError);
    expect(await journal.list(SCOPE)).toHaveLength(1);
  });

  it('edits that the editor cannot take are kept until they are discarded', async () => {
    const server = new JobServer();
    const before = await edit(server, { autosave: false });
    before.document.add(1);
    await vi.waitFor(async () => expect(await journal.list(SCOPE)).toHaveLength(1));
    await crash(before);
    vi.spyOn(TestDocument.prototype, 'replay').mockImplementationOnce(() => {
      throw new Error('The label is gone.');
    });
    const after = await edit(server);
    expect(after.sync.status).toMatchObject({ state: 'at-risk', unsaved: 1 });
    expect(after.sync.status.detail).toContain('The label is gone.');
    after.document.add(5);
    await vi.waitFor(() => expect(server.contents).toEqual([5]));
    expect(await journal.list(SCOPE)).toHaveLength(1);
    expect(await after.sync.exportUnsaved().text()).toContain('"z_order": 1');
    await after.sync.discardStranded();
    expect(after.sync.status.state).toBe('saved');
    expect(await journal.list(SCOPE)).toEqual([]);
  });
});

describe('leaving the page', () => {
  /** A window with what the guard needs. */
  function fakeWindow() {
    const page = Object.assign(new EventTarget(), {
      document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
    });
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      page.dispatchEvent(event);
      return event.defaultPrevented;
    };
    return { page: page as unknown as Window, raw: page, leave };
  }

  it('asks while there are unsaved changes', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server, { autosave: false });
    const { page, leave } = fakeWindow();
    sync.guardUnload(page);
    expect(leave()).toBe(false);
    document.add(1);
    expect(leave()).toBe(true);
    await sync.flush();
    expect(leave()).toBe(false);
    document.add(2);
    await sync.dispose();
    expect(leave()).toBe(false);
  });

  it('saves when the page is hidden', async () => {
    const server = new JobServer();
    const { document, sync } = await edit(server, { mergeDelay: 10_000 });
    const { page, raw } = fakeWindow();
    sync.guardUnload(page);
    document.add(1);
    raw.document.visibilityState = 'hidden';
    raw.document.dispatchEvent(new Event('visibilitychange'));
    await saved(sync);
    expect(server.contents).toEqual([1]);
  });
});

describe('whatever happens', () => {
  /** A small generator, so that a failing seed fails again. */
  function random(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'annotators end with one state, and every value written exactly once (seed %i)',
    async (seed) => {
      const pick = random(seed);
      const server = new JobServer();
      const editors = [await edit(server), await edit(server)];
      let value = 0;
      /** Values that nobody changed or deleted since: they must be there at the end. */
      const expected = new Set<number>();
      for (let round = 0; round < 60; round++) {
        const who = pick(2);
        const { document } = editors[who]!;
        const faults = [undefined, undefined, 'lost-request', 'lost-answer'] as const;
        server.transport.faults.push(faults[pick(4)]);
        const names = [...document.values.keys()];
        const action = pick(10);
        if (action < 5 || names.length === 0) {
          document.add(++value);
          expected.add(value);
        } else {
          const name = names[pick(names.length)]!;
          expected.delete(document.values.get(name)!);
          if (action < 8) document.edit(name, ++value);
          else document.remove(name);
        }
        if (pick(3) === 0) await new Promise((resolve) => setTimeout(resolve, pick(8)));
        if (pick(12) === 0) {
          await crash(editors[who]!);
          editors[who] = await vi.waitFor(() => edit(server), { timeout: 3000, interval: 5 });
        }
      }
      server.transport.faults.length = 0;
      for (const { sync } of editors) await saved(sync);
      for (const { sync } of editors) await sync.pull();
      expect(editors[0]!.document.contents).toEqual(server.contents);
      expect(editors[1]!.document.contents).toEqual(server.contents);
      expect(new Set(server.contents).size).toBe(server.contents.length);
      for (const written of expected) expect(server.contents).toContain(written);
      expect(await journal.list(SCOPE)).toEqual([]);
    },
    20_000,
  );
});
