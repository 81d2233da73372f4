/** All pages behind one component: it shows the page of a route and provides what pages need. */

import type { Api } from '@cvat-lab/client';
import { useMemo } from 'react';
import { LayerProvider, ToastProvider } from '../components';
import { useLoad } from '../data/useLoad';
import { AccountPage } from './account/AccountPage';
import { PagesContext } from './context';
import { CreateProjectPage } from './create/CreateProjectPage';
import { CreateTaskPage } from './create/CreateTaskPage';
import { GuidePage } from './guide/GuidePage';
import { JobsPage } from './JobsPage';
import { NavigationBar } from './NavigationBar';
import { CreateOrganizationPage } from './organization/CreateOrganizationPage';
import { InvitationsPage } from './organization/InvitationsPage';
import { OrganizationPage } from './organization/OrganizationPage';
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
  /** Called when the user chooses an organization, '' for the personal workspace; the host passes an `api` within it. */
  onSwitchOrganization?: (slug: string) => void;
  /** Users log in with passwords that the server keeps; default: the host logs them in. */
  hasPasswords?: boolean;
}

export function AppPages(props: AppPagesProps) {
  return (
    <LayerProvider>
      <ToastProvider>
        {/* Another server or organization has other records: nothing of the pages may stay. */}
        <Pages key={apiNumber(props.api)} {...props} />
      </ToastProvider>
    </LayerProvider>
  );
}

function Pages(props: AppPagesProps) {
  const { api, route, onNavigate, onOpenJob, onSwitchOrganization, hasPasswords = false } = props;
  const home = useMemo(() => api.within(null), [api]);
  // Without the user the pages work all the same, only “assigned to me” is missing; real trouble shows in the page.
  const me = useLoad('self', () => home.self()).data ?? null;
  const value = useMemo(
    () => ({
      api,
      home,
      me,
      navigate: onNavigate,
      openJob: onOpenJob,
      switchOrganization: onSwitchOrganization ?? null,
      hasPasswords,
    }),
    [api, home, me, onNavigate, onOpenJob, onSwitchOrganization, hasPasswords],
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

const numbers = new WeakMap<Api, number>();
let last = 0;

function apiNumber(api: Api): number {
  const number = numbers.get(api) ?? ++last;
  numbers.set(api, number);
  return number;
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
    case 'guide':
      return <GuidePage kind={route.kind} id={route.id} />;
    case 'account':
      return <AccountPage />;
    case 'organization':
      return <OrganizationPage />;
    case 'create-organization':
      return <CreateOrganizationPage />;
    case 'invitations':
      return <InvitationsPage />;
  }
}
