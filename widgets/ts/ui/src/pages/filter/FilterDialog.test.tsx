import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeServer, pageOf } from '../../testing/FakeServer';
import { makeTask } from '../../testing/records';
import { type Mounted, mountRoute } from '../../testing/render';

let server: FakeServer;
let user: Mounted['user'];

const lastFilter = () => {
  const { filter } = server.callsOf('GET api/tasks').at(-1)!.query;
  return filter === undefined ? undefined : JSON.parse(String(filter));
};
const press = async (name: string) => user.click(await screen.findByRole('button', { name }));

beforeEach(async () => {
  server = new FakeServer().on('GET api/tasks', () => pageOf([makeTask()]));
  ({ user } = mountRoute(server, { page: 'tasks' }));
  await press('Filter');
});

afterEach(cleanup);

describe('filter of a list', () => {
  it('R3.11 is built from conditions, and taken away again', async () => {
    await user.selectOptions(screen.getByLabelText('Field 1'), 'Status');
    await user.selectOptions(screen.getByLabelText('Value 1'), 'Completed');
    await press('Add a condition');
    await user.type(screen.getByLabelText('Value 2'), 'lot{Enter}');
    await waitFor(() =>
      expect(lastFilter()).toEqual({
        and: [{ '==': [{ var: 'status' }, 'completed'] }, { in: ['lot', { var: 'name' }] }],
      }),
    );
    const button = screen.getByRole('button', { name: 'Filter' });
    expect(button.getAttribute('aria-pressed')).toBe('true');
    await user.click(button);
    await press('Clear');
    await waitFor(() => expect(lastFilter()).toBeUndefined());
  });

  it('R3.11 goes from the builder to JsonLogic and back', async () => {
    await user.type(screen.getByLabelText('Value 1'), 'lot');
    await user.click(screen.getByRole('tab', { name: 'JsonLogic' }));
    const text = screen.getByLabelText('Filter as JsonLogic') as HTMLTextAreaElement;
    expect(JSON.parse(text.value)).toEqual({ in: ['lot', { var: 'name' }] });
    await user.clear(text);
    await user.paste('{"==": [');
    await press('Apply');
    expect((await screen.findByRole('alert')).textContent).toContain('not JSON');
    await user.clear(text);
    await user.paste('{"<": [{"var": "updated_date"}, "2026-01-31"]}');
    await user.click(screen.getByRole('tab', { name: 'Builder' }));
    expect((screen.getByLabelText('Operator 1') as HTMLSelectElement).value).toBe('before');
    expect((screen.getByLabelText('Value 1') as HTMLInputElement).value).toBe('2026-01-31');
  });

  it('keeps a rule as text that the builder cannot show', async () => {
    const rule = { '<=': [1, { var: 'id' }, 9] };
    await user.click(screen.getByRole('tab', { name: 'JsonLogic' }));
    screen.getByLabelText('Filter as JsonLogic').focus();
    await user.paste(JSON.stringify(rule));
    await user.click(screen.getByRole('tab', { name: 'Builder' }));
    expect(await screen.findByText('The builder cannot show this filter.')).toBeTruthy();
    await press('Apply');
    await waitFor(() => expect(lastFilter()).toEqual(rule));
  });
});
