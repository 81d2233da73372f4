/** Selects the shapes that lie inside a dragged box. */

import type { PointerInput } from '../../events';
import { boxBetween } from '../../geometry';
import { LeafState } from '../../statechart/StateNode';

export class Brushing extends LeafState {
  static readonly id = 'brushing';
  private start!: PointerInput;

  override onEnter({ start }: { start: PointerInput }): void {
    this.start = start;
  }

  override onPointerMove(input: PointerInput): void {
    this.editor.feedback.show({ brush: boxBetween(this.start, input) });
  }

  override onPointerUp(): void {
    this.onComplete();
  }

  override onCancel(): void {
    this.end();
  }

  override onComplete(): void {
    const { brush } = this.editor.feedback.shown;
    const inside = brush ? this.editor.scene.itemsInside(brush) : [];
    const free = inside.filter((item) => !item.state.object.locked);
    this.editor.selection.select(free.map((item) => item.state.clientId));
    this.end();
  }

  override onInterrupt(): void {
    this.end();
  }

  private end(): void {
    this.editor.feedback.show({ brush: null });
    this.go('idle');
  }
}
