import type { AnnotationGuideRead } from '@cvat-lab/schema';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setMarkdownRenderer } from '../../markdown/renderer';
import { FakeServer, pageOf } from '../../testing/FakeServer';
import { makeLabel, makeProject, makeTask } from '../../testing/records';
import { mountRoute } from '../../testing/render';

const UUID = '0b6bbd3a-3a26-4f0c-9c0e-6d6e8f5f1d3a';
const WHEN = '2026-11-20T10:00:00.000001Z';
const ROUTE = { page: 'guide', kind: 'task', id: 1 } as const;

let stored: AnnotationGuideRead | null;
let server: FakeServer;

const writeGuide = (markdown: string): AnnotationGuideRead => {
  stored = { id: 5, task_id: 1, project_id: null, created_date: WHEN, updated_date: WHEN, markdown };
  return stored;
};

beforeEach(() => {
  stored = null;
  const text = ({ body }: { body: unknown }) => (body as { markdown: string }).markdown;
  server = new FakeServer()
    .on('GET api/tasks/1', () => makeTask({ guide_id: stored?.id ?? null }))
    .on('GET api/labels', () => pageOf([makeLabel()]))
    .on('GET api/jobs', () => pageOf([]))
    .on('POST api/guides', (call) => writeGuide(text(call)))
    .on('GET api/guides/5', () => stored)
    .on('PATCH api/guides/5', (call) => writeGuide(text(call)))
    .on('DELETE api/guides/5', () => {
      stored = null;
    })
    .on('POST api/assets', () => ({ uuid: UUID, filename: 'car.png', guide_id: 5 }))
    .on(`GET api/assets/${UUID}`, () => 'pixels');
  URL.createObjectURL = vi.fn(() => 'blob:car');
  URL.revokeObjectURL = vi.fn();
});

afterEach(() => {
  cleanup();
  Reflect.deleteProperty(globalThis, Symbol.for('cvat-lab.markdown-renderer'));
});

const field = () => screen.findByLabelText<HTMLTextAreaElement>('Guide in Markdown');

describe('annotation guide', () => {
  it('is written, kept, and deleted after a question', async () => {
    const { user, visited } = mountRoute(server, ROUTE);
    await user.type(await field(), 'Every car');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(stored?.markdown).toBe('Every car'));
    await user.type(await field(), ', parked too');
    await user.keyboard('{Control>}s{/Control}');
    await waitFor(() => expect(stored?.markdown).toBe('Every car, parked too'));
    expect(server.callsOf('POST api/guides')).toHaveLength(1);
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    await user.click(screen.getAllByRole('button', { name: 'Delete' }).at(-1)!);
    await waitFor(() => expect(stored).toBeNull());
    expect(visited.at(-1)).toEqual({ page: 'task', id: 1 });
  });

  it('does not lose what was typed while it was saved', async () => {
    writeGuide('Every car');
    const { user } = mountRoute(server, ROUTE);
    await user.type(await field(), '!');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await user.type(await field(), '?');
    await waitFor(() => expect(stored?.markdown).toBe('Every car!'));
    expect((await field()).value).toBe('Every car!?');
    expect(screen.getByText('Not saved yet')).toBeTruthy();
  });

  it('takes images that are pasted', async () => {
    const { user } = mountRoute(server, ROUTE);
    const image = new File(['pixels'], 'car.png', { type: 'image/png' });
    fireEvent.paste(await field(), { clipboardData: { files: [image] } });
    await waitFor(async () => expect((await field()).value).toBe(`![car.png](/api/assets/${UUID})\n`));
    expect(server.callsOf('POST api/guides')).toHaveLength(1);
    await user.click(screen.getByRole('tab', { name: 'Preview' }));
    expect(await screen.findByText('![car.png](blob:car)')).toBeTruthy();
  });

  it('is drawn by the renderer of the host, and cleaned up after', async () => {
    const dispose = vi.fn();
    setMarkdownRenderer(async (markdown) => {
      const node = document.createElement('h1');
      node.textContent = `drawn: ${markdown}`;
      return { node, dispose };
    });
    writeGuide('Cars');
    const { user } = mountRoute(server, { page: 'task', id: 1 });
    await user.click(await screen.findByRole('button', { name: 'Read' }));
    expect(await screen.findByRole('heading', { name: 'drawn: Cars' })).toBeTruthy();
    await user.click(screen.getAllByRole('button', { name: 'Close' }).at(-1)!);
    await waitFor(() => expect(dispose).toHaveBeenCalled());
  });

  it('of a project is read on its tasks, and written in the project only', async () => {
    writeGuide('Cars');
    server
      .on('GET api/tasks/1', () => makeTask({ project_id: 7, project_name: 'Streets', guide_id: 5 }))
      .on('GET api/projects/7', () => makeProject({ guide_id: 5 }));
    mountRoute(server, { page: 'task', id: 1 });
    expect(await screen.findByRole('button', { name: 'Read' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  });
});
