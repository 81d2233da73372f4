import type { PointerInput } from '../../events';
import { shapeUtil } from '../../shapes/registry';
import type { GeometryPatch } from '../../shapes/ShapeUtil';
import { type Handled, LeafState } from '../../statechart/StateNode';
import { type Grip, gripAt } from './grip';

/** Screen pixels around an outline where a double click adds a point. */
const INSERT_REACH = 6;

export class Idle extends LeafState {
  static readonly id = 'idle';

  override onEnter(): void {
    this.editor.feedback.show({ cursor: 'default' });
  }

  override onPointerMove(input: PointerInput): void {
    const grip = gripAt(this.editor, input);
    if (grip) {
      this.editor.feedback.show({ cursor: grip.handle.cursor });
      return;
    }
    const clientId = this.editor.shapeAt(input);
    // Holding Ctrl keeps the active shape active.
    if (clientId !== null && !input.ctrl) this.editor.selection.hover(clientId);
    this.editor.feedback.show({ cursor: clientId !== null && this.isMovable(clientId) ? 'move' : 'default' });
  }

  override onPointerDown(input: PointerInput): Handled {
    const grip = gripAt(this.editor, input);
    if (input.button === 2) this.askForMenu(input, grip);
    else if (input.button !== 0) return 'pass';
    else if (grip && grip.handle.kind === 'vertex' && (input.alt || input.ctrl)) this.removePoint(grip);
    else if (grip) this.go('dragging_handle', { grip, start: input });
    else this.pointAt(input);
  }

  override onDoubleClick(input: PointerInput): Handled {
    const { editor } = this;
    const item = editor.selection.focus;
    if (!item || editor.isReadonly || item.state.object.locked || gripAt(editor, input)) return 'pass';
    const reach = INSERT_REACH * editor.view.camera.pixel;
    const patch = shapeUtil(item.state.type).insertPoint(item.state, input, reach);
    if (!patch) return 'pass';
    this.edit('Add point', item.state.clientId, patch);
  }

  override onCancel(): void {
    this.editor.selection.clear();
  }

  override onComplete(): void {}

  override onInterrupt(): void {}

  private pointAt(input: PointerInput): void {
    const { active } = this.editor.selection;
    const clientId = input.ctrl && active !== null ? active : this.editor.shapeAt(input);
    if (clientId === null) this.go('pointing_canvas', { start: input });
    else this.go('pointing_shape', { start: input, clientId });
  }

  private askForMenu(input: PointerInput, grip: Grip | null): void {
    const clientId = grip?.item.state.clientId ?? this.editor.shapeAt(input);
    if (clientId !== null && !this.editor.selection.has(clientId)) this.editor.selection.activate(clientId);
    const vertex = grip?.handle.kind === 'vertex' ? grip.handle.index : null;
    this.editor.request({
      type: 'context-menu',
      clientId,
      vertex,
      screenX: input.screenX,
      screenY: input.screenY,
    });
  }

  private removePoint({ item, handle }: Grip): void {
    const { state } = item;
    const patch = shapeUtil(state.type).removePoint(state, handle.index);
    if (patch) this.edit('Delete point', state.clientId, patch);
  }

  private edit(title: string, clientId: number, patch: GeometryPatch): void {
    this.editor.annotations.update(title, this.editor.frame, new Map([[clientId, patch]]));
  }

  private isMovable(clientId: number): boolean {
    const object = this.editor.annotations.get(clientId);
    return object !== null && !object.pinned && !object.locked && !this.editor.isReadonly;
  }
}
