/** All pages behind one component: it shows the page of a route and provides what pages need. */

import type { Api } from '@cvat-lab/client';
import { useMemo } from 'react';
import { LayerProvider, ToastProvider } from '../components';
import { useLoad } from '../data/useLoad';
import { PagesContext } from './context';
import { CreateProjectPage } from './create/CreateProjectPage';
import { CreateTaskPage } from './create/CreateTaskPage';
import { JobsPage } from './JobsPage';
import { NavigationBar } from './PageShell';
import { ProjectPage } from './ProjectPage';
import { ProjectsPage } from './ProjectsPage';
import { RequestsPage } from './requests/RequestsPage';
import { type Route, routeKey } from './route';
import { TaskPage } from './TaskPage';
import { TasksPage } from './TasksPage';

export interface AppPagesProps {
  api: Api;
  route: Route;
  /** Called when the user wants to go somewhere; the host decides and passes the new route. */
  onNavigate: (route: Route) => void;
  onOpenJob: (jobId: number, frame?: number) => void;
}

export function AppPages({ api, route, onNavigate, onOpenJob }: AppPagesProps) {
  return (
    <LayerProvider>
      <ToastProvider>
        <Pages {...{ api, route, onNavigate, onOpenJob }} />
      </ToastProvider>
    </LayerProvider>
  );
}

function Pages({ api, route, onNavigate, onOpenJob }: AppPagesProps) {
  // Without the user the pages work all the same, only “assigned to me” is missing; real trouble shows in the page.
  const me = useLoad('self', () => api.self()).data ?? null;
  const value = useMemo(
    () => ({ api, me, navigate: onNavigate, openJob: onOpenJob }),
    [api, me, onNavigate, onOpenJob],
  );
  return (
    <PagesContext.Provider value={value}>
      <div className="cvl-app">
        <NavigationBar route={route} />
        <div className="cvl-scroll">
          <CurrentPage key={routeKey(route)} route={route} />
        </div>
      </div>
    </PagesContext.Provider>
  );
}

function CurrentPage({ route }: { route: Route }) {
  switch (route.page) {
    case 'projects':
      return <ProjectsPage />;
    case 'project':
      return <ProjectPage id={route.id} />;
    case 'tasks':
      return <TasksPage />;
    case 'task':
      return <TaskPage id={route.id} />;
    case 'jobs':
      return <JobsPage />;
    case 'requests':
      return <RequestsPage />;
    case 'create-project':
      return <CreateProjectPage />;
    case 'create-task':
      return <CreateTaskPage projectId={route.projectId} />;
  }
}
