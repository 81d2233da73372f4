/** Keeping the keyboard where it belongs: inside a dialog while it is open, and back afterwards. */

import { type KeyboardEvent, type RefObject, useEffect } from 'react';

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** Elements below `root` that the Tab key visits, in order. */
export function focusable(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => element.tabIndex >= 0);
}

/** Move the focus into `root` when it appears, and back to where it was when it goes. */
export function useFocusInside(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    const element = root.current;
    if (element && !element.contains(before)) {
      const wanted = element.querySelector<HTMLElement>('[data-autofocus]') ?? element;
      wanted.focus();
    }
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [root]);
}

/** Let Tab go round within `root` instead of leaving it. */
export function keepTabInside(event: KeyboardEvent, root: HTMLElement | null): void {
  if (event.key !== 'Tab' || !root) return;
  const stops = focusable(root);
  const first = stops[0] ?? root;
  const last = stops.at(-1) ?? root;
  const leaving = event.shiftKey ? first : last;
  const active = document.activeElement;
  if (active !== leaving && !(event.shiftKey && active === root)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
