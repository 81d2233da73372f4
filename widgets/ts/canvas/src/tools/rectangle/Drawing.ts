/** The second corner follows the cursor until the button goes up. */

import type { PointerInput } from '../../events';
import { boxBetween, boxOfFrame, clampBox, type Point } from '../../geometry';
import { LeafState } from '../../statechart/StateNode';
import { sizeNote } from '../notes';

export class Drawing extends LeafState {
  static readonly id = 'drawing';
  private first!: Point;
  private second!: Point;

  override onEnter({ start }: { start: PointerInput }): void {
    this.first = start;
    this.second = start;
  }

  override onPointerMove(input: PointerInput): void {
    this.second = input;
    const { editor } = this;
    const box = clampBox(boxBetween(this.first, input), boxOfFrame(editor.view.frameSize));
    const points = [box.minX, box.minY, box.maxX, box.maxY];
    const { color } = editor.drawing;
    const preview = { type: 'rectangle' as const, points, rotation: 0, elements: [], color, setPoints: 0 };
    editor.feedback.show({ previews: [preview], note: sizeNote(box) });
  }

  override onPointerUp(input: PointerInput): void {
    if (input.button !== 0) return;
    this.second = input;
    this.onComplete();
  }

  override onCancel(): void {
    this.editor.setTool('select');
  }

  override onComplete(): void {
    const { minX, minY, maxX, maxY } = boxBetween(this.first, this.second);
    this.editor.drawing.finish([minX, minY, maxX, maxY]);
  }

  override onInterrupt(): void {
    this.editor.setTool('select');
  }
}
