/** Draws polygons point by point: clicks, or with Shift held a line of points along the way of the cursor. */

import { StateNode, type StateNodeType } from '../../statechart/StateNode';
import { Drawing } from './Drawing';
import { Idle } from './Idle';

export class PolygonTool extends StateNode {
  static readonly id = 'polygon';
  static readonly initial = 'idle';
  static readonly children: readonly StateNodeType[] = [Idle, Drawing];

  override onEnter(): void {
    this.editor.feedback.show({ cursor: 'crosshair', crosshair: true });
  }

  override onExit(): void {
    this.editor.feedback.clear();
    this.editor.drawing.end();
  }
}
