/** The first corner is set; whether it becomes a drag or two clicks is not known yet. */

import type { PointerInput } from '../../events';
import { LeafState } from '../../statechart/StateNode';
import { isDrag } from '../gesture';

export class Pointing extends LeafState {
  static readonly id = 'pointing';
  private start!: PointerInput;

  override onEnter({ start }: { start: PointerInput }): void {
    this.start = start;
  }

  override onPointerMove(input: PointerInput): void {
    if (!isDrag(this.start, input)) return;
    this.go('drawing', { start: this.start });
    this.editor.dispatch(input);
  }

  override onPointerUp(): void {
    this.go('drawing', { start: this.start });
  }

  override onCancel(): void {
    this.editor.setTool('select');
  }

  override onComplete(): void {
    this.editor.setTool('select');
  }

  override onInterrupt(): void {
    this.editor.setTool('select');
  }
}
