import type { Editor } from '../editor';
import type { Command } from './Command';
import { edit } from './objects';

/** Digits in the order of the keyboard: 1 is the first label, 0 the tenth. */
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

export const LABEL_COMMANDS: readonly Command[] = DIGITS.map((digit) => ({
  id: `labels.assign-${digit}`,
  title: `Give the object, or the next drawing, the label of key ${digit}`,
  group: 'Labels',
  keys: [`ctrl+${digit}`],
  edits: true,
  enabled: (editor) => editor.labelOfDigit(digit) !== null,
  run: (editor) => assignLabel(editor, editor.labelOfDigit(digit)!),
}));

function assignLabel(editor: Editor, labelId: number): void {
  const { selection, labels, drawing } = editor;
  if (selection.targets.length === 0) {
    drawing.set({ label_id: labelId });
    return;
  }
  const states = selection.editable.filter((state) => labels.accepts(labelId, state.type));
  if (states.length > 0) edit(editor, 'Change label', states, () => ({ label_id: labelId }));
  else
    editor.request({
      type: 'notice',
      text: `Label "${labels.get(labelId).name}" does not fit this kind of object.`,
    });
}
