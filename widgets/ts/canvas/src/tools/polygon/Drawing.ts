/** At least one point is set. */

import type { PointerInput } from '../../events';
import type { Point } from '../../geometry';
import { type Handled, LeafState } from '../../statechart/StateNode';
import { screenDistance } from '../gesture';

/** Screen pixels between points that are set by moving with Shift. */
const CONTINUOUS_STEP = 15;
/** A click this near to the first point closes the polygon; one this near to the last point is the second of a double click. */
const SAME_PLACE = 5;
const MIN_POINTS = 3;

export class Drawing extends LeafState {
  static readonly id = 'drawing';
  private vertices: Point[] = [];
  /** Points that were taken back and can be set again. */
  private undone: Point[] = [];
  private cursor!: Point;

  override onEnter({ start }: { start: PointerInput }): void {
    this.vertices = [];
    this.undone = [];
    this.cursor = start;
    this.add(start);
  }

  override onPointerDown(input: PointerInput): Handled {
    if (input.button === 2) this.onUndo();
    else if (input.button !== 0) return 'pass';
    else if (this.vertices.length >= MIN_POINTS && this.isNear(this.vertices[0]!, input)) this.onComplete();
    else if (!this.isNear(this.vertices.at(-1)!, input)) this.add(input);
  }

  override onPointerMove(input: PointerInput): void {
    this.cursor = input;
    if (input.shift && this.distance(this.vertices.at(-1)!, input) >= CONTINUOUS_STEP) this.add(input);
    else this.show();
  }

  override onDoubleClick(): void {
    this.onComplete();
  }

  /** Take back the last point; without points the drawing begins anew. */
  override onUndo(): void {
    const last = this.vertices.pop();
    if (last) this.undone.push(last);
    if (this.vertices.length > 0) this.show();
    else this.restart();
  }

  override onRedo(): void {
    const vertex = this.undone.pop();
    if (vertex) this.vertices.push(vertex);
    this.show();
  }

  override onCancel(): void {
    this.editor.setTool('select');
  }

  override onComplete(): void {
    if (this.vertices.length < MIN_POINTS) {
      this.editor.request({
        type: 'notice',
        text: `A polygon needs at least ${MIN_POINTS} points; ${this.vertices.length} are set. Esc cancels the drawing.`,
      });
      return;
    }
    this.editor.drawing.finish(this.vertices.flatMap(({ x, y }) => [x, y]));
  }

  /** What is drawn so far is kept if it is a polygon already. */
  override onInterrupt(): void {
    if (this.vertices.length < MIN_POINTS) this.onCancel();
    else this.onComplete();
  }

  private add({ x, y }: Point): void {
    this.vertices.push({ x, y });
    this.undone = [];
    if (this.vertices.length === this.editor.drawing.parameters.pointCount) this.onComplete();
    else this.show();
  }

  private restart(): void {
    this.editor.feedback.show({ previews: [] });
    this.go('idle');
  }

  /** Screen pixels between a vertex and a place; the camera may have moved since the vertex was set. */
  private distance(vertex: Point, place: PointerInput): number {
    const { x, y } = this.editor.view.camera.toScreen(vertex);
    return screenDistance({ screenX: x, screenY: y }, place);
  }

  private isNear(vertex: Point, place: PointerInput): boolean {
    return this.distance(vertex, place) <= SAME_PLACE;
  }

  private show(): void {
    const { editor } = this;
    const points = [...this.vertices, this.cursor].flatMap(({ x, y }) => [x, y]);
    const { color } = editor.drawing;
    const setPoints = this.vertices.length;
    editor.feedback.show({
      previews: [{ type: 'polygon', points, rotation: 0, elements: [], color, setPoints }],
    });
  }
}
