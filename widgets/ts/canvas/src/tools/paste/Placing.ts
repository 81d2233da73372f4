import { colorOf } from '../../colors';
import type { PointerInput } from '../../events';
import type { Point } from '../../geometry';
import { type Handled, LeafState } from '../../statechart/StateNode';

export class Placing extends LeafState {
  static readonly id = 'placing';

  override onEnter(): void {
    this.show(this.editor.cursor);
  }

  override onPointerMove(input: PointerInput): void {
    this.show(input);
  }

  override onPointerDown(input: PointerInput): Handled {
    if (input.button !== 0) return 'pass';
    const pasted = this.editor.clipboard.paste(input);
    // Ctrl pastes once more.
    if (input.ctrl) return;
    this.editor.setTool('select');
    if (pasted.length === 1) this.editor.selection.activate(pasted[0]!);
    else this.editor.selection.select(pasted);
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

  private show(at: Point): void {
    const { clipboard, labels, feedback, settings } = this.editor;
    const previews = clipboard.placedAt(at).map((state) => ({
      ...state,
      color: colorOf(state, settings.colorBy, labels),
      setPoints: 0,
    }));
    feedback.show({ previews });
  }
}
