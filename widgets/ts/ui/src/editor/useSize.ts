/** The size of an element, and what follows from it. */

import { useEffect, useState } from 'react';

/** Below this the sidebar lies over the canvas instead of beside it. */
const COMPACT = { width: 820, height: 400 };

export function useIsCompact(element: HTMLElement): boolean {
  const [isCompact, setCompact] = useState(() => isSmall(element));
  useEffect(() => {
    const observer = new ResizeObserver(() => setCompact(isSmall(element)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return isCompact;
}

function isSmall({ clientWidth, clientHeight }: HTMLElement): boolean {
  return clientWidth < COMPACT.width || clientHeight < COMPACT.height;
}
