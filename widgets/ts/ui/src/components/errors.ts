/** Errors in words. */

import { isAbort } from '@cvat-lab/client';

/** The whole message of an error: the server's says what is wrong, with which value, and what to do. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Only a plain word takes a capital letter; the name of a file must stay as it is.
  const sentence = /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Whether the work was cancelled, by the user or because its page was closed. */
export function isCancelled(error: unknown): boolean {
  return isAbort(error);
}
