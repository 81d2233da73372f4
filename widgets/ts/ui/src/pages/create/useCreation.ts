/** Runs the creation of a task from its form, and looks after it when the page is left. */

import type { TaskRead } from '@cvat-lab/schema';
import { useEffect, useRef, useState } from 'react';
import { isCancelled } from '../../components';
import { announceChange } from '../../data/freshness';
import { usePages } from '../context';
import { type CreationStage, createTaskWithData } from './creation';
import type { TaskForm } from './taskForm';

export interface Creation {
  /** Null while nothing is created. */
  stage: CreationStage | null;
  /** Why the last try failed. */
  error: unknown;
  run: (form: TaskForm) => Promise<TaskRead | null>;
  cancel: () => void;
}

export function useCreation(): Creation {
  const { api } = usePages();
  const [stage, setStage] = useState<CreationStage | null>(null);
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController | null>(null);
  const step = useRef<CreationStage['step'] | null>(null);
  step.current = stage?.step ?? null;

  // Who leaves the page while the upload runs cancels it; what the server has in full it goes on with.
  useEffect(
    () => () => {
      if (step.current !== 'processing') abort.current?.abort();
    },
    [],
  );
  const uploading = stage !== null && stage.step !== 'processing';
  useEffect(() => {
    if (!uploading) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [uploading]);

  const run = async (form: TaskForm): Promise<TaskRead | null> => {
    const controller = new AbortController();
    abort.current = controller;
    setError(null);
    try {
      return await createTaskWithData(api, form, { signal: controller.signal, onStage: setStage });
    } catch (failure) {
      if (!isCancelled(failure)) setError(failure);
      announceChange();
      return null;
    } finally {
      setStage(null);
    }
  };
  return { stage, error, run, cancel: () => abort.current?.abort() };
}
