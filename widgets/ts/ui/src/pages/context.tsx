/** What every page needs: the server, the way to other pages, and who is working. */

import type { Api } from '@cvat-lab/client';
import type { UserRead } from '@cvat-lab/schema';
import { createContext, useContext } from 'react';
import type { Route } from './route';

export interface PagesValue {
  /** Works in the organization that is chosen. */
  api: Api;
  /** The same server, in no organization: for the user's own account, and for the choice itself. */
  home: Api;
  navigate: (route: Route) => void;
  openJob: (jobId: number, frame?: number) => void;
  /** Work in an organization from now on; '' is the personal workspace. Null where the host has no choice. */
  switchOrganization: ((slug: string) => void) | null;
  /** The server keeps passwords itself, and not a Jupyter server or a Hub before it. */
  hasPasswords: boolean;
  /** The user who is logged in; null until it is known. */
  me: UserRead | null;
}

export const PagesContext = createContext<PagesValue | null>(null);

export function usePages(): PagesValue {
  const value = useContext(PagesContext);
  if (!value) throw new Error('usePages must be used below AppPages');
  return value;
}
