/** Full screen, as the browser has it. */

import { useSyncExternalStore } from 'react';

/** The element that fills the screen; null as a rule. */
export function useFullscreenElement(): Element | null {
  return useSyncExternalStore(subscribe, () => document.fullscreenElement);
}

export async function toggleFullscreen(element: HTMLElement): Promise<void> {
  if (document.fullscreenElement === element) await document.exitFullscreen();
  else await element.requestFullscreen();
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}
