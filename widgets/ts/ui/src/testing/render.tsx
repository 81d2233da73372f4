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
}

/** Show a route against a fake server, with a host that goes wherever the user wants. */
export function mountRoute(server: FakeServer, route: Route): Mounted {
  const visited: Route[] = [];
  const openedJobs: number[] = [];
  server.on('GET api/users/self', () => ME);
  return {
    ...render(<Host {...{ server, route, visited, openedJobs }} />),
    user: userEvent.setup(),
    visited,
    openedJobs,
  };
}

interface HostProps {
  server: FakeServer;
  route: Route;
  visited: Route[];
  openedJobs: number[];
}

function Host({ server, route, visited, openedJobs }: HostProps) {
  const [current, setCurrent] = useState(route);
  return (
    <AppPages
      api={server.api}
      route={current}
      onNavigate={(next) => {
        visited.push(next);
        setCurrent(next);
      }}
      onOpenJob={(id) => openedJobs.push(id)}
    />
  );
}
