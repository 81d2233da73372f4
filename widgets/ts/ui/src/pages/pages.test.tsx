import type { TaskPatch, TaskRead } from '@cvat-lab/schema';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure, FakeServer, pageOf } from '../testing/FakeServer';
import { BOB, makeJob, makeLabel, makeProject, makeRequest, makeTask } from '../testing/records';
import { mountRoute } from '../testing/render';

const button = (name: string | RegExp) => screen.findByRole('button', { name });

function taskServer(): FakeServer {
  let task = makeTask();
  return new FakeServer()
    .on('GET api/tasks', () => pageOf([task]))
    .on('GET api/tasks/1', () => task)
    .on('PATCH api/tasks/1', ({ body }) => {
      const patch = body as TaskPatch;
      task = { ...task, ...patch, assignee: patch.assignee_id === BOB.id ? BOB : null } as TaskRead;
      return task;
    })
    .on('GET api/labels', () => pageOf([makeLabel()]))
    .on('GET api/jobs', () =>
      pageOf([makeJob({ id: 11 }), makeJob({ id: 12, start_frame: 10, stop_frame: 19 })]),
    );
}

afterEach(cleanup);

describe('lists', () => {
  it('R1.4 a click on a task opens it', async () => {
    const { user, visited } = mountRoute(taskServer(), { page: 'tasks' });
    await user.click(await button('Parking lot'));
    expect(visited).toEqual([{ page: 'task', id: 1 }]);
    expect(await button('Job #11')).toBeTruthy();
  });

  it('R3.8 a search becomes a filter of the list', async () => {
    const server = taskServer();
    const { user } = mountRoute(server, { page: 'tasks' });
    await user.type(await screen.findByLabelText('Search tasks'), 'owner: ann AND name: lot{Enter}');
    await waitFor(() => expect(server.callsOf('GET api/tasks').at(-1)?.query['filter']).toContain('"owner"'));
    await user.clear(screen.getByLabelText('Search tasks'));
    await user.type(screen.getByLabelText('Search tasks'), 'id: 5 AND name: x{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('cannot be combined');
  });

  it('quick filters ask for what is mine', async () => {
    const server = taskServer();
    const { user } = mountRoute(server, { page: 'tasks' });
    await user.click(await button('Assigned to me'));
    await waitFor(() =>
      expect(JSON.parse(String(server.callsOf('GET api/tasks').at(-1)?.query['filter']))).toEqual({
        '==': [{ var: 'assignee' }, 'ann'],
      }),
    );
  });

  it('says what the server said, and tries again', async () => {
    let broken = true;
    const server = taskServer().on('GET api/tasks', () => {
      if (broken) throw new Failure(500, 'the workspace is closed');
      return pageOf([makeTask()]);
    });
    const { user } = mountRoute(server, { page: 'tasks' });
    expect((await screen.findByRole('alert')).textContent).toContain('The workspace is closed.');
    broken = false;
    await user.click(await button('Try again'));
    expect(await button('Parking lot')).toBeTruthy();
  });

  it('R1.2 the projects page has a search, the projects and a button for a new one', async () => {
    const server = new FakeServer().on('GET api/projects', () => pageOf([makeProject()]));
    const { user, visited } = mountRoute(server, { page: 'projects' });
    expect(await button('Streets')).toBeTruthy();
    expect(screen.getByLabelText('Search projects')).toBeTruthy();
    await user.click(await button('Create a project'));
    expect(visited).toEqual([{ page: 'create-project' }]);
  });
});

describe('page of a task', () => {
  it('R1.5 the title is edited in place; Esc drops the change', async () => {
    const server = taskServer();
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await button(/Change task name/));
    await user.keyboard('Nothing{Escape}');
    await user.click(await button(/Change task name/));
    await user.keyboard('Car park{Enter}');
    await waitFor(() =>
      expect(server.callsOf('PATCH api/tasks/1').map(({ body }) => body)).toEqual([{ name: 'Car park' }]),
    );
    expect(await screen.findByText('Car park')).toBeTruthy();
  });

  it('R1.16 the assignee is proposed while typing, and can be cleared', async () => {
    const server = taskServer().on('GET api/users', () => pageOf([BOB]));
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await screen.findByRole('combobox', { name: 'Assigned to' }));
    await user.keyboard('bo');
    await waitFor(() =>
      expect(server.callsOf('GET api/users').at(-1)?.query).toMatchObject({ search: 'bo' }),
    );
    await user.click(await screen.findByRole('option', { name: /bob/ }));
    await user.click(await button('Clear assigned to'));
    await waitFor(() =>
      expect(server.callsOf('PATCH api/tasks/1').map(({ body }) => body)).toEqual([
        { assignee_id: 2 },
        { assignee_id: null },
      ]),
    );
  });

  it('R26.3 stage and state of a job are set in the list', async () => {
    const server = taskServer().on('PATCH api/jobs/11', () => makeJob());
    const { user, openedJobs } = mountRoute(server, { page: 'task', id: 1 });
    await user.selectOptions(await screen.findByLabelText('Stage of job 11'), 'validation');
    await user.selectOptions(screen.getByLabelText('State of job 11'), 'rejected');
    await waitFor(() =>
      expect(server.callsOf('PATCH api/jobs/11').map(({ body }) => body)).toEqual([
        { stage: 'validation' },
        { state: 'rejected' },
      ]),
    );
    await user.click(await button('Job #12'));
    expect(openedJobs).toEqual([12]);
  });

  it('R1.8 the issue tracker must be a web address', async () => {
    const server = taskServer();
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await button('Add a link'));
    await user.keyboard('jira 5{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('no web address');
    await user.clear(screen.getByLabelText('Issue tracker'));
    await user.keyboard('https://example.org/5{Enter}');
    await waitFor(() =>
      expect(server.callsOf('PATCH api/tasks/1')[0]?.body).toEqual({ bug_tracker: 'https://example.org/5' }),
    );
  });

  it('R1.7 deleting asks first, and leads back to the list', async () => {
    const server = taskServer().on('DELETE api/tasks/1', () => undefined);
    const { user, visited } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await button('Actions'));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog');
    expect(server.callsOf('DELETE api/tasks/1')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(visited).toEqual([{ page: 'tasks' }]));
  });
});

describe('export', () => {
  it('R20.3 R20.4 chooses format, images and name, and shows what was lost', async () => {
    const losses = [
      { kind: 'attribute', name: 'age', count: 4, example: 'frame 2', reason: 'COCO has no numbers' },
    ];
    const formats = {
      importers: [],
      exporters: [
        { name: 'COCO 1.0', ext: 'ZIP', version: '1.0', enabled: true, dimension: '2d' },
        { name: 'Datumaro 3D 1.0', ext: 'ZIP', version: '1.0', enabled: true, dimension: '3d' },
      ],
    };
    const server = taskServer()
      .on('GET api/server/annotation/formats', () => formats)
      .on('POST api/tasks/1/dataset/export', () => ({ rq_id: 'rq' }))
      .on('GET api/requests/rq', () => makeRequest({ losses }));
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await button('Actions'));
    await user.click(await screen.findByRole('menuitem', { name: 'Export task dataset' }));
    const format = await screen.findByLabelText('Format');
    await waitFor(() => expect(format.textContent).toBe('COCO 1.0'));
    await user.click(screen.getByLabelText('Save images'));
    await user.type(screen.getByLabelText('Custom name'), 'mine');
    await user.click(await button('Export'));
    expect(await screen.findByText('COCO has no numbers')).toBeTruthy();
    expect(server.callsOf('POST api/tasks/1/dataset/export')[0]?.query).toMatchObject({
      format: 'COCO 1.0',
      save_images: true,
      filename: 'mine.zip',
    });
  });
});

describe('new project', () => {
  it('R1.3 needs a name, and opens when it is made', async () => {
    const server = new FakeServer()
      .on('POST api/projects', () => makeProject())
      .on('GET api/projects/7', () => makeProject())
      .on('GET api/labels', () => pageOf([]))
      .on('GET api/tasks', () => pageOf([]));
    const { user, visited } = mountRoute(server, { page: 'create-project' });
    await user.click(await button('Submit and open'));
    expect((await screen.findByRole('alert')).textContent).toBe('Give it a name');
    await user.type(screen.getByLabelText('Name'), 'Streets');
    await user.click(await button('Submit and open'));
    await waitFor(() => expect(visited).toEqual([{ page: 'project', id: 7 }]));
    expect(server.callsOf('POST api/projects')[0]?.body).toEqual({
      name: 'Streets',
      labels: [],
      bug_tracker: '',
    });
  });
});

describe('new task', () => {
  it('R1.18 proposes the usual subsets in a project, and takes any other', async () => {
    const server = taskServer()
      .on('GET api/projects/7', () => makeProject({ task_subsets: ['Night'] }))
      .on('POST api/tasks', () => makeTask({ id: 5 }))
      .on('POST api/tasks/5/data', () => ({ rq_id: 'rq' }))
      .on('GET api/requests/rq', () => makeRequest())
      .on('GET api/tasks/5', () => makeTask({ id: 5 }));
    const { user, visited } = mountRoute(server, { page: 'create-task', projectId: 7 });
    await user.click(await screen.findByRole('combobox', { name: 'Subset' }));
    const proposals = await screen.findByRole('listbox', { name: 'Subset' });
    await waitFor(() =>
      expect(
        within(proposals)
          .getAllByRole('option')
          .map(({ textContent }) => textContent),
      ).toEqual(['Train', 'Test', 'Validation', 'Night']),
    );
    await user.keyboard('Rain{Enter}');
    await user.type(screen.getByLabelText('Name'), 'Lot');
    await user.upload(screen.getByLabelText('Files', { selector: 'input' }), new File(['abc'], 'a.png'));
    await user.click(await button('Submit and open'));
    await waitFor(() => expect(visited).toEqual([{ page: 'task', id: 5 }]));
    expect(server.callsOf('POST api/tasks')[0]?.body).toEqual({ name: 'Lot', project_id: 7, subset: 'Rain' });
  });
});
