/** Drags the image. Also a state of the select tool, for drags that begin beside all shapes. */

import type { PointerInput } from '../../events';
import { LeafState } from '../../statechart/StateNode';

export class Panning extends LeafState {
  static readonly id = 'panning';
  private last!: PointerInput;

  override onEnter({ start }: { start: PointerInput }): void {
    this.last = start;
    this.editor.feedback.show({ cursor: 'grabbing' });
  }

  override onPointerMove(input: PointerInput): void {
    const { view } = this.editor;
    view.moveTo(view.camera.panned(input.screenX - this.last.screenX, input.screenY - this.last.screenY));
    this.last = input;
  }

  override onPointerUp(): void {
    this.onComplete();
  }

  override onCancel(): void {
    this.go('idle');
  }

  override onComplete(): void {
    this.go('idle');
  }

  override onInterrupt(): void {
    this.go('idle');
  }
}
