/**
 * A job that is open in an editor: its document, its images, and the way its changes take to the server.
 *
 * No React here. The view is drawn from a session and may be drawn again; a session lives from opening to closing.
 */

import { Editor, Emitter, type Settings } from '@cvat-lab/canvas';
import {
  type Api,
  ApiError,
  type ChangeSource,
  type FrameStore,
  JobSync,
  Journal,
  type JournalEntry,
  journalScope,
  type OpenedJob,
  openFrames,
  recoverChanges,
  type SyncStatus,
  sizeOf,
} from '@cvat-lab/client';
import { baseDataOf, nearestFrame, shownFrames } from './baseData';

/** How often others' changes are asked for while the page is visible, in ms. */
const PULL_INTERVAL = 10_000;

/** The job has no frame that could be shown: its media is missing, or all frames are deleted. */
export class NoFramesError extends Error {
  override readonly name = 'NoFramesError';

  constructor(readonly opened: OpenedJob) {
    super(`Job ${opened.job.id} has no frames to show.`);
  }
}

export interface SessionOptions {
  api: Api;
  jobId: number;
  frame?: number;
  settings?: Partial<Settings>;
}

interface Parts {
  api: Api;
  opened: OpenedJob;
  editor: Editor;
  frames: FrameStore;
  journal: Journal;
  scope: string;
}

export class EditorSession {
  readonly api: Api;
  readonly editor: Editor;
  readonly frames: FrameStore;
  readonly sync: JobSync;
  /** Others' changes came into the document; the number of objects. */
  readonly merged = new Emitter<number>();
  /** The document shows another revision. */
  readonly revised = new Emitter<number>();
  /** The server refuses to tell others' changes, for example because the job was deleted. */
  readonly lost = new Emitter<Error>();
  private readonly journal: Journal;
  private readonly ends: (() => void)[] = [];
  private currentStatus: SyncStatus;

  /** Open a job. Changes that an earlier session could not save become pending edits of this one. */
  static async open({ api, jobId, frame, settings }: SessionOptions): Promise<EditorSession> {
    const [user, first, journal] = await Promise.all([api.self(), api.openJob(jobId), Journal.open()]);
    const scope = journalScope(globalThis.location?.origin ?? '', user.username, first.job);
    const { opened, leftovers } = await recovered(api, journal, scope, first);
    const numbers = shownFrames(opened.data);
    if (numbers.length === 0) throw new NoFramesError(opened);
    const frames = await openFrames(api, opened);
    const editor = new Editor({
      labels: opened.labels,
      frames: numbers,
      source: frames,
      base: baseDataOf(opened.data),
      revision: opened.revision,
      settings,
    });
    const session = new EditorSession({ api, opened, editor, frames, journal, scope });
    await session.sync.start(leftovers);
    void editor.open(nearestFrame(numbers, frame ?? numbers[0]!));
    return session;
  }

  readonly opened: OpenedJob;

  private constructor({ api, opened, editor, frames, journal, scope }: Parts) {
    this.api = api;
    this.opened = opened;
    this.editor = editor;
    this.frames = frames;
    this.journal = journal;
    this.sync = new JobSync({ api, journal, scope, jobId: opened.job.id, source: this.changeSource() });
    this.currentStatus = this.sync.status;
    this.ends.push(
      this.sync.subscribe((status) => {
        this.currentStatus = status;
      }),
      this.sync.guardUnload(),
      this.watchOthers(),
    );
  }

  /** Whether everything is saved. The same object until something changes. */
  get status(): SyncStatus {
    return this.currentStatus;
  }

  /** Show a frame, or the nearest one that can be shown. */
  goTo(frame: number): void {
    const { player } = this.editor;
    const target = nearestFrame(player.allFrames, frame);
    if (target !== player.target) void player.goTo(target);
  }

  /** Send what is left and end. What cannot be sent stays in the journal until the job is opened here again. */
  async close(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    this.editor.destroy();
    this.frames.dispose();
    try {
      await this.sync.flush();
    } catch (error) {
      console.warn(`cvat_lab: job ${this.opened.job.id} was closed with unsaved changes.`, error);
    } finally {
      await this.sync.dispose();
      this.journal.close();
    }
  }

  /** The document, with a word to the listeners when the server has spoken. */
  private changeSource(): ChangeSource {
    const { annotations } = this.editor;
    const { revised, merged } = this;
    return {
      get revision() {
        return annotations.revision;
      },
      peekChanges: () => annotations.peekChanges(),
      takeChanges: (changeId) => annotations.takeChanges(changeId),
      confirm(result) {
        annotations.confirm(result);
        revised.emit(result.revision);
      },
      restore: () => annotations.restore(),
      rebase(missed, revision) {
        annotations.rebase(missed, revision);
        merged.emit(sizeOf(missed));
        revised.emit(revision);
      },
      replay: (changes, frame) => annotations.replay(changes, frame),
      onStep: (listener) => annotations.onStep(listener),
    };
  }

  /** Take in what colleagues, kernels and other tabs save, as long as somebody looks at the page. */
  private watchOthers(): () => void {
    const pull = () => {
      if (document.visibilityState === 'hidden' || this.editor.annotations.history.isMarked) return;
      this.sync.pull().catch((error) => {
        // Being offline is told by the status as soon as something is at risk.
        if (!(error instanceof ApiError) || error.temporary) return;
        clearInterval(timer);
        this.lost.emit(error);
      });
    };
    const timer = setInterval(pull, PULL_INTERVAL);
    document.addEventListener('visibilitychange', pull);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', pull);
    };
  }
}

/** Settle what is in the journal. Something may have been sent by this, so the job is read again. */
async function recovered(
  api: Api,
  journal: Journal,
  scope: string,
  opened: OpenedJob,
): Promise<{ opened: OpenedJob; leftovers: JournalEntry[] }> {
  if ((await journal.list(scope)).length === 0) return { opened, leftovers: [] };
  const leftovers = await recoverChanges(api, journal, scope, opened.job.id);
  return { opened: await api.openJob(opened.job.id), leftovers };
}
