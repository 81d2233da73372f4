/** Draws rectangles by two opposite corners: two clicks, or one drag. */

import { StateNode, type StateNodeType } from '../../statechart/StateNode';
import { Drawing } from './Drawing';
import { Idle } from './Idle';
import { Pointing } from './Pointing';

export class RectangleTool extends StateNode {
  static readonly id = 'rectangle';
  static readonly initial = 'idle';
  static readonly children: readonly StateNodeType[] = [Idle, Pointing, Drawing];

  override onEnter(): void {
    this.editor.feedback.show({ cursor: 'crosshair', crosshair: true });
  }

  override onExit(): void {
    this.editor.feedback.clear();
    this.editor.drawing.end();
  }
}
