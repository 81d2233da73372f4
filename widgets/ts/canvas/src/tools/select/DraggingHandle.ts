/** Drags a handle of one shape: a corner or side resizes, the rotation point rotates, a vertex moves. */

import type { PointerInput } from '../../events';
import type { ObjectState } from '../../model/states';
import { shapeUtil } from '../../shapes/registry';
import type { GeometryPatch, HandleKind } from '../../shapes/ShapeUtil';
import { LeafState } from '../../statechart/StateNode';
import { angleNote, sizeNote } from '../notes';
import type { Grip } from './grip';

const TITLES: Readonly<Record<HandleKind, string>> = {
  resize: 'Resize',
  rotate: 'Rotate',
  vertex: 'Move point',
};

export class DraggingHandle extends LeafState {
  static readonly id = 'dragging_handle';
  private start!: PointerInput;
  private grip!: Grip;

  override onEnter({ start, grip }: { start: PointerInput; grip: Grip }): void {
    this.start = start;
    this.grip = grip;
    this.editor.annotations.history.mark(TITLES[grip.handle.kind], this.editor.frame);
    this.editor.feedback.lift([this.state.clientId]);
  }

  override onPointerMove(input: PointerInput): void {
    const { handle } = this.grip;
    // The pointer keeps its distance from the middle of the handle.
    const to = { x: handle.x + input.x - this.start.x, y: handle.y + input.y - this.start.y };
    const options = { constrained: input.shift, frame: this.editor.view.frameSize };
    const patch = shapeUtil(this.state.type).dragHandle(this.state, handle, to, options);
    if (patch) this.apply(patch);
  }

  override onPointerUp(): void {
    this.onComplete();
  }

  override onCancel(): void {
    this.editor.annotations.history.bail();
    this.end();
  }

  override onComplete(): void {
    this.editor.annotations.history.commit();
    this.end();
  }

  override onInterrupt(): void {
    this.onComplete();
  }

  /** The shape as it was when the drag began. */
  private get state(): ObjectState {
    return this.grip.item.state;
  }

  private apply(patch: GeometryPatch): void {
    const { kind } = this.grip.handle;
    this.editor.annotations.update(TITLES[kind], this.editor.frame, new Map([[this.state.clientId, patch]]));
    if (kind === 'rotate') this.editor.feedback.show({ note: angleNote(patch.rotation ?? 0) });
    if (kind === 'resize') {
      const unturned = { ...this.state, points: patch.points ?? this.state.points, rotation: 0 };
      this.editor.feedback.show({ note: sizeNote(shapeUtil(this.state.type).bounds(unturned)) });
    }
  }

  private end(): void {
    this.editor.feedback.show({ note: null });
    this.editor.feedback.drop();
    this.go('idle');
  }
}
