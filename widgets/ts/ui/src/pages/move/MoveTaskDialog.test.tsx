import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeServer, pageOf } from '../../testing/FakeServer';
import { makeLabel, makeProject, makeTask } from '../../testing/records';
import { mountRoute } from '../../testing/render';

afterEach(cleanup);

function moveServer(): FakeServer {
  const labels = { task_id: [makeLabel()], project_id: [makeLabel({ id: 9, name: 'vehicle' })] };
  return new FakeServer()
    .on('GET api/tasks/1', () => makeTask())
    .on('PATCH api/tasks/1', () => makeTask())
    .on('GET api/jobs', () => pageOf([]))
    .on('GET api/projects', () => pageOf([makeProject()]))
    .on('GET api/labels', ({ query }) => pageOf('project_id' in query ? labels.project_id : labels.task_id));
}

describe('moving a task', () => {
  it('R1.19 asks which labels of the project take the place of its own', async () => {
    const server = moveServer();
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await screen.findByRole('button', { name: 'Actions' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Move to project' }));
    await user.click(await screen.findByRole('combobox', { name: /^Project/ }));
    await user.click(await screen.findByRole('option', { name: '#7 Streets' }));
    const target = await screen.findByLabelText('Label for car');
    const move = screen.getByRole('button', { name: 'Move' }) as HTMLButtonElement;
    expect(move.disabled).toBe(true);
    await user.selectOptions(target, 'vehicle');
    await user.click(move);
    await waitFor(() =>
      expect(server.callsOf('PATCH api/tasks/1')[0]?.body).toEqual({
        project_id: 7,
        labels: [{ id: 1, name: 'vehicle', attributes: [] }],
      }),
    );
  });
});
