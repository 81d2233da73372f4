/** Moves the selected shapes; what is inside the frame stays inside. */

import type { PointerInput } from '../../events';
import { type Box, boxOfFrame, type Point, shiftWithin, uniteBoxes } from '../../geometry';
import type { ObjectState } from '../../model/states';
import { shapeUtil } from '../../shapes/registry';
import { LeafState } from '../../statechart/StateNode';

export class Translating extends LeafState {
  static readonly id = 'translating';
  private start!: PointerInput;
  private states: readonly ObjectState[] = [];
  private bounds: Box | null = null;

  override onEnter({ start }: { start: PointerInput }): void {
    const { editor } = this;
    this.start = start;
    this.states = editor.selection.editable.filter((state) => state.kind !== 'tag' && !state.object.pinned);
    const limited = this.states.map((state) => shapeUtil(state.type)).every((util) => util.clipped);
    this.bounds = limited
      ? this.states.map((state) => shapeUtil(state.type).bounds(state)).reduce(uniteBoxes)
      : null;
    editor.annotations.history.mark('Move', editor.frame);
    editor.feedback.lift(this.states.map((state) => state.clientId));
    editor.feedback.show({ cursor: 'move' });
  }

  override onPointerMove(input: PointerInput): void {
    const { x, y } = this.limit({ x: input.x - this.start.x, y: input.y - this.start.y });
    const patches = this.states.map(
      (state) => [state.clientId, shapeUtil(state.type).translate(state, x, y)] as const,
    );
    this.editor.annotations.update('Move', this.editor.frame, new Map(patches));
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

  private end(): void {
    this.editor.feedback.drop();
    this.go('idle');
  }

  private limit(wish: Point): Point {
    return this.bounds ? shiftWithin(this.bounds, boxOfFrame(this.editor.view.frameSize), wish) : wish;
  }
}
