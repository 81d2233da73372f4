/**
 * Tells every mounted page that something on the server has changed.
 *
 * The sidebar and the main-area tabs are React roots of their own; a task that is deleted in one of them must vanish from
 * the others.
 */

import { useSyncExternalStore } from 'react';

let count = 0;
const listeners = new Set<() => void>();

/** Say that records on the server have changed; mounted pages load again. */
export function announceChange(): void {
  count++;
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A number that grows with every change. */
export function useChangeCount(): number {
  return useSyncExternalStore(subscribe, () => count);
}
