/** A handle of the focused shape, and finding the one under the pointer. */

import type { Editor } from '../../editor';
import type { PointerInput } from '../../events';
import type { SceneItem } from '../../scene';
import { shapeUtil } from '../../shapes/registry';
import type { Handle } from '../../shapes/ShapeUtil';

export interface Grip {
  readonly item: SceneItem;
  readonly handle: Handle;
}

/** Screen pixels around a control point that still count. */
const SLACK = 3;

/** The handles of the focused shape; none when it must not be edited. */
export function handlesOf(editor: Editor): readonly Handle[] {
  const item = editor.selection.focus;
  if (!item || item.state.object.locked || editor.isReadonly) return [];
  return shapeUtil(item.state.type).handles(item.state, editor.view.camera.pixel);
}

export function gripAt(editor: Editor, input: PointerInput): Grip | null {
  const item = editor.selection.focus;
  const reach = (editor.settings.controlPointSize / 2 + SLACK) * editor.view.camera.pixel;
  let best: Grip | null = null;
  let nearest = reach;
  for (const handle of item ? handlesOf(editor) : []) {
    const distance = Math.hypot(handle.x - input.x, handle.y - input.y);
    if (distance > nearest) continue;
    nearest = distance;
    best = { item: item!, handle };
  }
  return best;
}
