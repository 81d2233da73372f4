/** The user's background requests: creations, exports, imports. The page follows what runs while it can be seen. */

import type { RequestRead } from '@cvat-lab/schema';
import { Activity } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { EmptyState, LoadError, Pager, ProgressBar } from '../../components';
import { announceChange } from '../../data/freshness';
import { useLoad } from '../../data/useLoad';
import { usePolling } from '../../data/usePolling';
import { usePages } from '../context';
import { Page } from '../PageShell';
import { isActive } from './operations';
import { RequestRow } from './RequestRow';

const PAGE_SIZE = 20;
const POLL_MS = 2000;

const FILTERS = [
  { label: 'All', statuses: null },
  { label: 'Running', statuses: ['queued', 'started'] },
  { label: 'Finished', statuses: ['finished'] },
  { label: 'Failed', statuses: ['failed'] },
] as const;

export function RequestsPage() {
  const { api } = usePages();
  const [shown, setShown] = useState<(typeof FILTERS)[number]>(FILTERS[0]);
  const [page, setPage] = useState(1);
  const filter = shown.statuses ? { in: [{ var: 'status' }, shown.statuses] } : undefined;
  const query = { page, page_size: PAGE_SIZE, filter };
  const requests = useLoad(`requests ${JSON.stringify(query)}`, (signal) => api.requests(query, signal));
  const { data, error, reload } = requests;
  const place = useRef<HTMLDivElement>(null);
  usePolling(place, data?.results.some(isActive) ?? false, reload, POLL_MS);
  useAnnouncedEnds(data?.results);
  return (
    <Page title={<h2>Requests</h2>}>
      <div ref={place} className="cvl-quick">
        {FILTERS.map((choice) => (
          <button
            key={choice.label}
            type="button"
            className="cvl-chip"
            aria-pressed={choice === shown}
            onClick={() => {
              setShown(choice);
              setPage(1);
            }}
          >
            {choice.label}
          </button>
        ))}
      </div>
      {error ? (
        <LoadError what="the requests" error={error} onRetry={reload} />
      ) : !data ? (
        <ProgressBar value={null} label="Loading the requests" />
      ) : data.results.length === 0 ? (
        <EmptyState icon={Activity} title={filter ? 'No such requests' : 'No requests'}>
          <span className="cvl-soft">Exports, imports and the creation of tasks are listed here.</span>
        </EmptyState>
      ) : (
        <ul className="cvl-rows" aria-label="requests">
          {data.results.map((request) => (
            <li key={request.id}>
              <RequestRow request={request} />
            </li>
          ))}
        </ul>
      )}
      {data && <Pager page={page} pageSize={PAGE_SIZE} count={data.count} onChange={setPage} />}
    </Page>
  );
}

/** When a request ends, the other pages show what it has made or changed. */
function useAnnouncedEnds(requests: readonly RequestRead[] | undefined): void {
  const running = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!requests) return;
    const ended = requests.some((request) => running.current.has(request.id) && !isActive(request));
    running.current = new Set(requests.filter(isActive).map(({ id }) => id));
    if (ended) announceChange();
  }, [requests]);
}
