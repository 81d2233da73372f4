/** Waits for the first point. */

import type { PointerInput } from '../../events';
import { type Handled, LeafState } from '../../statechart/StateNode';

export class Idle extends LeafState {
  static readonly id = 'idle';

  override onPointerDown(input: PointerInput): Handled {
    if (input.button !== 0) return 'pass';
    this.go('drawing', { start: input });
  }

  override onPointerMove(input: PointerInput): Handled {
    if (!input.shift) return 'pass';
    this.go('drawing', { start: input });
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
