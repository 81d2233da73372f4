/** The button went down beside all shapes: a click, a pan, or with Shift a brush. */

import type { PointerInput } from '../../events';
import { LeafState } from '../../statechart/StateNode';
import { isDrag } from '../gesture';

export class PointingCanvas extends LeafState {
  static readonly id = 'pointing_canvas';
  private start!: PointerInput;

  override onEnter({ start }: { start: PointerInput }): void {
    this.start = start;
  }

  override onPointerMove(input: PointerInput): void {
    if (!isDrag(this.start, input)) return;
    this.go(this.start.shift ? 'brushing' : 'panning', { start: this.start });
    this.editor.dispatch(input);
  }

  override onPointerUp(): void {
    this.onComplete();
  }

  override onCancel(): void {
    this.go('idle');
  }

  override onComplete(): void {
    if (!this.start.shift) this.editor.selection.clear();
    this.go('idle');
  }

  override onInterrupt(): void {
    this.go('idle');
  }
}
