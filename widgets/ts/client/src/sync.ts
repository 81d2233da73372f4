/**
 * Saving a job while it is edited.
 *
 * Every step goes to the journal at once. A moment later the pending changes are taken from the editor and sent as one
 * change set. It keeps its `change_id` until the server has answered, so an answer that got lost does no harm: the server
 * applies a `change_id` once. When somebody else has saved in between, the editor takes in what was missed and the changes
 * are sent again on top of it. What the server refuses stays in the editor and in the journal, and is tried again after
 * the next edit.
 */

import type { ChangeResult, ChangeSet } from '@cvat-lab/schema';
import type { Api } from './api';
import { sizeOf, wireForm } from './changes';
import { ApiError, StaleRevisionError } from './errors';
import { uuid } from './ids';
import type { Journal, JournalEntry } from './journal';
import { holdSession } from './sessions';
import { isTemporary } from './timing';

/** Where changes come from: the editor's document. */
export interface ChangeSource {
  /** The newest revision that is in the document. */
  readonly revision: number;
  /** What would be sent now; null when there is nothing. Objects that have no id yet carry a negative one. */
  peekChanges(): ChangeSet | null;
  /** Take the pending changes: they count as sent until `confirm` or `restore`. Null also while a gesture lasts. */
  takeChanges(changeId: string): ChangeSet | null;
  confirm(result: ChangeResult): void;
  restore(): void;
  /** Take in what others saved. Never called between `takeChanges` and `confirm` or `restore`. */
  rebase(missed: ChangeSet, revision: number): void;
  /** Make the edits of an earlier session again, as one step. */
  replay(changes: ChangeSet, frame: number): void;
  /** Be told after every step of editing, undo and redo; returns the function that ends it. */
  onStep(listener: () => void): () => void;
}

export interface SyncStatus {
  /** `at-risk`: changes are not on the server, and this will not change by itself within a moment. */
  state: 'saved' | 'saving' | 'at-risk';
  /** One sentence for people. */
  detail: string;
  /** Number of changed objects that the server has not acknowledged. */
  unsaved: number;
  error: Error | null;
}

export interface SyncOptions {
  api: Pick<Api, 'sendChanges' | 'changes'>;
  journal: Journal;
  /** See `journalScope`. */
  scope: string;
  jobId: number;
  source: ChangeSource;
  /** Send by itself; otherwise only `flush` does. The journal is written in both cases. */
  autosave?: boolean;
  /** Steps that follow each other within this time are sent together, in ms. */
  mergeDelay?: number;
  /** First and longest wait before trying again, in ms. */
  retryDelay?: number;
  maxRetryDelay?: number;
}

const DEFAULTS = { autosave: true, mergeDelay: 300, retryDelay: 1000, maxRetryDelay: 30_000 };

/** An uninterrupted row of edits is sent at least this often, as a multiple of `mergeDelay`. */
const LONGEST_MERGE = 8;

/** So many times in a row others may be faster before we wait. */
const STALE_LIMIT = 5;

export class JobSync {
  readonly session = uuid();
  private readonly options: Required<SyncOptions>;
  private readonly listeners = new Set<(status: SyncStatus) => void>();
  private readonly ends: (() => void)[] = [];
  private endSession = () => {};
  private readonly abort = new AbortController();
  /** Taken from the source, not yet acknowledged. */
  private flight: JournalEntry | null = null;
  private running: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private mergingSince: number | null = null;
  private failures = 0;
  private error: Error | null = null;
  /** Leftovers that the editor could not take in. */
  private stranded: JournalEntry[] = [];

  constructor(options: SyncOptions) {
    this.options = { ...DEFAULTS, ...options };
  }

  /**
   * Begin. `leftovers` are unsaved changes of earlier sessions, from `recoverChanges`: they become pending edits of this one.
   */
  async start(leftovers: JournalEntry[] = []): Promise<void> {
    this.endSession = holdSession(this.session);
    const online = () => this.retryNow();
    globalThis.addEventListener?.('online', online);
    this.ends.push(() => globalThis.removeEventListener?.('online', online));
    // Before listening: one journal transaction replaces the old entries by the new one, so that a crash cannot leave both.
    const taken = this.replay(leftovers);
    this.ends.push(this.options.source.onStep(this.stepped));
    if (leftovers.length) {
      await this.writeTail([], taken);
      this.schedule();
    }
  }

  /**
   * End. Unsaved changes stay in the journal; `flush` before, to leave none.
   *
   * Resolves when the journal is not written any more: then the job can be opened again.
   */
  async dispose(): Promise<void> {
    clearTimeout(this.timer);
    this.abort.abort();
    for (const end of this.ends.splice(0)) end();
    this.listeners.clear();
    await this.running;
    this.endSession();
  }

  get status(): SyncStatus {
    const unsaved = this.unsaved().reduce((sum, { change }) => sum + sizeOf(change), 0);
    return { ...this.describe(unsaved), unsaved, error: this.error };
  }

  /** Be told about every change of the status; returns the function that ends it. */
  subscribe(listener: (status: SyncStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Save now.
   *
   * @throws the reason why not everything could be saved; automatic attempts go on all the same
   */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    // A run that is under way may have taken its changes before the last edit.
    await this.running;
    await this.run();
    if (this.error) throw this.error;
  }

  /** Take in what others have saved. Does nothing while own changes are on their way: their answer brings it too. */
  async pull(): Promise<void> {
    const { source, api, jobId } = this.options;
    const since = source.revision;
    if (this.flight) return;
    const { missed, revision } = await api.changes(jobId, since, this.abort.signal);
    if (this.flight || source.revision !== since || revision <= since) return;
    source.rebase(missed, revision);
    await this.writeTail();
  }

  /**
   * Ask before the page is closed with unsaved changes, and save when it is hidden.
   *
   * Returns the function that ends it; `dispose` does so too.
   */
  guardUnload(page: Window = window): () => void {
    const ask = (event: BeforeUnloadEvent) => {
      if (this.unsaved().length === 0) return;
      event.preventDefault();
    };
    const save = () => {
      if (this.options.autosave && page.document.visibilityState === 'hidden') this.retryNow();
    };
    page.addEventListener('beforeunload', ask);
    page.document.addEventListener('visibilitychange', save);
    const end = () => {
      page.removeEventListener('beforeunload', ask);
      page.document.removeEventListener('visibilitychange', save);
    };
    this.ends.push(end);
    return end;
  }

  /** Everything that is not on the server, as a JSON file for the annotator to keep. */
  exportUnsaved(): Blob {
    const { scope, jobId } = this.options;
    const changes = this.unsaved().map(({ change }) => wireForm(change));
    const content = { scope, job: jobId, time: new Date().toISOString(), changes };
    return new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' });
  }

  /** Give up changes of earlier sessions that could not be taken in. */
  async discardStranded(): Promise<void> {
    const ids = this.stranded.map(({ id }) => id);
    this.stranded = [];
    this.error = null;
    await this.options.journal.write([], ids);
    this.notify();
  }

  // --- the journal ---------------------------------------------------------------------------------------------------

  /** What has not been taken yet. */
  private tail(): JournalEntry | null {
    const change = this.options.source.peekChanges();
    return change && this.entry(this.tailId, change, false);
  }

  private get tailId(): string {
    return `${this.session}:tail`;
  }

  private entry(id: string, change: ChangeSet, sent: boolean): JournalEntry {
    return { id, change, sent, scope: this.options.scope, session: this.session, time: Date.now() };
  }

  private unsaved(): JournalEntry[] {
    return [...this.stranded, this.flight, this.tail()].filter((entry) => entry !== null);
  }

  /** Bring the journal up to date with the source, together with other changes of it. */
  private writeTail(put: JournalEntry[] = [], removed: string[] = []): Promise<void> {
    const tail = this.tail();
    return this.options.journal.write(
      tail ? [...put, tail] : put,
      tail ? removed : [...removed, this.tailId],
    );
  }

  /** Make the edits again. Returns the ids of the entries that the editor could take in. */
  private replay(leftovers: JournalEntry[]): string[] {
    return leftovers.flatMap((entry) => {
      try {
        this.options.source.replay(wireForm(entry.change), firstFrame(entry.change));
        return [entry.id];
      } catch (error) {
        this.stranded.push(entry);
        this.error = asError(error);
        return [];
      }
    });
  }

  // --- sending ---------------------------------------------------------------------------------------------------------

  private readonly stepped = (): void => {
    void this.writeTail();
    this.schedule();
  };

  private schedule(): void {
    this.notify();
    const { autosave, mergeDelay } = this.options;
    // While the server cannot be reached its timer is running already.
    if (!autosave || this.failures > 0) return;
    const now = Date.now();
    this.mergingSince ??= now;
    const wait = Math.min(mergeDelay, this.mergingSince + LONGEST_MERGE * mergeDelay - now);
    this.runAfter(Math.max(0, wait));
  }

  private retryNow(): void {
    if (this.failures > 0 || this.mergingSince !== null) this.runAfter(0);
  }

  private runAfter(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), ms);
  }

  /** Send until nothing is left. Never rejects: what went wrong is in `error`. */
  private run(): Promise<void> {
    this.running ??= this.attempt().finally(() => {
      this.running = null;
      this.notify();
    });
    return this.running;
  }

  private async attempt(): Promise<void> {
    this.mergingSince = null;
    try {
      await this.drain();
      this.failures = 0;
      this.error = this.stranded.length ? this.error : null;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.error = asError(error);
      if (!mayPass(error)) {
        this.failures = 0;
        return;
      }
      const { retryDelay, maxRetryDelay, autosave } = this.options;
      const delay = Math.min(retryDelay * 2 ** this.failures++, maxRetryDelay);
      if (autosave) this.runAfter(delay);
    }
  }

  private async drain(): Promise<void> {
    for (let stale = 0; ; ) {
      const entry = this.flight ?? (await this.takeOff());
      if (!entry) return;
      this.notify();
      try {
        await this.send(entry);
        stale = 0;
      } catch (error) {
        if (!(error instanceof StaleRevisionError) || ++stale >= STALE_LIMIT) throw error;
      }
    }
  }

  /** Take what is pending, and put it into the journal as it will be sent. */
  private async takeOff(): Promise<JournalEntry | null> {
    const id = uuid();
    const change = this.options.source.takeChanges(id);
    if (!change) return null;
    this.flight = this.entry(id, change, true);
    await this.writeTail([this.flight]);
    return this.flight;
  }

  private async send(entry: JournalEntry): Promise<void> {
    const { api, jobId, source } = this.options;
    try {
      source.confirm(await api.sendChanges(jobId, wireForm(entry.change), this.abort.signal));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      source.restore();
      if (error instanceof StaleRevisionError) source.rebase(error.missed, error.revision);
      await this.land(entry);
      throw error;
    }
    await this.land(entry);
  }

  private land(entry: JournalEntry): Promise<void> {
    this.flight = null;
    return this.writeTail([], [entry.id]);
  }

  // --- the status ------------------------------------------------------------------------------------------------------

  private notify(): void {
    if (this.listeners.size === 0) return;
    const { status } = this;
    for (const listener of this.listeners) listener(status);
  }

  private describe(unsaved: number): Pick<SyncStatus, 'state' | 'detail'> {
    if (unsaved === 0) return { state: 'saved', detail: 'All changes are saved.' };
    const { error } = this;
    const kept = this.options.journal.durable
      ? 'Your changes are kept in this browser'
      : 'Your changes are only in this page: do not close it';
    if (error && mayPass(error))
      return { state: 'at-risk', detail: `${error.message} ${kept}; trying again.` };
    if (error)
      return { state: 'at-risk', detail: `The changes could not be saved: ${error.message} ${kept}.` };
    const waiting = !this.options.autosave && !this.running;
    if (waiting || !this.options.journal.durable)
      return { state: 'at-risk', detail: `Not saved yet. ${kept}.` };
    return { state: 'saving', detail: 'Saving ...' };
  }
}

/** Whether the same changes may be accepted later. */
function mayPass(error: unknown): boolean {
  return isTemporary(error) || error instanceof StaleRevisionError;
}

/** Whether the server has seen the change set and did not apply it. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && !error.temporary;
}

function firstFrame({ created, updated }: ChangeSet): number {
  const data = [created, updated].flatMap(({ tags, shapes, tracks }) => [...tags, ...shapes, ...tracks]);
  return data.length ? Math.min(...data.map(({ frame }) => frame)) : 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
