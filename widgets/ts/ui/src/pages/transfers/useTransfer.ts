/** Runs one export or import from a dialog: progress, result, failure, cancellation. */

import { RequestFailedError } from '@cvat-lab/client';
import type { RequestRead } from '@cvat-lab/schema';
import { useEffect, useRef, useState } from 'react';
import { isCancelled } from '../../components';
import { announceChange } from '../../data/freshness';
import { usePages } from '../context';

export type TransferState =
  | { step: 'idle' }
  | { step: 'running'; label: string; progress: number | null }
  | { step: 'finished'; request: RequestRead }
  | { step: 'failed'; error: unknown };

/** How a transfer reports where it is. */
export interface TransferHooks {
  signal: AbortSignal;
  onUpload: (progress: { sent: number; total: number }) => void;
  onProgress: (request: RequestRead) => void;
}

export interface Transfer {
  state: TransferState;
  /** The file is on its way; closing the page now would lose it. */
  isUploading: boolean;
  run: (work: (hooks: TransferHooks) => Promise<RequestRead>) => Promise<RequestRead | null>;
  /** Stop waiting, and cancel the work on the server as far as it has started. */
  cancel: () => void;
  reset: () => void;
}

/**
 * @param verb what the server does meanwhile, for example `Exporting`
 */
export function useTransfer(verb: string): Transfer {
  const { api } = usePages();
  const [state, setState] = useState<TransferState>({ step: 'idle' });
  const [isUploading, setUploading] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const requestId = useRef<string | null>(null);
  // A dialog that is closed stops waiting; the request goes on and stands in the list of requests.
  useEffect(() => () => abort.current?.abort(), []);

  const run: Transfer['run'] = async (work) => {
    const controller = new AbortController();
    abort.current = controller;
    requestId.current = null;
    setState({ step: 'running', label: verb, progress: null });
    const onProgress = (request: RequestRead) => {
      setUploading(false);
      requestId.current = request.id;
      const progress = request.status === 'queued' ? null : request.progress;
      setState({ step: 'running', label: request.message || verb, progress });
    };
    const onUpload = ({ sent, total }: { sent: number; total: number }) => {
      setUploading(true);
      setState({ step: 'running', label: 'Uploading', progress: total ? sent / total : null });
    };
    try {
      const request = await work({ signal: controller.signal, onUpload, onProgress });
      setState({ step: 'finished', request });
      announceChange();
      return request;
    } catch (error) {
      if (controller.signal.aborted) return null;
      setState(isCancelled(error) ? { step: 'idle' } : { step: 'failed', error });
      if (error instanceof RequestFailedError) announceChange();
      return null;
    }
  };
  const reset = () => setState({ step: 'idle' });
  const cancel = () => {
    abort.current?.abort();
    reset();
    // It may have ended in this moment, and then there is nothing left to cancel.
    if (requestId.current)
      api
        .cancelRequest(requestId.current)
        .catch(() => undefined)
        .then(announceChange);
  };
  return { state, isUploading, run, cancel, reset };
}
