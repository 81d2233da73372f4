/** Waiting and retrying, with cancellation. */

import { ApiError, abortError, NetworkError } from './errors';

/** Resolve after `ms` milliseconds; reject at once when the signal is cancelled. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const cancel = () => {
      clearTimeout(timer);
      reject(abortError(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

export interface RetryOptions {
  /** How often to try in all. */
  attempts: number;
  /** Wait before the second try, in ms; doubles every time. */
  delay: number;
  signal?: AbortSignal;
}

/** Whether trying again, without any change, may help. */
export function isTemporary(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.temporary);
}

/** Call `work` until it succeeds, fails for good, or the attempts are used up. */
export async function retry<T>(
  work: () => Promise<T>,
  { attempts, delay, signal }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isTemporary(error)) throw error;
      await pause(delay * 2 ** (attempt - 1), signal);
    }
  }
}
