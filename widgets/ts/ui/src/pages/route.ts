/** Where one is in the product. A route is plain data, so that a layout can store it. */

export type Route =
  | { page: 'projects' }
  | { page: 'project'; id: number }
  | { page: 'tasks' }
  | { page: 'task'; id: number }
  | { page: 'jobs' }
  | { page: 'requests' }
  | { page: 'create-project' }
  | { page: 'create-task'; projectId?: number }
  | { page: 'guide'; kind: 'project' | 'task'; id: number }
  | { page: 'account' }
  | { page: 'organization' }
  | { page: 'create-organization' }
  | { page: 'invitations' };

export type ListRoute = Extract<Route, { page: 'projects' | 'tasks' | 'jobs' | 'requests' }>;

const TITLES: Record<Route['page'], string> = {
  projects: 'Projects',
  project: 'Project',
  tasks: 'Tasks',
  task: 'Task',
  jobs: 'Jobs',
  requests: 'Requests',
  'create-project': 'New project',
  'create-task': 'New task',
  guide: 'Guide',
  account: 'Account',
  organization: 'Organization',
  'create-organization': 'New organization',
  invitations: 'Invitations',
};

/** For example `Task #5`. */
export function routeTitle(route: Route): string {
  if (route.page === 'guide') return `Guide of ${route.kind} #${route.id}`;
  return 'id' in route ? `${TITLES[route.page]} #${route.id}` : TITLES[route.page];
}

/** Text that is the same for equal routes, for example `task/5`. */
export function routeKey(route: Route): string {
  if (route.page === 'create-task') return ['create-task', route.projectId].filter(Boolean).join('/');
  if (route.page === 'guide') return `guide/${route.kind}/${route.id}`;
  return 'id' in route ? `${route.page}/${route.id}` : route.page;
}

/** The entry of the navigation bar that a route belongs to; null for pages of the user menu. */
export function sectionOf(route: Route): ListRoute['page'] | null {
  switch (route.page) {
    case 'project':
    case 'create-project':
      return 'projects';
    case 'task':
    case 'create-task':
      return 'tasks';
    case 'guide':
      return `${route.kind}s`;
    case 'account':
    case 'organization':
    case 'create-organization':
    case 'invitations':
      return null;
    default:
      return route.page;
  }
}
