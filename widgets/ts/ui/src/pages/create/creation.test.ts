import { UploadMemory, uploadKey } from '@cvat-lab/client';
import { describe, expect, it } from 'vitest';
import { Failure, FakeServer } from '../../testing/FakeServer';
import { makeRequest, makeTask } from '../../testing/records';
import { createTaskWithData } from './creation';
import { EMPTY_TASK, type TaskForm, taskToCreate } from './taskForm';

const FORM: TaskForm = { ...EMPTY_TASK, name: 'Lot', source: 'share', shared: ['a/'] };

function server(): FakeServer {
  return new FakeServer()
    .on('POST api/tasks', () => makeTask({ id: 5 }))
    .on('POST api/tasks/5/data', () => ({ rq_id: 'rq' }))
    .on('GET api/requests/rq', () => makeRequest())
    .on('GET api/tasks/5', () => makeTask({ id: 5, size: 3 }))
    .on('POST api/requests/rq/cancel', () => undefined)
    .on('DELETE api/tasks/5', () => undefined);
}

function create(fake: FakeServer, form = FORM, signal = new AbortController().signal) {
  const steps: string[] = [];
  const done = createTaskWithData(fake.api, form, { signal, onStage: ({ step }) => steps.push(step) });
  return { done, steps };
}

describe('creating a task with its media', () => {
  it('R30.29 from the share', async () => {
    const fake = server();
    const { done, steps } = create(fake);
    expect((await done).size).toBe(3);
    expect(fake.callsOf('POST api/tasks/5/data')[0]?.body).toMatchObject({ server_files: ['a/'] });
    expect(steps.at(0)).toBe('creating');
    expect(steps.at(-1)).toBe('processing');
    expect(fake.callsOf('DELETE api/tasks/5')).toEqual([]);
  });

  it('R30.29 from this computer: start, files, finish', async () => {
    const fake = server();
    const { done, steps } = create(fake, { ...FORM, source: 'local', files: [new File(['abc'], 'a.png')] });
    await done;
    expect(fake.callsOf('POST api/tasks/5/data')).toHaveLength(3);
    expect(steps).toContain('uploading');
  });

  it('goes on with the task that an earlier page made from the same form', async () => {
    const files = [new File(['abc'], 'a.png', { lastModified: 1 })];
    const local: TaskForm = { ...FORM, source: 'local', files };
    const left = await UploadMemory.open(uploadKey(JSON.stringify(taskToCreate(local)), files));
    left!.begin(5);
    left!.close();
    const fake = server().on('GET api/tasks/5', () => makeTask({ id: 5, data: null }));
    await create(fake, local).done;
    expect(fake.callsOf('POST api/tasks')).toEqual([]);
    expect(fake.callsOf('POST api/tasks/5/data')).toHaveLength(3);
    await create(fake, local).done;
    expect(fake.callsOf('POST api/tasks'), 'that one is complete').toHaveLength(1);
  });

  it('makes another task where the earlier one has been deleted', async () => {
    const files = [new File(['abc'], 'b.png', { lastModified: 1 })];
    const local: TaskForm = { ...FORM, source: 'local', files };
    const left = await UploadMemory.open(uploadKey(JSON.stringify(taskToCreate(local)), files));
    left!.begin(4);
    left!.close();
    const fake = server().on('GET api/tasks/4', () => {
      throw new Failure(404, 'there is no task 4');
    });
    expect((await create(fake, local).done).id).toBe(5);
  });

  it('leaves nothing behind when the server cannot read the media', async () => {
    const fake = server().on('GET api/requests/rq', () =>
      makeRequest({ status: 'failed', message: 'No media data found' }),
    );
    await expect(create(fake).done).rejects.toThrow('No media data found');
    expect(fake.callsOf('DELETE api/tasks/5')).toHaveLength(1);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const abort = new AbortController();
    const fake = server().on('GET api/requests/rq', () => {
      abort.abort();
      return makeRequest({ status: 'started', progress: 0.1 });
    });
    await expect(create(fake, FORM, abort.signal).done).rejects.toMatchObject({ name: 'AbortError' });
    expect(fake.callsOf('POST api/requests/rq/cancel')).toHaveLength(1);
    expect(fake.callsOf('DELETE api/tasks/5')).toHaveLength(1);
  });

  it('says so when the task could not be removed', async () => {
    const fake = server()
      .on('POST api/tasks/5/data', () => {
        throw new Failure(400, 'there is no "a/" on the share');
      })
      .on('DELETE api/tasks/5', () => {
        throw new Failure(403, 'You may not delete.');
      });
    await expect(create(fake).done).rejects.toThrow(
      /no "a\/" on the share\. Task #5 was left behind.*You may not delete/,
    );
  });
});
