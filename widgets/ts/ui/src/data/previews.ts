/** Thumbnails: loaded once per version of a record, and kept as object URLs within a limit. */

import type { Api, Target } from '@cvat-lab/client';
import { useEffect, useState } from 'react';

const LIMIT = 200;
const caches = new WeakMap<Api, Map<string, Promise<string | null>>>();

/**
 * Address of the thumbnail of a project, task or job.
 *
 * @param of null = there is none
 * @param version changes when the media may have changed, for example `updated_date`
 * @returns null when there is none, undefined while it is loading
 */
export function usePreview(api: Api, of: Target | null, version: string): string | null | undefined {
  const [url, setUrl] = useState<string | null | undefined>(undefined);
  const { kind, id } = of ?? {};
  useEffect(() => {
    if (kind === undefined || id === undefined) {
      setUrl(null);
      return;
    }
    let wanted = true;
    loadPreview(api, { kind, id }, version).then((found) => {
      if (wanted) setUrl(found);
    });
    return () => {
      wanted = false;
    };
  }, [api, kind, id, version]);
  return url;
}

function loadPreview(api: Api, of: Target, version: string): Promise<string | null> {
  const cache = caches.get(api) ?? new Map<string, Promise<string | null>>();
  caches.set(api, cache);
  const key = `${of.kind} ${of.id} ${version}`;
  const known = cache.get(key);
  if (known) return known;
  // A list without one of its pictures is still a list: a failure shows as a missing thumbnail.
  const loading = api.preview(of).then(
    (blob) => blob && URL.createObjectURL(blob),
    () => {
      cache.delete(key);
      return null;
    },
  );
  cache.set(key, loading);
  dropOldest(cache);
  return loading;
}

function dropOldest(cache: Map<string, Promise<string | null>>): void {
  for (const [key, loading] of cache) {
    if (cache.size <= LIMIT) return;
    cache.delete(key);
    loading.then((url) => url && URL.revokeObjectURL(url));
  }
}
