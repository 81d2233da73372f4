/** Edits from the user interface, as steps of the history. */

import { CanvasError, type Editor, type ObjectState, type StatePatch } from '@cvat-lab/canvas';

/** Edit an object on the frame that is shown. What cannot be is told as a notice. */
export function editObject(editor: Editor, state: ObjectState, title: string, patch: StatePatch): void {
  editObjects(editor, [state], title, () => patch);
}

export function editObjects(
  editor: Editor,
  states: readonly ObjectState[],
  title: string,
  patchOf: (state: ObjectState) => StatePatch,
): void {
  const patches = new Map(states.map((state) => [state.clientId, patchOf(state)]));
  try {
    editor.annotations.update(title, editor.frame, patches);
  } catch (error) {
    if (!(error instanceof CanvasError)) throw error;
    editor.request({ type: 'notice', text: error.message });
  }
}

/** Run a command on one object, which becomes the active one. */
export function runOn(editor: Editor, state: ObjectState, commandId: string): void {
  editor.selection.activate(state.clientId);
  editor.execute(commandId);
}
