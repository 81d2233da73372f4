/**
 * A page with nothing but the editor, for tests in a browser: `?job=3&token=...&frame=10`.
 *
 * What the editor tells its host is collected in `globalThis.heard`.
 */

import { Api, HttpTransport } from '@cvat-lab/client';
import { type EditorHandle, type EditorStatus, mountEditor } from '../editor';

interface Heard {
  frames: number[];
  states: EditorStatus['state'][];
  revisions: number[];
  selections: unknown[];
}

declare global {
  var heard: Heard;
  var editor: EditorHandle;
}

const query = new URLSearchParams(location.search);
const frame = query.get('frame');
const told: Heard = { frames: [], states: [], revisions: [], selections: [] };

globalThis.heard = told;
globalThis.editor = mountEditor(document.getElementById('editor')!, {
  api: new Api(new HttpTransport('/', { token: query.get('token') ?? undefined })),
  jobId: Number(query.get('job')),
  frame: frame === null ? undefined : Number(frame),
  onFrameChange: (number) => told.frames.push(number),
  onStatus: ({ state }) => told.states.push(state),
  onRevision: (revision) => told.revisions.push(revision),
  onSelection: (objects) => told.selections.push(objects),
});
