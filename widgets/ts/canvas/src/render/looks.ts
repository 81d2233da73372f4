/** How shapes look: by default, and when they are active, selected or being changed. */

import { colorOf } from '../colors';
import type { Editor } from '../editor';
import type { ObjectState } from '../model/states';
import type { Look } from './shapePainter';

const LINE_WIDTH = 1.5;
const SELECTED_LINE_WIDTH = 2.5;

export function plainLook(editor: Editor, state: ObjectState): Look {
  return look(editor, state, editor.settings.opacity, LINE_WIDTH);
}

export function selectedLook(editor: Editor, state: ObjectState): Look {
  return look(editor, state, editor.settings.selectedOpacity, SELECTED_LINE_WIDTH);
}

/** The widest line that `plainLook` uses, for the margins of dirty rectangles. */
export function plainMarginLook(editor: Editor): Pick<Look, 'lineWidth' | 'dotSize'> {
  return { lineWidth: LINE_WIDTH, dotSize: editor.settings.controlPointSize };
}

export function previewLook(editor: Editor, color: string): Look {
  const { selectedOpacity, controlPointSize, outlineColor } = editor.settings;
  return {
    color,
    outlineColor: outlineColor ?? color,
    fillOpacity: selectedOpacity / 100,
    lineWidth: LINE_WIDTH,
    dashed: false,
    dotSize: controlPointSize,
  };
}

function look(editor: Editor, state: ObjectState, opacity: number, lineWidth: number): Look {
  const { colorBy, outlineColor, controlPointSize } = editor.settings;
  const color = colorOf(state, colorBy, editor.labels);
  return {
    color,
    outlineColor: outlineColor ?? color,
    // A locked object has no fill, so that it is seen to be out of reach.
    fillOpacity: state.object.locked ? 0 : opacity / 100,
    lineWidth,
    dashed: state.occluded,
    dotSize: controlPointSize,
  };
}
