/** The button went down on a shape: a click, or the beginning of a drag. */

import type { PointerInput } from '../../events';
import type { ClientId } from '../../model/objects';
import { LeafState } from '../../statechart/StateNode';
import { isDrag } from '../gesture';

export class PointingShape extends LeafState {
  static readonly id = 'pointing_shape';
  private start!: PointerInput;
  private clientId!: ClientId;

  override onEnter({ start, clientId }: { start: PointerInput; clientId: ClientId }): void {
    this.start = start;
    this.clientId = clientId;
    const { selection } = this.editor;
    if (!start.shift && !selection.has(clientId)) selection.activate(clientId);
  }

  override onPointerMove(input: PointerInput): void {
    if (!isDrag(this.start, input)) return;
    if (this.start.shift) this.go('brushing', { start: this.start });
    else if (this.canTranslate()) this.go('translating', { start: this.start });
    else this.go('panning', { start: this.start });
    this.editor.dispatch(input);
  }

  override onPointerUp(): void {
    this.onComplete();
  }

  override onCancel(): void {
    this.go('idle');
  }

  override onComplete(): void {
    const { selection } = this.editor;
    if (this.start.shift) selection.toggle(this.clientId);
    else selection.activate(this.clientId);
    this.go('idle');
  }

  override onInterrupt(): void {
    this.go('idle');
  }

  private canTranslate(): boolean {
    return !this.editor.isReadonly && this.editor.selection.editable.some((state) => !state.object.pinned);
  }
}
