/** A job in the annotation editor, as a tab of the main area. */

import { type EditorHandle, type EditorStatus, mountEditor } from '@cvat-lab/ui';
import type { ILabStatus } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { Connection } from './connection';
import { logoIcon } from './icons';

export interface EditorWidgetOptions {
  connection: Connection;
  jobId: number;
  frame?: number;
  onOpenTask: (taskId: number) => void;
  /** While an editor is not saved, the application counts as dirty and warns before the page is left. */
  status: ILabStatus | null;
}

export class EditorWidget extends Widget {
  readonly jobId: number;
  /** The frame on show, for restoring the layout; undefined until one was shown. */
  frame: number | undefined;

  private handle: EditorHandle | null = null;
  private state: EditorStatus = { state: 'saved' };
  private dirty: IDisposable | null = null;
  private readonly frameChangedSignal = new Signal<this, void>(this);

  constructor(private readonly options: EditorWidgetOptions) {
    super();
    this.jobId = options.jobId;
    this.frame = options.frame;
    this.id = `cvat-lab-job-${options.jobId}`;
    this.addClass('jp-CvatLabEditor');
    this.node.tabIndex = -1;
    // The editor has shortcuts of its own on plain letters; JupyterLab's must not fire as well.
    this.node.dataset['lmSuppressShortcuts'] = 'true';
    this.title.icon = logoIcon;
    this.title.closable = true;
    this.setTitle();
  }

  get frameChanged(): ISignal<this, void> {
    return this.frameChangedSignal;
  }

  /** Show another frame. */
  goTo(frame: number): void {
    this.frame = frame;
    this.handle?.goTo(frame);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.unmount();
    this.setDirty(false);
    super.dispose();
  }

  protected override onAfterAttach(_message: Message): void {
    if (!this.handle) this.mount();
  }

  protected override onActivateRequest(_message: Message): void {
    // The editor may still be loading; the shell must see the focus in this tab all the same.
    this.node.focus();
    this.handle?.focus();
  }

  /** Send what is not saved yet before the tab goes; if that fails, the user decides. */
  protected override async onCloseRequest(_message: Message): Promise<void> {
    if (this.state.state !== 'saved' && this.handle) {
      try {
        await this.handle.flush();
      } catch (error) {
        if (!(await this.mayCloseUnsaved(error))) return;
      }
    }
    this.dispose();
  }

  private mount(): void {
    const { connection, onOpenTask } = this.options;
    this.handle = mountEditor(this.node, {
      api: connection.api,
      jobId: this.jobId,
      frame: this.frame,
      shortcuts: connection.shortcuts,
      onFrameChange: (frame) => {
        this.frame = frame;
        this.frameChangedSignal.emit();
      },
      onOpenTask,
      onStatus: (status) => this.setStatus(status),
      onClose: () => this.close(),
    });
  }

  private unmount(): void {
    this.handle?.dispose();
    this.handle = null;
  }

  private setStatus(status: EditorStatus): void {
    if (this.isDisposed) return;
    this.state = status;
    this.setTitle();
    this.setDirty(status.state !== 'saved');
  }

  private setTitle(): void {
    const { state, detail } = this.state;
    this.title.label = `Job #${this.jobId}`;
    this.title.caption = `cvat_lab: job #${this.jobId}, ${detail ?? STATE_TEXT[state]}`;
    // JupyterLab's own mark of unsaved documents.
    this.title.className = state === 'saved' ? '' : 'jp-mod-dirty';
  }

  private setDirty(dirty: boolean): void {
    if (dirty === (this.dirty !== null)) return;
    this.dirty?.dispose();
    this.dirty = dirty ? (this.options.status?.setDirty() ?? null) : null;
  }

  private async mayCloseUnsaved(error: unknown): Promise<boolean> {
    const reason = error instanceof Error ? error.message : String(error);
    const { button } = await showDialog({
      title: `Job #${this.jobId} is not saved`,
      body: `${reason} The changes are kept in this browser, and are sent when the job is opened here again.`,
      buttons: [Dialog.cancelButton({ label: 'Keep open' }), Dialog.warnButton({ label: 'Close' })],
    });
    return button.accept;
  }
}

const STATE_TEXT: Record<EditorStatus['state'], string> = {
  saved: 'saved',
  saving: 'saving',
  'at-risk': 'not saved yet',
};
