/** The state that page and kernel share; see `cvat_lab_widgets/annotator.py`. */

import type { SelectedObject } from '@cvat-lab/ui';

export interface AnnotatorState {
  /** Path or URL of the server as the page sees it; empty = only the kernel can reach it. */
  server: string;
  job: number;
  frame: number;
  selection: SelectedObject[];
  /** CSS pixels. */
  height: number;
  revision: number;
  status: 'closed' | 'saved' | 'saving' | 'at-risk';
}
