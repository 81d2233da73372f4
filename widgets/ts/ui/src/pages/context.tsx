/** What every page needs: the server, the way to other pages, and who is working. */

import type { Api } from '@cvat-lab/client';
import type { UserRead } from '@cvat-lab/schema';
import { createContext, useContext } from 'react';
import type { Route } from './route';

export interface PagesValue {
  api: Api;
  navigate: (route: Route) => void;
  openJob: (jobId: number, frame?: number) => void;
  /** The user who is logged in; null until it is known. */
  me: UserRead | null;
}

export const PagesContext = createContext<PagesValue | null>(null);

export function usePages(): PagesValue {
  const value = useContext(PagesContext);
  if (!value) throw new Error('usePages must be used below AppPages');
  return value;
}
