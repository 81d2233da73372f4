/** Copied objects. They are kept while the annotator goes through the job. */

import type { Editor } from './editor';
import { CanvasError } from './errors';
import { type Box, boxCentre, type Point, uniteBoxes } from './geometry';
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

  /** The copied shapes with the middle of all of them at `at`. */
  placedAt(at: Point): (ObjectState & Geometry)[] {
    if (this.isEmpty) throw new CanvasError('Nothing has been copied.');
    const centre = boxCentre(this.copied.map(boundsOf).reduce(uniteBoxes));
    return this.copied.map((state) => {
      const util = shapeUtil(state.type);
      const moved = patched(state, util.translate(state, at.x - centre.x, at.y - centre.y));
      return patched(moved, util.finish(moved, this.editor.view.frameSize) ?? {});
    });
  }

  /** Make new objects of the copied ones, with their middle at `at`, on the current frame. */
  paste(at: Point): ClientId[] {
    const { annotations, frame, labels, view } = this.editor;
    const placed = this.placedAt(at).filter(
      (state) => shapeUtil(state.type).finish(state, view.frameSize) !== null,
    );
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
