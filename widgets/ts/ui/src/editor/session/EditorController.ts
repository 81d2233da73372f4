/** Opens the session of an editor, tries again when that failed, and connects it with the host. */

import { type Editor, Emitter } from '@cvat-lab/canvas';
import { isTemporary } from '@cvat-lab/client';
import { describeError } from '../../components';
import type { EditorOptions, SelectedObject } from '../options';
import { loadSettings, saveSettings } from '../preferences';
import { EditorSession } from './EditorSession';

export type Opening =
  | { readonly step: 'opening' }
  | { readonly step: 'failed'; readonly error: unknown }
  | { readonly step: 'open'; readonly session: EditorSession };

/** Milliseconds between attempts to open a job while the server cannot be reached. */
const RETRY_DELAY = 3000;

export class EditorController {
  /** What the annotator should be told once the view is there. */
  readonly problems: string[] = [];
  private opening: Opening = { step: 'opening' };
  private readonly changed = new Emitter();
  private readonly ends: (() => void)[] = [];
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private wantedFrame: number | undefined;
  private isClosed = false;
  private attempt: Promise<void>;

  constructor(readonly options: EditorOptions) {
    this.wantedFrame = options.frame;
    this.attempt = this.open();
  }

  get state(): Opening {
    return this.opening;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.changed.on(listener);

  /** Open the job once more. */
  readonly retry = (): void => {
    clearTimeout(this.retryTimer);
    this.show({ step: 'opening' });
    this.attempt = this.open();
  };

  async flush(): Promise<void> {
    if (this.opening.step === 'open') await this.opening.session.sync.flush();
  }

  goTo(frame: number): void {
    this.wantedFrame = frame;
    if (this.opening.step === 'open') this.opening.session.goTo(frame);
  }

  /** Fulfilled when everything is sent, or will not be for now. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retryTimer);
    for (const end of this.ends.splice(0)) end();
    await this.attempt;
    if (this.opening.step === 'open') await this.opening.session.close();
  }

  private async open(): Promise<void> {
    const { api, jobId } = this.options;
    try {
      const session = await EditorSession.open({
        api,
        jobId,
        frame: this.wantedFrame,
        settings: loadSettings(),
      });
      if (this.isClosed) await session.close();
      else this.opened(session);
    } catch (error) {
      if (this.isClosed) return;
      this.show({ step: 'failed', error });
      if (isTemporary(error)) this.retryTimer = setTimeout(this.retry, RETRY_DELAY);
    }
  }

  private opened(session: EditorSession): void {
    this.applyShortcuts(session.editor);
    this.connect(session);
    this.show({ step: 'open', session });
  }

  private applyShortcuts({ commands }: Editor): void {
    for (const [id, keys] of Object.entries(this.options.shortcuts ?? {})) {
      try {
        commands.keys.setKeys(commands.get(id).id, keys);
      } catch (error) {
        this.problems.push(`The shortcut for ${id} in the settings is ignored: ${describeError(error)}`);
      }
    }
  }

  /** Tell the host what happens. */
  private connect(session: EditorSession): void {
    const { onFrameChange, onStatus, onRevision } = this.options;
    const { editor, sync } = session;
    onStatus?.(session.status);
    onRevision?.(editor.annotations.revision);
    const tellSelection = this.selectionTeller(editor);
    this.ends.push(
      sync.subscribe((status) => onStatus?.(status)),
      session.revised.on((revision) => {
        onRevision?.(revision);
        // What was drawn and is still selected has an id now.
        tellSelection();
      }),
      editor.topics.subscribe(['frame'], () => onFrameChange?.(editor.frame)),
      editor.topics.subscribe(['selection'], tellSelection),
      editor.topics.subscribe(['settings'], () => saveSettings(editor.settings)),
    );
  }

  /** Tells the host which objects are selected, when that is something else than the last time. */
  private selectionTeller(editor: Editor): () => void {
    let told = '[]';
    return () => {
      const selection = selectedObjects(editor);
      const text = JSON.stringify(selection);
      if (text === told) return;
      told = text;
      this.options.onSelection?.(selection);
    };
  }

  private show(opening: Opening): void {
    this.opening = opening;
    this.changed.emit();
  }
}

function selectedObjects({ selection, annotations }: Editor): SelectedObject[] {
  return selection.targets.flatMap(({ kind, object }) => {
    const id = annotations.serverId(object);
    return id === null ? [] : [{ kind, id }];
  });
}
