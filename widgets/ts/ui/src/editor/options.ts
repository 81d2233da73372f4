/** The annotation editor as its hosts see it: a tab of JupyterLab, the output of a cell, a plain page. */

import type { Api } from '@cvat-lab/client';

/** Whether what was drawn is on the server. */
export interface EditorStatus {
  state: 'saved' | 'saving' | 'at-risk';
  detail?: string;
}

/** An object of the job, as the server knows it. */
export interface SelectedObject {
  kind: 'shape' | 'track' | 'tag';
  id: number;
}

export interface EditorOptions {
  api: Api;
  jobId: number;
  /** Frame number within the task to show first; default: the first frame of the job. */
  frame?: number;
  onFrameChange?(frame: number): void;
  onStatus?(status: EditorStatus): void;
  /** The page holds another revision: something was saved here, or came from elsewhere. */
  onRevision?(revision: number): void;
  /** The objects that commands apply to; those that are not saved yet are left out. */
  onSelection?(objects: SelectedObject[]): void;
  /** The annotator wants to see the page of the task; missing = the host has none. */
  onOpenTask?(taskId: number): void;
  onClose?(): void;
  /** Keys by command id, in place of the default keys. */
  shortcuts?: Record<string, string[]>;
}

export interface EditorHandle {
  /** Resolve when everything that was changed is on the server. */
  flush(): Promise<void>;
  /**
   * Remove the editor. What is not saved yet is sent after that, and the promise is fulfilled; should it fail, it stays in the
   * journal until the job is opened in this browser again.
   */
  dispose(): Promise<void>;
  focus(): void;
  /** Show another frame; one that the job does not have is replaced by the nearest. */
  goTo(frame: number): void;
}
