/** Moves the image with the left button and leaves the shapes alone. */

import { StateNode, type StateNodeType } from '../../statechart/StateNode';
import { Idle } from './Idle';
import { Panning } from './Panning';

export class HandTool extends StateNode {
  static readonly id = 'hand';
  static readonly initial = 'idle';
  static readonly children: readonly StateNodeType[] = [Idle, Panning];

  override onExit(): void {
    this.editor.feedback.clear();
  }
}
