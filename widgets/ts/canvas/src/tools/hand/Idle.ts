import type { PointerInput } from '../../events';
import { type Handled, LeafState } from '../../statechart/StateNode';

export class Idle extends LeafState {
  static readonly id = 'idle';

  override onEnter(): void {
    this.editor.feedback.show({ cursor: 'grab' });
  }

  override onPointerDown(input: PointerInput): Handled {
    if (input.button !== 0) return 'pass';
    this.go('panning', { start: input });
  }

  override onCancel(): void {
    this.editor.setTool('select');
  }

  override onComplete(): void {
    this.editor.setTool('select');
  }

  override onInterrupt(): void {}
}
