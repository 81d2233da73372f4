/** Errors in words. */

import { isAbort } from '@cvat-lab/client';

/** The whole message of an error: the server's says what is wrong, with which value, and what to do. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Whether the work was cancelled, by the user or because its page was closed. */
export function isCancelled(error: unknown): boolean {
  return isAbort(error);
}
