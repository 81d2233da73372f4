/** Copied shapes follow the cursor; a click places them. */

import { StateNode, type StateNodeType } from '../../statechart/StateNode';
import { Placing } from './Placing';

export class PasteTool extends StateNode {
  static readonly id = 'paste';
  static readonly initial = 'placing';
  static readonly children: readonly StateNodeType[] = [Placing];

  override onEnter(): void {
    this.editor.feedback.show({ cursor: 'copy' });
  }

  override onExit(): void {
    this.editor.feedback.clear();
  }
}
