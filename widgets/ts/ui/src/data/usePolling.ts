/** Asking the server again and again, but only while somebody can see the answer. */

import { type RefObject, useEffect, useRef } from 'react';

/**
 * Call `reload` every `period` milliseconds while `active` is true and the element can be seen.
 *
 * A tab of JupyterLab behind another one, and a window in the background, cost nothing. What comes back into sight is
 * asked for at once, not one period later.
 *
 * @param place an element of the page that shows the answers
 * @param period in ms
 */
export function usePolling(
  place: RefObject<Element | null>,
  active: boolean,
  reload: () => void,
  period: number,
): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    if (!active || !place.current) return;
    return watchSight(place.current, (onset) => {
      if (onset === 'again') latest.current();
      const timer = setInterval(() => latest.current(), period);
      return () => clearInterval(timer);
    });
  }, [place, active, period]);
}

/** Run `begin` whenever the element comes into sight, and what it returned when it goes out of sight. */
function watchSight(element: Element, begin: (onset: 'first' | 'again') => () => void): () => void {
  let onScreen = true;
  let onset: 'first' | 'again' = 'first';
  let end: (() => void) | null = null;
  const update = () => {
    const seen = onScreen && document.visibilityState === 'visible';
    if (seen === (end !== null)) return;
    if (seen) {
      end = begin(onset);
      onset = 'again';
    } else {
      end?.();
      end = null;
    }
  };
  const observer = new IntersectionObserver(([entry]) => {
    onScreen = entry?.isIntersecting ?? true;
    update();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', update);
  update();
  return () => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', update);
    end?.();
  };
}
