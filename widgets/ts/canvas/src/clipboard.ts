/** Copied objects. They are kept while the annotator goes through the job. */

import type { Editor } from './editor';
import { CanvasError } from './errors';
import { type Box, boxCentre, boxOfFrame, type Point, shiftWithin, uniteBoxes } from './geometry';
import { copyOf } from './model/create';
import type { ClientId } from './model/objects';
import type { ObjectState } from './model/states';
import { shapeUtil } from './shapes/registry';
import { type Geometry, patched } from './shapes/ShapeUtil';

export class Clipboard {
  private copied: readonly ObjectState[] = [];

  constructor(private readonly editor: Editor) {}

  get isEmpty(): boolean {
    return this.copied.length === 0;
  }

  /** Copy shapes and tracks as they are on this frame. */
  copy(states: readonly ObjectState[]): void {
    this.copied = states.filter((state) => state.kind !== 'tag');
  }

  /** The copied shapes with the middle of all of them at `at`, or as near to it as the frame allows. */
  placedAt(at: Point): (ObjectState & Geometry)[] {
    if (this.isEmpty) throw new CanvasError('Nothing has been copied.');
    const bounds = this.copied.map(boundsOf).reduce(uniteBoxes);
    const centre = boxCentre(bounds);
    const wish = { x: at.x - centre.x, y: at.y - centre.y };
    const { x, y } = shiftWithin(bounds, boxOfFrame(this.editor.view.frameSize), wish);
    return this.copied.map((state) => patched(state, shapeUtil(state.type).translate(state, x, y)));
  }

  /** Make new objects of the copied ones, with their middle at `at`, on the current frame. */
  paste(at: Point): ClientId[] {
    const { annotations, frame, labels, view } = this.editor;
    const placed = this.placedAt(at).flatMap((state) => {
      // The copy may come from a larger frame.
      const fitted = shapeUtil(state.type).finish(state, view.frameSize);
      return fitted ? [patched(state, fitted)] : [];
    });
    return annotations.add(
      'Paste',
      frame,
      placed.map((state) => copyOf(state, frame, labels)),
    );
  }
}

function boundsOf(state: ObjectState): Box {
  return shapeUtil(state.type).bounds(state);
}
