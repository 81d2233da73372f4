import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure, FakeServer, pageOf, Reply } from '../../testing/FakeServer';
import { makeLabel, makeRequest, makeTask } from '../../testing/records';
import { mountRoute } from '../../testing/render';
import { archiveName } from './download';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer()
    .on('GET api/tasks', () => pageOf([makeTask()]))
    .on('GET api/tasks/1', () => makeTask())
    .on('GET api/tasks/9', () => makeTask({ id: 9 }))
    .on('GET api/labels', () => pageOf([makeLabel()]))
    .on('GET api/jobs', () => pageOf([]));
  URL.createObjectURL = vi.fn(() => 'blob:backup');
  // jsdom would like to go where the download leads.
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('backup', () => {
  it('R19.1 of a task is made and downloaded', async () => {
    const operation = { ...makeRequest().operation, type: 'export:backup', format: null };
    const result_url = 'http://h/api/tasks/1/backup/download?rq_id=rq';
    server
      .on('POST api/tasks/1/backup/export', () => ({ rq_id: 'rq' }))
      .on('GET api/requests/rq', () => makeRequest({ operation, result_url }))
      .on('GET api/tasks/1/backup/download', () => 'archive');
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await screen.findByRole('button', { name: 'Actions' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Backup task' }));
    await user.type(screen.getByLabelText('Custom name'), 'mine{Enter}');
    expect(await screen.findByText(/The backup is ready/)).toBeTruthy();
    expect(server.callsOf('POST api/tasks/1/backup/export')[0]?.query).toMatchObject({
      filename: 'mine.zip',
    });
    await waitFor(() => expect(server.callsOf('GET api/tasks/1/backup/download')).toHaveLength(1));
  });

  it('R19.5 makes a new task, which is opened then', async () => {
    const operation = { ...makeRequest().operation, type: 'import:backup', task_id: null, format: null };
    server
      .on('POST api/tasks/backup', ({ headers }) => {
        if ('Upload-Start' in headers) return undefined;
        if ('Upload-Finish' in headers) return { rq_id: 'rq' };
        return new Reply('', { location: 'http://h/api/uploads/u1', 'upload-filename': 'old_1.zip' });
      })
      .on('PATCH api/uploads/u1', () => new Reply('', { 'upload-offset': '3' }))
      .on('GET api/requests/rq', () => makeRequest({ operation, result_id: 9 }));
    const { user, visited } = mountRoute(server, { page: 'tasks' });
    await user.click(await screen.findByRole('button', { name: 'Create from backup' }));
    await user.upload(screen.getByLabelText('Backup', { selector: 'input' }), new File(['abc'], 'old.zip'));
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await user.click(await screen.findByRole('button', { name: 'Open task #9' }));
    expect(visited).toEqual([{ page: 'task', id: 9 }]);
    expect(server.callsOf('POST api/tasks/backup').at(-1)?.query).toEqual({ filename: 'old_1.zip' });
  });

  it('that is none is refused in words', async () => {
    server.on('POST api/tasks/backup', () => {
      throw new Failure(400, 'old.zip is no backup: task.json is missing');
    });
    const { user } = mountRoute(server, { page: 'tasks' });
    await user.click(await screen.findByRole('button', { name: 'Create from backup' }));
    await user.upload(screen.getByLabelText('Backup', { selector: 'input' }), new File(['abc'], 'old.zip'));
    await user.click(screen.getByRole('button', { name: 'Create' }));
    expect((await screen.findByRole('alert')).textContent).toContain('task.json is missing');
  });

  it('is called as one likes', () => {
    expect(archiveName('  ')).toBeUndefined();
    expect(archiveName('a.ZIP')).toBe('a.ZIP');
    expect(archiveName(' a ')).toBe('a.zip');
  });
});
