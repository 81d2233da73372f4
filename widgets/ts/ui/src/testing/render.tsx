/** Mounts pages for tests. */

import { type RenderResult, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { AppPages } from '../pages/app';
import type { Route } from '../pages/route';
import type { FakeServer } from './FakeServer';
import { ME } from './records';
import './sight';

export interface Mounted extends RenderResult {
  user: UserEvent;
  /** Where the user has gone, in order. */
  visited: Route[];
  openedJobs: number[];
  /** The organizations that the user has switched to, in order. */
  switched: string[];
}

/** Show a route against a fake server, with a host that goes wherever the user wants. */
export function mountRoute(server: FakeServer, route: Route, organization: string | null = null): Mounted {
  const visited: Route[] = [];
  const openedJobs: number[] = [];
  const switched: string[] = [];
  server.on('GET api/users/self', () => ME);
  return {
    ...render(<Host {...{ server, route, organization, visited, openedJobs, switched }} />),
    user: userEvent.setup(),
    visited,
    openedJobs,
    switched,
  };
}

interface HostProps {
  server: FakeServer;
  route: Route;
  organization: string | null;
  visited: Route[];
  openedJobs: number[];
  switched: string[];
}

function Host({ server, route, organization, visited, openedJobs, switched }: HostProps) {
  const [current, setCurrent] = useState(route);
  const [api, setApi] = useState(() => server.api.within(organization));
  return (
    <AppPages
      api={api}
      hasPasswords
      route={current}
      onNavigate={(next) => {
        visited.push(next);
        setCurrent(next);
      }}
      onOpenJob={(id) => openedJobs.push(id)}
      onSwitchOrganization={(slug) => {
        switched.push(slug);
        setApi(server.api.within(slug));
      }}
    />
  );
}
