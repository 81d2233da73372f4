/** Which objects show their details: all or none, and those that differ. */

import type { ClientId } from '@cvat-lab/canvas';
import { useCallback, useState } from 'react';

export interface Expansion {
  readonly isExpandedByDefault: boolean;
  isExpanded(clientId: ClientId): boolean;
  readonly toggle: (clientId: ClientId) => void;
  readonly setAll: (isExpanded: boolean) => void;
}

export function useExpansion(): Expansion {
  const [{ all, others }, set] = useState<{ all: boolean; others: ReadonlySet<ClientId> }>({
    all: false,
    others: new Set(),
  });
  const toggle = useCallback((clientId: ClientId) => {
    set((before) => {
      const changed = new Set(before.others);
      if (!changed.delete(clientId)) changed.add(clientId);
      return { ...before, others: changed };
    });
  }, []);
  const setAll = useCallback((isExpanded: boolean) => set({ all: isExpanded, others: new Set() }), []);
  return {
    isExpandedByDefault: all,
    isExpanded: (clientId) => others.has(clientId) !== all,
    toggle,
    setAll,
  };
}
