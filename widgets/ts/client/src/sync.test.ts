import { describe, expect, it, vi } from 'vitest';
import { ApiError, NetworkError } from './errors';
import { Journal } from './journal';
import type { SyncStatus } from './sync';
import type { TestDocument } from './testing/document';
import { edit, journal, PATIENT, SCOPE, saved, useJournal } from './testing/editors';
import { JobServer } from './testing/jobServer';

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
    useJournal(await Journal.open());
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
