import { describe, expect, it } from 'vitest';
import { type Route, routeKey, routeTitle, sectionOf } from './route';

describe('routes', () => {
  it('have one key each', () => {
    const routes: Route[] = [
      { page: 'tasks' },
      { page: 'task', id: 1 },
      { page: 'task', id: 2 },
      { page: 'project', id: 1 },
      { page: 'create-task' },
      { page: 'create-task', projectId: 1 },
    ];
    expect(new Set(routes.map(routeKey)).size).toBe(routes.length);
  });

  it('have a title for tabs', () => {
    expect(routeTitle({ page: 'task', id: 5 })).toBe('Task #5');
    expect(routeTitle({ page: 'create-project' })).toBe('New project');
  });

  it('R1.2 belong to an entry of the navigation bar', () => {
    expect(sectionOf({ page: 'project', id: 1 })).toBe('projects');
    expect(sectionOf({ page: 'create-task' })).toBe('tasks');
    expect(sectionOf({ page: 'jobs' })).toBe('jobs');
  });
});
