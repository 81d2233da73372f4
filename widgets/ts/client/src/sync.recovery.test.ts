import { describe, expect, it, vi } from 'vitest';
import { NetworkError } from './errors';
import { recoverChanges } from './recovery';
import { TestDocument } from './testing/document';
import { crash, edit, journal, PATIENT, SCOPE, saved } from './testing/editors';
import { JobServer } from './testing/jobServer';

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
