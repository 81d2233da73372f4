/** Loading from the server into a component, with cancellation, errors and reloading. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { isCancelled } from '../components/errors';
import { useChangeCount } from './freshness';

export interface Loaded<T> {
  /** Undefined until the first load has ended. While loading again, the data from before stays. */
  data: T | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
  /** Put in what a call has answered, without loading again. */
  set: (data: T) => void;
}

/**
 * Load when the component appears, when `key` changes and when records on the server change.
 *
 * @param key names what is loaded
 * @param load loads it; only its latest version is called
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error: unknown; loading: boolean }>({
    error: null,
    loading: true,
  });
  const [attempt, setAttempt] = useState(0);
  const changes = useChangeCount();
  const latest = useRef(load);
  latest.current = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the three say when to load, `latest` says what
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    latest.current(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ data, error: null, loading: false });
      },
      (error) => {
        if (!abort.signal.aborted && !isCancelled(error)) setState({ error, loading: false });
      },
    );
    return () => abort.abort();
  }, [key, attempt, changes]);
  const reload = useCallback(() => setAttempt((n) => n + 1), []);
  const set = useCallback((data: T) => setState({ data, error: null, loading: false }), []);
  return { data: state.data, error: state.error, loading: state.loading, reload, set };
}
