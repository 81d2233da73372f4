/** Sending changes: what fails is said, what succeeds reaches every mounted page. */

import { useCallback } from 'react';
import { useToasts } from '../components';
import { announceChange } from '../data/freshness';

/**
 * A function that runs a change.
 *
 * Its first argument says what the change is, for example `Rename the task`; it resolves with whether it succeeded.
 */
export function useChange(): (what: string, change: () => Promise<unknown>) => Promise<boolean> {
  const toasts = useToasts();
  return useCallback(
    async (what, change) => {
      try {
        await change();
        return true;
      } catch (error) {
        toasts.fail(`Cannot ${what}`, error);
        return false;
      } finally {
        // Also after a failure: what the page shows may be out of date.
        announceChange();
      }
    },
    [toasts],
  );
}
