import type { RequestRead } from '@cvat-lab/schema';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeServer, pageOf } from '../../testing/FakeServer';
import { makeRequest } from '../../testing/records';
import { mountRoute } from '../../testing/render';
import { setInSight } from '../../testing/sight';

const LIST = 'GET api/requests';

let requests: RequestRead[];
let server: FakeServer;

function running(fields: Partial<RequestRead> = {}): RequestRead {
  return makeRequest({ id: 'run', status: 'started', progress: 0.42, message: 'Writing frames', ...fields });
}

/** Let time pass in steps: React draws between them. */
async function pass(milliseconds: number): Promise<void> {
  for (let past = 0; past < milliseconds; past += 500) await act(() => vi.advanceTimersByTimeAsync(500));
}

beforeEach(() => {
  requests = [running()];
  server = new FakeServer()
    .on(LIST, () => pageOf(requests))
    .on('POST api/requests/run/cancel', () => {
      requests = [running({ status: 'failed', message: 'cancelled by ann' })];
    });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('requests', () => {
  it('show how far they are, and can be cancelled', async () => {
    const { user } = mountRoute(server, { page: 'requests' });
    const row = (await screen.findByText('Export dataset of')).closest('article')!;
    expect(within(row).getByText('Writing frames')).toBeTruthy();
    expect(within(row).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('42');
    await user.click(within(row).getByRole('button', { name: 'Cancel' }));
    expect((await screen.findByRole('alert')).textContent).toContain('cancelled by ann');
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
  });

  it('are asked for again while one of them runs and the page can be seen', async () => {
    vi.useFakeTimers();
    mountRoute(server, { page: 'requests' });
    await pass(4500);
    expect(server.callsOf(LIST)).toHaveLength(3);
    setInSight(false);
    await pass(20_000);
    expect(server.callsOf(LIST)).toHaveLength(3);
    requests = [running({ status: 'finished' })];
    setInSight(true);
    await pass(20_000);
    const calls = server.callsOf(LIST).length;
    await pass(20_000);
    expect(server.callsOf(LIST)).toHaveLength(calls);
  });

  it('lead to what was made from a backup', async () => {
    const operation = { ...makeRequest().operation, type: 'import:backup', task_id: null, format: null };
    requests = [makeRequest({ operation, result_id: 9 })];
    const { user, visited } = mountRoute(server, { page: 'requests' });
    expect(await screen.findByText('Create a task from a backup')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'task #9' }));
    expect(visited).toEqual([{ page: 'task', id: 9 }]);
  });

  it('can be narrowed to those that failed', async () => {
    const { user } = mountRoute(server, { page: 'requests' });
    await user.click(await screen.findByRole('button', { name: 'Failed' }));
    await waitFor(() =>
      expect(JSON.parse(String(server.callsOf(LIST).at(-1)?.query['filter']))).toEqual({
        in: [{ var: 'status' }, ['failed']],
      }),
    );
  });
});
